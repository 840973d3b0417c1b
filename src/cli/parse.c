/* SPDX-License-Identifier: MIT */
/* The command line through getopt_long(), without its abbreviations. */
#include <getopt.h>
#include <string.h>

#include "cli/config.h"
#include "cli/options.h"
#include "cli/words.h"
#include "base/error.h"

enum {
    LONG_BASE = 256, /* getopt's value for option n: beyond every letter */
    SHORT_ROOM = OPTIONS * 2 + 3,
};

/* The options that are allowed, and the same for getopt. */
struct allowed {
    bool of_command; /* the name of a command came before */
    enum option_id ids[OPTIONS];
    const char *names[OPTIONS];
    size_t count;
    struct option longs[OPTIONS + 1];
    char shorts[SHORT_ROOM];
};

static void add_letter(char *shorts, const struct option_row *row)
{
    char *end = shorts + strlen(shorts);

    *end++ = row->letter;
    if (row->argument)
        *end = ':';
}

static void add(struct allowed *allowed, enum option_id id)
{
    const struct option_row *row = &option_rows[id];

    allowed->longs[allowed->count] = (struct option){
        .name = row->name,
        .has_arg = row->implied    ? optional_argument
                   : row->argument ? required_argument
                                   : no_argument,
        .val = LONG_BASE + (int)id,
    };
    if (row->letter)
        add_letter(allowed->shorts, row);
    allowed->names[allowed->count] = row->name;
    allowed->ids[allowed->count++] = id;
}

static void fill(struct allowed *allowed, const struct option_use *own)
{
    /* '+' stops at the first argument; ':' tells a missing argument from an unknown option */
    *allowed = (struct allowed){.of_command = own != NULL};
    strcpy(allowed->shorts, own ? ":" : "+:");
    for (int id = OPT_END + 1; id <= OPT_LAST_GLOBAL; id++)
        add(allowed, (enum option_id)id);
    for (; own && own->id != OPT_END; own++)
        add(allowed, own->id);
}

static enum option_id by_letter(const struct allowed *allowed, int letter)
{
    for (size_t n = 0; n < allowed->count; n++)
        if (option_rows[allowed->ids[n]].letter == letter)
            return allowed->ids[n];
    return OPT_END;
}

/* The option of exactly that name, of 'size' characters: getopt_long() takes a part of it too. */
static enum option_id by_name(const struct allowed *allowed, const char *name, size_t size)
{
    for (size_t n = 0; n < allowed->count; n++)
        if (strlen(allowed->names[n]) == size && memcmp(allowed->names[n], name, size) == 0)
            return allowed->ids[n];
    return OPT_END;
}

static int with_hint(struct avrspi_error *error)
{
    avrspi_hint(error, "'avrspi --help' lists the commands, 'avrspi help COMMAND' its options");
    return AVRSPI_ERR_USAGE;
}

static int fail(const char *format, const char *option, struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_USAGE, format, option);
    return with_hint(error);
}

/* An option of commands, but not here. */
static int fail_misplaced(const struct allowed *allowed, const char *option,
                          struct avrspi_error *error)
{
    return fail(allowed->of_command ? "this command takes no option '%s'"
                                    : "option '%s' goes after the name of the command",
                option, error);
}

static int fail_unknown(const struct allowed *allowed, const char *name, size_t size,
                        struct avrspi_error *error)
{
    char option[64] = "--", *word = option + 2;

    memcpy(word, name, size < sizeof option - 2 ? size : sizeof option - 3);
    for (int id = OPT_LAST_GLOBAL + 1; id < OPTIONS; id++)
        if (strcmp(option_rows[id].name, word) == 0)
            return fail_misplaced(allowed, option, error);
    (void)words_fail_unknown("option", "--", word, allowed->names, allowed->count, error);
    return with_hint(error);
}

static int fail_unknown_letter(const struct allowed *allowed, const char *option,
                               struct avrspi_error *error)
{
    for (int id = OPT_LAST_GLOBAL + 1; id < OPTIONS; id++)
        if (option_rows[id].letter == option[1])
            return fail_misplaced(allowed, option, error);
    return fail("unknown option '%s'", option, error);
}

static bool allows(const struct allowed *allowed, enum option_id id)
{
    return by_name(allowed, option_rows[id].name, strlen(option_rows[id].name)) == id;
}

/* To avrdude's users -V is "do not verify": neither is done where that may be meant. */
static int fail_ambiguous_version(struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_USAGE, "'-V' could mean --no-verify or --version: say which");
    return with_hint(error);
}

/* An option spelled with its name; 'text' is the argument that has it. */
static int take_long(struct config *config, const struct allowed *allowed, int value,
                     const char *text, struct avrspi_error *error)
{
    const char *name = text + 2;
    size_t size = strcspn(name, "=");
    enum option_id id = by_name(allowed, name, size);

    if (id == OPT_END)
        return fail_unknown(allowed, name, size, error);
    if (value == ':')
        return fail("option '%s' needs an argument", text, error);
    if (value == '?') {
        avrspi_fail(error, AVRSPI_ERR_USAGE, "option '--%.*s' takes no argument", (int)size, name);
        return with_hint(error);
    }
    return option_set(config, id, FROM_COMMAND_LINE, optarg, error);
}

/* One spelled with its letter. */
static int take_short(struct config *config, const struct allowed *allowed, int value,
                      struct avrspi_error *error)
{
    /* a byte of a letter that is not ASCII is shown as '?' */
    const char letter[] = {'-', (char)(optopt > 0 && optopt < 0x80 ? optopt : '?'), '\0'};

    if (value == ':')
        return fail("option '%s' needs an argument", letter, error);
    if (value == '?')
        return fail_unknown_letter(allowed, letter, error);
    if (by_letter(allowed, value) == OPT_VERSION && allows(allowed, OPT_NO_VERIFY))
        return fail_ambiguous_version(error);
    return option_set(config, by_letter(allowed, value), FROM_COMMAND_LINE, optarg, error);
}

static int take(struct config *config, const struct allowed *allowed, int value, char **argv,
                struct avrspi_error *error)
{
    /* what getopt_long() has just been through; its argument may be one further */
    const char *text = argv[optarg && optarg == argv[optind - 1] ? optind - 2 : optind - 1];
    bool failed = value == '?' || value == ':';
    bool is_long = failed ? optopt == 0 || optopt >= LONG_BASE : value >= LONG_BASE;

    return is_long ? take_long(config, allowed, value, text, error)
                   : take_short(config, allowed, value, error);
}

int options_parse(struct config *config, const struct option_use *own, int argc, char **argv,
                  int *rest, struct avrspi_error *error)
{
    struct allowed allowed;
    int value, result = 0;

    fill(&allowed, own);
    opterr = 0;
    optind = 0; /* GNU: begin anew */
    while ((value = getopt_long(argc, argv, allowed.shorts, allowed.longs, NULL)) != -1) {
        int one = take(config, &allowed, value, argv, result == 0 ? error : NULL);

        if (result == 0)
            result = one;
    }
    *rest = optind;
    return result;
}
