/* SPDX-License-Identifier: MIT */
/* Warnings in words. Of a plan that is not carried out they tell what would be. */
#include "ui/ui.h"

#include "avrspi/session.h"
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
                         "of 1 MHz fed into XTAL1, as by 'avrspi clock', would recover it)"
                       : "from now on the chip needs %s: without it, it no longer answers (a "
                         "clock of 1 MHz fed into XTAL1, as by 'avrspi clock', recovers it)",
                   needs[event->hazard->source]);
}

/* The controller at hand can't divide its clock so far. */
static void too_slow_here(const struct avrspi_event *event, uint32_t slowest_hz, char *text,
                          size_t size)
{
    char sck[UI_TEXT], slowest[UI_TEXT];

    (void)snprintf(text, size,
                   event->planned
                       ? "the chip would take an SCK of at most %s, and the slowest SCK "
                         "of this controller is %s: it would no longer answer here "
                         "(GPIO lines without a controller can go slower: --port gpio:...)"
                       : "from now on the chip takes an SCK of at most %s, and the "
                         "slowest SCK of this controller is %s: it no longer answers "
                         "here (GPIO lines without a controller can go slower: "
                         "--port gpio:...)",
                   ui_hertz(event->hazard->sck_hz, sck), ui_hertz(slowest_hz, slowest));
}

