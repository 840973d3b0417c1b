/* SPDX-License-Identifier: MIT */
/*
 * Plans without a target: what each request becomes, held against plans.txt. After a change that
 * is meant, UPDATE=1 in the environment writes that file anew.
 */
#include "rig.h"

#include "base/file.h"
#include "isp/isp.h"

enum {
    PAGE = 128,
};

/* What is wanted, and of what chip. */
struct plan_case {
    const char *name;
    const char *chip;
    uint8_t fuses[AVRSPI_FUSES]; /* as read; 0: as delivered */
    struct avrspi_request request;
    bool flash, eeprom;         /* with an image of that memory */
    bool has_flash, has_eeprom; /* the memory was read, and holds something else */
    bool has_boot;              /* the boot section was read: one page is not blank */
    bool unseen;                /* nobody has looked at the EEPROM that an erase clears */
    struct avrspi_look look;    /* what was seen of it; 0: 16 blank bytes */
    uint32_t supply_mv;
};

#define LOW(byte)  .fuses = {.given[AVRSPI_FUSE_LOW] = true, .value[AVRSPI_FUSE_LOW] = (byte)}
#define LOCK(byte) .fuses = {.given[AVRSPI_FUSE_LOCK] = true, .value[AVRSPI_FUSE_LOCK] = (byte)}

#define WHOLE_FUSES                                                                                \
    {                                                                                              \
        .given = {true, true, true, true}, .value = { 0xE2, 0xD1, 0xFD, 0xFE }                     \
    }
#define BRICK                                                                                      \
    {                                                                                              \
        .given = {true, true}, .value = { 0x62, 0x59 }                                             \
    }

static uint8_t read_data[1024];

static const struct avrspi_reading all_of_it[] = {
    {AVRSPI_MEMORY_FLASH, 0, 1024, read_data},
    {AVRSPI_MEMORY_EEPROM, 0, 64, read_data},
    {AVRSPI_MEMORY_CALIBRATION, 0, 2, read_data},
};

