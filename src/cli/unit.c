/* SPDX-License-Identifier: MIT */
#include "cli/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/file.h"
#include "base/program.h"
#include "base/words.h"
#include "cli/signals.h"
#include "record/serial.h"

enum {
    TEXT = 256,
    DIGESTS = 4096,
    COMMAND_MS = 30000, /* that a serial number may take */
    MOST_CALIBRATION = 16,
};

struct unit {
    struct cli *cli;
    const struct avrspi_recipe *recipe; /* all zero without one */
    struct avrspi_record *record;       /* NULL: none */
    int log;                            /* -1: none */
    int64_t id;
    char number[AVRSPI_SERIAL_LONGEST]; /* "": none */
    bool reserved, bound;
    struct avrspi_contents *with; /* contents with the number */
    struct avrspi_error binding;  /* why a number could not be bound */
    char *record_path, *log_path;
    char digests[DIGESTS], chip[64], signature[UI_TEXT], calibration[TEXT], before[TEXT],
        after[TEXT], steps[4 * TEXT];
    uint64_t ns;
};

/* --- texts */

__attribute__((format(printf, 3, 4))) static void append(char *text, size_t size,
                                                         const char *format, ...)
{
    const size_t used = strlen(text);
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text + used, size - used, format, arguments);
    va_end(arguments);
}

static void say_fuses(const struct avrspi_fuses *fuses, char text[TEXT])
{
    *text = '\0';
    for (int n = 0; n < AVRSPI_FUSES; n++)
        if (fuses->given[n])
            append(text, TEXT, "%s%s=%02X", *text ? " " : "", avrspi_fuse_name((enum avrspi_fuse)n),
                   fuses->value[n]);
}

static void add_digest(struct unit *unit, const char *path)
{
    uint8_t hash[AVRSPI_SHA256_SIZE];
    char *data;
    size_t size;

    if (avrspi_file_read(path, &data, &size, NULL) < 0)
        return;
    avrspi_sha256(data, size, hash);
    free(data);
    append(unit->digests, sizeof unit->digests, "%s%s=", *unit->digests ? " " : "", path);
    for (size_t n = 0; n < sizeof hash; n++)
        append(unit->digests, sizeof unit->digests, "%02x", hash[n]);
}

static void add_digests_of(struct unit *unit, const struct avrspi_recipe_lines *lines)
{
    for (size_t n = 0; n < lines->count; n++) {
        char *path = avrspi_recipe_path(unit->recipe, lines->at[n].value);

        if (path)
            add_digest(unit, path);
        free(path);
    }
}

/* Of everything that decides what the unit becomes. */
static void add_digests(struct unit *unit)
{
    for (int n = 0; n < unit->cli->n_arguments && !unit->cli->config.boards; n++)
        add_digest(unit, unit->cli->arguments[n]);
    add_digests_of(unit, &unit->recipe->firmware);
    add_digests_of(unit, &unit->recipe->flash);
    add_digests_of(unit, &unit->recipe->eeprom);
}

/* --- what happens to the target */

/* On disk before the first byte of it is. */
static int bind_number(struct unit *unit)
{
    if (!*unit->number || unit->bound)
        return 0;
    if (avrspi_serial_bind(unit->record, &unit->recipe->serial, unit->number, unit->id,
                           &unit->binding) < 0)
        return 1; /* the session stops before it writes */
    unit->bound = true;
    return 0;
}

static void note_step(struct unit *unit, const struct avrspi_step *step)
{
    const bool names = step->kind == AVRSPI_STEP_WRITE || step->kind == AVRSPI_STEP_VERIFY ||
                       step->kind == AVRSPI_STEP_READ;

    append(unit->steps, sizeof unit->steps, "%s%s%s%s=%.6f", *unit->steps ? " " : "",
           avrspi_step_name(step->kind), names ? "-" : "",
           names ? avrspi_memory_name(step->memory) : "", (double)step->took_ns / 1e9);
}

static void note_result(struct unit *unit, const struct avrspi_event *event)
{
    say_fuses(&event->result->before, unit->before);
    say_fuses(&event->result->after, unit->after);
}

static int watch(void *user, const struct avrspi_event *event)
{
    struct unit *unit = user;

    unit->ns = event->time_ns;
    if (event->chip) {
        (void)snprintf(unit->chip, sizeof unit->chip, "%s", avrspi_chip_name(event->chip));
        (void)ui_signature(avrspi_chip_signature(event->chip), unit->signature);
    }
    if (event->planned)
        return 0;
    if (event->kind == AVRSPI_EVENT_STEP_END)
        note_step(unit, event->step);
    if (event->kind == AVRSPI_EVENT_RESULT && event->result)
        note_result(unit, event);
    if (event->kind == AVRSPI_EVENT_STEP_BEGIN && event->step->kind == AVRSPI_STEP_WRITE &&
        event->step->memory == unit->recipe->serial.memory)
        return bind_number(unit);
    return 0;
}

/* --- beginning */

/* A bench gives stations names; elsewhere the port is one. */
static const char *station_of(const struct cli *cli)
{
    return cli->station ? cli->station : cli->config.port;
}

