/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include "cli/config.h"

/* The offset of a member; does not compile when the member is of another type. */
#define MEMBER(type, member)                                                                       \
    _Generic(((struct config *)NULL)->member, type : offsetof(struct config, member)) /* NOLINT */

#define FLAG(member)        .type = OPTION_FLAG, .offset = MEMBER(bool, member)
#define TEXT(member)        .type = OPTION_TEXT, .offset = MEMBER(const char *, member)
#define INPUT_FILE(member)  .type = OPTION_FILE, .offset = MEMBER(const char *, member)
#define OUTPUT_FILE(member) .type = OPTION_OUTPUT, .offset = MEMBER(const char *, member)
#define TEXTS(member)       .type = OPTION_TEXTS, .offset = MEMBER(struct config_texts, member)
#define NUMBER(member)      .type = OPTION_NUMBER, .offset = MEMBER(uint32_t, member)
#define FREQUENCY(member)   .type = OPTION_FREQUENCY, .offset = MEMBER(uint32_t, member)
#define VOLTAGE(member)     .type = OPTION_VOLTAGE, .offset = MEMBER(uint32_t, member)
#define CHOICE(enumeration, member, list)                                                          \
    .type = OPTION_CHOICE, .offset = MEMBER(enumeration, member), .words = (list)
#define FUSE(byte)    .type = OPTION_FUSE, .offset = MEMBER(struct avrspi_fuses, fuses), .fuse = (byte)
#define RANGE(member) .type = OPTION_RANGE, .offset = MEMBER(struct config_range, member)
#define SIGNATURE(member)                                                                          \
    .type = OPTION_SIGNATURE, .offset = MEMBER(struct config_signature, member)

/* --- the words of choices */

static const char *color_words(size_t n, int *value)
{
    static const char *const words[] = {
        [UI_COLOR_AUTO] = "auto",
        [UI_COLOR_ALWAYS] = "always",
        [UI_COLOR_NEVER] = "never",
    };

    *value = (int)n;
    return n < sizeof words / sizeof *words ? words[n] : NULL;
}

static const char *form_words(size_t n, int *value)
{
    static const char *const words[] = {"object", "lines"};
    static const enum ui_form forms[] = {UI_FORM_JSON, UI_FORM_LINES};

    if (n >= sizeof words / sizeof *words)
        return NULL;
    *value = (int)forms[n];
    return words[n];
}

static const char *start_words(size_t n, int *value)
{
    static const char *const words[] = {
        [LOOP_ENTER] = "enter", [LOOP_CHIP] = "chip", [LOOP_BUTTON] = "button"};

    *value = (int)n;
    return n < sizeof words / sizeof *words ? words[n] : NULL;
}

static const char *memory_words(size_t n, int *value)
{
    static const enum avrspi_memory memories[] = {AVRSPI_MEMORY_FLASH, AVRSPI_MEMORY_EEPROM};

    if (n >= sizeof memories / sizeof *memories)
        return NULL;
    *value = (int)memories[n];
    return avrspi_memory_name(memories[n]);
}

static const char *format_words(size_t n, int *value)
{
    const char *word = avrspi_format_choice(n);
    enum avrspi_format format = AVRSPI_FORMAT_AUTO;

    if (word)
        (void)avrspi_format_by_name(word, &format);
    *value = (int)format;
    return word;
}

/* --- the table: first those of every command, then the others, in the order of option_id */