static const struct plan_case cases[] = {
    {.name = "nothing", .chip = "atmega328p"},
    {.name = "erase", .chip = "atmega328p", .request = {.erase = true}},
    {.name = "erase, EEPROM not looked at yet",
     .chip = "atmega328p",
     .unseen = true,
     .request = {.erase = true}},
    {.name = "erase at a raised clock, EEPROM not looked at yet",
     .chip = "attiny85",
     .unseen = true,
     .request = {.erase = true, .raise_clock = true}},
    {.name = "erase of an EEPROM that is not blank",
     .chip = "atmega328p",
     .look = {.done = true, .used = true, .bytes = 64},
     .request = {.erase = true}},
    {.name = "erase of an EEPROM that is blank",
     .chip = "attiny13a",
     .look = {.done = true, .bytes = 64},
     .request = {.erase = true}},
    {.name = "erase of a locked chip",
     .chip = "atmega328p",
     .fuses = {0x62, 0xD9, 0xFF, 0xFC},
     .unseen = true,
     .request = {.erase = true}},
    {.name = "erase of a chip at 128 kHz / 8",
     .chip = "atmega328p",
     .fuses = {0x63, 0xD9, 0xFF, 0xFF},
     .unseen = true,
     .request = {.erase = true}},
    {.name = "erase with EESAVE",
     .chip = "atmega328p",
     .fuses = {0x62, 0xD1, 0xFF, 0xFF},
     .request = {.erase = true, .keep_eeprom = true}},
    {.name = "erase, EEPROM not read yet",
     .chip = "atmega328p",
     .request = {.erase = true, .keep_eeprom = true}},
    {.name = "erase, EEPROM kept",
     .chip = "atmega328p",
     .has_eeprom = true,
     .request = {.erase = true, .keep_eeprom = true}},
    {.name = "erase of an AT90S1200", .chip = "at90s1200", .request = {.erase = true}},
    {.name = "flash",
     .chip = "atmega328p",
     .flash = true,
     .request = {.erase = true, .verify = true}},
    {.name = "flash without verify",
     .chip = "atmega328p",
     .flash = true,
     .request = {.erase = true}},
    {.name = "flash, full",
     .chip = "attiny13a",
     .flash = true,
     .request = {.erase = true, .verify = true, .full = true}},
    {.name = "flash byte by byte",
     .chip = "attiny12",
     .flash = true,
     .request = {.erase = true, .verify = true}},
    {.name = "flash, clock raised",
     .chip = "atmega328p",
     .flash = true,
     .request = {.erase = true, .verify = true, .raise_clock = true}},
    {.name = "flash, a clock that can't be raised",
     .chip = "atmega8",
     .flash = true,
     .request = {.erase = true, .verify = true, .raise_clock = true}},
    {.name = "update, not read yet",
     .chip = "atmega328p",
     .flash = true,
     .request = {.update = true, .verify = true}},
    {.name = "update that erases",
     .chip = "atmega328p",
     .flash = true,
     .has_flash = true,
     .request = {.update = true, .verify = true}},
    {.name = "update that erases, EEPROM not read yet",
     .chip = "atmega328p",
     .flash = true,
     .has_flash = true,
     .request = {.update = true, .verify = true, .keep_eeprom = true}},
    {.name = "flash, boot section not read yet",
     .chip = "atmega328p",
     .fuses = {0x62, 0xDE, 0xFF, 0xFF},
     .flash = true,
     .request = {.erase = true, .verify = true, .keep_boot = true}},
    {.name = "flash, boot section kept",
     .chip = "atmega328p",
     .fuses = {0x62, 0xDE, 0xFF, 0xFF},
     .flash = true,
     .has_boot = true,
     .request = {.erase = true, .keep_boot = true}},
    {.name = "flash, boot section lost",
     .chip = "atmega328p",
     .fuses = {0x62, 0xDE, 0xFF, 0xFF},
     .flash = true,
     .request = {.erase = true, .verify = true}},
    {.name = "erase, boot section and EEPROM kept",
     .chip = "atmega328p",
     .fuses = {0x62, 0xDE, 0xFF, 0xFF},
     .has_boot = true,
     .has_eeprom = true,
     .request = {.erase = true, .keep_boot = true, .keep_eeprom = true}},
    {.name = "update that erases, boot section kept",
     .chip = "atmega328p",
     .fuses = {0x62, 0xDE, 0xFF, 0xFF},
     .flash = true,
     .has_flash = true,
     .has_boot = true,
     .request = {.update = true, .verify = true, .keep_boot = true}},
    {.name = "flash, no boot section to keep",
     .chip = "attiny13a",
     .flash = true,
     .request = {.erase = true, .keep_boot = true}},
    {.name = "erase, a boot section that is locked",
     .chip = "atmega328p",
     .fuses = {0x62, 0xDE, 0xFF, 0xFC},
     .request = {.erase = true, .keep_boot = true}},
    {.name = "eeprom, not read yet",
     .chip = "atmega328p",
     .eeprom = true,
     .request = {.verify = true}},
    {.name = "eeprom",
     .chip = "atmega328p",
     .eeprom = true,
     .has_eeprom = true,
     .request = {.verify = true}},
    {.name = "eeprom byte by byte",
     .chip = "atmega8",
     .eeprom = true,
     .has_eeprom = true,
     .request = {.verify = true}},
    {.name = "flash and EEPROM, which the erase clears",
     .chip = "atmega328p",
     .flash = true,
     .eeprom = true,
     .request = {.erase = true, .verify = true}},
    {.name = "flash and some bytes of an EEPROM that is kept",
     .chip = "atmega328p",
     .flash = true,
     .eeprom = true,
     .has_eeprom = true,
     .request = {.erase = true, .verify = true, .keep_eeprom = true}},
    {.name = "compare", .chip = "atmega328p", .flash = true, .request = {.compare = true}},
    {.name = "compare all",
     .chip = "atmega328p",
     .flash = true,
     .request = {.compare = true, .full = true}},
    {.name = "compare fuses", .chip = "atmega328p", .request = {.compare = true, LOW(0x62)}},
    {.name = "fuses", .chip = "atmega328p", .request = {LOW(0xFF)}},
    {.name = "fuses that are right", .chip = "atmega328p", .request = {LOW(0x62)}},
    {.name = "lock bits", .chip = "atmega328p", .request = {LOCK(0xFC)}},
    {.name = "flash at a raised clock, then lock bits",
     .chip = "atmega328p",
     .flash = true,
     .request = {.erase = true, .verify = true, .raise_clock = true, LOCK(0xCF)}},
    {.name = "flash at the clock that the job ends with",
     .chip = "atmega328p",
     .flash = true,
     .request = {.erase = true, .verify = true, .raise_clock = true, LOW(0xE2)}},
    {.name = "flash at a raised clock, then a crystal",
     .chip = "atmega328p",
     .flash = true,
     .request = {.erase = true, .verify = true, .raise_clock = true, LOW(0xFF)}},
    {.name = "a locked chip",
     .chip = "atmega328p",
     .fuses = {0x62, 0xD9, 0xFF, 0xFC},
     .unseen = true,
     .flash = true,
     .request = {.erase = true, .verify = true, LOCK(0xFF)}},
    {.name = "flash at a clock that is raised after the erase, then a crystal",
     .chip = "atmega328p",
     .supply_mv = 5000,
     .flash = true,
     .request = {.erase = true, .verify = true, .raise_blank = true, LOW(0xFF)}},
    {.name = "the same, and the low byte as it was",
     .chip = "atmega328p",
     .supply_mv = 5000,
     .flash = true,
     .request = {.erase = true, .verify = true, .raise_blank = true, LOCK(0xCF)}},
    {.name = "no raised clock where the supply is not known",
     .chip = "atmega328p",
     .flash = true,
     .request = {.erase = true, .verify = true, .raise_blank = true}},
    {.name = "no raised clock that the supply does not allow",
     .chip = "atmega328p",
     .supply_mv = 1800,
     .flash = true,
     .request = {.erase = true, .verify = true, .raise_blank = true}},
    {.name = "no raised clock where it does not pay",
     .chip = "atmega328p",
     .supply_mv = 5000,
     .request = {.erase = true, .raise_blank = true}},
    {.name = "no raised clock without an erase",
     .chip = "atmega328p",
     .supply_mv = 5000,
     .eeprom = true,
     .has_eeprom = true,
     .request = {.verify = true, .raise_blank = true}},
    {.name = "a whole chip",
     .chip = "atmega328p",
     .flash = true,
     .eeprom = true,
     .request = {.erase = true, .verify = true, .lenient = true, .fuses = WHOLE_FUSES}},
    {.name = "a whole chip at a raised clock",
     .chip = "atmega328p",
     .flash = true,
     .eeprom = true,
     .request = {.erase = true,
                 .verify = true,
                 .lenient = true,
                 .raise_clock = true,
                 .fuses = WHOLE_FUSES}},
    {.name = "fuses of a file that end programming",
     .chip = "atmega328p",
     .flash = true,
     .request = {.erase = true, .lenient = true, .fuses = BRICK}},
    {.name = "everything is read",
     .chip = "attiny13a",
     .request = {.readings = all_of_it, .n_readings = LENGTH(all_of_it), .read_twice = true}},
    {.name = "too many readings",
     .chip = "attiny13a",
     .request = {.readings = all_of_it, .n_readings = AVRSPI_MOST_READINGS + 1}},
};

