/* SPDX-License-Identifier: MIT */
/* Options on the command line, and the table they come from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/command.h"
#include "cli/config.h"
#include "cli/options.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

enum {
    MOST_WORDS = 16,
    LONGEST_LEFT = 24, /* "-o, --output FILE" as help prints it */
    LONGEST_HELP = 53, /* so that a line has 80 characters at most, with two spaces and a margin */
};

static const struct option_use own[] = {
    {.id = OPT_LOW}, {.id = OPT_SET}, {.id = OPT_OUTPUT}, {.id = OPT_FULL}, {.id = OPT_END},
};

struct parsed {
    struct config config;
    struct avrspi_error error;
    char *argv[MOST_WORDS];
    int result, rest;
};

/* 'words' ends with NULL. The caller frees the config. */
static void parse(struct parsed *parsed, bool stop, const char *const *words)
{
    static char program[] = "avrspi";
    int argc = 1;

    *parsed = (struct parsed){.argv[0] = program};
    for (; words[argc - 1]; argc++)
        parsed->argv[argc] = (char *)(uintptr_t)words[argc - 1];
    parsed->result = options_parse(&parsed->config, stop ? NULL : own, argc, parsed->argv,
                                   &parsed->rest, &parsed->error);
}

#define PARSE(parsed, stop, ...) parse(parsed, stop, (const char *const[]){__VA_ARGS__, NULL})

/* --- the table */

static void rows_are_complete(void **state)
{
    (void)state;
    for (int id = OPT_END + 1; id < OPTIONS; id++) {
        const struct option_row *row = &option_rows[id];
        size_t left;

        assert_non_null(row->name);
        assert_non_null(row->help);
        left =
            strlen("-x, --") + strlen(row->name) + (row->argument ? 1 + strlen(row->argument) : 0);
        assert_in_range(strlen(row->name), 2, 20);
        assert_in_range(left, 1, LONGEST_LEFT);
        assert_in_range(strlen(row->help), 4, LONGEST_HELP);
        assert_true(row->help[strlen(row->help) - 1] != '.');
    }
}

static void rows_do_not_repeat_one_another(void **state)
{
    (void)state;
    for (int a = OPT_END + 1; a < OPTIONS; a++) {
        for (int b = a + 1; b < OPTIONS; b++) {
            assert_string_not_equal(option_rows[a].name, option_rows[b].name);
            if (option_rows[a].letter)
                assert_int_not_equal(option_rows[a].letter, option_rows[b].letter);
            /* only the four fuse bytes share a member */
            if (option_rows[a].type == OPTION_FUSE && option_rows[b].type == OPTION_FUSE)
                assert_int_not_equal(option_rows[a].fuse, option_rows[b].fuse);
            else
                assert_int_not_equal(option_rows[a].offset, option_rows[b].offset);
        }
    }
}

static void rows_fit_the_config(void **state)
{
    static const size_t sizes[OPTION_TYPES] = {
        [OPTION_FLAG] = sizeof(bool),
        [OPTION_TEXT] = sizeof(const char *),
        [OPTION_FILE] = sizeof(const char *),
        [OPTION_OUTPUT] = sizeof(const char *),
        [OPTION_TEXTS] = sizeof(struct config_texts),
        [OPTION_NUMBER] = sizeof(uint32_t),
        [OPTION_FREQUENCY] = sizeof(uint32_t),
        [OPTION_VOLTAGE] = sizeof(uint32_t),
        [OPTION_CHOICE] = sizeof(int),
        [OPTION_FUSE] = sizeof(struct avrspi_fuses),
        [OPTION_RANGE] = sizeof(struct config_range),
        [OPTION_SIGNATURE] = sizeof(struct config_signature),
    };

    (void)state;
    for (int id = OPT_END + 1; id < OPTIONS; id++) {
        const struct option_row *row = &option_rows[id];

        assert_true(row->type < OPTION_TYPES);
        assert_true(row->offset + sizes[row->type] <= offsetof(struct config, source));
    }
}

static void rows_have_what_their_type_wants(void **state)
{
    (void)state;
    for (int id = OPT_END + 1; id < OPTIONS; id++) {
        const struct option_row *row = &option_rows[id];

        assert_int_equal(row->argument == NULL, row->type == OPTION_FLAG);
        assert_int_equal(row->words != NULL, row->type == OPTION_CHOICE);
        assert_int_equal(row->most != 0, row->type == OPTION_NUMBER);
        assert_true(!row->automatic || row->type == OPTION_FREQUENCY);
        /* what is outranked is stored nowhere, and must not need memory */
        assert_true(!(row->setting || row->variable) || row->type != OPTION_TEXTS);
    }
}

