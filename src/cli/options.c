/* SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include <getopt.h>
#include <string.h>

#include "base/error.h"

const struct option_row option_rows[OPTIONS] = {
    [OPT_PORT] = {'p', "port", "PORT", "spidev device, or sim:CHIP for a simulated target"},
    [OPT_RESET] = {'r', "reset", "LINE", "GPIO line at RESET: GPIO25, gpiochip0:25"},
    [OPT_CHIP] = {'c', "chip", "NAME", "what the target has to be"},
    [OPT_CHIPS] = {0, "chips", "FILE", "more chip definitions"},
    [OPT_SPEED] = {'s', "speed", "HZ", "SCK: auto, or a frequency such as 125k or 2M"},
    [OPT_FCPU] = {0, "fcpu", "HZ", "clock or crystal at the chip's pins"},
    [OPT_DRY_RUN] = {'n', "dry-run", NULL, "identify and check, but write nothing"},
    [OPT_JSON] = {0, "json", NULL, "one JSON object on standard output"},
    [OPT_QUIET] = {'q', "quiet", NULL, "print errors only"},
    [OPT_VERBOSE] = {'v', "verbose", NULL, "print more"},
    [OPT_COLOR] = {0, "color", "WHEN", "auto, always or never"},
    [OPT_FORCE] = {0, "force", NULL, "do what is refused for safety"},
    [OPT_HELP] = {'h', "help", NULL, "show this help"},
    [OPT_VERSION] = {'V', "version", NULL, "show the version"},
    [OPT_KEEP_EEPROM] = {0, "keep-eeprom", NULL, "save the EEPROM before, restore it after"},
    [OPT_LOW] = {0, "low", "VALUE", "low fuse byte"},
    [OPT_HIGH] = {0, "high", "VALUE", "high fuse byte"},
    [OPT_EXT] = {0, "ext", "VALUE", "extended fuse byte"},
    [OPT_LOCK] = {0, "lock", "VALUE", "lock bits"},
    [OPT_SET] = {0, "set", "FIELD=VALUE", "one fuse by name: BODLEVEL=2.7V, CKDIV8=off"},
    [OPT_DEFAULT] = {0, "default", NULL, "the fuses as the chip leaves the factory"},
    [OPT_LIST] = {0, "list", NULL, "every field and value of a chip; needs no target"},
    [OPT_CALC] = {0, "calc", NULL, "explain values; needs no target"},
    [OPT_VERIFY] = {0, "verify", NULL, "compare with what was given"},
    [OPT_NO_VERIFY] = {0, "no-verify", NULL, "do not read back what was written"},
    [OPT_NO_ERASE] = {0, "no-erase", NULL, "write over what is there, where bits allow"},
    [OPT_UPDATE] = {0, "update", NULL, "read first, write only what differs"},
    [OPT_TURBO] = {0, "turbo", NULL, "undivided clock for the time of the job"},
    [OPT_FULL] = {0, "full", NULL, "every byte of the memory, gaps too"},
    [OPT_MEMORY] = {'m', "memory", "MEMORY", "flash (default) or eeprom"},
    [OPT_OUTPUT] = {'o', "output", "FILE", "write to a file; - is standard output"},
    [OPT_FORMAT] = {'f', "format", "FORMAT", "hex (Intel HEX) or raw"},
    [OPT_RANGE] = {0, "range", "START:END", "only these bytes; END is the first one left out"},
    [OPT_SIGNATURE] = {0, "signature", "BYTES", "only chips with that signature"},
};

enum {
    LONG_BASE = 256, /* getopt's value for option n: beyond every letter */
    SHORT_ROOM = OPTIONS * 2 + 3,
};

struct tables {
    struct option longs[OPTIONS + 1];
    char shorts[SHORT_ROOM];
};

static void add(struct tables *tables, size_t *n_longs, size_t *n_shorts, enum option_id id)
{
    const struct option_row *row = &option_rows[id];

    tables->longs[(*n_longs)++] = (struct option){
        .name = row->name,
        .has_arg = row->argument ? required_argument : no_argument,
        .val = LONG_BASE + (int)id,
    };
    if (row->letter) {
        tables->shorts[(*n_shorts)++] = row->letter;
        if (row->argument)
            tables->shorts[(*n_shorts)++] = ':';
    }
}

static void fill(struct tables *tables, const enum option_id *extra, bool stop)
{
    size_t n_longs = 0, n_shorts = 0;

    memset(tables, 0, sizeof *tables);
    if (stop)
        tables->shorts[n_shorts++] = '+';
    tables->shorts[n_shorts++] = ':'; /* tell a missing argument from an unknown option */
    for (int id = 0; id <= OPT_LAST_GLOBAL; id++)
        add(tables, &n_longs, &n_shorts, (enum option_id)id);
    for (; extra && *extra != OPT_END; extra++)
        add(tables, &n_longs, &n_shorts, *extra);
}

static enum option_id id_of(int value)
{
    if (value >= LONG_BASE)
        return (enum option_id)(value - LONG_BASE);
    for (int id = 0; id < OPTIONS; id++)
        if (option_rows[id].letter == value)
            return (enum option_id)id;
    return OPTIONS;
}

static int fail(char **argv, int value, struct avrspi_error *error)
{
    char letter[3] = {'-', (char)optopt, '\0'};
    bool is_letter = optopt != 0 && optopt < LONG_BASE;
    bool is_ascii = optopt > 0 && optopt < 0x80; /* a byte of another letter may be negative */
    const char *given = is_ascii ? letter : is_letter ? "-?" : argv[optind - 1];

    avrspi_fail(error, AVRSPI_ERR_USAGE,
                value == ':'          ? "option '%s' needs an argument"
                : optopt >= LONG_BASE ? "option '%s' takes no argument"
                                      : "option '%s' is not known here",
                given);
    avrspi_hint(error, "'avrspi --help' lists the commands, 'avrspi help COMMAND' its options");
    return AVRSPI_ERR_USAGE;
}

int options_parse(struct options *options, const enum option_id *extra, bool stop, int argc,
                  char **argv, int *rest, struct avrspi_error *error)
{
    struct tables tables;
    int value;

    fill(&tables, extra, stop);
    opterr = 0;
    optind = 0; /* GNU: begin anew */
    while ((value = getopt_long(argc, argv, tables.shorts, tables.longs, NULL)) != -1) {
        enum option_id id = id_of(value);

        if (id == OPTIONS) /* '?' or ':' */
            return fail(argv, value, error);
        options->value[id] = optarg ? optarg : "";
        if (id == OPT_SET && options->n_set == MOST_SETS)
            return avrspi_fail(error, AVRSPI_ERR_USAGE, "--set can be given %d times at most",
                               MOST_SETS);
        if (id == OPT_SET)
            options->set[options->n_set++] = optarg;
    }
    *rest = optind;
    return 0;
}
