/* SPDX-License-Identifier: MIT */
/* The command line of the board. */
#include "board.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"

enum {
    NO_LINE = MODEL_MOST_LINES, /* not said yet */
};

const char options_usage[] =
    "usage: avrspi-board CHIP[,WORD...]... [--stats[=FILE]] -- PROGRAM [ARGUMENT...]\n"
    "\n"
    "Runs a program on a simulated Raspberry Pi 4: its /dev/spidev0.0 and /dev/gpiochip0 lead to\n"
    "simulated AVRs. The program needs no changes, and no hardware is used.\n"
    "\n"
    "Words of a chip:\n"
    "  reset=LINE       the line that is wired to RESET: N of gpiochip0, or gpiochipC:N (25 for\n"
    "                   the first chip, required for others)\n"
    "  bus=N            the SPI bus that it is on: 0 or 1 (0)\n"
    "  sck=N,mosi=N,miso=N\n"
    "                   the lines of gpiochip0 that it is on, in place of a bus\n"
    "  state=FILE       keep the chip in a file between runs\n"
    "  fcpu=HZ          the crystal or clock signal at its pins\n"
    "  fault=NAME[+...] a fault of the chip or its wires, as of avrspi's port sim:CHIP\n"
    "  reset_fall_ms=N  so long after its line RESET goes low: a capacitor holds it (0)\n"
    "  pull=up|down     what MISO reads when nobody drives it (up)\n"
    "  echo=full|promised\n"
    "                   which bytes of an instruction the chip echoes: all, or the one that\n"
    "                   datasheets promise (full)\n"
    "  sync=limit|3|2.2 how fast it follows SCK before it is enabled: as datasheets promise,\n"
    "                   below its clock / 3, or / 2.2 (limit)\n"
    "  clkpr=N          its program has divided its clock by N, until it is enabled\n"
    "\n"
    "Words of the board, with the first chip:\n"
    "  model=NAME       what /proc/device-tree/model says (Raspberry Pi 4 Model B Rev 1.4)\n"
    "  spi1             enable bus 1 and /dev/spidev1.0; implied by a chip with bus=1\n"
    "  config=SETTING[+SETTING...]\n"
    "                   the firmware's config.txt has these lines (there is none)\n"
    "  no-spidev        no SPI device exists\n"
    "  no-spi-no-cs     the SPI controllers refuse SPI_NO_CS\n"
    "  bufsiz=N         spidev's parameter of that name, bytes (4096)\n"
    "  max-speed=HZ     SCK where a transfer names no speed (125M)\n"
    "  core=HZ          the clock that the drivers divide to make SCK (500M)\n"
    "  core-runs=HZ     the clock that the controllers really have (as core)\n"
    "  overhead_us=N    time that an SPI ioctl takes beside its time on the wire, us (0)\n"
    "  virtual=N        transfers of up to N bytes take no real time\n"
    "  jumper=N-M       lines N and M of gpiochip0 are connected\n"
    "  busy=CONSUMER    another program holds the first chip's reset line\n"
    "  kernel=upstream|pi|5.4\n"
    "                   what the kernel does with lines (upstream): pi keeps the level of an\n"
    "                   output that is released, 5.4 knows no bias\n"
    "  dw               bus 0 has a Raspberry Pi 5's controller, which wraps round below its\n"
    "                   slowest SCK; with core=200M\n"
    "  pwm              the PWM of the header is enabled; GPIO18 is wired to XTAL1 of the first\n"
    "                   chip, and drives it while its channel runs\n"
    "  spi-driver=NAME  that driver has the first SPI device: there is no /dev/spidev0.0\n"
    "  no-line-names    the kernel gives the lines of GPIO chips no names\n"
    "  gpio-base=N      /sys/class/gpio is there, and numbers the lines of gpiochip0 from N on\n"
    "  interrupts=N     each N-th call that sets, reads or configures lines ends with EINTR and\n"
    "                   does nothing, as one that a signal interrupts (none)\n"
    "  eacces           opening a device fails: permission denied\n"
    "  log=FILE         write each open() and ioctl() to a file, with its time\n"
    "  stats=FILE       write counts and violations to a file at the end\n"
    "  strict           exit status 99 when a chip counted a violation of the datasheet\n"
    "\n"
    "Options:\n"
    "  --stats[=FILE]   the same as stats=FILE; without FILE to standard error\n"
    "  -h, --help       print this help\n"
    "  -V, --version    print the version\n"
    "\n"
    "The exit status is the program's, 128 + N after signal N, and 125 when the board fails.\n"
    "The manual, avrspi-board(1), has examples and the limits.\n";

