/* SPDX-License-Identifier: MIT */
/* A chip's facts put to use. Pure functions that need no more of the C library than
 * <string.h>: the simulator takes this file and base/text.c with it into a kernel module. */
#include "chips/record.h"

#include "base/text.h"

#include <string.h>

const struct avrspi_value avrspi_bit_values[2] = {
    {.value = 0, .name = "programmed", .text = ""},
    {.value = 1, .name = "unprogrammed", .text = ""},
};

static const char *const fuse_names[AVRSPI_FUSES] = {
    [AVRSPI_FUSE_LOW] = "low",
    [AVRSPI_FUSE_HIGH] = "high",
    [AVRSPI_FUSE_EXT] = "ext",
    [AVRSPI_FUSE_LOCK] = "lock",
};

static const char *const instruction_names[AVRSPI_INSTRUCTIONS] = {
    [AVRSPI_PROGRAMMING_ENABLE] = "programming_enable",
    [AVRSPI_CHIP_ERASE] = "chip_erase",
    [AVRSPI_POLL_RDY_BSY] = "poll_rdy_bsy",
    [AVRSPI_LOAD_EXT_ADDRESS] = "load_ext_address",
    [AVRSPI_LOAD_FLASH_LOW] = "load_flash_low",
    [AVRSPI_LOAD_FLASH_HIGH] = "load_flash_high",
    [AVRSPI_WRITE_FLASH_PAGE] = "write_flash_page",
    [AVRSPI_WRITE_FLASH_LOW] = "write_flash_low",
    [AVRSPI_WRITE_FLASH_HIGH] = "write_flash_high",
    [AVRSPI_READ_FLASH_LOW] = "read_flash_low",
    [AVRSPI_READ_FLASH_HIGH] = "read_flash_high",
    [AVRSPI_READ_EEPROM] = "read_eeprom",
    [AVRSPI_WRITE_EEPROM] = "write_eeprom",
    [AVRSPI_LOAD_EEPROM_PAGE] = "load_eeprom_page",
    [AVRSPI_WRITE_EEPROM_PAGE] = "write_eeprom_page",
    [AVRSPI_READ_SIGNATURE] = "read_signature",
    [AVRSPI_READ_CALIBRATION] = "read_calibration",
    [AVRSPI_READ_LOW] = "read_low",
    [AVRSPI_READ_HIGH] = "read_high",
    [AVRSPI_READ_EXT] = "read_ext",
    [AVRSPI_READ_LOCK] = "read_lock",
    [AVRSPI_WRITE_LOW] = "write_low",
    [AVRSPI_WRITE_HIGH] = "write_high",
    [AVRSPI_WRITE_EXT] = "write_ext",
    [AVRSPI_WRITE_LOCK] = "write_lock",
};

const char *avrspi_chip_name(const struct avrspi_chip *chip)
{
    return chip->name;
}

const char *avrspi_chip_family(const struct avrspi_chip *chip)
{
    return chip->family;
}

const char *avrspi_chip_pins(const struct avrspi_chip *chip)
{
    return chip->pins;
}

const char *avrspi_chip_note(const struct avrspi_chip *chip)
{
    return chip->note;
}

const uint8_t *avrspi_chip_signature(const struct avrspi_chip *chip)
{
    return chip->signature;
}

const char *avrspi_chip_completed_from(const struct avrspi_chip *chip)
{
    return chip->completed_from ? chip->completed_from : "";
}

bool avrspi_chip_leaves_out(const struct avrspi_chip *chip, enum avrspi_gap gap)
{
    return gap == AVRSPI_GAP_CLOCK ? chip->divider_unknown && !chip->max_sck_hz
                                   : gap == AVRSPI_GAP_RDY_BSY && chip->rdy_bsy_unknown;
}

bool avrspi_chip_unverified(const struct avrspi_chip *chip)
{
    return chip->unverified;
}

bool avrspi_chip_rdy_bsy(const struct avrspi_chip *chip)
{
    return chip->rdy_bsy;
}

bool avrspi_chip_power_cycle(const struct avrspi_chip *chip)
{
    return chip->power_cycle;
}

uint32_t avrspi_chip_factory_clock(const struct avrspi_chip *chip)
{
    return chip->factory_clock;
}

uint32_t avrspi_chip_max_sck(const struct avrspi_chip *chip)
{
    return chip->max_sck_hz;
}

uint32_t avrspi_chip_wait_us(const struct avrspi_chip *chip, enum avrspi_wait wait)
{
    return (unsigned)wait < AVRSPI_WAITS ? chip->wait_us[wait] : 0;
}

uint8_t avrspi_chip_fuse_mask(const struct avrspi_chip *chip, enum avrspi_fuse fuse)
{
    return (unsigned)fuse < AVRSPI_FUSES ? chip->fuse[fuse].mask : 0;
}