/* Words of a choice are told apart by their values too. */
static void choices_do_not_repeat_themselves(void **state)
{
    (void)state;
    for (int id = OPT_END + 1; id < OPTIONS; id++) {
        const struct option_row *row = &option_rows[id];
        int one, other;

        for (size_t a = 0; row->words && row->words(a, &one); a++) {
            const char *word;

            for (size_t b = a + 1; (word = row->words(b, &other)) != NULL; b++) {
                assert_string_not_equal(row->words(a, &one), word);
                assert_int_not_equal(one, other);
            }
        }
    }
}

/* --- what commands say of options */

static bool is_own(const struct command *command, enum option_id id)
{
    for (const struct option_use *use = command->options; use->id != OPT_END; use++)
        if (use->id == id)
            return true;
    return false;
}

static void commands_have_options_of_their_own_once(void **state)
{
    bool used[OPTIONS] = {false};

    (void)state;
    for (size_t n = 0; commands[n]; n++) {
        const struct command *command = commands[n];

        assert_int_equal(command->options[MOST_OPTIONS - 1].id, OPT_END);
        for (const struct option_use *use = command->options; use->id != OPT_END; use++) {
            assert_in_range(use->id, OPT_LAST_GLOBAL + 1, OPTIONS - 1);
            if (use->help)
                assert_in_range(strlen(use->help), 4, LONGEST_HELP);
            for (const struct option_use *other = use + 1; other->id != OPT_END; other++)
                assert_int_not_equal(use->id, other->id);
            used[use->id] = true;
        }
    }
    for (int id = OPT_LAST_GLOBAL + 1; id < OPTIONS; id++)
        assert_true(used[id]);
}

static void conflicts_are_between_options_of_the_command(void **state)
{
    (void)state;
    for (size_t n = 0; commands[n]; n++) {
        const struct command *command = commands[n];

        assert_int_equal(command->conflicts[MOST_CONFLICTS - 1][0], OPT_END);
        for (size_t i = 0; command->conflicts[i][0] != OPT_END; i++) {
            const enum option_id *set = command->conflicts[i];

            assert_int_not_equal(set[1], OPT_END);
            assert_int_equal(set[CONFLICT_SIZE - 1], OPT_END);
            assert_true(is_own(command, *set));
            for (; *set != OPT_END; set++)
                assert_true(*set <= OPT_LAST_GLOBAL || is_own(command, *set));
        }
    }
}

static void needs_are_of_options_of_the_command(void **state)
{
    (void)state;
    for (size_t n = 0; commands[n]; n++) {
        const struct command *command = commands[n];
        const struct option_need *need = command->option_needs;

        assert_int_equal(need[MOST_OPTION_NEEDS - 1].option, OPT_END);
        for (; need->option != OPT_END; need++) {
            assert_true(is_own(command, need->option));
            assert_true(need->needs || need->one_of[0] != OPT_END);
            assert_int_equal(need->one_of[MOST_PARTNERS - 1], OPT_END);
            for (const enum option_id *id = need->one_of; *id != OPT_END; id++)
                assert_true(is_own(command, *id) && *id != need->option);
        }
    }
}

static void commands_are_complete(void **state)
{
    (void)state;
    for (size_t n = 0; commands[n]; n++) {
        const struct command *command = commands[n];

        assert_in_range(strlen(command->name), 2, 10);
        assert_in_range(strlen(command->summary), 10, 70);
        assert_non_null(command->run);
        assert_true(command->least_arguments <= command->most_arguments);
        assert_int_equal(*command->arguments == '\0', command->most_arguments == 0);
        assert_true(!(command->needs & NEED_FILE) || command->least_arguments > 0);
        for (size_t other = n + 1; commands[other]; other++)
            assert_string_not_equal(command->name, commands[other]->name);
    }
}

/* --- storing */

