/* SPDX-License-Identifier: MIT */
/* The command line of the board. */
#include "board.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "chips/text.h"
#include "base/error.h"

const char options_usage[] =
    "usage: board CHIP[,WORD...] [--stats[=FILE]] -- PROGRAM [ARGUMENT...]\n"
    "Runs a program with a /dev/spidev0.0 and a /dev/gpiochip0 that lead to a simulated AVR.\n"
    "\n"
    "words:\n"
    "  state=FILE fcpu=HZ fault=... pull=up|down   as of avrspi's port sim:CHIP\n"
    "  overhead_us=N    what an SPI ioctl costs beside its time on the wire (0)\n"
    "  bufsiz=N         of spidev (4096)\n"
    "  core=HZ          what the driver believes that the SPI controller divides (500M)\n"
    "  core-runs=HZ     what it really divides (the same)\n"
    "  max-speed=HZ     of the SPI device, where a transfer names none (125M)\n"
    "  reset=N          the line of gpiochip0 that is wired to RESET (25)\n"
    "  busy=CONSUMER    somebody holds that line already\n"
    "  no-spidev        there is no SPI device\n"
    "  eacces           both devices are for others\n"
    "  no-spi-no-cs     the controller can't leave chip select alone\n"
    "  keep-level       a line that nobody holds keeps its level\n"
    "  virtual=1        transfers take no real time, so SCK measured means nothing\n"
    "  log=FILE         every ioctl, with times\n"
    "  stats=FILE       numbers at the end; --stats: to standard error\n"
    "  strict           exit status 99 when the datasheet was violated\n"
    "\n"
    "Of the SPI device ioctls are served, of a line what libgpiod asks; no read() and write(), no\n"
    "watching of lines.\n"
    "The exit status is the program's (128+N after signal N), 125 when the board fails.\n";

struct word {
    const char *name;
    bool *flag;        /* a word without a value */
    const char **text; /* with any value */
    uint32_t *number;  /* with a number from least to most */
    uint32_t *hz;      /* with a frequency */
    uint32_t least, most;
};

static int bad_value(const struct word *word, const char *value, struct avrspi_error *error)
{
    if (word->flag) {
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected '%s' without a value, found '%s=%s'",
                           word->name, word->name, value);
    }
    if (word->number) {
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "expected a number from %u to %u for '%s', "
                           "found '%s'",
                           word->least, word->most, word->name, value ? value : "");
    }
    return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected '%s=...', found '%s=%s'", word->name,
                       word->name, value ? value : "");
}

/* "125M", "500k", "1000000": frequencies above those of any AVR, too. */
static bool parse_hz(const char *value, uint32_t *hz)
{
    size_t length = strlen(value);
    uint32_t unit = 1;

    if (length > 1 && (value[length - 1] == 'M' || value[length - 1] == 'k'))
        unit = value[--length] == 'M' ? 1000000 : 1000;
    if (!avrspi_text_number(value, length, hz) || *hz == 0 || *hz > UINT32_MAX / unit)
        return false;
    *hz *= unit;
    return true;
}

static int set_word(const struct word *word, const char *value, struct avrspi_error *error)
{
    if (word->flag) {
        if (value)
            return bad_value(word, value, error);
        *word->flag = true;
        return 0;
    }
    if (!value || !*value)
        return bad_value(word, value, error);
    if (word->text) {
        *word->text = value;
    } else if (word->hz && parse_hz(value, word->hz)) {
        return 0;
    } else if (!word->number || !avrspi_text_number(value, strlen(value), word->number) ||
               *word->number < word->least || *word->number > word->most) {
        return bad_value(word, value, error);
    }
    return 0;
}

static int pass_on(struct options *options, const char *word, struct avrspi_error *error)
{
    size_t length = strlen(options->target), room = sizeof options->target - length;

    if ((size_t)snprintf(options->target + length, room, "%s%s", length ? "," : "", word) >= room)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "too many words");
    return 0;
}

/* Those words that are the board's are taken, the others are the simulated chip's. */
static int parse_words(struct options *options, char *words, struct avrspi_error *error)
{
    uint32_t virtual_time = 0, reset = options->reset;
    const struct word known[] = {
        {.name = "overhead_us", .number = &options->overhead_us, .most = 1000000},
        {.name = "bufsiz", .number = &options->bufsiz, .least = 1, .most = 1048576},
        {.name = "core", .hz = &options->core_hz},
        {.name = "core-runs", .hz = &options->core_runs_hz},
        {.name = "max-speed", .hz = &options->max_speed_hz},
        {.name = "reset", .number = &reset, .most = BOARD_LINES - 1},
        {.name = "busy", .text = &options->busy},
        {.name = "no-spidev", .flag = &options->no_spidev},
        {.name = "eacces", .flag = &options->eacces},
        {.name = "no-spi-no-cs", .flag = &options->no_cs},
        {.name = "keep-level", .flag = &options->keep_level},
        {.name = "virtual", .number = &virtual_time, .most = 1},
        {.name = "log", .text = &options->log},
        {.name = "stats", .text = &options->stats},
        {.name = "strict", .flag = &options->strict},
    };
    char *word;

    while ((word = strsep(&words, ",")) != NULL) {
        size_t length = strcspn(word, "="), n = 0;
        int result;

        while (n < sizeof known / sizeof *known &&
               (strlen(known[n].name) != length || strncmp(word, known[n].name, length) != 0))
            n++;
        if (n == sizeof known / sizeof *known) {
            result = pass_on(options, word, error);
        } else {
            result = set_word(&known[n], word[length] ? word + length + 1 : NULL, error);
        }
        if (result < 0)
            return result;
    }
    if (!options->core_runs_hz)
        options->core_runs_hz = options->core_hz;
    options->virtual_time = virtual_time != 0;
    options->reset = reset;
    return 0;
}

int options_parse(struct options *options, int argc, char **argv, bool *help,
                  struct avrspi_error *error)
{
    static const struct option longs[] = {
        {"stats", optional_argument, NULL, 's'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    char *words = NULL;
    int option;

    *options = (struct options){
        .bufsiz = 4096, .core_hz = 500000000, .max_speed_hz = 125000000, .reset = 25};
    opterr = 0;
    /* '-': the chip's place is where it was written, and "--" ends what is the board's */
    while ((option = getopt_long(argc, argv, "-h", longs, NULL)) != -1) {
        if (option == 1 && !words) {
            words = optarg;
        } else if (option == 's') {
            options->stats = optarg ? optarg : "-";
        } else if (option == 'h') {
            *help = true;
            return 0;
        } else {
            return avrspi_fail(error, AVRSPI_ERR_USAGE,
                               "expected 'board CHIP[,WORD...] -- "
                               "PROGRAM', found '%s'",
                               argv[optind - 1]);
        }
    }
    options->program = argv + optind;
    if (!words || !*options->program) {
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "expected 'board CHIP[,WORD...] -- PROGRAM [ARGUMENT...]'");
    }
    return parse_words(options, words, error);
}
