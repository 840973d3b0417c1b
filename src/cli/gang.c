/* SPDX-License-Identifier: MIT */
#include "cli/gang.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "cli/station_lines.h"
#include "link/bus.h"
#include "ui/group.h"

struct station {
    struct cli *cli; /* 'own', or that of the command where there is no other station */
    struct cli own;
    struct burn burn;
    struct station_lines lines;
    size_t bus; /* the first station that is on the same one */
    bool takes_part;
    int result;
    struct avrspi_error error;
};

struct gang {
    struct ui_group *group; /* NULL for one station */
    size_t n_stations;
    struct station station[];
};

/* --- opening */

/* Two simulated targets are on one bus only where both name it. */
static bool may_share(const char *port)
{
    return strncmp(port, "sim:", 4) != 0 || strstr(port, "bus=");
}

/* A bus that can't be opened now will be an error of the units at it. */
static void find_buses(struct gang *gang)
{
    for (size_t n = 0; n < gang->n_stations; n++)
        gang->station[n].bus = n;
    for (size_t n = 0; n < gang->n_stations; n++) {
        struct avrspi_bus *bus = NULL;
        const char *port = gang->station[n].cli->config.port;

        if (gang->station[n].bus != n || !may_share(port) || avrspi_bus_open(&bus, port, NULL) < 0)
            continue;
        for (size_t m = n + 1; m < gang->n_stations; m++)
            if (may_share(gang->station[m].cli->config.port) &&
                avrspi_bus_has(bus, gang->station[m].cli->config.port))
                gang->station[m].bus = n;
        avrspi_bus_close(bus);
    }
}

/* The lines of a station; the clock at XTAL1 is for all, and has its pin already. */
static int find_lines(struct station *station, struct avrspi_error *error)
{
    const struct avrspi_pwm_place *clock = &station->cli->xtal.place;
    int result = station_lines_find(&station->lines, station->cli, error);

    if (result == 0 && clock->pin)
        result = station_lines_check_clock(&station->lines, clock->name, error);
    return result;
}

static int check_lines(struct gang *gang, struct avrspi_error *error)
{
    int result = 0;

    for (size_t n = 0; result == 0 && n < gang->n_stations; n++) {
        struct station *station = &gang->station[n];

        result = find_lines(station, error);
        for (size_t m = 0; result == 0 && m < n; m++)
            result = station_lines_check(&gang->station[m].lines, &station->lines, error);
    }
    return result;
}

static void use_port(struct cli *cli, const struct avrspi_station *station)
{
    struct config *config = &cli->config;

    cli->station = station->name;
    config->port = station->port;
    config->source[OPT_PORT] = FROM_COMMAND_LINE;
    if (!station->reset)
        return;
    config->reset = station->reset;
    config->source[OPT_RESET] = FROM_COMMAND_LINE;
}

/* One of several says nothing by itself: what there is to say is in its JSON object. */
static int open_beside(struct gang *gang, size_t n, const struct cli *cli,
                       const struct avrspi_station *station, struct avrspi_error *error)
{
    struct station *self = &gang->station[n];

    self->cli = &self->own;
    self->own = *cli;
    ui_begin(&self->own.ui);
    self->own.ui.form = cli->ui.form == UI_FORM_LINES ? UI_FORM_LINES : UI_FORM_JSON;
    self->own.ui.terminal = false;
    self->own.ui.station = station->name;
    self->own.ui.group = gang->group;
    self->own.ui.line = n;
    use_port(&self->own, station);
    return burn_open(&self->burn, &self->own, error);
}

int gang_open(struct gang **gang, struct cli *cli, const struct avrspi_bench *bench,
              struct avrspi_error *error)
{
    const size_t count = bench && bench->n_stations ? bench->n_stations : 1;
    struct gang *self = calloc(1, sizeof *self + count * sizeof *self->station);
    int result = 0;