/* A text that the option takes; NULL for a flag. */
static const char *sample(const struct option_row *row)
{
    static const char *const samples[OPTION_TYPES] = {
        [OPTION_TEXT] = "value",  [OPTION_FILE] = "value",    [OPTION_OUTPUT] = "value",
        [OPTION_TEXTS] = "A=1",   [OPTION_NUMBER] = "1",      [OPTION_FREQUENCY] = "125k",
        [OPTION_FUSE] = "0x62",   [OPTION_RANGE] = "0x10:32", [OPTION_SIGNATURE] = "1E950F",
        [OPTION_VOLTAGE] = "3.3",
    };
    int value;

    return row->type == OPTION_CHOICE ? row->words(1, &value) : samples[row->type];
}

static void assert_stored(const struct option_row *row, const struct config *config)
{
    const void *member = (const char *)config + row->offset;
    const struct avrspi_fuses *fuses = member;
    const struct config_texts *texts = member;
    const struct config_range *range = member;
    const char *text;
    int value, second;

    switch (row->type) {
    case OPTION_FLAG:
        assert_true(*(const bool *)member);
        break;
    case OPTION_TEXTS:
        assert_int_equal(texts->count, 1);
        assert_string_equal(texts->at[0], "A=1");
        break;
    case OPTION_NUMBER:
        assert_int_equal(*(const uint32_t *)member, 1);
        break;
    case OPTION_FREQUENCY:
        assert_int_equal(*(const uint32_t *)member, 125000);
        break;
    case OPTION_VOLTAGE:
        assert_int_equal(*(const uint32_t *)member, 3300);
        break;
    case OPTION_CHOICE:
        memcpy(&value, member, sizeof value);
        assert_non_null(row->words(1, &second));
        assert_int_equal(value, second);
        break;
    case OPTION_FUSE:
        for (int fuse = 0; fuse < AVRSPI_FUSES; fuse++)
            assert_int_equal(fuses->given[fuse], fuse == (int)row->fuse);
        assert_int_equal(fuses->value[row->fuse], 0x62);
        break;
    case OPTION_RANGE:
        assert_int_equal(range->start, 16);
        assert_int_equal(range->end, 32);
        break;
    case OPTION_SIGNATURE:
        assert_memory_equal(member, ((const uint8_t[]){0x1E, 0x95, 0x0F}), 3);
        break;
    default:
        memcpy(&text, member, sizeof text);
        assert_string_equal(text, "value");
    }
}

static void assert_parsed(enum option_id id, int argc, char **argv)
{
    const struct option_use only[] = {{.id = id > OPT_LAST_GLOBAL ? id : OPT_END}, {.id = OPT_END}};
    struct config config = {0};
    int rest = 0;

    assert_int_equal(options_parse(&config, only, argc, argv, &rest, NULL), 0);
    assert_int_equal(rest, argc);
    for (int other = 0; other < OPTIONS; other++)
        assert_int_equal(config_given(&config, (enum option_id)other), other == (int)id);
    assert_stored(&option_rows[id], &config);
    config_free(&config);
}

/* Every option in both spellings, with '=' and without. */
static void parse_of_every_row(void **state)
{
    (void)state;
    for (int id = OPT_END + 1; id < OPTIONS; id++) {
        const struct option_row *row = &option_rows[id];
        char program[] = "avrspi", name[32], joined[48], letter[3] = {'-', row->letter, '\0'};
        char value[32] = "";
        char *separate[] = {program, name, row->argument ? value : NULL, NULL};
        char *one[] = {program, joined, NULL};
        char *shorter[] = {program, letter, row->argument ? value : NULL, NULL};

        if (row->argument)
            (void)snprintf(value, sizeof value, "%s", sample(row));
        (void)snprintf(name, sizeof name, "--%s", row->name);
        (void)snprintf(joined, sizeof joined, "--%s=%s", row->name, value);
        if (!row->implied) /* an argument that may be left out stands behind '=' */
            assert_parsed((enum option_id)id, row->argument ? 3 : 2, separate);
        if (row->argument)
            assert_parsed((enum option_id)id, 2, one);
        if (row->letter)
            assert_parsed((enum option_id)id, row->argument ? 3 : 2, shorter);
    }
}

static void store_of_a_number(void **state)
{
    const struct option_row row = {
        .name = "count",
        .argument = "N",
        .type = OPTION_NUMBER,
        .offset = offsetof(struct config, fcpu_hz),
        .most = 100,
    };
    struct avrspi_error error = {0};
    struct config config = {0};

    (void)state;
    assert_int_equal(option_store(&row, &config, "0x64", &error), 0);
    assert_int_equal(config.fcpu_hz, 100);
    assert_int_equal(option_store(&row, &config, "101", &error), AVRSPI_ERR_USAGE);
    assert_string_equal(error.message, "--count is at most 0x64, found '101'");
    assert_int_equal(config.fcpu_hz, 100);
}

