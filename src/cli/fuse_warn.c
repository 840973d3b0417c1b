/* SPDX-License-Identifier: MIT */
/* The hazards of avrspi/rules.h in words. A dry run tells what would be. */
#include "cli/fuse_warn.h"

#include "avrspi/rules.h"
#include "base/error.h"

static void warn_source(struct cli *cli, const struct avrspi_hazard *hazard)
{
    static const char *const needs[] = {
        [AVRSPI_CLOCK_EXTERNAL] = "a clock signal at XTAL1",
        [AVRSPI_CLOCK_CRYSTAL] = "a crystal or resonator",
        [AVRSPI_CLOCK_RC] = "a resistor and a capacitor at XTAL1",
    };

    ui_warn(&cli->ui,
            cli->config.dry_run
                ? "the chip would need %s: without it, it would no longer answer (a clock of 1 MHz "
                  "fed into XTAL1 would bring it back)"
                : "from now on the chip needs %s: without it, it no longer answers (a clock of "
                  "1 MHz fed into XTAL1 brings it back)",
            needs[hazard->source]);
}

static void warn_slow(struct cli *cli, const struct avrspi_hazard *hazard)
{
    char sck[UI_TEXT];

    ui_warn(&cli->ui,
            cli->config.dry_run
                ? "the chip would take an SCK of at most %s: with an SPI controller that can't go "
                  "so slow (a Raspberry Pi's ends at 7.6 kHz or 3.8 kHz) it would no longer answer"
                : "from now on the chip takes an SCK of at most %s: with an SPI controller that "
                  "can't go so slow (a Raspberry Pi's ends at 7.6 kHz or 3.8 kHz) it no longer "
                  "answers",
            ui_hertz(hazard->sck_hz, sck));
}

static void warn_clock_output(struct cli *cli)
{
    ui_warn(&cli->ui, "CKOUT %s the clock out of a port pin all the time",
            cli->config.dry_run ? "would drive" : "drives");
}

static void warn_locks_writing(struct cli *cli)
{
    ui_warn(&cli->ui, cli->config.dry_run
                          ? "flash, EEPROM and fuses could not be written until a chip erase"
                          : "from now on flash, EEPROM and fuses can't be written until a chip "
                            "erase");
}

static void warn_locks_reading(struct cli *cli)
{
    ui_warn(&cli->ui, cli->config.dry_run
                          ? "flash and EEPROM could be neither written nor read, so nothing could "
                            "be verified any more, until a chip erase"
                          : "from now on flash and EEPROM can be neither written nor read, so "
                            "nothing can be verified any more, until a chip erase");
}

/* Only where the section is blank. */
static int warn_boot(struct cli *cli, const struct avrspi_hazard *hazard,
                     struct avrspi_error *error)
{
    uint8_t word[2];
    int result = avrspi_session_read(cli->session, AVRSPI_MEMORY_FLASH, hazard->address, word,
                                     sizeof word, error);

    if (result == AVRSPI_ERR_REFUSED)
        return 0; /* locked: it can't be looked at */
    if (result == 0 && word[0] == 0xFF && word[1] == 0xFF)
        ui_warn(&cli->ui,
                "BOOTRST %s the chip at 0x%X, but the boot section is blank: flash a bootloader "
                "there",
                cli->config.dry_run ? "would start" : "starts", hazard->address);
    return result;
}

static int warn(struct cli *cli, const struct avrspi_hazard *hazard, struct avrspi_error *error)
{
    switch (hazard->kind) {
    case AVRSPI_HAZARD_ENDS_PROGRAMMING:
    case AVRSPI_HAZARD_LOCK_INVALID:
        break; /* refused already, unless the user insisted */
    case AVRSPI_HAZARD_NEEDS_CLOCK:
        warn_source(cli, hazard);
        break;
    case AVRSPI_HAZARD_SLOW_CLOCK:
        warn_slow(cli, hazard);
        break;
    case AVRSPI_HAZARD_CLOCK_OUTPUT:
        warn_clock_output(cli);
        break;
    case AVRSPI_HAZARD_LOCKS_WRITING:
        warn_locks_writing(cli);
        break;
    case AVRSPI_HAZARD_LOCKS_READING:
        warn_locks_reading(cli);
        break;
    case AVRSPI_HAZARD_BOOT_START:
        return warn_boot(cli, hazard, error);
    }
    return 0;
}

int fuse_warn(struct cli *cli, const struct avrspi_fuses *before, const struct avrspi_fuses *wanted,
              struct avrspi_error *error)
{
    struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS];
    size_t count = avrspi_fuse_hazards(avrspi_session_chip(cli->session), before, wanted, hazards);
    int result = 0;

    for (size_t n = 0; result == 0 && n < count; n++)
        result = warn(cli, &hazards[n], error);
    return result;
}
