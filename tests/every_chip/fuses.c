/* SPDX-License-Identifier: MIT */
#include "every_chip.h"

#include <string.h>

enum {
    EEPROM_BYTE = 0x5A,
};

static uint8_t default_of(const struct avrspi_chip *chip, enum avrspi_fuse fuse)
{
    return (uint8_t)(chip->fuse[fuse].default_value | ~chip->fuse[fuse].mask);
}

/* Of a fuse byte that is as the factory left it but for one, 'changed', which is 'value'. */
static bool check_values(struct run *run, enum avrspi_fuse changed, uint8_t value)
{
    struct avrspi_fuses fuses = avrspi_session_fuses(run->session);

    for (unsigned n = 0; n < AVRSPI_FUSES; n++) {
        enum avrspi_fuse fuse = (enum avrspi_fuse)n;
        uint8_t expected = fuse == changed ? value : default_of(run->chip, fuse);

        NEED(run, fuses.given[n] == can_read_fuse(run->chip, fuse), "the %s byte %s read",
             avrspi_fuse_name(fuse), fuses.given[n] ? "was" : "was not");
        NEED(run, !fuses.given[n] || fuses.value[n] == expected,
             "the %s byte: expected 0x%02X, found 0x%02X", avrspi_fuse_name(fuse), expected,
             fuses.value[n]);
    }
    return true;
}

static bool check_defaults(struct run *run)
{
    return check_values(run, AVRSPI_FUSES, 0xFF);
}

/* A field that may be changed and set back without a thought: it ends no serial programming
 * and has no say in the clock. */
static bool is_harmless(const struct avrspi_field *field)
{
    static const char *const never[] = {"RSTDISBL", "DWEN", "SPIEN", "CKDIV8"};

    for (size_t n = 0; n < sizeof never / sizeof *never; n++)
        if (strcmp(field->name, never[n]) == 0)
            return false;
    for (size_t n = 0; n < field->n_values; n++)
        if (field->values[n].clock.source != AVRSPI_CLOCK_UNKNOWN)
            return false;
    return strstr(field->name, "CKSEL") == NULL;
}

/* Whether the instruction that writes the byte has a place for that bit. */
static bool carries(const struct avrspi_chip *chip, enum avrspi_fuse fuse, unsigned bit)
{
    const struct avrspi_instruction *write = &chip->instruction[avrspi_fuse_write_id(fuse)];

    for (size_t n = 0; n < 4; n++)
        if (write->data_mask[n] >> bit & 1)
            return true;
    return false;
}

static const struct avrspi_field *find_harmless(const struct avrspi_chip *chip,
                                                enum avrspi_fuse fuse)
{
    for (size_t n = 0; n < chip->n_fields; n++) {
        const struct avrspi_field *field = &chip->fields[n];

        if (field->fuse == fuse && is_harmless(field) && carries(chip, fuse, field->shift))
            return field;
    }
    return NULL;
}

/* Leaves programming mode and comes back: what was written must be there still. */
static bool reopen(struct run *run)
{
    target_close(run);
    return target_open(run, false);
}

static bool check_change(struct run *run, const struct avrspi_field *field)
{
    enum avrspi_fuse fuse = field->fuse;
    uint8_t old = default_of(run->chip, fuse);
    uint8_t changed = (uint8_t)(old ^ 1U << field->shift);

    if (!ends(run, write_fuse(run, fuse, changed), 0, field->name))
        return false;
    if (!check_values(run, fuse, changed) || !reopen(run) || !check_values(run, fuse, changed))
        return false;
    if (!ends(run, write_fuse(run, fuse, old), 0, field->name))
        return false;
    return check_defaults(run) && reopen(run) && check_defaults(run);
}

/* A byte that the chip does not have, or does not let SPI write. */
static bool check_refusal(struct run *run, enum avrspi_fuse fuse)
{
    uint8_t mask = run->chip->fuse[fuse].mask;
    uint8_t other = (uint8_t)(default_of(run->chip, fuse) ^ (mask ? mask : 0x01));

    NEED(run,
         run->chip->fuse[fuse].mask ||
             (!run->chip->instruction[avrspi_fuse_read_id(fuse)].defined &&
              !run->chip->instruction[avrspi_fuse_write_id(fuse)].defined),
         "there is no %s byte, but an instruction for it", avrspi_fuse_name(fuse));
    return ends(run, write_fuse(run, fuse, other), AVRSPI_ERR_REFUSED,
                "write a fuse byte that can't be written");
}

static bool check_byte(struct run *run, enum avrspi_fuse fuse)
{
    const struct avrspi_field *field = find_harmless(run->chip, fuse);

    if (!can_write_fuse(run->chip, fuse))
        return check_refusal(run, fuse);
    return !field || check_change(run, field);
}

/* --- EESAVE */

static bool write_eeprom_byte(struct run *run)
{
    static const uint8_t byte = EEPROM_BYTE;
    const struct avrspi_request options = {.verify = true};
    struct avrspi_image *image = image_of_run(run->chip->eeprom_size - 1, &byte, 1);
    int result;

    NEED(run, image, "no image");
    result = work_eeprom(run->session, image, &options, NULL, &run->error);
    avrspi_image_free(image);
    return ends(run, result, 0, "write a byte of EEPROM");
}

static bool check_erase(struct run *run, bool keeps)
{
    uint8_t byte = 0;
    int result;

    if (!write_eeprom_byte(run))
        return false;
    NEED(run, work_eeprom_survives(run->session) == keeps,
         "EESAVE is %sprogrammed, but the session does not say so", keeps ? "" : "un");
    result = avrspi_session_erase(run->session, &run->error);
    if (result == 0)
        result = avrspi_session_read(run->session, AVRSPI_MEMORY_EEPROM, run->chip->eeprom_size - 1,
                                     &byte, 1, &run->error);
    if (!ends(run, result, 0, "erase"))
        return false;
    NEED(run, byte == (keeps ? EEPROM_BYTE : 0xFF),
         "EESAVE is %sprogrammed, and EEPROM reads 0x%02X after an erase", keeps ? "" : "un", byte);
    return true;
}

static bool check_eesave(struct run *run)
{
    const struct avrspi_field *field = avrspi_chip_field(run->chip, "EESAVE");
    uint8_t old;

    if (!field || run->chip->eeprom_size == 0 || !can_write_fuse(run->chip, field->fuse))
        return true;
    old = default_of(run->chip, field->fuse);
    if (!ends(run, write_fuse(run, field->fuse, avrspi_field_set(field, old, 0)), 0, "EESAVE") ||
        !check_erase(run, true))
        return false;
    if (!ends(run, write_fuse(run, field->fuse, avrspi_field_set(field, old, 1)), 0, "EESAVE") ||
        !check_erase(run, false))
        return false;
    return ends(run, write_fuse(run, field->fuse, old), 0, "EESAVE") && check_defaults(run);
}

bool check_fuses(struct run *run)
{
    if (!check_defaults(run))
        return false;
    for (unsigned fuse = 0; fuse < AVRSPI_FUSE_LOCK; fuse++)
        if (!check_byte(run, (enum avrspi_fuse)fuse))
            return false;
    return check_eesave(run);
}