static void set_of_what_is_malformed(void **state)
{
    static const struct {
        enum option_id id;
        const char *text, *message;
    } rows[] = {
        {OPT_SPEED, "fast", "expected a frequency for --speed (8000, 125k, 2M), found 'fast'"},
        {OPT_SPEED, "Auto", "expected a frequency for --speed (8000, 125k, 2M), found 'Auto'"},
        {OPT_FCPU, "0", "expected a frequency for --fcpu (8000, 125k, 2M), found '0'"},
        {OPT_FCPU, "auto", "expected a frequency for --fcpu (8000, 125k, 2M), found 'auto'"},
        {OPT_VCC, "3,3", "expected a voltage of 0.5 to 6 for --vcc (3.3, 5V), found '3,3'"},
        {OPT_VCC, "12", "expected a voltage of 0.5 to 6 for --vcc (3.3, 5V), found '12'"},
        {OPT_COLOR, "red", "expected 'auto', 'always' or 'never' for --color, found 'red'"},
        {OPT_COLOR, "alwys",
         "expected 'auto', 'always' or 'never' for --color, found 'alwys'; did you mean 'always'?"},
        {OPT_COLOR, "", "expected 'auto', 'always' or 'never' for --color, found ''"},
        {OPT_MEMORY, "fuses", "expected 'flash' or 'eeprom' for --memory, found 'fuses'"},
        {OPT_LOW, "256", "--low is at most 0xFF, found '256'"},
        {OPT_LOCK, "on", "expected a number for --lock (255, 0xFF, 0b11111111), found 'on'"},
        {OPT_RANGE, "5", "expected START:END for --range (0x7E00:0x8000), found '5'"},
        {OPT_SIGNATURE, "1E95", "expected three bytes for --signature (1E950F), found '1E95'"},
        {OPT_CHIP, "", "expected NAME for --chip, found ''"},
        {OPT_CHIPS, "", "expected FILE for --chips, found ''"},
        {OPT_OUTPUT, "", "expected FILE for --output, found ''"},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct avrspi_error error = {0};
        struct config config = {0};

        assert_int_equal(option_set(&config, rows[n].id, FROM_COMMAND_LINE, rows[n].text, &error),
                         AVRSPI_ERR_USAGE);
        assert_int_equal(error.code, AVRSPI_ERR_USAGE);
        assert_string_equal(error.message, rows[n].message);
        assert_false(config_given(&config, rows[n].id));
    }
}

static void set_from_a_source_that_is_outranked(void **state)
{
    struct config config = {0};

    (void)state;
    assert_int_equal(option_set(&config, OPT_CHIP, FROM_ENVIRONMENT, "one", NULL), 0);
    assert_int_equal(option_set(&config, OPT_CHIP, FROM_FILE, "two", NULL), 0);
    assert_string_equal(config.chip, "one");
    assert_int_equal(config.source[OPT_CHIP], FROM_ENVIRONMENT);
    assert_int_equal(option_set(&config, OPT_CHIP, FROM_COMMAND_LINE, "three", NULL), 0);
    assert_string_equal(config.chip, "three");
    assert_int_equal(option_set(&config, OPT_SPEED, FROM_COMMAND_LINE, "1M", NULL), 0);
    assert_int_equal(option_set(&config, OPT_SPEED, FROM_FILE, "fast", NULL), AVRSPI_ERR_USAGE);
    assert_int_equal(config.sck_hz, 1000000);
}

static void set_of_nothing_by_a_file_or_the_environment(void **state)
{
    struct config config = config_begin();

    (void)state;
    assert_int_equal(option_set(&config, OPT_PORT, FROM_ENVIRONMENT, "", NULL), 0);
    assert_int_equal(option_set(&config, OPT_CHIP, FROM_FILE, "", NULL), 0);
    assert_string_equal(config.port, "/dev/spidev0.0");
    assert_null(config.chip);
    assert_false(config_given(&config, OPT_PORT) || config_given(&config, OPT_CHIP));
}

