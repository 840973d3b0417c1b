/* SPDX-License-Identifier: MIT */
/*
 * The command line: what a command is, and what it finds when it runs.
 *
 *     main.c      from argv to the exit code
 *     options.c   every option: a row, and its member of struct config (config.h)
 *     parse.c     the command line; store.c stores each option's argument by the type of its row
 *     settings.c  configuration files and environment, by the same rows
 *     command.h   what a command is; commands.c is the list
 *     dispatch.c  checks what the command says of itself, and runs it
 *     xtal.c      the clock at XTAL1, of --xtal and of 'clock'
 *     target.c    link and session of a command, and its jobs
 *     sck.c       SCK as asked, made and seen; why a job is slow
 *     burn.c      what 'burn' burns, and one unit of it; hooks.c has a recipe's programs and checks
 *     loop.c      'burn --repeat': rounds, and what begins the next one
 *     gang.c      one round: a unit at each station, those on different buses side by side
 *     verdict.c   how a unit ended, in large letters or in JSON
 *     signals.c   signals while a target is open
 *     unit.c      the row of a unit in the record, and its serial number
 *     recipe_check.c  'burn --check'; golden.c 'burn --from-target'
 *     boards.c    the boards of an Arduino core, for 'burn'
 *     input.c     the file that a command writes or compares
 *     folder.c    a backup of a whole chip as a folder
 *     read_all.c  'read all': a backup as one file or as a folder
 *     info.h      what is in a file: the file itself, and the program in it
 *     diff.c      what differs between two files, or a file and the target
 *     fuse_show.c fuse bytes as lines and as JSON; their words are in fuse_text.c
 *     pins.c      the pins of a chip's packages
 *     done.c      the line that a job ends with
 *     advice.c    the library's advice in words of the command line
 *     help.c      what --help prints
 *     cmd_*.c     one command each
 */
#ifndef AVRSPI_SRC_CLI_CLI_H
#define AVRSPI_SRC_CLI_CLI_H

#include "avrspi/avrspi.h"
#include "cli/command.h"
#include "cli/config.h"
#include "host/pwm.h"
#include "ui/ui.h"

struct cli {
    struct ui ui;
    struct config config;
    const struct command *command;
    int n_arguments;
    char **arguments;
    struct avrspi_chips *chips;
    const struct avrspi_chip *chip; /* of -c, or NULL */
    avrspi_event_callback watch; /* sees the sessions' events before they are shown; may be NULL */
    void *watcher;
    const char *station; /* of a bench, else NULL */
    struct {
        struct avrspi_pwm *pwm; /* NULL: none, or at a simulated target */
        struct avrspi_pwm_place place;
        struct avrspi_pwm_rate rate; /* all 0: no clock */
    } xtal;                          /* the clock of --xtal, while it runs */
};

/* --- help.c */

void help_overview(void);
void help_command(const struct command *command);

#endif
