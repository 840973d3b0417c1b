/* SPDX-License-Identifier: MIT */
/* Which instruction four bytes are, for every chip, beside what the simulated chip takes them for.
 */
#include "known_chips.h"

#include <stdlib.h>
#include <string.h>

#include "chips/decode.h"
#include "sim/sim_state.h"

static const struct avrspi_chip *find(const char *name)
{
    const struct avrspi_chip *chip = avrspi_chips_find(chips, name);

    assert_non_null(chip);
    return chip;
}

static struct avrspi_decoded decode(const char *name, uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
    const uint8_t bytes[4] = {a, b, c, d};

    return avrspi_instruction_decode(find(name), bytes);
}

/* Old parts read several fuse bytes with one instruction: the first of them is named. */
static bool same_bytes(const struct avrspi_chip *chip, unsigned a, unsigned b)
{
    return memcmp(chip->instruction[a].fixed, chip->instruction[b].fixed, 4) == 0;
}

static void decode_what_was_encoded(void **state)
{
    (void)state;
    FOR_EACH(chip)
    {
        for (unsigned id = 0; id < AVRSPI_INSTRUCTIONS; id++) {
            struct avrspi_decoded decoded;
            uint8_t bytes[4];

            if (!chip->instruction[id].defined)
                continue;
            avrspi_instruction_encode(&chip->instruction[id], 0, 0x5A, bytes);
            decoded = avrspi_instruction_decode(chip, bytes);
            EXPECT(decoded.id == id || same_bytes(chip, id, decoded.id), chip,
                   "%s is decoded as %d", avrspi_instruction_name((enum avrspi_instruction_id)id),
                   (int)decoded.id);
            EXPECT(decoded.address == 0 && decoded.inside, chip, "address 0 of %s",
                   avrspi_instruction_name((enum avrspi_instruction_id)id));
        }
    }
}

static bool sim_takes_for_write(const struct avrspi_sim *sim, const uint8_t bytes[4])
{
    static const enum avrspi_instruction_id lasting[] = {
        AVRSPI_CHIP_ERASE,       AVRSPI_LOAD_FLASH_LOW,   AVRSPI_LOAD_FLASH_HIGH,
        AVRSPI_WRITE_FLASH_PAGE, AVRSPI_WRITE_FLASH_LOW,  AVRSPI_WRITE_FLASH_HIGH,
        AVRSPI_WRITE_EEPROM,     AVRSPI_LOAD_EEPROM_PAGE, AVRSPI_WRITE_EEPROM_PAGE,
        AVRSPI_WRITE_LOW,        AVRSPI_WRITE_HIGH,       AVRSPI_WRITE_EXT,
        AVRSPI_WRITE_LOCK,
    };

    for (size_t n = 0; n < sizeof lasting / sizeof *lasting; n++)
        if (avrspi_sim_decodes_as(sim, bytes, lasting[n]))
            return true;
    return false;
}

/* Whatever the first three bytes: what is sent without --force is no write to a chip that ignores
 * each bit that it may. */
static void harmless_is_never_a_write(void **state)
{
    struct avrspi_sim *sim = malloc(avrspi_sim_size);
    const struct avrspi_instruction *before = NULL;

    (void)state;
    assert_non_null(sim);
    FOR_EACH(chip)
    {
        const struct avrspi_sim_config config = {.chip = chip};

        if (before && memcmp(before, chip->instruction, sizeof chip->instruction) == 0)
            continue; /* the same set */
        before = chip->instruction;
        avrspi_sim_init(sim, &config);
        for (uint32_t n = 0; n < 0x10000; n++) {
            const uint8_t bytes[4] = {(uint8_t)(n >> 8), (uint8_t)n, 0, 0x5A};
            const struct avrspi_decoded decoded = avrspi_instruction_decode(chip, bytes);

            if (avrspi_instruction_is_harmless(&decoded))
                EXPECT(!sim_takes_for_write(sim, bytes), chip, "%02X %02X", bytes[0], bytes[1]);
        }
    }
    free(sim);
}

