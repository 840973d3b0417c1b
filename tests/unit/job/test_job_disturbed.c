/* SPDX-License-Identifier: MIT */
/* One pulse or one bit that is disturbed: what a job says of what it may have changed. */
#include "rig.h"

#include "isp/isp.h"

enum {
    IDENTIFIED = 544, /* pulses of SCK, at least, until a chip is known with its fuses */
};

static void start_with_fault(struct rig *rig, const char *chip, const char *fault, unsigned bit)
{
    char words[64];

    (void)snprintf(words, sizeof words, "%s,fault=%s:%u", chip, fault, bit);
    rig_start(rig, words);
}

static int run(struct rig *rig, const struct avrspi_request *request)
{
    return avrspi_job_run(rig->session, request, &rig->result, &rig->error);
}

static bool starts_with(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* --- fuses: what a slip writes is set right before RESET rises */

static void slips_while_fuses_are_written(struct rig *rig, const char *words, const char *fault)
{
    const struct avrspi_request request = {
        .fuses = {.given = {true, true}, .value = {0xE2, 0xD1}},
    };

    for (unsigned bit = IDENTIFIED; bit < IDENTIFIED + 480; bit++) {
        const uint8_t *fuse;
        int result;

        (void)rig_new_chip(rig, "atmega328p");
        rig_save(rig, "atmega328p");
        start_with_fault(rig, words, fault, bit);
        result = run(rig, &request);
        rig_unplug(rig);
        fuse = rig_load(rig, "atmega328p")->fuse;
        assert_int_equal(fuse[AVRSPI_FUSE_LOW], result < 0 && fuse[0] == 0x62 ? 0x62 : 0xE2);
        assert_int_equal(fuse[AVRSPI_FUSE_HIGH], result < 0 && fuse[1] == 0xD9 ? 0xD9 : 0xD1);
        if (fuse[AVRSPI_FUSE_LOCK] != 0xFF)
            rig_assert_error(rig, result, AVRSPI_ERR_VERIFY, "changed the lock bits to", "");
        else if (result < 0)
            rig_assert_error(rig, result, AVRSPI_ERR_VERIFY, "may have changed", "");
    }
}

static void slip_while_fuses_are_written(void **state)
{
    static const char *const faults[] = {"lost", "extra", "mosi"};

    for (size_t n = 0; n < LENGTH(faults); n++)
        slips_while_fuses_are_written(*state, "atmega328p", faults[n]);
}

static void slip_while_fuses_of_a_chip_that_echoes_less_are_written(void **state)
{
    static const char *const faults[] = {"lost", "extra"};

    for (size_t n = 0; n < LENGTH(faults); n++)
        slips_while_fuses_are_written(*state, "atmega328p,echo=promised", faults[n]);
}

/* --- reading */

/* Flash of this chip is written byte by byte: 20 is a bit away from 40. */
static void slip_that_writes_while_flash_is_read(void **state)
{
    struct rig *rig = *state;
    uint8_t data[48];
    const struct avrspi_request request = {
        .read_data = data,
        .read_memory = AVRSPI_MEMORY_FLASH,
        .read_address = 0x3F0,
        .read_size = sizeof data / 2,
    };
    unsigned changed = 0;

    for (unsigned bit = 320; bit < 1000; bit++) {
        uint8_t content[2048];
        int result;

        rig_fill(content, sizeof content, 1);
        memcpy(rig_new_chip(rig, "at90s2313")->flash, content, sizeof content);
        rig_save(rig, "at90s2313");
        start_with_fault(rig, "at90s2313", "lost", bit);
        result = run(rig, &request);
        rig_unplug(rig);
        if (result < 0)
            rig_assert_error(rig, result, AVRSPI_ERR_VERIFY, "flash may have changed", "");
        if (memcmp(rig_load(rig, "at90s2313")->flash, content, sizeof content) == 0)
            continue;
        assert_int_equal(result, AVRSPI_ERR_VERIFY);
        changed++;
    }
    assert_true(changed > 0);
}

/* The first reading looks as if an extended address had been loaded in its place. */
static void say_load_extended_address(void *user, const uint8_t out[4], uint8_t in[4])
{
    unsigned *times = user;

    if (out[0] == 0x20 && (*times)++ == 0)
        in[1] = 0x4D;
}

/* The extended address is loaded for each reading, which makes no job one that writes. */
static void wrong_echo_of_an_extended_address(void **state)
{
    struct rig *rig = *state;
    uint8_t data[64];
    unsigned times = 0;
    const struct avrspi_request request = {
        .read_data = data,
        .read_memory = AVRSPI_MEMORY_FLASH,
        .read_address = 0x20000,
        .read_size = sizeof data,
    };

    rig_start(rig, "atmega2560");
    rig->wire->tamper = say_load_extended_address;
    rig->wire->user = &times;
    rig_assert_ok(rig, run(rig, &request));
    assert_int_equal(avrspi_session_retries(rig->session), 1);
    rig_assert_blank(data, sizeof data);
}

/* A byte that changed before it was read for the first time is not what was there. */
static void slip_while_the_eeprom_is_kept(void **state)
{
    const struct avrspi_request request = {.erase = true, .keep_eeprom = true};
    struct rig *rig = *state;
    unsigned doubted = 0;

    for (unsigned bit = IDENTIFIED; bit < IDENTIFIED + 2200; bit += 3) {
        uint8_t content[64];
        int result;

        rig_fill(content, 24, 1);
        memset(content + 24, 0xFF, sizeof content - 24);
        memcpy(rig_new_chip(rig, "attiny13a")->eeprom, content, sizeof content);
        rig_save(rig, "attiny13a");
        start_with_fault(rig, "attiny13a", "lost", bit);
        result = run(rig, &request);
        rig_unplug(rig);
        if (result == 0)
            assert_memory_equal(rig_load(rig, "attiny13a")->eeprom, content, sizeof content);
        else
            doubted += starts_with(rig->error.message, "eeprom may have changed");
    }
    assert_true(doubted > 0);
}

/* --- the looks after a disturbance */

/* Every second reading of the first word looks as if a page had been written in its place. */
static void say_write_page(void *user, const uint8_t out[4], uint8_t in[4])
{
    unsigned *times = user;

    if (out[0] == 0x20 && out[1] == 0 && out[2] == 0 && ++*times % 2)
        in[1] = 0x4C;
}

static void looks_that_are_all_disturbed(void **state)
{
    struct rig *rig = *state;
    uint8_t data[64];
    unsigned times = 0;

    rig_fill(data, sizeof data, 2);
    rig_start(rig, "atmega328p");
    rig->wire->tamper = say_write_page;
    rig->wire->user = &times;
    rig_assert_error(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_WRITE),
                     AVRSPI_ERR_VERIFY, "every look was disturbed", "shorten the wires");
    assert_true(times > 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(slip_while_fuses_are_written),
        RIG_TEST(slip_while_fuses_of_a_chip_that_echoes_less_are_written),
        RIG_TEST(slip_that_writes_while_flash_is_read),
        RIG_TEST(wrong_echo_of_an_extended_address),
        RIG_TEST(slip_while_the_eeprom_is_kept),
        RIG_TEST(looks_that_are_all_disturbed),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