static int open_record(struct unit *unit, struct avrspi_error *error)
{
    const struct config *config = &unit->cli->config;
    const char *in_recipe = unit->recipe->record.value;
    const struct avrspi_unit_start start = {
        .station = station_of(unit->cli),
        .job = unit->cli->arguments[0],
        .digests = unit->digests,
    };
    int result;

    unit->record_path = config->record ? strdup(config->record)
                        : in_recipe    ? avrspi_recipe_path(unit->recipe, in_recipe)
                                       : NULL;
    if (!unit->record_path)
        return config->record || in_recipe ? avrspi_fail_memory(error) : 0;
    result = avrspi_record_open(&unit->record, unit->record_path, error);
    if (result == 0)
        result = avrspi_record_begin(unit->record, &start, &unit->id, error);
    return result;
}

/* Before the job: a log that can't be written is no reason to burn first. */
static int open_log(struct unit *unit, struct avrspi_error *error)
{
    unit->log = -1;
    if (!unit->log_path)
        return 0;
    unit->log = open(unit->log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    return unit->log >= 0 ? 0
                          : avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't write to '%.200s'",
                                              unit->log_path);
}

static int check_serial(const struct unit *unit, struct avrspi_error *error)
{
    if (!unit->recipe->serial_at.line || unit->record_path)
        return 0;
    avrspi_fail_named(error, AVRSPI_ERR_INPUT, unit->recipe->name,
                      ":%u: [serial]: expected a record for the numbers, found none",
                      unit->recipe->serial_at.line);
    avrspi_hint(error, "'record = units.db' in [unit], or --record units.db");
    return AVRSPI_ERR_INPUT;
}

int unit_begin(struct unit **unit, struct burn *burn, struct cli *cli, struct avrspi_error *error)
{
    struct unit *self = calloc(1, sizeof *self);
    const char *log = burn->recipe.log.value;
    int result;

    *unit = NULL;
    if (!self)
        return avrspi_fail_memory(error);
    self->cli = cli;
    self->recipe = &burn->recipe;
    self->log_path = cli->config.log ? strdup(cli->config.log)
                     : log           ? avrspi_recipe_path(&burn->recipe, log)
                                     : NULL;
    add_digests(self);
    result = open_log(self, error);
    if (result == 0)
        result = open_record(self, error);
    if (result == 0)
        result = check_serial(self, error);
    cli->watch = watch;
    cli->watcher = self;
    *unit = self;
    return result;
}

/* --- the number */

static int ask_command(struct unit *unit, char *printed, size_t size, struct avrspi_error *error)
{
    const struct avrspi_recipe *recipe = unit->recipe;
    struct avrspi_program program = {
        .folder = *recipe->folder ? recipe->folder : NULL,
        .timeout_ms = COMMAND_MS,
        .interrupt = &interrupted,
    };
    char **words;
    int result = avrspi_words_split(&words, recipe->serial.name, error);

    program.words = words;
    if (result == 0)
        result = avrspi_program_run(&program, printed, size, error);
    free(words);
    return result;
}

static int reserve(struct unit *unit, struct avrspi_error *error)
{
    const struct avrspi_serial_rule *rule = &unit->recipe->serial;
    char printed[2 * AVRSPI_SERIAL_LONGEST] = "", *path = NULL;
    int result = 0;

    if (rule->source == AVRSPI_SERIAL_COMMAND)
        result = ask_command(unit, printed, sizeof printed, error);
    else if (rule->source == AVRSPI_SERIAL_LIST)
        path = avrspi_recipe_path(unit->recipe, rule->name);
    if (result == 0)
        result =
            avrspi_serial_reserve(unit->record, rule, path, printed, unit->id, unit->number, error);
    unit->reserved = result == 0;
    if (result < 0)
        *unit->number = '\0';
    free(path);
    return result;
}

/* Of a unit that has one, and may keep it. */
static int find_kept(struct unit *unit, struct target *target, struct avrspi_error *error)
{
    const struct avrspi_serial_rule *rule = &unit->recipe->serial;
    uint8_t bytes[AVRSPI_SERIAL_LONGEST];
    int result;

    if (!rule->keep)
        return 0;
    result = avrspi_session_read(target->session, rule->memory, rule->address, bytes, rule->width,
                                 error);
    if (result == 0)
        (void)avrspi_serial_found(rule, bytes, unit->number);
    return result;
}

static void read_calibration(struct unit *unit, struct target *target)
{
    const uint32_t size = avrspi_memory_size(target_chip(target), AVRSPI_MEMORY_CALIBRATION);
    uint8_t data[MOST_CALIBRATION];

    if (size == 0 || size > sizeof data ||
        avrspi_session_read(target->session, AVRSPI_MEMORY_CALIBRATION, 0, data, size, NULL) < 0)
        return;
    for (uint32_t n = 0; n < size; n++)
        append(unit->calibration, sizeof unit->calibration, "%s%02X", n ? " " : "", data[n]);
}

