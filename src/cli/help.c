/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "cli/cli.h"

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
    (void)printf("  %-24s  %s\n", left, help ? help : row->help);
}

static void print_global_options(void)
{
    (void)printf("\nOptions of every command:\n");
    for (int id = OPT_END + 1; id <= OPT_LAST_GLOBAL; id++)
        print_option((enum option_id)id, NULL);
}

void help_overview(void)
{
    (void)printf("Usage: avrspi [options] COMMAND [options] [arguments]\n"
                 "\n"
                 "Programs AVR microcontrollers over SPI: /dev/spidev and one GPIO line at RESET.\n"
                 "\n"
                 "Commands:\n");
    for (size_t n = 0; commands[n]; n++)
        (void)printf("  %-8s  %s\n", commands[n]->name, commands[n]->summary);
    print_global_options();
    (void)printf("\nOptions of a command:        avrspi help COMMAND\n"
                 "To try it without hardware:  avrspi -p sim:atmega328p,state=my.sim sig\n"
                 "Exit codes and examples:     man avrspi\n");
}

void help_command(const struct command *command)
{
    (void)printf("Usage: avrspi %s [options]%s%s\n\n%s\n", command->name,
                 *command->arguments ? " " : "", command->arguments, command->summary);
    if (command->help)
        (void)printf("\n%s\n", command->help);
    if (command->options[0].id != OPT_END)
        (void)printf("\nOptions:\n");
    for (const struct option_use *use = command->options; use->id != OPT_END; use++)
        print_option(use->id, use->help);
    print_global_options();
}
