/* SPDX-License-Identifier: MIT */
/* Warnings in words. Of a plan that is not carried out they tell what would be. */
#include "ui/ui.h"

#include "host/models.h"

static void needs_clock(const struct avrspi_event *event, char *text, size_t size)
{
    static const char *const needs[] = {
        [AVRSPI_CLOCK_EXTERNAL] = "a clock signal at XTAL1",
        [AVRSPI_CLOCK_CRYSTAL] = "a crystal or resonator",
        [AVRSPI_CLOCK_RC] = "a resistor and a capacitor at XTAL1",
    };

    (void)snprintf(text, size,
                   event->planned
                       ? "the chip would need %s: without it, it would no longer answer (a clock "
                         "of 1 MHz fed into XTAL1 would recover it)"
                       : "from now on the chip needs %s: without it, it no longer answers (a "
                         "clock of 1 MHz fed into XTAL1 recovers it)",
                   needs[event->hazard->source]);
}

/* Not every controller can divide its clock so far. */
static void slow_clock(const struct avrspi_event *event, char *text, size_t size)
{
    const struct avrspi_host_floor floor = avrspi_host_raspberry_pi_floor();
    char sck[UI_TEXT], lowest[UI_TEXT], highest[UI_TEXT];

    (void)snprintf(text, size,
                   event->planned
                       ? "the chip would take an SCK of at most %s: with an SPI controller that "
                         "can't go so low (a Raspberry Pi's minimum is %s to %s) it would no "
                         "longer answer"
                       : "from now on the chip takes an SCK of at most %s: with an SPI controller "
                         "that can't go so low (a Raspberry Pi's minimum is %s to %s) it no "
                         "longer answers",
                   ui_hertz(event->hazard->sck_hz, sck), ui_hertz(floor.lowest, lowest),
                   ui_hertz(floor.highest, highest));
}

static void hazard(const struct avrspi_event *event, char *text, size_t size)
{
    switch (event->hazard->kind) {
    case AVRSPI_HAZARD_NEEDS_CLOCK:
        needs_clock(event, text, size);
        break;
    case AVRSPI_HAZARD_SLOW_CLOCK:
        slow_clock(event, text, size);
        break;
    case AVRSPI_HAZARD_CLOCK_OUTPUT:
        (void)snprintf(text, size, "CKOUT %s the clock out of a port pin all the time",
                       event->planned ? "would drive" : "drives");
        break;
    case AVRSPI_HAZARD_LOCKS_WRITING:
        (void)snprintf(text, size, "%s",
                       event->planned
                           ? "flash, EEPROM and fuses could not be written until a chip erase"
                           : "from now on flash, EEPROM and fuses can't be written until a chip "
                             "erase");
        break;
    case AVRSPI_HAZARD_LOCKS_READING:
        (void)snprintf(text, size, "%s",
                       event->planned
                           ? "flash and EEPROM could be neither written nor read, so nothing "
                             "could be verified any more, until a chip erase"
                           : "from now on flash and EEPROM can be neither written nor read, so "
                             "nothing can be verified any more, until a chip erase");
        break;
    default:
        break; /* refused, unless the user insisted */
    }
}

void ui_warning_text(const struct avrspi_event *event, char *text, size_t size)
{
    const struct avrspi_chip *chip = avrspi_session_chip(event->session);

    *text = '\0';
    switch (event->warning) {
    case AVRSPI_WARNING_SIGNATURE:
        (void)snprintf(text, size, "the signature is not that of the %s: going on by --force",
                       avrspi_chip_name(chip));
        break;
    case AVRSPI_WARNING_UNVERIFIED:
        (void)snprintf(text, size, "the facts about the %s are from a single source: not verified",
                       avrspi_chip_name(chip));
        break;
    case AVRSPI_WARNING_HAZARD:
        hazard(event, text, size);
        break;
    case AVRSPI_WARNING_BOOT_BLANK:
        (void)snprintf(text, size,
                       "BOOTRST %s the chip at 0x%X, but the boot section is blank: flash a "
                       "bootloader there",
                       event->planned ? "would start" : "starts", event->hazard->address);
        break;
    case AVRSPI_WARNING_EEPROM_KEPT_IN:
        (void)snprintf(text, size,
                       "the EEPROM may have lost its content; what it held is in '%s': 'avrspi "
                       "eeprom %s'",
                       event->path, event->path);
        break;
    default:
        break;
    }
}