static struct avrspi_image *image_at(struct rig *rig, uint32_t start, size_t size)
{
    uint8_t data[3 * PAGE + 10];
    struct avrspi_image *image;

    rig_fill(data, sizeof data, 1);
    image = rig_image_of(rig, start, data, size);
    rig_put(image, start + 900, data, 20);
    return image;
}

static struct avrspi_target_state state_of(const struct avrspi_chip *const *chip,
                                           const uint8_t fuses[AVRSPI_FUSES])
{
    struct avrspi_target_state state = {
        .chip = *chip,
        .candidates = chip,
        .n_candidates = 1,
        .entry_sck_hz = 100000,
        .max_transfer = 4096,
        .elapsed_ns = 25000000,
    };
    struct avrspi_clock clock;

    for (int n = 0; n < AVRSPI_FUSES; n++) {
        state.fuses.given[n] = avrspi_fuse_readable(*chip, (enum avrspi_fuse)n);
        state.fuses.value[n] = fuses[0] ? fuses[n] : (*chip)->fuse[n].default_value;
    }
    clock = avrspi_chip_clock(*chip, state.fuses.value);
    state.sck_hz = avrspi_sck_limit(&clock);
    if (state.sck_hz == 0)
        state.sck_hz = state.entry_sck_hz;
    return state;
}

static void write_fuses(FILE *out, const struct avrspi_fuses *fuses)
{
    for (int n = 0; n < AVRSPI_FUSES; n++)
        if (fuses->given[n])
            (void)fprintf(out, " %s %02X", avrspi_fuse_name((enum avrspi_fuse)n), fuses->value[n]);
}