uint8_t avrspi_chip_fuse_default(const struct avrspi_chip *chip, enum avrspi_fuse fuse)
{
    return (unsigned)fuse < AVRSPI_FUSES ? chip->fuse[fuse].default_value : 0xFF;
}

const struct avrspi_field *avrspi_chip_field_at(const struct avrspi_chip *chip, size_t n)
{
    return n < chip->n_fields ? &chip->fields[n] : NULL;
}

const struct avrspi_field *avrspi_chip_part_at(const struct avrspi_chip *chip,
                                               const struct avrspi_field *field, size_t n)
{
    for (size_t i = 0; i < chip->n_parts; i++) {
        if (avrspi_field_whole(chip, &chip->parts[i]) == field && n-- == 0)
            return &chip->parts[i];
    }
    return NULL;
}

const char *avrspi_field_name(const struct avrspi_field *field)
{
    return field->name;
}

enum avrspi_fuse avrspi_field_fuse(const struct avrspi_field *field)
{
    return field->fuse;
}

uint8_t avrspi_field_mask(const struct avrspi_field *field)
{
    return field->mask;
}

const struct avrspi_value *avrspi_field_value_at(const struct avrspi_field *field, size_t n)
{
    return n < field->n_values ? &field->values[n] : NULL;
}

bool avrspi_fuses_any(const struct avrspi_fuses *fuses)
{
    for (int fuse = 0; fuse < AVRSPI_FUSES; fuse++)
        if (fuses->given[fuse])
            return true;
    return false;
}

const char *avrspi_fuse_name(enum avrspi_fuse fuse)
{
    return (unsigned)fuse < AVRSPI_FUSES ? fuse_names[fuse] : "";
}

const char *avrspi_instruction_name(enum avrspi_instruction_id id)
{
    return (unsigned)id < AVRSPI_INSTRUCTIONS ? instruction_names[id] : "";
}

enum avrspi_instruction_id avrspi_fuse_read_id(enum avrspi_fuse fuse)
{
    return (enum avrspi_instruction_id)((unsigned)AVRSPI_READ_LOW + (unsigned)fuse);
}

enum avrspi_instruction_id avrspi_fuse_write_id(enum avrspi_fuse fuse)
{
    return (enum avrspi_instruction_id)((unsigned)AVRSPI_WRITE_LOW + (unsigned)fuse);
}

bool avrspi_fuse_readable(const struct avrspi_chip *chip, enum avrspi_fuse fuse)
{
    return chip->fuse[fuse].mask && chip->instruction[avrspi_fuse_read_id(fuse)].defined;
}

const struct avrspi_field *avrspi_field_of(const struct avrspi_field *fields, size_t count,
                                           const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (avrspi_text_equal(fields[i].name, name))
            return &fields[i];
    }
    return NULL;
}

const struct avrspi_field *avrspi_chip_field(const struct avrspi_chip *chip, const char *name)
{
    return avrspi_field_of(chip->fields, chip->n_fields, name);
}

const struct avrspi_field *avrspi_chip_field_or_part(const struct avrspi_chip *chip,
                                                     const char *name)
{
    const struct avrspi_field *field = avrspi_chip_field(chip, name);

    return field ? field : avrspi_field_of(chip->parts, chip->n_parts, name);
}

const struct avrspi_field *avrspi_field_whole(const struct avrspi_chip *chip,
                                              const struct avrspi_field *part)
{
    for (size_t i = 0; i < chip->n_fields; i++) {
        const struct avrspi_field *field = &chip->fields[i];

        if (field->fuse == part->fuse && (field->mask & part->mask) == part->mask)
            return field;
    }
    return NULL;
}

uint8_t avrspi_field_get(const struct avrspi_field *field, uint8_t byte)
{
    return (uint8_t)((byte & field->mask) >> field->shift);
}

uint8_t avrspi_field_set(const struct avrspi_field *field, uint8_t byte, uint8_t value)
{
    return (uint8_t)((byte & ~field->mask) | ((value << field->shift) & field->mask));
}

void avrspi_fuses_put(struct avrspi_fuses *fuses, const struct avrspi_field *field, uint8_t value)
{
    fuses->value[field->fuse] = avrspi_field_set(field, fuses->value[field->fuse], value);
    fuses->given[field->fuse] = true;
}

bool avrspi_field_is_switch(const struct avrspi_field *field)
{
    const struct avrspi_value *programmed = avrspi_field_value(field, 0);

    return (field->mask & (field->mask - 1)) == 0 && programmed &&
           strcmp(programmed->name, "programmed") == 0;
}

const struct avrspi_value *avrspi_field_value(const struct avrspi_field *field, uint8_t value)
{
    for (size_t i = 0; i < field->n_values; i++) {
        if (field->values[i].value == value)
            return &field->values[i];
    }
    return NULL;
}