struct word {
    const char *name;
    bool *flag;                         /* a word without a value */
    const char **text;                  /* with any value */
    uint32_t *number;                   /* with a number from least to most */
    uint32_t *hz;                       /* with a frequency */
    const struct kernel_model **kernel; /* with the name of one */
    uint32_t least, most;
};

static int bad_value(const struct word *word, const char *value, struct avrspi_error *error)
{
    const char *found = value ? value : "";

    if (word->flag) {
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected '%s' without a value, found '%s=%s'",
                           word->name, word->name, found);
    }
    if (word->number) {
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "expected a number from %u to %u for '%s', found '%s'", word->least,
                           word->most, word->name, found);
    }
    return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected %s for '%s', found '%s'",
                       word->hz       ? "a frequency such as 500M"
                       : word->kernel ? "'upstream', 'pi' or '5.4'"
                                      : "a value",
                       word->name, found);
}

static bool find_kernel(const struct kernel_model **kernel, const char *name)
{
    for (size_t n = 0; n < MODEL_KERNELS; n++) {
        if (strcmp(name, model_kernel[n].name) == 0) {
            *kernel = &model_kernel[n];
            return true;
        }
    }
    return false;
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
    } else if (word->kernel) {
        if (!find_kernel(word->kernel, value))
            return bad_value(word, value, error);
    } else if (word->hz) {
        if (!avrspi_number_parse_hz(value, strlen(value), 1, UINT32_MAX, word->hz))
            return bad_value(word, value, error);
    } else if (!avrspi_number_parse_within(value, strlen(value), word->least, word->most,
                                           word->number)) {
        return bad_value(word, value, error);
    }
    return 0;
}

/* Words that the simulated chip understands. */
static const char *const words_of_sim[] = {"state", "fcpu",          "fault", "pull",
                                           "echo",  "reset_fall_ms", "sync",  "clkpr"};

/* Whether a word's name, which ends at '=', is that one. */
static bool is_named(const char *word, const char *name)
{
    size_t length = strcspn(word, "=");

    return strlen(name) == length && strncmp(word, name, length) == 0;
}

static int pass_on(struct chip_options *chip, const char *word, struct avrspi_error *error)
{
    size_t length = strlen(chip->words), room = sizeof chip->words - length;

    if ((size_t)snprintf(chip->words + length, room, "%s%s", length ? "," : "", word) >= room)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "the words of a chip are too long");
    return 0;
}

/* N, or gpiochipC:N. */
static bool parse_line(struct chip_options *chip, const char *value)
{
    static const char prefix[] = "gpiochip";
    uint32_t gpiochip = 0, line;

    if (strncmp(value, prefix, sizeof prefix - 1) == 0) {
        const char *number = value + sizeof prefix - 1;
        size_t length = strcspn(number, ":");

        if (!avrspi_number_parse_within(number, length, 0, MODEL_GPIOCHIPS - 1, &gpiochip) ||
            number[length] != ':')
            return false;
        value = number + length + 1;
    }
    if (!avrspi_number_parse_within(value, strlen(value), 0, model_gpiochip[gpiochip].n_lines - 1,
                                    &line))
        return false;
    chip->gpiochip = gpiochip;
    chip->reset = line;
    return true;
}

/* The line of gpiochip0 that a wire is on. */
static int set_wire(const char *name, unsigned *line, const char *value, struct avrspi_error *error)
{
    uint32_t number = 0;
    const struct word word = {
        .name = name, .number = &number, .most = model_gpiochip[0].n_lines - 1};
    int result = set_word(&word, value, error);

    if (result == 0)
        *line = number;
    return result;
}

static int set_line(struct chip_options *chip, const char *value, struct avrspi_error *error)
{
    if (value && parse_line(chip, value))
        return 0;
    avrspi_fail(error, AVRSPI_ERR_USAGE, "expected a line for 'reset', found '%s'",
                value ? value : "");
    avrspi_hint(error, "reset=N with N from 0 to %u, or reset=gpiochip1:N with N from 0 to %u",
                model_gpiochip[0].n_lines - 1, model_gpiochip[1].n_lines - 1);
    return AVRSPI_ERR_USAGE;
}

