/* SPDX-License-Identifier: MIT */
/* What --help prints: two columns where there is room, one below the other where there is not. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

enum {
    WIDE = 80,    /* columns that the two take */
    LEFT = 24,    /* of an option and its argument */
    INDENT = 6,   /* of what stands below */
    COMMAND = 8,  /* the longest name of a command */
    POINTER = 27, /* the longest of what the last lines point to */
    LEAST_WIDTH = 20,
};

/* Words, broken at the width of the terminal. The first line begins with 'indent' spaces, those
 * after it with 'hang'; 'broken' ends each line but the last. */
static void print_broken(const char *text, int indent, int hang, const char *broken)
{
    int width = ui_columns() < LEAST_WIDTH ? LEAST_WIDTH : ui_columns();
    int column = printf("%*s", indent, ""), begin = column;

    while (*text) {
        const int size = (int)strcspn(text, " \n");
        const char *next = text + size + strspn(text + size, " \n");
        const int end = column + (column > begin) + size + (*next ? (int)strlen(broken) : 0);

        if (column > begin && end > width)
            column = begin = printf("%s\n%*s", broken, hang, "") - (int)strlen(broken) - 1;
        column += printf("%s%.*s", column > begin ? " " : "", size, text);
        text = next;
    }
    (void)putchar('\n');
}

static void print_words(const char *text, int indent)
{
    print_broken(text, indent, indent, "");
}

/* A text with line ends of its own, which are for wide terminals. */
static void print_text(const char *text)
{
    if (ui_columns() >= WIDE)
        (void)printf("%s\n", text);
    else
        print_words(text, 0);
}

/* What something is called, and what it is. */
static void print_row(const char *left, int width, const char *right)
{
    if (ui_columns() >= WIDE) {
        (void)printf("  %-*s  %s\n", width, left, right);
        return;
    }
    (void)printf("  %s\n", left + strspn(left, " "));
    print_words(right, INDENT);
}

/* 'help': what a command says of it, or NULL. */
static void print_option(enum option_id id, const char *help)
{
    const struct option_row *row = &option_rows[id];
    char left[48];

    (void)snprintf(left, sizeof left, "%s%c%s --%s%s%s%s", row->letter ? "-" : " ",
                   row->letter ? row->letter : ' ', row->letter ? "," : " ", row->name,
                   row->implied    ? "[="
                   : row->argument ? " "
                                   : "",
                   row->argument ? row->argument : "", row->implied ? "]" : "");
    print_row(left, LEFT, help ? help : row->help);
}

static void print_global_options(void)
{
    (void)printf("\nOptions of every command:\n");
    for (int id = OPT_END + 1; id <= OPT_LAST_GLOBAL; id++)
        print_option((enum option_id)id, NULL);
}

/* A command line, broken as the shell takes it. */
static void print_command(const char *line)
{
    print_broken(line, 2, 4, " \\");
}

/* The lines stand alone, so that they can be copied. */
static void print_examples(const struct command *command)
{
    (void)printf("\nExamples:\n");
    for (const struct example *example = command->examples; example->line; example++) {
        print_command(example->line);
        print_words(example->what, INDENT);
    }
}

static void print_pointer(const char *what, const char *command)
{
    if (ui_columns() >= WIDE) {
        (void)printf("%-*s  %s\n", POINTER, what, command);
        return;
    }
    (void)printf("%s\n", what);
    print_command(command);
}

void help_overview(void)
{
    print_words("Usage: avrspi [options] COMMAND [options] [arguments]", 0);
    (void)putchar('\n');
    print_words("Programs AVR microcontrollers over SPI: /dev/spidev and one GPIO line at RESET.",
                0);
    (void)printf("\nCommands:\n");
    for (size_t n = 0; commands[n]; n++)
        print_row(commands[n]->name, COMMAND, commands[n]->summary);
    print_global_options();
    (void)putchar('\n');
    print_pointer("Options of a command:", "avrspi help COMMAND");
    print_pointer("To try it without hardware:", "avrspi -p sim:atmega328p,state=my.sim sig");
    print_pointer("Exit codes and examples:", "man avrspi");
}

void help_command(const struct command *command)
{
    char usage[128];

    (void)snprintf(usage, sizeof usage, "Usage: avrspi %s [options]%s%s", command->name,
                   *command->arguments ? " " : "", command->arguments);
    print_words(usage, 0);
    (void)putchar('\n');
    print_words(command->summary, 0);
    if (command->help) {
        (void)putchar('\n');
        print_text(command->help);
    }
    print_examples(command);
    if (command->options[0].id != OPT_END)
        (void)printf("\nOptions:\n");
    for (const struct option_use *use = command->options; use->id != OPT_END; use++)
        print_option(use->id, use->help);
    print_global_options();
}