const struct avrspi_value *avrspi_clock_row(const struct avrspi_chip *chip,
                                            const struct avrspi_field *field, uint8_t value)
{
    const struct avrspi_value *row = avrspi_field_value(field, value);
    const struct avrspi_field *sut = avrspi_chip_field_or_part(chip, "SUT");
    uint8_t start_up;

    if (row || !sut || sut->fuse != field->fuse)
        return row;
    start_up = (uint8_t)((sut->mask & field->mask) >> field->shift);
    for (size_t i = 0; i < field->n_values; i++) {
        if (((field->values[i].value ^ value) & ~start_up) == 0)
            return &field->values[i];
    }
    return NULL;
}

unsigned avrspi_chip_divider(const struct avrspi_chip *chip, const uint8_t fuses[AVRSPI_FUSES])
{
    const struct avrspi_field *ckdiv8 = avrspi_chip_field(chip, "CKDIV8");

    return ckdiv8 && avrspi_field_get(ckdiv8, fuses[ckdiv8->fuse]) == 0 ? 8 : 1;
}

/* CKOPT, programmed, drives a crystal with the full swing of the supply, whatever range CKSEL
 * selects (ATmega8A: DS40001974, 'Crystal Oscillator'). */
static bool full_swing(const struct avrspi_chip *chip, const uint8_t fuses[AVRSPI_FUSES])
{
    const struct avrspi_field *ckopt = avrspi_chip_field(chip, "CKOPT");

    return ckopt && avrspi_field_get(ckopt, fuses[ckopt->fuse]) == 0;
}

struct avrspi_clock avrspi_clock_at_full_swing(struct avrspi_clock clock)
{
    if (clock.source == AVRSPI_CLOCK_CRYSTAL && clock.max_hz > AVRSPI_WATCH_HZ) {
        clock.min_hz = AVRSPI_FULL_SWING_MIN_HZ;
        clock.max_hz = AVRSPI_FULL_SWING_MAX_HZ;
    }
    return clock;
}

struct avrspi_clock avrspi_chip_clock(const struct avrspi_chip *chip,
                                      const uint8_t fuses[AVRSPI_FUSES])
{
    /* Where several fields have a say, the chip file has the one that decides before the one
     * that is asked only then: PLLCK before CKSEL, CKSEL before ULPOSCSEL. */
    for (size_t i = 0; i < chip->n_fields; i++) {
        const struct avrspi_field *field = &chip->fields[i];
        const struct avrspi_value *value =
            avrspi_clock_row(chip, field, avrspi_field_get(field, fuses[field->fuse]));

        if (value && value->clock.source != AVRSPI_CLOCK_UNKNOWN) {
            struct avrspi_clock clock = value->clock;
            uint32_t divisor = avrspi_chip_divider(chip, fuses);

            if (full_swing(chip, fuses))
                clock = avrspi_clock_at_full_swing(clock);
            clock.min_hz /= divisor;
            clock.max_hz /= divisor;
            clock.least_hz /= divisor;
            clock.max_sck_hz = chip->max_sck_hz;
            return clock;
        }
    }
    return (struct avrspi_clock){
        .source = AVRSPI_CLOCK_UNKNOWN,
        .max_sck_hz = chip->max_sck_hz,
    };
}

void avrspi_instruction_encode(const struct avrspi_instruction *instruction, uint32_t address,
                               uint8_t data, uint8_t out[4])
{
    for (size_t i = 0; i < 4; i++) {
        uint32_t shifted = address >> instruction->address_shift[i];

        out[i] = (uint8_t)(instruction->fixed[i] | (shifted & instruction->address_mask[i]) |
                           (data & instruction->data_mask[i]));
    }
}

bool avrspi_instruction_is_extended(const struct avrspi_chip *chip, enum avrspi_instruction_id id)
{
    return chip->instruction[AVRSPI_LOAD_EXT_ADDRESS].defined &&
           (id == AVRSPI_READ_FLASH_LOW || id == AVRSPI_READ_FLASH_HIGH ||
            id == AVRSPI_WRITE_FLASH_PAGE);
}

bool avrspi_instruction_answers(const struct avrspi_instruction *instruction)
{
    for (unsigned bit = 0; bit < 8; bit++)
        if (instruction->answer_bit[bit] >= 0)
            return true;
    return false;
}

uint8_t avrspi_instruction_answer(const struct avrspi_instruction *instruction, uint8_t byte)
{
    uint8_t answer = 0xFF;

    for (unsigned bit = 0; bit < 8; bit++) {
        unsigned place = (uint8_t)instruction->answer_bit[bit]; /* -1 is past them all */

        if (place < 8 && !(byte >> place & 1))
            answer = (uint8_t)(answer & ~(1U << bit));
    }
    return answer;
}

bool avrspi_factory_fuses_known(const struct avrspi_chip *chip)
{
    for (int n = 0; n < AVRSPI_FUSE_LOCK; n++)
        if (chip->fuse[n].mask && chip->fuse[n].default_value != 0xFF)
            return true;
    return false;
}