/* Not every controller can divide its clock so far. */
static void slow_clock(const struct avrspi_event *event, char *text, size_t size)
{
    const uint32_t slowest =
        event->session ? avrspi_link_slowest_speed(avrspi_session_link(event->session)) : 0;
    const struct avrspi_host_floor floor = avrspi_host_raspberry_pi_floor();
    char sck[UI_TEXT], lowest[UI_TEXT], highest[UI_TEXT];

    if (slowest > event->hazard->sck_hz) {
        too_slow_here(event, slowest, text, size);
        return;
    }
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

/* "3.3 V", or that with a word about who said so. */
static const char *supply(const struct avrspi_hazard *hazard, char text[UI_TEXT])
{
    (void)snprintf(text, UI_TEXT, "%g V%s", hazard->supply_mv / 1e3,
                   hazard->assumed ? " (assumed: --vcc)" : "");
    return text;
}

static void brown_out(const struct avrspi_event *event, char *text, size_t size)
{
    char volts[UI_TEXT];

    (void)snprintf(text, size,
                   "the brown-out level of %g V is above the supply of %s: the chip %s in reset",
                   event->hazard->level_mv / 1e3, supply(event->hazard, volts),
                   event->planned ? "would stay" : "stays");
}

static void too_fast(const struct avrspi_event *event, char *text, size_t size)
{
    const struct avrspi_hazard *hazard = event->hazard;
    const struct avrspi_chip *chip = event->chip;
    const char *variant = avrspi_chip_variant(chip, hazard->supply_mv, hazard->hz);
    uint32_t most = avrspi_chip_most_hz(chip, hazard->supply_mv) / 100000 * 100000;
    char volts[UI_TEXT], hz[UI_TEXT], limit[UI_TEXT], needs[UI_TEXT] = "";
    size_t used;

    if (hazard->level_mv)
        (void)snprintf(needs, sizeof needs, ", %s%s needs %g V",
                       avrspi_clock_is_outside(hazard->source) ? "a clock of " : "",
                       ui_hertz(hazard->hz, hz), hazard->level_mv / 1e3);
    used =
        (size_t)snprintf(text, size, "at %s the %s is %s%s%s", supply(hazard, volts),
                         avrspi_chip_name(chip), most ? "specified up to " : "not specified to run",
                         most ? ui_hertz(most, limit) : "", needs);
    if (*variant && used < size)
        (void)snprintf(text + used, size - used, "; the %s%s is good for it",
                       avrspi_chip_name(chip), variant);
}

static void supply_range(const struct avrspi_event *event, char *text, size_t size)
{
    const struct avrspi_chip *chip = event->chip;
    const struct avrspi_supply *supplies = avrspi_chip_supply(chip);
    char volts[UI_TEXT];

    (void)snprintf(text, size, "the %s is specified for %g V to %g V, not for %s",
                   avrspi_chip_name(chip), supplies->min_mv / 1e3, supplies->max_mv / 1e3,
                   supply(event->hazard, volts));
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
    case AVRSPI_HAZARD_LOCK_INVALID:
        (void)snprintf(text, size,
                       "no datasheet defines LB = 01; the chip is taken to be in mode "
                       "3 with it");
        break;
    case AVRSPI_HAZARD_RESERVED:
        (void)snprintf(text, size,
                       "0x%02X is a reserved value of %s: what the %s does with it is not known",
                       event->hazard->value, avrspi_field_name(event->hazard->field),
                       avrspi_chip_name(event->chip));
        break;
    case AVRSPI_HAZARD_UNLISTED:
        (void)snprintf(text, size, "the datasheet of the %s does not list 0x%02X as a value of %s",
                       avrspi_chip_name(event->chip), event->hazard->value,
                       avrspi_field_name(event->hazard->field));
        break;
    case AVRSPI_HAZARD_BROWN_OUT:
        brown_out(event, text, size);
        break;
    case AVRSPI_HAZARD_TOO_FAST:
        too_fast(event, text, size);
        break;
    case AVRSPI_HAZARD_SUPPLY:
        supply_range(event, text, size);
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

/* "low 0x05 -> 0xFD", for each byte with bits that the chip does not have. */
static void missing_bits(const struct avrspi_event *event, char *text, size_t size)
{
    const struct avrspi_chip *chip = event->chip;
    const struct avrspi_fuses *wanted = &event->request->fuses;
    size_t used = (size_t)snprintf(text, size,
                                   "bits that the %s does not have are %s:", avrspi_chip_name(chip),
                                   event->request->compare ? "not compared"
                                   : event->planned        ? "to be written as 1"
                                                           : "written as 1");

    for (int n = 0; n < AVRSPI_FUSES && used < size; n++) {
        uint8_t bits = avrspi_fuse_missing_bits(chip, wanted, (enum avrspi_fuse)n);

        if (bits)
            used += (size_t)snprintf(text + used, size - used, " %s 0x%02X is 0x%02X",
                                     avrspi_fuse_name((enum avrspi_fuse)n), wanted->value[n],
                                     (uint8_t)(wanted->value[n] | bits));
    }
}

static void missing_bytes(const struct avrspi_event *event, char *text, size_t size)
{
    const struct avrspi_chip *chip = event->chip;
    const struct avrspi_fuses *wanted = &event->request->fuses;
    size_t used = (size_t)snprintf(
        text, size,
        "0xFF is ignored for a byte that the %s does not have:", avrspi_chip_name(chip));

    for (int n = 0; n < AVRSPI_FUSES && used < size; n++)
        if (wanted->given[n] && wanted->value[n] == 0xFF &&
            !avrspi_chip_fuse_mask(chip, (enum avrspi_fuse)n))
            used += (size_t)snprintf(text + used, size - used, " %s",
                                     avrspi_fuse_name((enum avrspi_fuse)n));
}

bool ui_is_note(const struct avrspi_event *event)
{
    return event->warning == AVRSPI_WARNING_MISSING_BITS ||
           event->warning == AVRSPI_WARNING_MISSING_BYTES ||
           event->warning == AVRSPI_WARNING_COMPLETED ||
           (event->warning == AVRSPI_WARNING_HAZARD &&
            event->hazard->kind == AVRSPI_HAZARD_TOO_FAST);
}

void ui_warning_text(const struct avrspi_event *event, char *text, size_t size)
{
    const struct avrspi_chip *chip = event->chip;
    char sck[UI_TEXT];

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
    case AVRSPI_WARNING_MISSING_BITS:
        missing_bits(event, text, size);
        break;
    case AVRSPI_WARNING_MISSING_BYTES:
        missing_bytes(event, text, size);
        break;
    case AVRSPI_WARNING_BOOT_BLANK:
        (void)snprintf(text, size,
                       "BOOTRST %s the chip at 0x%X, but the boot section is blank: flash a "
                       "bootloader there",
                       event->planned ? "would start" : "starts", event->hazard->address);
        break;
    case AVRSPI_WARNING_BOOT_LOST:
        (void)snprintf(text, size,
                       "the erase %s the bootloader at 0x%X with it, and the file has none: "
                       "--keep-boot keeps it",
                       event->planned ? "would take" : "takes", event->address);
        break;
    case AVRSPI_WARNING_BOOT_KEPT_IN:
        (void)snprintf(text, size,
                       "the boot section may have lost its content; what it held is in '%s'; "
                       "'avrspi flash --no-erase %s' writes it back",
                       event->path, event->path);
        break;
    case AVRSPI_WARNING_MISREAD:
        (void)snprintf(text, size,
                       "what was written read wrong at SCK %s, and right at half of it: the wires "
                       "are to blame; a lower --speed tolerates longer ones",
                       ui_hertz(event->sck_hz, sck));
        break;
    case AVRSPI_WARNING_EEPROM_KEPT_IN:
        (void)snprintf(text, size,
                       "the EEPROM may have lost its content; what it held is in '%s'; 'avrspi "
                       "eeprom %s' writes it back",
                       event->path, event->path);
        break;
    case AVRSPI_WARNING_LOW_FUSE_RAISED:
        (void)snprintf(text, size,
                       "a run that was cut off raised the low fuse, and it still is; 'avrspi fuses "
                       "--low 0x%02X' sets it back (noted in '%s')",
                       event->low_fuse, event->path);
        break;
    case AVRSPI_WARNING_EEPROM_NOT_RESTORED:
        (void)snprintf(text, size,
                       "a run that was cut off did not restore the EEPROM; what it held is in "
                       "'%s'; 'avrspi eeprom %s' writes it back",
                       event->path, event->path);
        break;
    case AVRSPI_WARNING_BOOT_NOT_RESTORED:
        (void)snprintf(text, size,
                       "a run that was cut off did not restore the boot section; what it held is "
                       "in '%s'; 'avrspi flash --no-erase %s' writes it back",
                       event->path, event->path);
        break;
    case AVRSPI_WARNING_SLOW_RESET:
        (void)snprintf(text, size,
                       "RESET seems to fall slowly: the target answered after 300 ms of RESET low, "
                       "not after 20 ms; with a smaller capacitor at RESET each run begins sooner");
        break;
    case AVRSPI_WARNING_COMPLETED:
        (void)snprintf(text, size,
                       "what the definition of %s leaves out is taken from the built-in %s",
                       avrspi_chip_name(chip), avrspi_chip_completed_from(chip));
        break;
    default:
        break;
    }
}

void ui_warning(struct ui *ui, const struct avrspi_event *event)
{
    char text[512];

    ui_warning_text(event, text, sizeof text);
    if (*text && ui_is_note(event))
        ui_note(ui, "%s", text);
    else if (*text)
        ui_warn(ui, "%s", text);
}
