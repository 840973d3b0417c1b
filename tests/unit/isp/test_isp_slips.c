/* SPDX-License-Identifier: MIT */
/* A target that misses a pulse of SCK, or counts one twice. */
#include "rig.h"

#include "isp/isp.h"

/* --- what a slip would write */

/* The instruction at 'place' of what was sent, as a target takes it that has missed a pulse. */
static void arrived_early(const struct wire *wire, size_t place, uint8_t arrived[4])
{
    const uint8_t *bytes = wire->sent[place];

    for (size_t n = 0; n < 4; n++)
        arrived[n] = (uint8_t)(bytes[n] << 1 | bytes[n + 1] >> 7);
    arrived[0] = bytes[0];
}

static void enable_that_slips(struct rig *rig, const char *chip, const uint8_t fuses[AVRSPI_FUSES],
                              enum avrspi_fuse fuse)
{
    uint8_t arrived[4];
    size_t place = 0;

    rig_new_fused(rig, chip, fuses);
    rig_start(rig, chip);
    wire_forget(rig->wire);
    rig_assert_ok(rig, avrspi_isp_learn_echo(rig->session, &rig->error));
    while (rig->wire->sent[place][1] != 0x53)
        place++;
    assert_true(place + 1 < rig->wire->n_sent);
    arrived_early(rig->wire, place, arrived);
    assert_int_equal(arrived[1], 0xA6);
    assert_int_equal(arrived[3], fuses[fuse]);
}

static void programming_enable_that_slips_writes_a_fuse_as_it_is(void **state)
{
    struct rig *rig = *state;

    enable_that_slips(rig, "atmega328p", (const uint8_t[]){0x62, 0xD9, 0xFD, 0xFF},
                      AVRSPI_FUSE_EXT);
    rig_unplug(rig);
    enable_that_slips(rig, "atmega328p", (const uint8_t[]){0x62, 0xD9, 0xFC, 0xFF},
                      AVRSPI_FUSE_EXT);
    rig_unplug(rig);
    enable_that_slips(rig, "attiny13a", (const uint8_t[]){0x79, 0xFF, 0xFF, 0xFF}, AVRSPI_FUSE_LOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(programming_enable_that_slips_writes_a_fuse_as_it_is),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