int unit_number(struct unit *unit, struct target *target, const struct avrspi_contents *contents,
                const struct avrspi_contents **with, struct avrspi_error *error)
{
    int result = 0;

    *with = contents;
    if (unit->record || unit->log >= 0)
        read_calibration(unit, target);
    if (!unit->recipe->serial_at.line)
        return 0;
    result = find_kept(unit, target, error);
    if (result == 0 && !*unit->number)
        result = reserve(unit, error);
    if (result == 0)
        result = avrspi_recipe_serial(unit->recipe, target_chip(target), contents, unit->number,
                                      unit->id, &unit->with, error);
    if (result < 0)
        return result;
    *with = unit->with;
    ui_line(&unit->cli->ui, "serial", "%s", unit->number);
    ui_fact(&unit->cli->ui, "serial", ui_string(unit->number));
    return 0;
}

const char *unit_serial(const struct unit *unit)
{
    return unit ? unit->number : "";
}

/* --- the end */

static int exit_code(int result)
{
    return result == AVRSPI_ERR_INTERRUPTED ? 128 + (interrupted ? interrupted : SIGINT) : -result;
}

/* A line in one write: several processes may append to one log. */
static int write_log(struct unit *unit, const struct avrspi_unit_end *end, const char *verdict,
                     struct avrspi_error *error)
{
    char now[32], host[64];
    json_t *line;
    char *text;
    size_t size;
    int result = 0;

    avrspi_record_stamp(now, host);
    line = json_pack("{s:I, s:s, s:s, s:o, s:o, s:o, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:s, "
                     "s:i, s:s, s:o}",
                     "unit", (json_int_t)unit->id, "at", now, "host", host, "station",
                     ui_string(station_of(unit->cli)), "job", ui_string(unit->cli->arguments[0]),
                     "digests", ui_string(unit->digests), "chip", end->chip, "signature",
                     end->signature, "calibration", end->calibration, "serial", end->serial,
                     "fuses_before", end->fuses_before, "fuses_after", end->fuses_after, "steps",
                     end->steps, "seconds", ui_json_seconds(unit->ns), "verdict", verdict, "exit",
                     end->exit_code, "reason", end->reason, "message", ui_string(end->message));
    text = line ? json_dumps(line, JSON_COMPACT) : NULL;
    size = text ? strlen(text) : 0;
    json_decref(line);
    if (!text)
        return avrspi_fail_memory(error);
    text[size] = '\n'; /* where its NUL was */
    if (write(unit->log, text, size + 1) != (ssize_t)size + 1)
        result =
            avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't write to '%.200s'", unit->log_path);
    free(text);
    return result;
}

/* A number whose writing was never begun goes back. */
static int settle_number(struct unit *unit, int result, struct avrspi_error *error)
{
    if (!*unit->number || unit->bound)
        return 0;
    if (result == 0) /* the memory had it already */
        return avrspi_serial_bind(unit->record, &unit->recipe->serial, unit->number, unit->id,
                                  error);
    return unit->reserved
               ? avrspi_serial_release(unit->record, &unit->recipe->serial, unit->number, error)
               : 0;
}

static int write_end(struct unit *unit, int result, const struct avrspi_error *why,
                     struct avrspi_error *error)
{
    const struct avrspi_unit_end end = {
        .chip = unit->chip,
        .signature = unit->signature,
        .calibration = unit->calibration,
        .serial = unit->bound || result == 0 ? unit->number : "",
        .fuses_before = unit->before,
        .fuses_after = unit->after,
        .steps = unit->steps,
        .seconds = (double)unit->ns / 1e9,
        .exit_code = exit_code(result),
        .reason = result < 0 ? avrspi_err_name((enum avrspi_err)result) : "",
        .message = result < 0 ? why->message : "",
    };
    int done = unit->record ? avrspi_record_end(unit->record, unit->id, &end, error) : 0;

    if (done == 0 && unit->log >= 0)
        done = write_log(unit, &end, result < 0 ? "fail" : "pass", error);
    return done;
}

static void free_unit(struct unit *unit)
{
    unit->cli->watch = NULL;
    avrspi_contents_free(unit->with);
    avrspi_record_close(unit->record);
    if (unit->log >= 0)
        (void)close(unit->log);
    free(unit->record_path);
    free(unit->log_path);
    free(unit);
}

int unit_end(struct unit *unit, int result, struct avrspi_error *error)
{
    struct avrspi_error own = {0};
    int done;

    if (!unit)
        return result;
    if (result < 0 && unit->binding.code) { /* the reason why the session was stopped */
        *error = unit->binding;
        result = unit->binding.code;
    }
    done = unit->record ? settle_number(unit, result, &own) : 0;
    if (done == 0)
        done = write_end(unit, result, error, &own);
    if (unit->record)
        ui_fact(&unit->cli->ui, "unit", json_integer((json_int_t)unit->id));
    if (done < 0 && result < 0)
        ui_warn(&unit->cli->ui, "%s", own.message);
    if (done < 0 && result == 0) {
        *error = own;
        result = done;
    }
    free_unit(unit);
    return result;
}
