/* SPDX-License-Identifier: MIT */
#include "cli/fuse_warn.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

enum {
    SLOW_HZ = 8000, /* SCK that not every controller reaches */
};

/* A field that takes a new value: true, and which. */
static bool changes_to(const struct avrspi_chip *chip, const char *name,
                       const struct avrspi_fuses *before, const struct avrspi_fuses *wanted,
                       const struct avrspi_field **field, uint8_t *value)
{
    *field = avrspi_chip_field(chip, name);
    if (!*field || !wanted->given[avrspi_field_fuse(*field)])
        return false;
    *value = avrspi_field_get(*field, wanted->value[avrspi_field_fuse(*field)]);
    return !before->given[avrspi_field_fuse(*field)] ||
           *value != avrspi_field_get(*field, before->value[avrspi_field_fuse(*field)]);
}

/* What the bytes will be. */
static struct avrspi_fuses after(const struct avrspi_fuses *before,
                                 const struct avrspi_fuses *wanted)
{
    struct avrspi_fuses result = *before;

    for (int n = 0; n < AVRSPI_FUSES; n++) {
        if (!wanted->given[n])
            continue;
        result.given[n] = true;
        result.value[n] = wanted->value[n];
    }
    return result;
}

static void warn_source(struct cli *cli, enum avrspi_clock_source old, enum avrspi_clock_source new)
{
    static const char *const needs[] = {
        [AVRSPI_CLOCK_EXTERNAL] = "a clock signal at XTAL1",
        [AVRSPI_CLOCK_CRYSTAL] = "a crystal or resonator",
        [AVRSPI_CLOCK_RC] = "a resistor and a capacitor at XTAL1",
    };

    if (old == new || new == AVRSPI_CLOCK_UNKNOWN || new == AVRSPI_CLOCK_INTERNAL)
        return;
    ui_warn(&cli->ui,
            "from now on the chip needs %s: without it, it no longer answers (a clock of 1 MHz "
            "fed into XTAL1 brings it back)",
            needs[new]);
}

/* Many controllers divide a fast clock by 65536 at most, a Raspberry Pi's 500 MHz to 7.6 kHz. */
static void warn_slow(struct cli *cli, uint32_t old_limit, uint32_t limit)
{
    char sck[UI_TEXT];

    if (limit == 0 || limit >= SLOW_HZ || limit >= old_limit)
        return;
    ui_warn(&cli->ui,
            "from now on the chip takes an SCK of at most %s: with an SPI controller that can't go "
            "so slow (a Raspberry Pi's ends at 7.6 kHz or 3.8 kHz) it no longer answers",
            ui_hertz(limit, sck));
}

static void warn_clock(struct cli *cli, const struct avrspi_chip *chip,
                       const struct avrspi_fuses *before, const struct avrspi_fuses *wanted)
{
    struct avrspi_fuses then = after(before, wanted);
    struct avrspi_clock old = avrspi_chip_clock(chip, before->value);
    struct avrspi_clock new = avrspi_chip_clock(chip, then.value);

    if (!before->given[AVRSPI_FUSE_LOW])
        return;
    warn_source(cli, old.source, new.source);
    if (new.source == AVRSPI_CLOCK_INTERNAL)
        warn_slow(cli, avrspi_sck_limit(&old), avrspi_sck_limit(&new));
}

static void warn_clock_output(struct cli *cli, const struct avrspi_chip *chip,
                              const struct avrspi_fuses *before, const struct avrspi_fuses *wanted)
{
    const struct avrspi_field *field;
    uint8_t value;

    if (changes_to(chip, "CKOUT", before, wanted, &field, &value) && value == 0)
        ui_warn(&cli->ui, "CKOUT drives the clock out of a port pin all the time");
}

static void warn_lock(struct cli *cli, const struct avrspi_chip *chip,
                      const struct avrspi_fuses *before, const struct avrspi_fuses *wanted)
{
    const struct avrspi_field *field;
    uint8_t value;

    if (!changes_to(chip, "LB", before, wanted, &field, &value) || value == 3)
        return;
    if (value == 0)
        ui_warn(&cli->ui, "from now on flash and EEPROM can be neither written nor read, so "
                          "nothing can be verified any more, until a chip erase");
    else
        ui_warn(&cli->ui, "from now on flash, EEPROM and fuses can't be written until a chip "
                          "erase");
}

/* The size of the boot section in bytes, from BOOTSZ ("256W", in words); 0 when not known. */
static uint32_t boot_size(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses)
{
    const struct avrspi_field *field = avrspi_chip_field(chip, "BOOTSZ");
    const struct avrspi_value *value;

    if (!field || !fuses->given[avrspi_field_fuse(field)])
        return 0;
    value =
        avrspi_field_value(field, avrspi_field_get(field, fuses->value[avrspi_field_fuse(field)]));
    return value ? (uint32_t)strtoul(value->name, NULL, 10) * 2 : 0;
}

static int warn_boot(struct cli *cli, const struct avrspi_chip *chip,
                     const struct avrspi_fuses *before, const struct avrspi_fuses *wanted,
                     struct avrspi_error *error)
{
    struct avrspi_fuses then = after(before, wanted);
    uint32_t size = boot_size(chip, &then);
    const struct avrspi_field *field;
    uint8_t value, word[2];
    int result;

    if (!changes_to(chip, "BOOTRST", before, wanted, &field, &value) || value != 0 || size == 0 ||
        size >= avrspi_memory_size(chip, AVRSPI_MEMORY_FLASH))
        return 0;
    result = avrspi_session_read(cli->session, AVRSPI_MEMORY_FLASH,
                                 avrspi_memory_size(chip, AVRSPI_MEMORY_FLASH) - size, word,
                                 sizeof word, error);
    if (result == AVRSPI_ERR_REFUSED)
        return 0; /* locked: it can't be looked at */
    if (result == 0 && word[0] == 0xFF && word[1] == 0xFF)
        ui_warn(&cli->ui,
                "BOOTRST starts the chip at 0x%X, but the boot section is blank: flash a "
                "bootloader there",
                avrspi_memory_size(chip, AVRSPI_MEMORY_FLASH) - size);
    return result;
}

int fuse_warn(struct cli *cli, const struct avrspi_fuses *before, const struct avrspi_fuses *wanted,
              struct avrspi_error *error)
{
    const struct avrspi_chip *chip = avrspi_session_chip(cli->session);

    warn_clock(cli, chip, before, wanted);
    warn_clock_output(cli, chip, before, wanted);
    warn_lock(cli, chip, before, wanted);
    return warn_boot(cli, chip, before, wanted, error);
}