    *gang = self;
    if (!self)
        return avrspi_fail_memory(error);
    self->n_stations = count;
    for (size_t n = 0; n < count; n++)
        self->station[n].takes_part = true;
    if (count == 1) {
        self->station[0].cli = cli;
        if (bench && bench->n_stations)
            use_port(cli, &bench->stations[0]);
        result = find_lines(&self->station[0], error);
        return result < 0 ? result : burn_open(&self->station[0].burn, cli, error);
    }
    self->group = ui_group_new(&cli->ui, count);
    if (!self->group)
        return avrspi_fail_memory(error);
    for (size_t n = 0; result == 0 && n < count; n++)
        result = open_beside(self, n, cli, &bench->stations[n], error);
    if (result < 0)
        return result;
    result = check_lines(self, error);
    if (result < 0)
        return result;
    ui_pass_on(&cli->ui, &self->station[0].own.ui, NULL); /* what is odd about the files */
    find_buses(self);
    return 0;
}

void gang_close(struct gang *gang)
{
    if (!gang)
        return;
    for (size_t n = 0; n < gang->n_stations; n++) {
        burn_close(&gang->station[n].burn);
        if (gang->station[n].cli == &gang->station[n].own)
            ui_end(&gang->station[n].own.ui);
    }
    ui_group_free(gang->group);
    free(gang);
}

size_t gang_size(const struct gang *gang)
{
    return gang->n_stations;
}

bool gang_has_work(const struct gang *gang)
{
    return burn_has_work(&gang->station[0].burn);
}

struct cli *gang_cli(struct gang *gang, size_t n)
{
    return gang->station[n].cli;
}

void gang_take(struct gang *gang, size_t n, bool takes_part)
{
    gang->station[n].takes_part = takes_part;
}

bool gang_takes(const struct gang *gang, size_t n)
{
    return gang->station[n].takes_part;
}

int gang_result(const struct gang *gang, size_t n, const struct avrspi_error **error)
{
    *error = &gang->station[n].error;
    return gang->station[n].result;
}

/* --- a round */

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

/* "ATmega328P  serial 42  0.31 s", or why it failed */
static void say_end(const struct station *station, char *text, size_t size)
{
    const json_t *facts = station->own.ui.root;
    const double seconds = json_real_value(json_object_get(facts, "seconds"));
    const char *serial = text_of(facts, "serial");
    char time[UI_TEXT];

    if (station->result < 0)
        (void)snprintf(text, size, "%s", station->error.message);
    else
        (void)snprintf(text, size, "%s%s%s  %s", text_of(facts, "chip"), *serial ? "  serial " : "",
                       serial, ui_seconds((uint64_t)(seconds * 1e9), time));
}

static void burn_at(struct gang *gang, size_t n)
{
    struct station *station = &gang->station[n];
    char text[sizeof station->error.message];

    station->error = (struct avrspi_error){0};
    station->result = burn_unit(&station->burn, station->cli, &station->error);
    if (!gang->group)
        return;
    say_end(station, text, sizeof text);
    ui_group_end(gang->group, n, station->result == 0, text);
}

/* The stations of one bus. */
struct turn {
    struct gang *gang;
    size_t bus;
    pthread_t thread;
    bool started;
};

static void *burn_in_turn(void *user)
{
    const struct turn *turn = user;
    struct gang *gang = turn->gang;

    for (size_t n = turn->bus; n < gang->n_stations; n++)
        if (gang->station[n].bus == turn->bus && gang->station[n].takes_part)
            burn_at(gang, n);
    return NULL;
}

static void begin_lines(struct gang *gang)
{
    for (size_t n = 0; n < gang->n_stations; n++) {
        if (!gang->station[n].takes_part)
            continue;
        (void)json_object_clear(gang->station[n].own.ui.root);
        ui_group_begin(gang->group, n, gang->station[n].cli->station);
    }
}

void gang_round(struct gang *gang)
{
    struct turn *turns = calloc(gang->n_stations, sizeof *turns);

    if (gang->group)
        begin_lines(gang);
    for (size_t n = 0; n < gang->n_stations; n++) {
        struct turn here = {.gang = gang, .bus = n};

        if (gang->station[n].bus != n)
            continue;
        if (turns)
            turns[n] = here;
        if (turns && gang->n_stations > 1)
            turns[n].started = pthread_create(&turns[n].thread, NULL, burn_in_turn, &turns[n]) == 0;
        if (!turns || !turns[n].started) /* later than it might be, but burned */
            (void)burn_in_turn(&here);
    }
    for (size_t n = 0; turns && n < gang->n_stations; n++)
        if (turns[n].started)
            (void)pthread_join(turns[n].thread, NULL);
    if (gang->group)
        ui_group_leave(gang->group);
    free(turns);
}
