/* SPDX-License-Identifier: MIT */
/*
 * What a plan says a job takes at most, against what it takes: on a simulated chip, whose writes
 * last as long as they can, never more than that, and no less than 97 % of it.
 */
#include "rig.h"

struct job {
    const char *words; /* of the port */
    uint8_t low;       /* the low fuse byte; 0: as delivered */
    struct avrspi_request request;
    uint32_t flash, eeprom;      /* bytes of an image; 0: none */
    uint32_t runs;               /* of so many bytes each, with gaps between them; 0: one */
    uint32_t fcpu_hz;            /* of a crystal */
    uint32_t supply_mv;          /* 0: not known */
    bool over;                   /* a byte of flash can't become what the image has */
    bool starts_in_boot_section; /* where there is a bootloader */
};

enum {
    GAP = 333,
    BOOT_START = 0x7E00, /* ATmega328P with BOOTSZ = 11 */
};

static uint8_t flash_read[32768], eeprom_read[1024], calibration_read[1];

static const struct avrspi_reading all_of_it[] = {
    {AVRSPI_MEMORY_FLASH, 0, sizeof flash_read, flash_read},
    {AVRSPI_MEMORY_EEPROM, 0, sizeof eeprom_read, eeprom_read},
    {AVRSPI_MEMORY_CALIBRATION, 0, sizeof calibration_read, calibration_read},
};

#define WHOLE_FUSES                                                                                \
    {                                                                                              \
        .given = {true, true, true, true}, .value = { 0xE2, 0xD1, 0xFD, 0xFE }                     \
    }

