/* SPDX-License-Identifier: MIT */
/*
 * Chip files from anyone: they are refused with a message, and nothing has changed; or they are
 * read, and every chip then is one that the rest of the program can work with. Seeds: chips/.
 */
#include <stdlib.h>
#include <string.h>

#include "avrspi/chips.h"
#include "chips/record.h"

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void check_fields(const struct avrspi_chip *chip)
{
    for (size_t i = 0; i < chip->n_fields; i++) {
        const struct avrspi_field *field = &chip->fields[i];

        require(field->name[0] && field->fuse < AVRSPI_FUSES);
        require(!(field->mask & ~chip->fuse[field->fuse].mask));
        require(field->mask >> field->shift & 1);
        for (size_t j = 0; j < field->n_values; j++) {
            const struct avrspi_value *value = &field->values[j];

            require(value->name[0] && value->text);
            require(value->clock.min_hz <= value->clock.max_hz);
            require(avrspi_field_get(field, avrspi_field_set(field, 0, value->value)) ==
                    value->value);
        }
    }
}

static void check_chip(const struct avrspi_chip *chip)
{
    static const uint8_t fuses[AVRSPI_FUSES] = {0x62, 0xDF, 0xFF, 0xFF};
    struct avrspi_clock clock = avrspi_chip_clock(chip, fuses);
    uint8_t out[4];

    require(chip->name[0] && chip->family && chip->note);
    require(chip->flash_start + chip->flash_size <= 262144 && chip->eeprom_size <= 8192);
    require(chip->flash_page == 0 || chip->flash_size % chip->flash_page == 0);
    require(chip->eeprom_page == 0 || chip->eeprom_size % chip->eeprom_page == 0);
    require(clock.min_hz <= clock.max_hz);
    for (unsigned i = 0; i < AVRSPI_INSTRUCTIONS; i++) {
        avrspi_instruction_encode(&chip->instruction[i], 0x12345, 0xA5, out);
        (void)avrspi_instruction_answer(&chip->instruction[i], out[3]);
    }
    check_fields(chip);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct avrspi_chips *chips; /* kept for as long as nothing was added */
    struct avrspi_error error;
    size_t count;

    if (!chips) {
        require(avrspi_chips_open(&chips, &error) == 0);
    }
    count = avrspi_chips_count(chips);
    if (avrspi_chips_add_text(chips, "fuzz", (const char *)data, size, &error) < 0) {
        require(error.code == AVRSPI_ERR_INPUT && error.message[0] && error.hint[0]);
        require(avrspi_chips_count(chips) == count);
        return 0;
    }
    for (size_t i = 0; i < avrspi_chips_count(chips); i++) {
        check_chip(avrspi_chips_at(chips, i));
    }
    avrspi_chips_close(chips);
    chips = NULL;
    return 0;
}