/* 0, "auto" and the first of a choice are values like any other. */
static void given_of_values_that_look_like_none(void **state)
{
    static const struct {
        enum option_id id;
        const char *text;
    } rows[] = {
        {OPT_LOW, "0"},        {OPT_SPEED, "auto"},  {OPT_COLOR, "auto"},
        {OPT_MEMORY, "flash"}, {OPT_FORMAT, "auto"}, {OPT_SIGNATURE, "000000"},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct config config = {0};

        assert_false(config_given(&config, rows[n].id));
        assert_int_equal(option_set(&config, rows[n].id, FROM_COMMAND_LINE, rows[n].text, NULL), 0);
        assert_true(config_given(&config, rows[n].id));
    }
}

/* --- parsing */

static void parse_of_nothing(void **state)
{
    struct parsed parsed;

    (void)state;
    parse(&parsed, true, (const char *const[]){NULL});
    assert_int_equal(parsed.result, 0);
    assert_int_equal(parsed.rest, 1);
    for (int id = 0; id < OPTIONS; id++)
        assert_false(config_given(&parsed.config, (enum option_id)id));
}

static void parse_stops_at_the_command(void **state)
{
    struct parsed parsed;

    (void)state;
    PARSE(&parsed, true, "-p", "sim:x", "flash", "-q", "--nonsense");
    assert_int_equal(parsed.result, 0);
    assert_int_equal(parsed.rest, 3);
    assert_string_equal(parsed.config.port, "sim:x");
    assert_false(parsed.config.quiet);
}

static void parse_finds_options_behind_arguments(void **state)
{
    struct parsed parsed;

    (void)state;
    PARSE(&parsed, false, "file.hex", "--low", "0x62", "-v");
    assert_int_equal(parsed.result, 0);
    assert_true(parsed.config.fuses.given[AVRSPI_FUSE_LOW]);
    assert_int_equal(parsed.config.fuses.value[AVRSPI_FUSE_LOW], 0x62);
    assert_true(parsed.config.verbose);
    assert_int_equal(parsed.rest, 4);
    assert_string_equal(parsed.argv[4], "file.hex");
}

static void parse_of_letters_together(void **state)
{
    struct parsed parsed;

    (void)state;
    PARSE(&parsed, false, "-nvcatmega8", "-ofile");
    assert_int_equal(parsed.result, 0);
    assert_true(parsed.config.dry_run);
    assert_true(parsed.config.verbose);
    assert_string_equal(parsed.config.chip, "atmega8");
    assert_string_equal(parsed.config.output, "file");
}

static void parse_of_an_option_twice_takes_the_last(void **state)
{
    struct parsed parsed;

    (void)state;
    PARSE(&parsed, false, "--low", "1", "--low", "2");
    assert_int_equal(parsed.result, 0);
    assert_int_equal(parsed.config.fuses.value[AVRSPI_FUSE_LOW], 2);
}

static void parse_of_set_keeps_them_all(void **state)
{
    enum {
        TIMES = 500,
    };
    static char *argv[1 + 2 * TIMES];
    char program[] = "avrspi", set[] = "--set", value[] = "A=1", other[] = "B=2";
    struct config config = {0};
    int rest;

    (void)state;
    argv[0] = program;
    for (int n = 0; n < TIMES; n++) {
        argv[1 + n * 2] = set;
        argv[2 + n * 2] = n == 1 ? other : value;
    }
    assert_int_equal(options_parse(&config, own, 1 + 2 * TIMES, argv, &rest, NULL), 0);
    assert_int_equal(config.sets.count, TIMES);
    assert_string_equal(config.sets.at[0], "A=1");
    assert_string_equal(config.sets.at[1], "B=2");
    assert_string_equal(config.sets.at[TIMES - 1], "A=1");
    config_free(&config);
    assert_int_equal(config.sets.count, 0);
}

static void parse_ends_at_two_dashes(void **state)
{
    struct parsed parsed;

    (void)state;
    PARSE(&parsed, false, "-v", "--", "--low");
    assert_int_equal(parsed.result, 0);
    assert_false(config_given(&parsed.config, OPT_LOW));
    assert_int_equal(parsed.rest, 3);
}

static void parse_of_a_dash_is_an_argument(void **state)
{
    struct parsed parsed;

    (void)state;
    PARSE(&parsed, false, "-");
    assert_int_equal(parsed.result, 0);
    assert_int_equal(parsed.rest, 1);
}