static const struct job jobs[] = {
    {.words = "atmega328p", .request = {.erase = true}},
    {.words = "atmega328p", .request = {.erase = true, .verify = true}, .flash = 30000},
    {.words = "atmega328p", .request = {.erase = true}, .flash = 5000},
    {.words = "atmega328p", .low = 0xE2, .request = {.erase = true, .verify = true}, .flash = 512},
    {.words = "atmega328p",
     .low = 0xE2,
     .request = {.erase = true, .verify = true},
     .flash = 32768},
    {.words = "atmega328p",
     .request = {.erase = true, .verify = true, .raise_clock = true},
     .flash = 20000},
    {.words = "atmega328p",
     .request = {.erase = true, .verify = true, .full = true},
     .flash = 2000},
    {.words = "atmega328p",
     .supply_mv = 5000,
     .request = {.erase = true,
                 .verify = true,
                 .raise_blank = true,
                 .fuses = {.given = {true, true, true, true}, .value = {0xFF, 0xDE, 0xFD, 0xCF}}},
     .flash = 512},
    {.words = "atmega328p",
     .supply_mv = 3300,
     .request = {.erase = true, .verify = true, .raise_blank = true, .keep_eeprom = true},
     .flash = 9000},
    {.words = "atmega328p", .request = {.update = true, .verify = true}, .flash = 9000},
    {.words = "atmega328p", .request = {.compare = true, .full = true}, .flash = 0},
    {.words = "atmega328p", .low = 0xE2, .request = {.verify = true}, .eeprom = 1024},
    {.words = "atmega328p", .request = {.verify = true}, .eeprom = 200},
    {.words = "atmega328p",
     .request = {.erase = true, .keep_eeprom = true, .verify = true},
     .flash = 3000},
    {.words = "atmega328p",
     .request = {.fuses = {.given[AVRSPI_FUSE_HIGH] = true,
                           .value[AVRSPI_FUSE_HIGH] = 0xD1,
                           .given[AVRSPI_FUSE_LOCK] = true,
                           .value[AVRSPI_FUSE_LOCK] = 0xCF}}},
    {.words = "atmega2560",
     .low = 0xE2,
     .request = {.erase = true, .verify = true},
     .flash = 250000},
    {.words = "atmega8", .request = {.erase = true, .verify = true}, .flash = 8000, .eeprom = 100},
    {.words = "attiny13a", .request = {.erase = true, .verify = true}, .flash = 1000, .eeprom = 60},
    {.words = "attiny85",
     .request = {.erase = true, .verify = true, .raise_clock = true},
     .flash = 4000},
    {.words = "at90s2313", .request = {.erase = true, .verify = true}, .flash = 1000, .eeprom = 20},
    {.words = "attiny12", .request = {.erase = true, .verify = true}, .flash = 500},
    {.words = "atmega103", .request = {.erase = true, .verify = true}, .flash = 9000},
    {.words = "atmega328p,bufsiz=256", .request = {.erase = true, .verify = true}, .flash = 10000},
    {.words = "atmega328p", .request = {.compare = true}, .flash = 10, .runs = 60},
    {.words = "atmega328p", .request = {.compare = true}, .eeprom = 1, .runs = 3},
    {.words = "atmega328p",
     .request = {.update = true, .verify = true},
     .flash = 400,
     .over = true},
    {.words = "atmega328p", .request = {.verify = true}, .flash = 10, .runs = 20},
    {.words = "atmega328p,fcpu=16000000",
     .low = 0xFF,
     .fcpu_hz = 16000000,
     .request = {.erase = true, .verify = true},
     .flash = 20000},
    {.words = "atmega328p,fcpu=20000000",
     .low = 0xFF,
     .fcpu_hz = 20000000,
     .request = {.erase = true},
     .flash = 20000,
     .eeprom = 1000},
    {.words = "atmega328p", .low = 0x63, .request = {.erase = true, .verify = true}, .flash = 300},
    {.words = "atmega328p",
     .request = {.fuses = {.given[AVRSPI_FUSE_LOW] = true, .value[AVRSPI_FUSE_LOW] = 0xE2}}},
    {.words = "atmega2560", .low = 0xE2, .request = {.erase = true}, .flash = 200000},
    {.words = "atmega2560,bufsiz=128",
     .low = 0xE2,
     .request = {.erase = true, .verify = true},
     .flash = 150000},
    {.words = "atmega2560",
     .low = 0xE2,
     .request = {.read_memory = AVRSPI_MEMORY_FLASH, .read_size = 200000}},
    {.words = "atmega328p",
     .request = {.read_memory = AVRSPI_MEMORY_EEPROM, .read_size = 1000, .read_twice = true}},
    {.words = "atmega328p",
     .request = {.readings = all_of_it, .n_readings = LENGTH(all_of_it), .read_twice = true}},
    {.words = "atmega328p",
     .request = {.readings = all_of_it,
                 .n_readings = LENGTH(all_of_it),
                 .read_twice = true,
                 .raise_clock = true}},
    {.words = "atmega328p",
     .request = {.erase = true, .verify = true, .lenient = true, .fuses = WHOLE_FUSES},
     .flash = 700,
     .eeprom = 100},
    {.words = "atmega328p",
     .request = {.erase = true,
                 .verify = true,
                 .lenient = true,
                 .raise_clock = true,
                 .fuses = WHOLE_FUSES},
     .flash = 20000,
     .eeprom = 1024},
    {.words = "atmega328p", .request = {.read_memory = AVRSPI_MEMORY_FUSES, .read_size = 3}},
    {.words = "at90s2313", .request = {.erase = true, .verify = true}, .flash = 10, .runs = 5},
    {.words = "atmega328p",
     .starts_in_boot_section = true,
     .request = {.erase = true, .verify = true},
     .flash = 10},
    {.words = "atmega328p",
     .starts_in_boot_section = true,
     .request = {.erase = true, .raise_clock = true},
     .flash = 10},
    {.words = "atmega328p",
     .starts_in_boot_section = true,
     .request = {.erase = true, .verify = true, .keep_boot = true},
     .flash = 3000},
    {.words = "atmega328p",
     .starts_in_boot_section = true,
     .request = {.erase = true, .keep_boot = true, .keep_eeprom = true, .raise_clock = true}},
    {.words = "atmega328p,reset_fall_ms=60", .request = {.erase = true}, .flash = 500},
    {.words = "atmega328p,reset_fall_ms=60",
     .request = {.erase = true, .verify = true, .raise_clock = true},
     .flash = 20000},
    /* with trials of the clock */
    {.words = "atmega328p,fcpu=16000000,sync=2.2",
     .low = 0xF7,
     .request = {.erase = true, .verify = true},
     .flash = 30000},
    {.words = "atmega328p,fcpu=16000000,sync=3",
     .low = 0xF7,
     .request = {.update = true, .verify = true},
     .flash = 4000},
    {.words = "atmega328p,fcpu=1000000",
     .low = 0xF7,
     .request = {.erase = true, .verify = true},
     .flash = 3000},
    {.words = "atmega328p,fcpu=16000000",
     .low = 0xF7,
     .request = {.erase = true, .verify = true, .keep_eeprom = true},
     .flash = 3000},
    {.words = "atmega328p",
     .starts_in_boot_section = true,
     .request = {.update = true, .verify = true, .keep_boot = true},
     .flash = 400,
     .over = true},
};

