/* SPDX-License-Identifier: MIT */
/* Jobs that write fuses: what is refused of values that the user chose, and of a file's. */
#include "rig.h"

static int job(struct rig *rig, uint8_t low, uint8_t high, uint8_t lock, bool lenient)
{
    const struct avrspi_request request = {
        .fuses = {.given = {true, true, false, true}, .value = {low, high, 0xFF, lock}},
        .lenient = lenient,
    };

    return avrspi_job_run(rig->session, &request, &rig->result, &rig->error);
}

static void assert_fuses(struct rig *rig, uint8_t low, uint8_t high, uint8_t lock)
{
    const uint8_t *fuse;

    rig_unplug(rig);
    fuse = rig_load(rig, "atmega328p")->fuse;
    assert_int_equal(fuse[AVRSPI_FUSE_LOW], low);
    assert_int_equal(fuse[AVRSPI_FUSE_HIGH], high);
    assert_int_equal(fuse[AVRSPI_FUSE_LOCK], lock);
}

static void job_with_reserved_values(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    rig_assert_error(rig, job(rig, 0x61, 0xD9, 0xFF, false), AVRSPI_ERR_REFUSED,
                     "0x21 is a reserved value of SUT_CKSEL", "nothing was written");
    rig_assert_error(rig, job(rig, 0x62, 0xD9, 0xFD, false), AVRSPI_ERR_REFUSED, "LB = 01", "");
    assert_fuses(rig, 0x62, 0xD9, 0xFF);
}

static void lenient_job_with_reserved_values(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, job(rig, 0x61, 0xD9, 0xFD, true));
    assert_fuses(rig, 0x61, 0xD9, 0xFD);
}

static void lenient_job_that_ends_programming(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    rig_assert_error(rig, job(rig, 0x61, 0x99, 0xFF, true), AVRSPI_ERR_REFUSED, "DWEN", "");
    assert_fuses(rig, 0x62, 0xD9, 0xFF);
}

/* What one job may do the next may not. */
static void lenient_job_before_another(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, job(rig, 0x62, 0xD9, 0xFF, true));
    rig_assert_error(rig, job(rig, 0x61, 0xD9, 0xFF, false), AVRSPI_ERR_REFUSED, "SUT_CKSEL", "");
    assert_fuses(rig, 0x62, 0xD9, 0xFF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(job_with_reserved_values),
        RIG_TEST(lenient_job_with_reserved_values),
        RIG_TEST(lenient_job_that_ends_programming),
        RIG_TEST(lenient_job_before_another),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
