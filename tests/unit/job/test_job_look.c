/* SPDX-License-Identifier: MIT */
/* The look at an EEPROM that an erase will clear. */
#include "rig.h"

enum {
    READ_EEPROM = 0xA0,
};

static const struct avrspi_request erase = {.erase = true, .verify = true};

static int run(struct rig *rig, const struct avrspi_request *request)
{
    wire_forget(rig->wire);
    return avrspi_job_run(rig->session, request, &rig->result, &rig->error);
}

/* A chip with one byte of EEPROM that is not blank. */
static void start_with_byte(struct rig *rig, const char *name, uint8_t low, uint32_t address)
{
    struct avrspi_sim_silicon *chip = rig_new_chip(rig, name);

    chip->fuse[AVRSPI_FUSE_LOW] = low;
    chip->eeprom[address] = 0x7F;
    rig_save(rig, name);
    rig_start(rig, name);
}

static void assert_looked(struct rig *rig, size_t bytes, enum avrspi_eeprom_loss loss)
{
    assert_int_equal(wire_count(rig->wire, READ_EEPROM), bytes);
    assert_int_equal(rig->result.loss, loss);
}

/* 64 bytes at a time; 525 would be as many as there is time for. */
static void look_ends_at_a_byte_that_is_not_blank(void **state)
{
    static const struct {
        uint32_t address;
        size_t bytes;
    } rows[] = {{0, 64}, {63, 64}, {64, 128}, {524, 525}};
    struct rig *rig = *state;

    for (size_t n = 0; n < LENGTH(rows); n++) {
        start_with_byte(rig, "atmega328p", 0xE2, rows[n].address);
        rig_assert_ok(rig, run(rig, &erase));
        assert_looked(rig, rows[n].bytes, AVRSPI_EEPROM_LOSS_CONTENT);
        assert_true(rig->result.erased);
        rig_unplug(rig);
    }
}

static void look_ends_after_10_ms(void **state)
{
    static const struct {
        uint8_t low;
        size_t bytes;
    } rows[] = {{0x62, 64}, {0xE2, 525}};
    struct rig *rig = *state;

    for (size_t n = 0; n < LENGTH(rows); n++) {
        start_with_byte(rig, "atmega328p", rows[n].low, 1023);
        rig_assert_ok(rig, run(rig, &erase));
        assert_looked(rig, rows[n].bytes, AVRSPI_EEPROM_LOSS_UNSEEN);
        rig_unplug(rig);
    }
}

static void look_at_an_eeprom_that_is_blank(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "attiny13a");
    rig_assert_ok(rig, run(rig, &erase));
    assert_looked(rig, 64, AVRSPI_EEPROM_LOSS_NONE);
}

/* EESAVE, an EEPROM that is kept, one that the job writes, lock bits that forbid to look. */
static void look_where_there_is_nothing_to_tell(void **state)
{
    struct rig *rig = *state;
    const struct avrspi_request keep = {.erase = true, .keep_eeprom = true, .verify = true},
                                write = {.erase = true,
                                         .eeprom = rig_image_of(rig, 0, (const uint8_t[]){1}, 1)};

    rig_new_fused(rig, "atmega328p", (const uint8_t[]){0xE2, 0xD1, 0xFF, 0xFF});
    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, run(rig, &erase));
    assert_looked(rig, 0, AVRSPI_EEPROM_LOSS_NONE);
    rig_unplug(rig);
    start_with_byte(rig, "atmega328p", 0xE2, 5);
    rig_assert_ok(rig, run(rig, &keep));
    assert_int_equal(rig->result.loss, AVRSPI_EEPROM_LOSS_NONE);
    assert_int_equal(rig->result.eeprom_kept, 1);
    rig_assert_ok(rig, run(rig, &write));
    assert_looked(rig, 0, AVRSPI_EEPROM_LOSS_NONE);
    rig_unplug(rig);
    rig_new_fused(rig, "atmega328p", (const uint8_t[]){0xE2, 0xD9, 0xFF, 0xFC});
    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, run(rig, &erase));
    assert_looked(rig, 0, AVRSPI_EEPROM_LOSS_UNSEEN);
}

static void look_of_a_dry_run(void **state)
{
    struct rig *rig = *state;
    const struct avrspi_step *step;
    struct avrspi_plan *plan;
    size_t n = 0;

    start_with_byte(rig, "atmega328p", 0xE2, 70);
    wire_forget(rig->wire);
    rig_assert_ok(rig, avrspi_job_plan(rig->session, &erase, &plan, &rig->error));
    assert_int_equal(wire_count(rig->wire, READ_EEPROM), 128);
    do
        step = avrspi_plan_step(plan, n++);
    while (step->kind != AVRSPI_STEP_ERASE);
    assert_int_equal(step->loss, AVRSPI_EEPROM_LOSS_CONTENT);
    assert_int_equal(step->looked_at, 128);
    avrspi_plan_free(plan);
    assert_int_equal(rig_load(rig, "atmega328p")->eeprom[70], 0x7F);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(look_ends_at_a_byte_that_is_not_blank),
        RIG_TEST(look_ends_after_10_ms),
        RIG_TEST(look_at_an_eeprom_that_is_blank),
        RIG_TEST(look_where_there_is_nothing_to_tell),
        RIG_TEST(look_of_a_dry_run),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