static const struct avrspi_image *image_of(struct rig *rig, const struct job *job, uint32_t size)
{
    struct avrspi_image *image = rig_image(rig);
    uint8_t *data = malloc(size);

    assert_non_null(data);
    rig_fill(data, size, 1);
    rig_put(image, 0, data, size);
    for (uint32_t n = 1; n < job->runs; n++)
        rig_put(image, n * (size + GAP), data, size);
    free(data);
    return image;
}

static struct avrspi_request request_of(struct rig *rig, const struct job *job)
{
    static uint8_t read_data[256 * 1024];
    struct avrspi_request request = job->request;

    if (job->flash)
        request.flash = image_of(rig, job, job->flash);
    if (job->eeprom)
        request.eeprom = image_of(rig, job, job->eeprom);
    if (request.read_size)
        request.read_data = read_data;
    return request;
}

static void free_images(struct rig *rig)
{
    for (; rig->n_images > 0; rig->n_images--)
        avrspi_image_free(rig->images[rig->n_images - 1]);
}

/* The chip on the bench: what a comparison expects is there already. */
static void start(struct rig *rig, const struct job *job, const struct avrspi_request *request)
{
    char name[32];
    struct avrspi_sim_silicon *chip;

    (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(job->words, ","), job->words);
    chip = rig_new_chip(rig, name);
    if (job->low)
        chip->fuse[AVRSPI_FUSE_LOW] = job->low;
    chip->eeprom[5] = 0x55;
    if (request->compare && request->flash)
        (void)avrspi_image_get(request->flash, 0, chip->flash, 32768, 0xFF);
    if (request->compare && request->eeprom)
        (void)avrspi_image_get(request->eeprom, 0, chip->eeprom, 1024, 0xFF);
    if (job->over)
        chip->flash[100] = 0;
    if (job->starts_in_boot_section) {
        chip->fuse[AVRSPI_FUSE_HIGH] = 0xDE;
        rig_fill(chip->flash + BOOT_START, 500, 2);
    }
    rig_save(rig, name);
    rig->config.fcpu_hz = job->fcpu_hz;
    rig->config.supply_mv = job->supply_mv;
    rig_start(rig, job->words);
}

static uint64_t forecast(struct rig *rig, const struct avrspi_request *request)
{
    struct avrspi_plan *plan;
    uint64_t ns;

    rig_assert_ok(rig, avrspi_job_plan(rig->session, request, &plan, &rig->error));
    ns = avrspi_plan_at_most_ns(plan);
    avrspi_plan_free(plan);
    return ns;
}

static void plan_tells_the_time_that_a_run_takes_at_most(void **state)
{
    struct rig *rig = *state;

    for (size_t n = 0; n < LENGTH(jobs); n++) {
        const struct avrspi_request request = request_of(rig, &jobs[n]);
        uint64_t expected, took;

        start(rig, &jobs[n], &request);
        expected = forecast(rig, &request);
        rig_unplug(rig);
        start(rig, &jobs[n], &request);
        rig_assert_ok(rig, avrspi_job_run(rig->session, &request, &rig->result, &rig->error));
        took = avrspi_session_timing(rig->session).total_ns;
        rig_unplug(rig);
        if (took > expected || took < expected - expected * 3 / 100)
            fail_msg("job %zu (%s): at most %.3f ms, took %.3f ms", n, jobs[n].words,
                     (double)expected / 1e6, (double)took / 1e6);
        free_images(rig);
    }
}

static void dry_run_writes_nothing(void **state)
{
    struct rig *rig = *state;

    for (size_t n = 0; n < LENGTH(jobs); n++) {
        const struct avrspi_request request = request_of(rig, &jobs[n]);

        start(rig, &jobs[n], &request);
        wire_forget(rig->wire);
        (void)forecast(rig, &request);
        assert_int_equal(wire_count(rig->wire, 0xAC), 0); /* erase, fuses, lock bits */
        assert_int_equal(wire_count(rig->wire, 0x4C), 0); /* flash */
        assert_int_equal(wire_count(rig->wire, 0x40), 0);
        assert_int_equal(wire_count(rig->wire, 0xC0) + wire_count(rig->wire, 0xC1), 0);
        rig_unplug(rig);
        free_images(rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(plan_tells_the_time_that_a_run_takes_at_most),
        RIG_TEST(dry_run_writes_nothing),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