static void decode_of_an_atmega328p(void **state)
{
    static const struct {
        uint8_t bytes[4];
        unsigned id;
        uint32_t address;
        bool harmless;
    } rows[] = {
        {{0xAC, 0x53, 0, 0}, AVRSPI_PROGRAMMING_ENABLE, 0, true},
        {{0x30, 0, 2, 0x77}, AVRSPI_READ_SIGNATURE, 2, true},
        {{0x30, 0, 3, 0}, AVRSPI_READ_SIGNATURE, 3, false},
        {{0x30, 0, 4, 0}, AVRSPI_READ_SIGNATURE, 0, false},
        {{0x30, 1, 0, 0}, AVRSPI_READ_SIGNATURE, 0, false},
        {{0x20, 0x3F, 0xFF, 0}, AVRSPI_READ_FLASH_LOW, 0x3FFF, true},
        {{0x28, 0x40, 0x00, 0}, AVRSPI_READ_FLASH_HIGH, 0x4000, false},
        {{0xA0, 0x03, 0xFF, 0}, AVRSPI_READ_EEPROM, 0x3FF, true},
        {{0xA0, 0x04, 0x00, 0}, AVRSPI_READ_EEPROM, 0x400, false},
        {{0xF0, 0, 0, 0}, AVRSPI_POLL_RDY_BSY, 0, true},
        {{0x58, 0x08, 0, 0}, AVRSPI_READ_HIGH, 0, true},
        {{0xAC, 0x80, 0, 0}, AVRSPI_CHIP_ERASE, 0, false},
        {{0xAC, 0xA0, 0, 0x62}, AVRSPI_WRITE_LOW, 0, false},
        {{0xAC, 0xA1, 0, 0x62}, AVRSPI_WRITE_LOW, 0, false},
        {{0xAC, 0xA0, 0xFF, 0x62}, AVRSPI_WRITE_LOW, 0, false},
        {{0xAC, 0xA5, 0, 0x62}, AVRSPI_WRITE_EXT, 0, false},
        {{0xAC, 0x9F, 0xFF, 0xFF}, AVRSPI_CHIP_ERASE, 0, false},
        {{0xAC, 0xE7, 0, 0}, AVRSPI_WRITE_LOCK, 0, false},
        {{0xAC, 0x53, 0, 0xFF}, AVRSPI_PROGRAMMING_ENABLE, 0, false},
        {{0xAC, 0x52, 0, 0}, AVRSPI_INSTRUCTIONS, 0, false},
        {{0x40, 0, 1, 0x12}, AVRSPI_LOAD_FLASH_LOW, 1, false},
        {{0x4D, 0, 0, 0}, AVRSPI_INSTRUCTIONS, 0, false},
        {{0, 0, 0, 0}, AVRSPI_INSTRUCTIONS, 0, false},
    };

    (void)state;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        const uint8_t *bytes = rows[n].bytes;
        const struct avrspi_decoded decoded =
            decode("atmega328p", bytes[0], bytes[1], bytes[2], bytes[3]);

        assert_int_equal(decoded.id, rows[n].id);
        if (decoded.id < AVRSPI_INSTRUCTIONS)
            assert_int_equal(decoded.address, rows[n].address);
        assert_int_equal(avrspi_instruction_is_harmless(&decoded), rows[n].harmless);
    }
}

static void decode_of_other_chips(void **state)
{
    struct avrspi_decoded decoded = decode("atmega2560", 0x4D, 0x00, 0x01, 0x00);

    (void)state;
    assert_int_equal(decoded.id, AVRSPI_LOAD_EXT_ADDRESS);
    assert_int_equal(decoded.address, 0x10000);
    assert_true(avrspi_instruction_is_harmless(&decoded));
    decoded = decode("atmega2560", 0x4D, 0x00, 0x02, 0x00);
    assert_false(avrspi_instruction_is_harmless(&decoded));
    decoded = decode("at90s2313", 0x40, 0x00, 0x05, 0x12); /* written byte by byte */
    assert_int_equal(decoded.id, AVRSPI_WRITE_FLASH_LOW);
    assert_false(avrspi_instruction_is_harmless(&decoded));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decode_what_was_encoded),
        cmocka_unit_test(harmless_is_never_a_write),
        cmocka_unit_test(decode_of_an_atmega328p),
        cmocka_unit_test(decode_of_other_chips),
    };

    return cmocka_run_group_tests(tests, open_chips, close_chips);
}