/* N-M, two lines of the first GPIO chip. */
static int set_jumper(struct options *options, const char *value, struct avrspi_error *error)
{
    const uint32_t last = model_gpiochip[0].n_lines - 1;
    const char *dash = value ? strchr(value, '-') : NULL;
    uint32_t ends[2];

    if (!dash || !avrspi_number_parse_within(value, (size_t)(dash - value), 0, last, &ends[0]) ||
        !avrspi_number_parse_within(dash + 1, strlen(dash + 1), 0, last, &ends[1]) ||
        ends[0] == ends[1])
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "expected two lines from 0 to %u for 'jumper', as in 5-6, found '%s'",
                           (unsigned)last, value ? value : "");
    options->jumper[0] = ends[0];
    options->jumper[1] = ends[1];
    options->has_jumper = true;
    return 0;
}

static const struct word *find_word(const struct word *words, size_t count, const char *word)
{
    for (size_t n = 0; n < count; n++) {
        if (is_named(word, words[n].name))
            return &words[n];
    }
    return NULL;
}

static int unknown_word(const char *word, struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_USAGE, "unknown word '%s'", word);
    avrspi_hint(error, "'avrspi-board --help' lists them");
    return AVRSPI_ERR_USAGE;
}

/* A word that is the whole board's. */
static int board_word(struct options *options, const char *word, struct avrspi_error *error)
{
    const struct word known[] = {
        {.name = "overhead_us", .number = &options->overhead_us, .most = 1000000},
        {.name = "bufsiz", .number = &options->bufsiz, .least = 1, .most = 1048576},
        {.name = "core", .hz = &options->core_hz},
        {.name = "core-runs", .hz = &options->core_runs_hz},
        {.name = "max-speed", .hz = &options->max_speed_hz},
        {.name = "busy", .text = &options->busy},
        {.name = "model", .text = &options->model},
        {.name = "spi1", .flag = &options->second_bus},
        {.name = "no-spidev", .flag = &options->no_spidev},
        {.name = "pwm", .flag = &options->pwm},
        {.name = "dw", .flag = &options->dw},
        {.name = "config", .text = &options->config},
        {.name = "spi-driver", .text = &options->spi_driver},
        {.name = "no-line-names", .flag = &options->no_line_names},
        {.name = "gpio-base", .number = &options->gpio_base, .least = 1, .most = 65535},
        {.name = "interrupts", .number = &options->interrupts, .least = 2, .most = UINT32_MAX},
        {.name = "eacces", .flag = &options->eacces},
        {.name = "no-spi-no-cs", .flag = &options->no_cs},
        {.name = "kernel", .kernel = &options->kernel},
        {.name = "virtual", .number = &options->virtual_bytes, .most = UINT32_MAX},
        {.name = "log", .text = &options->log},
        {.name = "stats", .text = &options->stats},
        {.name = "strict", .flag = &options->strict},
    };
    const struct word *found = find_word(known, sizeof known / sizeof *known, word);
    const char *value = strchr(word, '=');

    if (!found)
        return unknown_word(word, error);
    if (options->n_chips > 1) {
        avrspi_fail(error, AVRSPI_ERR_USAGE, "'%s' applies to the whole board", found->name);
        avrspi_hint(error, "write it after the first chip");
        return AVRSPI_ERR_USAGE;
    }
    return set_word(found, value ? value + 1 : NULL, error);
}

/* SCK, MOSI and MISO of a chip: its own, all three of them, or those of its bus. */
static int choose_wires(struct chip_options *chip, struct avrspi_error *error)
{
    const struct bus_model *model = &model_bus[chip->bus];
    const bool all = chip->sck != NO_LINE && chip->mosi != NO_LINE && chip->miso != NO_LINE;
    const bool any = chip->sck != NO_LINE || chip->mosi != NO_LINE || chip->miso != NO_LINE;

    if (any && !all)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected 'sck', 'mosi' and 'miso' together");
    if (all) {
        chip->bus = MODEL_BUSES;
        return 0;
    }
    chip->sck = model->sck;
    chip->mosi = model->mosi;
    chip->miso = model->miso;
    return 0;
}

static int chip_word(struct options *options, struct chip_options *chip, const char *word,
                     struct avrspi_error *error)
{
    const struct word bus = {.name = "bus", .number = &chip->bus, .most = MODEL_BUSES - 1};
    const struct {
        const char *name;
        unsigned *line;
    } wires[] = {{"sck", &chip->sck}, {"mosi", &chip->mosi}, {"miso", &chip->miso}};
    const char *value = strchr(word, '=');