const struct option_row option_rows[OPTIONS] = {
    [OPT_PORT] = {"port", "PORT", .letter = 'p', TEXT(port), .setting = true,
                  .variable = "AVRSPI_PORT",
                  .help = "spidev device, gpio:sck=LINE,..., or sim:CHIP"},
    [OPT_RESET] = {"reset", "LINE", .letter = 'r', TEXT(reset), .setting = true,
                   .variable = "AVRSPI_RESET",
                   .help = "GPIO line at RESET: GPIO25, 25, gpiochip0:25"},
    [OPT_CHIP] = {"chip", "NAME", .letter = 'c', TEXT(chip), .setting = true,
                  .variable = "AVRSPI_CHIP", .help = "require this chip"},
    [OPT_CHIPS] = {"chips", "FILE", INPUT_FILE(chips_file), .setting = true,
                   .help = "more chip definitions"},
    [OPT_SPEED] = {"speed", "HZ", .letter = 's', FREQUENCY(sck_hz), .automatic = true,
                   .setting = true, .help = "SCK: auto, or a frequency such as 125k or 2M"},
    [OPT_FCPU] = {"fcpu", "HZ", FREQUENCY(fcpu_hz), .setting = true,
                  .help = "clock or crystal at the chip's pins"},
    [OPT_VCC] = {"vcc", "VOLTS", VOLTAGE(supply_mv), .setting = true,
                 .help = "the chip's supply voltage, such as 3.3"},
    [OPT_XTAL] = {"xtal", "HZ", FREQUENCY(xtal_hz),
                  .help = "a clock at XTAL1 for the time of the command: 1M"},
    [OPT_XTAL_PIN] = {"xtal-pin", "PIN", TEXT(xtal_pin), .setting = true,
                      .help = "where it comes from: GPIO18, or pwmchip0:1"},
    [OPT_NO_PROBE] = {"no-probe", NULL, FLAG(no_probe),
                      .help = "make no trials of the clock or the reset line"},
    [OPT_TRACE] = {"trace", "FILE", TEXT(trace),
                   .help = "write each transfer and RESET change to a file"},
    [OPT_DRY_RUN] = {"dry-run", NULL, .letter = 'n', FLAG(dry_run),
                     .help = "identify and check, but write nothing to the chip"},
    [OPT_JSON] = {"json", "FORM", CHOICE(enum ui_form, form, form_words), .implied = "object",
                  .help = "JSON on standard output: object, or lines (events)"},
    [OPT_QUIET] = {"quiet", NULL, .letter = 'q', FLAG(quiet),
                   .help = "print errors and warnings only"},
    [OPT_VERBOSE] = {"verbose", NULL, .letter = 'v', FLAG(verbose), .help = "print more"},
    [OPT_COLOR] = {"color", "WHEN", CHOICE(enum ui_color, color, color_words), .setting = true,
                   .help = "auto, always or never"},
    [OPT_PLAIN] = {"plain", NULL, FLAG(plain), .variable = "AVRSPI_PLAIN", .setting = true,
                   .help = "a fact a line, no bars, drawings or colour"},
    [OPT_FORCE] = {"force", NULL, FLAG(force), .help = "do what is refused for safety"},
    [OPT_HELP] = {"help", NULL, .letter = 'h', FLAG(help), .help = "show this help"},
    [OPT_VERSION] = {"version", NULL, .letter = 'V', FLAG(version), .help = "show the version"},

    [OPT_KEEP_EEPROM] = {"keep-eeprom", NULL, FLAG(keep_eeprom),
                         .help = "save the EEPROM before, restore it after"},
    [OPT_KEEP_BOOT] = {"keep-boot", NULL, FLAG(keep_boot),
                       .help = "save the boot section before, restore it after"},
    [OPT_LOW] = {"low", "VALUE", FUSE(AVRSPI_FUSE_LOW), .help = "low fuse byte"},
    [OPT_HIGH] = {"high", "VALUE", FUSE(AVRSPI_FUSE_HIGH), .help = "high fuse byte"},
    [OPT_EXT] = {"ext", "VALUE", FUSE(AVRSPI_FUSE_EXT), .help = "extended fuse byte"},
    [OPT_LOCK] = {"lock", "VALUE", FUSE(AVRSPI_FUSE_LOCK), .help = "lock bits"},
    [OPT_SET] = {"set", "FIELD=VALUE", TEXTS(sets),
                 .help = "one fuse by name: BODLEVEL=2.7V, CKDIV8=off"},
    [OPT_DEFAULT] = {"default", NULL, FLAG(defaults), .help = "the chip's factory fuses"},
    [OPT_LIST] = {"list", NULL, FLAG(list),
                  .help = "every field and value of a chip; needs no target"},
    [OPT_CALC] = {"calc", NULL, FLAG(calc), .help = "explain values; needs no target"},
    [OPT_VERIFY] = {"verify", NULL, FLAG(verify),
                    .help = "read back what was written (the default)"},
    [OPT_NO_VERIFY] = {"no-verify", NULL, FLAG(no_verify),
                       .help = "do not read back what was written"},
    [OPT_NO_ERASE] = {"no-erase", NULL, FLAG(no_erase),
                      .help = "write over what is there, where bits allow"},
    [OPT_UPDATE] = {"update", NULL, FLAG(update), .help = "read first, write only what differs"},
    [OPT_TURBO] = {"turbo", NULL, FLAG(turbo), .help = "undivided clock for the time of the job"},
    [OPT_FULL] = {"full", NULL, FLAG(full), .help = "every byte of the memory, gaps too"},
    [OPT_MEMORY] = {"memory", "MEMORY", .letter = 'm',
                    CHOICE(enum avrspi_memory, memory, memory_words),
                    .help = "flash (default) or eeprom"},
    [OPT_OUTPUT] = {"output", "FILE", .letter = 'o', OUTPUT_FILE(output),
                    .help = "write to a file; - is standard output"},
    [OPT_FORMAT] = {"format", "FORMAT", .letter = 'f',
                    CHOICE(enum avrspi_format, format, format_words),
                    .help = "auto (default), hex, srec, elf, raw and others"},
    [OPT_AT] = {"at", "ADDRESS", NUMBER(at), .most = UINT32_MAX,
                .help = "where the first byte of a raw file belongs"},
    [OPT_RANGE] = {"range", "START:END", RANGE(range),
                   .help = "only these bytes; END is the first one left out"},
    [OPT_FIRST_IMAGE] = {"first-image", NULL, FLAG(first_image),
                         .help = "of several images joined in a file, take the first"},
    [OPT_BOARDS] = {"boards", "FILE", INPUT_FILE(boards),
                    .help = "boards.txt of an Arduino core: burn a bootloader"},
    [OPT_MENU] = {"menu", "ENTRIES", TEXTS(menus),
                  .help = "of the board's menus: cpu=atmega328,clock=16MHz"},
    [OPT_BOOT_FILE] = {"file", "FILE", INPUT_FILE(boot_file),
                       .help = "another file in place of the board's bootloader"},
    [OPT_SHOW] = {"show", NULL, FLAG(show), .help = "what would be done; needs no target"},
    [OPT_CHECK] = {"check", NULL, FLAG(check),
                   .help = "read the recipe and all its files; needs no target"},
    [OPT_FROM_TARGET] = {"from-target", NULL, FLAG(from_target),
                         .help = "write a recipe of the target, with its files"},
    [OPT_REPEAT] = {"repeat", NULL, FLAG(repeat), .help = "one unit after another"},
    [OPT_COUNT] = {"count", "N", NUMBER(count), .most = 1000000,
                   .help = "stop after so many good units"},
    [OPT_START] = {"start", "BY", CHOICE(enum loop_start, start, start_words),
                   .help = "next unit by 'enter' (default), a 'chip' or 'button'"},
    [OPT_STATION] = {"station", "PLACE", TEXTS(stations),
                     .help = "at 'PORT RESET'; again for units side by side"},
    [OPT_BENCH] = {"bench", "FILE", INPUT_FILE(bench),
                   .help = "the stations of a file, with button and lamps"},
    [OPT_SINCE] = {"since", "DAY", TEXT(since), .help = "units from then on: 2026-11-27"},
    [OPT_UNTIL] = {"until", "DAY", TEXT(until), .help = "units before that day"},
    [OPT_OF_STATION] = {"of", "STATION", TEXT(port_of_report),
                        .help = "units of that station, by its name or port"},
    [OPT_CSV] = {"csv", NULL, FLAG(csv), .help = "a row for each unit, for spreadsheets"},
    [OPT_HTML] = {"html", "FILE", OUTPUT_FILE(html),
                  .help = "a page with charts; - is standard output"},
    [OPT_RECORD] = {"record", "FILE", TEXT(record), .variable = "AVRSPI_RECORD", .setting = true,
                    .help = "keep a row for each unit in an SQLite file"},
    [OPT_LOG] = {"log", "FILE", TEXT(log), .help = "append a JSON line for each unit"},
    [OPT_TWICE] = {"twice", NULL, FLAG(twice), .help = "read until two readings agree"},
    [OPT_SIGNATURE] = {"signature", "BYTES", SIGNATURE(signature),
                       .help = "only chips with that signature"},
    [OPT_SVG] = {"svg", "FILE", OUTPUT_FILE(svg),
                 .help = "draw the map as a picture; - is standard output"},
    [OPT_BOARD] = {"board", "NAME", TEXT(board),
                   .help = "another computer: pi4, \"beaglebone black\""},
    [OPT_PLUG] = {"plug", "BOARD", TEXT(plug),
                  .help = "a board as target: uno, nano, mega, leonardo, trinket"},
    [OPT_KEEP] = {"keep", NULL, FLAG(keep), .help = "leave the clock on, until 'clock off'"},
    [OPT_PACKAGE] = {"package", "PACKAGE", TEXT(package), .help = "draw that package: TQFP-32"},
};
