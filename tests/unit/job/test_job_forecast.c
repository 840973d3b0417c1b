/* SPDX-License-Identifier: MIT */
/*
 * What a plan says a job takes at most, against what it takes: on a simulated chip, whose writes
 * last as long as they can, the two differ by 3 % at most.
 */
#include "rig.h"

struct job {
    const char *words; /* of the port */
    uint8_t low;       /* the low fuse byte; 0: as delivered */
    struct avrspi_request request;
    uint32_t flash, eeprom; /* bytes of an image; 0: none */
};

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
};

static const struct avrspi_image *image_of(struct rig *rig, uint32_t size)
{
    struct avrspi_image *image = rig_image(rig);
    uint8_t *data = malloc(size);

    assert_non_null(data);
    rig_fill(data, size, 1);
    rig_put(image, 0, data, size);
    free(data);
    return image;
}

static void start(struct rig *rig, const struct job *job)
{
    char chip[32];

    (void)snprintf(chip, sizeof chip, "%.*s", (int)strcspn(job->words, ","), job->words);
    if (job->low)
        rig_new_chip(rig, chip)->fuse[AVRSPI_FUSE_LOW] = job->low;
    else
        (void)rig_new_chip(rig, chip);
    rig->silicon->eeprom[5] = 0x55;
    rig_save(rig, chip);
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

static void plan_tells_the_time_that_a_run_takes(void **state)
{
    struct rig *rig = *state;

    for (size_t n = 0; n < LENGTH(jobs); n++) {
        struct avrspi_request request = jobs[n].request;
        uint64_t expected, took;

        if (jobs[n].flash)
            request.flash = image_of(rig, jobs[n].flash);
        if (jobs[n].eeprom)
            request.eeprom = image_of(rig, jobs[n].eeprom);
        start(rig, &jobs[n]);
        expected = forecast(rig, &request);
        rig_unplug(rig);
        start(rig, &jobs[n]);
        rig_assert_ok(rig, avrspi_job_run(rig->session, &request, &rig->result, &rig->error));
        took = avrspi_session_timing(rig->session).total_ns;
        rig_unplug(rig);
        if (took > expected + expected * 3 / 100 || took < expected - expected * 3 / 100)
            fail_msg("job %zu (%s): expected %.3f ms, took %.3f ms", n, jobs[n].words,
                     (double)expected / 1e6, (double)took / 1e6);
        for (; rig->n_images > 0; rig->n_images--)
            avrspi_image_free(rig->images[rig->n_images - 1]);
    }
}

static void dry_run_writes_nothing(void **state)
{
    struct rig *rig = *state;

    for (size_t n = 0; n < LENGTH(jobs); n++) {
        struct avrspi_request request = jobs[n].request;

        if (jobs[n].flash)
            request.flash = image_of(rig, jobs[n].flash);
        start(rig, &jobs[n]);
        wire_forget(rig->wire);
        (void)forecast(rig, &request);
        assert_int_equal(wire_count(rig->wire, 0xAC), 0); /* erase, fuses, lock bits */
        assert_int_equal(wire_count(rig->wire, 0x4C), 0); /* flash */
        assert_int_equal(wire_count(rig->wire, 0x40), 0);
        assert_int_equal(wire_count(rig->wire, 0xC0) + wire_count(rig->wire, 0xC1), 0);
        rig_unplug(rig);
        for (; rig->n_images > 0; rig->n_images--)
            avrspi_image_free(rig->images[rig->n_images - 1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(plan_tells_the_time_that_a_run_takes),
        RIG_TEST(dry_run_writes_nothing),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