static void parse_of_what_is_not_known(void **state)
{
    static const struct {
        const char *words[3];
        const char *message;
    } rows[] = {
        {{"--nonsense"}, "unknown option '--nonsense'"},
        {{"--nonsense=1"}, "unknown option '--nonsense'"},
        {{"-x"}, "unknown option '-x'"},
        {{"-vx"}, "unknown option '-x'"},
        {{"--update"}, "this command takes no option '--update'"},
        {{"-m", "flash"}, "this command takes no option '-m'"},
        {{"-\xC3\xA9"}, "unknown option '-?'"},
        {{"--full=1"}, "option '--full' takes no argument"},
        {{"--low"}, "option '--low' needs an argument"},
        {{"-o"}, "option '-o' needs an argument"},
        {{"-p"}, "option '-p' needs an argument"},
        {{"--qiet"}, "unknown option '--qiet'; did you mean '--quiet'?"},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct parsed parsed;

        parse(&parsed, false, rows[n].words);
        assert_int_equal(parsed.result, AVRSPI_ERR_USAGE);
        assert_int_equal(parsed.error.code, AVRSPI_ERR_USAGE);
        assert_string_equal(parsed.error.message, rows[n].message);
        assert_non_null(strstr(parsed.error.hint, "avrspi help COMMAND"));
    }
}

/* getopt_long() itself takes them. */
static void parse_of_a_name_cut_short(void **state)
{
    static const struct {
        const char *words[3];
        const char *message;
    } rows[] = {
        {{"--dry"}, "unknown option '--dry'; did you mean '--dry-run'?"},
        {{"--dry=1"}, "unknown option '--dry'; did you mean '--dry-run'?"},
        {{"--por", "sim:x"}, "unknown option '--por'; did you mean '--port'?"},
        {{"--por"}, "unknown option '--por'; did you mean '--port'?"},
        {{"--out=x"}, "unknown option '--out'; did you mean '--output'?"},
        {{"--ver"}, "unknown option '--ver'; did you mean '--verbose'?"}, /* or --version */
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct parsed parsed;

        parse(&parsed, false, rows[n].words);
        assert_int_equal(parsed.result, AVRSPI_ERR_USAGE);
        assert_string_equal(parsed.error.message, rows[n].message);
        for (int id = 0; id < OPTIONS; id++)
            assert_false(config_given(&parsed.config, (enum option_id)id));
    }
}

static void parse_goes_on_behind_an_error(void **state)
{
    struct parsed parsed;

    (void)state;
    PARSE(&parsed, false, "--speed", "fast", "--nonsense", "--json", "file");
    assert_int_equal(parsed.result, AVRSPI_ERR_USAGE);
    assert_string_equal(parsed.error.message,
                        "expected a frequency for --speed (8000, 125k, 2M), found 'fast'");
    assert_int_equal(parsed.config.form, UI_FORM_JSON);
    assert_int_equal(parsed.rest, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_complete),
        cmocka_unit_test(rows_do_not_repeat_one_another),
        cmocka_unit_test(rows_fit_the_config),
        cmocka_unit_test(rows_have_what_their_type_wants),
        cmocka_unit_test(choices_do_not_repeat_themselves),
        cmocka_unit_test(commands_have_options_of_their_own_once),
        cmocka_unit_test(conflicts_are_between_options_of_the_command),
        cmocka_unit_test(needs_are_of_options_of_the_command),
        cmocka_unit_test(commands_are_complete),
        cmocka_unit_test(parse_of_every_row),
        cmocka_unit_test(store_of_a_number),
        cmocka_unit_test(set_of_what_is_malformed),
        cmocka_unit_test(set_from_a_source_that_is_outranked),
        cmocka_unit_test(set_of_nothing_by_a_file_or_the_environment),
        cmocka_unit_test(given_of_values_that_look_like_none),
        cmocka_unit_test(parse_of_nothing),
        cmocka_unit_test(parse_stops_at_the_command),
        cmocka_unit_test(parse_finds_options_behind_arguments),
        cmocka_unit_test(parse_of_letters_together),
        cmocka_unit_test(parse_of_an_option_twice_takes_the_last),
        cmocka_unit_test(parse_of_set_keeps_them_all),
        cmocka_unit_test(parse_ends_at_two_dashes),
        cmocka_unit_test(parse_of_a_dash_is_an_argument),
        cmocka_unit_test(parse_of_what_is_not_known),
        cmocka_unit_test(parse_of_a_name_cut_short),
        cmocka_unit_test(parse_goes_on_behind_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
