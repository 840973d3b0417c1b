/* SPDX-License-Identifier: MIT */
/*
 * What an instruction that was disturbed may have reached, for every chip: at least what the
 * simulated chip takes it for.
 */
#include "rig.h"

#include "isp/isp.h"
#include "sim/sim_state.h"

enum {
    BITS = 16, /* that tell instructions apart */
};

static unsigned reached_by(enum avrspi_instruction_id id)
{
    switch (id) {
    case AVRSPI_CHIP_ERASE:
        return AVRSPI_REACHED_ALL;
    case AVRSPI_WRITE_FLASH_PAGE:
    case AVRSPI_WRITE_FLASH_LOW:
    case AVRSPI_WRITE_FLASH_HIGH:
        return AVRSPI_REACHED_FLASH;
    case AVRSPI_WRITE_EEPROM:
    case AVRSPI_WRITE_EEPROM_PAGE:
        return AVRSPI_REACHED_EEPROM;
    case AVRSPI_WRITE_LOW:
    case AVRSPI_WRITE_HIGH:
    case AVRSPI_WRITE_EXT:
    case AVRSPI_WRITE_LOCK:
        return AVRSPI_REACHED_FUSES;
    default:
        return 0;
    }
}

static bool bit(const uint8_t *bytes, size_t n)
{
    return bytes[n / 8] >> (7 - n % 8) & 1;
}

/* Two bytes, of which the bits from 'at' on come one earlier or later. */
static void slip(const uint8_t sent[4], size_t at, bool early, uint8_t arrived[2])
{
    memset(arrived, 0, 2);
    for (size_t n = 0; n < BITS; n++) {
        size_t from = n < at ? n : early ? n + 1 : n - 1;

        arrived[n / 8] |= (uint8_t)(bit(sent, from) << (7 - n % 8));
    }
}

struct bench {
    struct avrspi_session *session; /* its chip is exchanged */
    struct avrspi_sim *sim;
};

static void assert_reached(const struct bench *bench, const uint8_t arrived[2], unsigned suspected)
{
    enum avrspi_instruction_id id = avrspi_sim_decode(bench->sim, arrived);

    if ((reached_by(id) & ~suspected) == 0)
        return;
    fail_msg("%s: %02X %02X 00 00 arrived as %02X %02X, which reaches 0x%X, not 0x%X",
             bench->session->chip.name, bench->session->out[0], bench->session->out[1], arrived[0],
             arrived[1], reached_by(id), suspected);
}

/* The echo shows what arrived. */
static void flip_bits(const struct bench *bench)
{
    struct avrspi_session *session = bench->session;

    for (size_t n = 0; n < BITS; n++) {
        memcpy(session->in + 1, session->out, 2);
        session->in[1 + n / 8] ^= (uint8_t)(0x80 >> n % 8);
        session->suspected.in_step = 0;
        avrspi_isp_suspect_echo(session, 0, 0, 4);
        assert_reached(bench, session->in + 1, session->suspected.in_step);
    }
}

/* No echo shows it. */
static void slip_at_each_pulse(const struct bench *bench)
{
    struct avrspi_session *session = bench->session;

    session->suspected.out_of_step = 0;
    avrspi_isp_suspect_slip(session, 0, 4);
    for (size_t at = 0; at < BITS; at++) {
        uint8_t arrived[2];

        slip(session->out, at, true, arrived);
        assert_reached(bench, arrived, session->suspected.out_of_step);
        slip(session->out, at + 1, false, arrived);
        assert_reached(bench, arrived, session->suspected.out_of_step);
    }
}

static void disturb_each_instruction(const struct bench *bench)
{
    struct avrspi_session *session = bench->session;

    for (unsigned id = 0; id < AVRSPI_INSTRUCTIONS; id++) {
        if (!session->chip.instruction[id].defined)
            continue;
        for (unsigned data = 0; data <= 0xFF; data += 0xFF) {
            avrspi_instruction_encode(&session->chip.instruction[id], data << 8, (uint8_t)data,
                                      session->out);
            flip_bits(bench);
            slip_at_each_pulse(bench);
        }
    }
}

static void disturbed_instruction_of_every_chip(void **state)
{
    struct rig *rig = *state;
    struct bench bench = {.sim = malloc(avrspi_sim_size)};
    struct avrspi_chip chip;

    assert_non_null(bench.sim);
    rig_start(rig, "atmega328p");
    bench.session = rig->session;
    chip = rig->session->chip;
    for (size_t n = 0; n < avrspi_chips_count(rig_chips()); n++) {
        const struct avrspi_sim_config config = {.chip = avrspi_chips_at(rig_chips(), n)};

        avrspi_sim_init(bench.sim, &config);
        rig->session->chip = *config.chip;
        rig->session->chip.no_echo = false;
        rig->session->wrote = false; /* else all may have been reached */
        disturb_each_instruction(&bench);
    }
    rig->session->chip = chip;
    free(bench.sim);
}

/* What is written after it goes to the bank of before. */
static void extended_address_that_did_not_arrive(void **state)
{
    struct rig *rig = *state;
    struct avrspi_session *session;
    size_t place;

    rig_start(rig, "atmega2560");
    session = rig->session;
    avrspi_batch_begin(session);
    place = avrspi_batch_add(session, AVRSPI_READ_FLASH_LOW, 0x10000, 0) - 4;
    memcpy(session->in + place + 1, (const uint8_t[]){0x4F, 0x00, 0x01}, 3);
    session->wrote = true;
    avrspi_isp_suspect_echo(session, place, 0, session->used);
    assert_int_equal(session->suspected.in_step, AVRSPI_REACHED_FLASH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(disturbed_instruction_of_every_chip),
        RIG_TEST(extended_address_that_did_not_arrive),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
