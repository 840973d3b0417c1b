/* SPDX-License-Identifier: MIT */
/* The list of commands. */
#include "cli/command.h"

#include <string.h>

#include "cli/words.h"
#include "base/error.h"

extern const struct command cmd_sig, cmd_erase, cmd_fuses, cmd_flash, cmd_eeprom, cmd_verify,
    cmd_read, cmd_burn, cmd_info, cmd_diff, cmd_chips, cmd_wiring, cmd_clock, cmd_send, cmd_doctor,
    cmd_report;

const struct command *const commands[MOST_COMMANDS + 1] = {
    &cmd_sig,   &cmd_erase, &cmd_fuses,  &cmd_flash,  &cmd_eeprom, &cmd_verify,
    &cmd_read,  &cmd_burn,  &cmd_info,   &cmd_diff,   &cmd_chips,  &cmd_wiring,
    &cmd_clock, &cmd_send,  &cmd_doctor, &cmd_report, NULL,
};

int command_find(const char *name, const struct command **command, struct avrspi_error *error)
{
    const char *names[MOST_COMMANDS];
    size_t count = 0;

    for (; commands[count]; count++) {
        names[count] = commands[count]->name;
        if (strcmp(names[count], name) == 0) {
            *command = commands[count];
            return 0;
        }
    }
    (void)words_fail_unknown("command", "", name, names, count, error);
    avrspi_hint(error, "'avrspi --help' lists the commands");
    return AVRSPI_ERR_USAGE;
}

bool command_takes(const struct command *command, enum option_id id)
{
    if (id != OPT_END && id <= OPT_LAST_GLOBAL)
        return true;
    for (const struct option_use *use = command->options; use->id != OPT_END; use++)
        if (use->id == id)
            return true;
    return false;
}