static void write_step(FILE *out, const struct avrspi_plan *plan, const struct avrspi_step *step)
{
    struct avrspi_range range;

    (void)fprintf(out, "  %-14s %8.3f ms at %7u Hz", avrspi_step_name(step->kind),
                  (double)step->at_most_ns / 1e6, step->sck_hz);
    if (step->pages || step->bytes)
        (void)fprintf(out, "  %s %u B", avrspi_memory_name(step->memory), step->bytes);
    if (step->total_pages)
        (void)fprintf(out, ", %u of %u units%s", step->pages, step->total_pages,
                      step->verify ? ", verified" : "");
    for (size_t n = 0; avrspi_plan_range(plan, step, n, &range); n++)
        (void)fprintf(out, " %X+%X", range.address, range.size);
    if (step->kind == AVRSPI_STEP_FUSES)
        assert_int_equal(step->memory, AVRSPI_MEMORY_FUSES);
    if (step->kind == AVRSPI_STEP_LOCK)
        assert_int_equal(step->memory, AVRSPI_MEMORY_LOCK);
    write_fuses(out, &step->after);
    if (step->loss == AVRSPI_EEPROM_LOSS_CONTENT)
        (void)fprintf(out, "  EEPROM lost");
    else if (step->loss == AVRSPI_EEPROM_LOSS_UNSEEN)
        (void)fprintf(out, "  EEPROM erased, %u B of it seen", step->looked_at);
    (void)fputc('\n', out);
}

static void write_plan(FILE *out, const struct avrspi_plan *plan)
{
    const struct avrspi_step *step;

    for (size_t n = 0; (step = avrspi_plan_step(plan, n)) != NULL; n++)
        write_step(out, plan, step);
    (void)fprintf(out, "  %s, at most %.3f ms\n",
                  avrspi_plan_complete(plan) ? "complete" : "to be made again",
                  (double)avrspi_plan_at_most_ns(plan) / 1e6);
}

static void write_case(FILE *out, struct rig *rig, const struct plan_case *row)
{
    const struct avrspi_chip *chip = rig_chip(row->chip);
    struct avrspi_target_state state = state_of(&chip, row->fuses);
    struct avrspi_request request = row->request;
    uint8_t *flash = calloc(1, chip->flash_size), *eeprom = calloc(1, chip->eeprom_size + 1);
    uint8_t boot[4 * PAGE];
    struct avrspi_plan *plan;
    int result;

    state.supply_mv = row->supply_mv;
    assert_non_null(flash);
    assert_non_null(eeprom);
    memset(eeprom, 0xFF, chip->eeprom_size);
    eeprom[20] = 0x20;
    memset(boot, 0xFF, sizeof boot);
    boot[PAGE] = 0x0C;
    if (row->flash)
        request.flash = image_at(rig, chip->flash_start, chip->flash_page ? 3 * PAGE + 10 : 40);
    if (row->eeprom)
        request.eeprom = rig_image_of(rig, 18, (const uint8_t[]){1, 2, 3, 4, 0xFF}, 5);
    state.flash = row->has_flash ? flash : NULL;
    state.eeprom = row->has_eeprom ? eeprom : NULL;
    state.boot = row->has_boot ? boot : NULL;
    if (!row->unseen)
        state.look = row->look.done ? row->look : (struct avrspi_look){.done = true, .bytes = 16};
    (void)fprintf(out, "%s: %s\n", chip->name, row->name);
    result = avrspi_plan_make(&plan, &request, &state, &rig->error);
    if (result == 0)
        write_plan(out, plan);
    else
        (void)fprintf(out, "  %d %s\n", result, rig->error.message);
    avrspi_plan_free(plan);
    free(flash);
    free(eeprom);
    for (; rig->n_images > 0; rig->n_images--)
        avrspi_image_free(rig->images[rig->n_images - 1]);
}

static void plans_are_those_of_the_file(void **state)
{
    static const char path[] = TEST_PLANS;
    struct rig *rig = *state;
    const char *update = getenv("UPDATE");
    char *text, *expected;
    size_t size, expected_size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    for (size_t n = 0; n < LENGTH(cases); n++)
        write_case(out, rig, &cases[n]);
    assert_int_equal(fclose(out), 0);
    if (update && strcmp(update, "1") == 0)
        assert_int_equal(avrspi_file_write(path, text, size, NULL), 0);
    assert_int_equal(avrspi_file_read(path, &expected, &expected_size, NULL), 0);
    if (strcmp(text, expected) != 0)
        fail_msg("the plans differ from %s:\n%s", path, text);
    free(expected);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(plans_are_those_of_the_file),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