    for (size_t n = 0; n < sizeof words_of_sim / sizeof *words_of_sim; n++) {
        const struct word known = {.name = words_of_sim[n]};

        if (is_named(word, known.name))
            return value ? pass_on(chip, word, error) : bad_value(&known, NULL, error);
    }
    if (is_named(word, bus.name))
        return set_word(&bus, value ? value + 1 : NULL, error);
    for (size_t n = 0; n < sizeof wires / sizeof *wires; n++) {
        if (is_named(word, wires[n].name))
            return set_wire(wires[n].name, wires[n].line, value ? value + 1 : NULL, error);
    }
    if (is_named(word, "reset"))
        return set_line(chip, value ? value + 1 : NULL, error);
    if (is_named(word, "jumper"))
        return set_jumper(options, value ? value + 1 : NULL, error);
    return board_word(options, word, error);
}

/* CHIP[,WORD...], taken apart in place. */
static int parse_chip(struct options *options, char *words, struct avrspi_error *error)
{
    struct chip_options *chip = &options->chip[options->n_chips];
    const char *name = strsep(&words, ","), *word;
    int result;

    if (options->n_chips == BOARD_CHIPS) {
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected at most %d chips, found '%s'",
                           BOARD_CHIPS, name);
    }
    *chip = (struct chip_options){
        .reset = options->n_chips ? NO_LINE : MODEL_RESET,
        .sck = NO_LINE,
        .mosi = NO_LINE,
        .miso = NO_LINE,
    };
    options->n_chips++;
    result = pass_on(chip, name, error);
    while (result == 0 && (word = strsep(&words, ",")) != NULL)
        result = chip_word(options, chip, word, error);
    if (result == 0)
        result = choose_wires(chip, error);
    if (result == 0 && chip->reset == NO_LINE) {
        avrspi_fail(error, AVRSPI_ERR_USAGE, "expected a reset line for '%s'", name);
        avrspi_hint(error, "each further chip needs one: %s,reset=24", name);
        return AVRSPI_ERR_USAGE;
    }
    options->second_bus |= chip->bus == 1;
    return result;
}

static int fail_usage(const char *found, struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_USAGE,
                "expected 'avrspi-board CHIP[,WORD...]... -- PROGRAM [ARGUMENT...]'%s%s%s",
                found ? ", found '" : "", found ? found : "", found ? "'" : "");
    avrspi_hint(error, "such as 'avrspi-board atmega328p -- avrspi sig'; --help explains");
    return AVRSPI_ERR_USAGE;
}

static bool has_separator(char **argv)
{
    while (*argv && strcmp(*argv, "--") != 0)
        argv++;
    return *argv;
}

/* Without "--" the program is read as a chip, and its options as the board's. */
static int fail_separator(struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_USAGE, "expected '--' before the program");
    avrspi_hint(error, "such as 'avrspi-board atmega328p -- avrspi sig'; --help explains");
    return AVRSPI_ERR_USAGE;
}

/* The next option by getopt_long(), and which argument it is in. '-': the chips' place is where
 * they were written, and "--" ends what is the board's. */
static int next_option(int argc, char **argv, int *at)
{
    static const struct option longs[] = {
        {"stats", optional_argument, NULL, 's'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };

    *at = optind;
    return getopt_long(argc, argv, "-hV", longs, NULL);
}

int options_parse(struct options *options, int argc, char **argv, struct avrspi_error *error)
{
    int option, at, result = 0;

    *options = (struct options){
        .model = "Raspberry Pi 4 Model B Rev 1.4",
        .kernel = &model_kernel[0],
        .bufsiz = 4096,
        .core_hz = 500000000,
        .max_speed_hz = 125000000,
    };
    opterr = 0;
    while (result == 0 && (option = next_option(argc, argv, &at)) != -1) {
        switch (option) {
        case 1:
            result = parse_chip(options, optarg, error);
            break;
        case 's':
            options->stats = optarg ? optarg : "-";
            break;
        case 'h':
            return OPTIONS_HELP;
        case 'V':
            return OPTIONS_VERSION;
        default:
            result = fail_usage(argv[at], error);
        }
    }
    if (result < 0 && at > 1 && !has_separator(argv))
        return fail_separator(error);
    if (result < 0)
        return result;
    options->program = argv + optind;
    if (options->n_chips == 0 || !*options->program)
        return fail_usage(NULL, error);
    if (!options->core_runs_hz)
        options->core_runs_hz = options->core_hz;
    return OPTIONS_RUN;
}

const struct bus_model *options_bus(const struct options *options, unsigned number)
{
    return options->dw && number == 0 ? &model_dw : &model_bus[number];
}

bool options_has_bus(const struct options *options, unsigned number)
{
    return !options->no_spidev && (number == 0 || options->second_bus);
}

bool options_has_spidev(const struct options *options, unsigned number)
{
    return !(options->spi_driver && number == 0) &&
           options_has_bus(options, model_spidev[number].bus);
}
