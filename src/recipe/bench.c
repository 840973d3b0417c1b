/* SPDX-License-Identifier: MIT */
#include "recipe/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/ini.h"
#include "base/text.h"

enum {
    MOST_STATIONS = 64,
    LONGEST_NAME = 24, /* so that a line of a terminal has room for more */
};

static const char station_prefix[] = "station ";

/* A file that is being read. */
struct reading {
    struct avrspi_bench *bench;
    struct avrspi_station *station; /* of the section, NULL in [bench] */
    unsigned section_line;
};

struct key {
    const char *name;
    size_t place; /* a char * in struct avrspi_bench or struct avrspi_station */
};

#define OF_BENCH(member)                                                                           \
    {                                                                                              \
#member, offsetof(struct avrspi_bench, member)                                             \
    }
#define OF_STATION(member)                                                                         \
    {                                                                                              \
#member, offsetof(struct avrspi_station, member)                                           \
    }

static const struct key bench_keys[] = {
    OF_BENCH(start), OF_BENCH(pass), OF_BENCH(fail), OF_BENCH(buzzer), {NULL, 0}};
static const struct key station_keys[] = {
    OF_STATION(port), OF_STATION(reset), OF_STATION(pass), OF_STATION(fail), {NULL, 0}};

/* --- stations */

/* The n-th is called 'name', or by its number; NULL when out of memory. */
static struct avrspi_station *add_station(struct avrspi_bench *bench, const char *name,
                                          unsigned line)
{
    const size_t count = bench->n_stations + 1;
    struct avrspi_station *more = realloc(bench->stations, count * sizeof *more);
    char number[24];

    if (!more)
        return NULL;
    (void)snprintf(number, sizeof number, "%zu", count);
    bench->stations = more;
    bench->n_stations = count;
    more[count - 1] = (struct avrspi_station){.name = strdup(name ? name : number), .line = line};
    return more[count - 1].name ? &more[count - 1] : NULL;
}

static int fail_many(struct avrspi_error *error, enum avrspi_err code)
{
    return avrspi_fail(error, code, "expected at most %d stations", MOST_STATIONS);
}

static int fail_station(const char *text, struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_USAGE, "expected 'PORT RESET' for --station, found '%.200s'",
                text);
    avrspi_hint(error, "as in --station '/dev/spidev0.0 GPIO25'");
    return AVRSPI_ERR_USAGE;
}

int avrspi_bench_add(struct avrspi_bench *bench, const char *text, struct avrspi_error *error)
{
    const char *rest = text, *port, *reset;
    size_t port_size, reset_size = 0, more;
    struct avrspi_station *station;

    port = avrspi_text_word(&rest, &port_size);
    reset = port ? avrspi_text_word(&rest, &reset_size) : NULL;
    if (!port || avrspi_text_word(&rest, &more))
        return fail_station(text, error);
    if (bench->n_stations == MOST_STATIONS)
        return fail_many(error, AVRSPI_ERR_USAGE);
    station = add_station(bench, NULL, 0);
    if (!station)
        return avrspi_fail_memory(error);
    station->port = strndup(port, port_size);
    station->reset = reset ? strndup(reset, reset_size) : NULL;
    if (!station->port || (reset && !station->reset))
        return avrspi_fail_memory(error);
    return 0;
}

/* --- sections and keys */

static int begin_station(struct reading *reading, const struct avrspi_ini_entry *entry,
                         struct avrspi_error *error)
{
    const char *name = entry->section + strlen(station_prefix);

    name += strspn(name, " ");
    if (!*name || strlen(name) > LONGEST_NAME)
        return avrspi_ini_expected(error, reading->bench->name, entry->section_line, name,
                                   "a station's name of at most 24 characters");
    for (size_t n = 0; n < reading->bench->n_stations; n++)
        if (strcmp(reading->bench->stations[n].name, name) == 0)
            return avrspi_ini_expected(error, reading->bench->name, entry->section_line, name,
                                       "every station once");
    if (reading->bench->n_stations == MOST_STATIONS)
        return fail_many(error, AVRSPI_ERR_INPUT);
    reading->station = add_station(reading->bench, name, entry->section_line);
    return reading->station ? 0 : avrspi_fail_memory(error);
}

static int begin_section(struct reading *reading, const struct avrspi_ini_entry *entry,
                         struct avrspi_error *error)
{
    reading->section_line = entry->section_line;
    reading->station = NULL;
    if (strcmp(entry->section, "bench") == 0)
        return 0;
    if (strncmp(entry->section, station_prefix, strlen(station_prefix)) == 0)
        return begin_station(reading, entry, error);
    return avrspi_ini_expected(
        error, reading->bench->name, entry->section_line ? entry->section_line : entry->line,
        *entry->section ? entry->section : entry->key, "[bench] or [station NAME]");
}

static int fail_key(const struct reading *reading, const struct avrspi_ini_entry *entry,
                    const struct key *keys, struct avrspi_error *error)
{
    struct avrspi_nearest nearest = avrspi_nearest_begin(entry->key);

    (void)avrspi_ini_expected(error, reading->bench->name, entry->line, entry->key,
                              reading->station ? "port, reset, pass or fail"
                                               : "start, pass, fail or buzzer");
    for (; keys->name; keys++)
        (void)avrspi_nearest_offer(&nearest, keys->name);
    if (nearest.name)
        avrspi_hint(error, "did you mean '%s'?", nearest.name);
    return AVRSPI_ERR_INPUT;
}

static int take(void *user, const struct avrspi_ini_entry *entry, struct avrspi_error *error)
{
    struct reading *reading = user;
    const char *file = reading->bench->name;
    const struct key *keys, *key;
    char what[64], **place;
    int result = 0;

    if (entry->section_line == 0 || entry->section_line != reading->section_line)
        result = begin_section(reading, entry, error);
    if (result < 0)
        return result;
    keys = key = reading->station ? station_keys : bench_keys;
    while (key->name && strcmp(key->name, entry->key) != 0)
        key++;
    if (!key->name)
        return fail_key(reading, entry, keys, error);
    place =
        (char **)(void *)((reading->station ? (char *)reading->station : (char *)reading->bench) +
                          key->place);
    if (*place)
        return avrspi_ini_expected(error, file, entry->line, entry->key,
                                   "every key of a section once");
    (void)snprintf(what, sizeof what, "%s for '%s'",
                   strcmp(key->name, "port") == 0 ? "a port" : "a GPIO line", key->name);
    if (!*entry->value)
        return avrspi_ini_expected(error, file, entry->line, NULL, what);
    *place = strdup(entry->value);
    return *place ? 0 : avrspi_fail_memory(error);
}

/* --- the whole */

static int check_whole(const struct avrspi_bench *bench, struct avrspi_error *error)
{
    if (bench->n_stations == 0)
        return avrspi_fail_named(error, AVRSPI_ERR_INPUT, bench->name,
                                 ": expected [station NAME], found none");
    for (size_t n = 0; n < bench->n_stations; n++)
        if (!bench->stations[n].port)
            return avrspi_fail_named(error, AVRSPI_ERR_INPUT, bench->name,
                                     ":%u: expected 'port' for station '%s', found none",
                                     bench->stations[n].line, bench->stations[n].name);
    return 0;
}

int avrspi_bench_parse(struct avrspi_bench *bench, const char *name, const char *text, size_t size,
                       struct avrspi_error *error)
{
    struct reading reading = {.bench = bench};
    const struct avrspi_ini ini = {.name = name, .take = take, .user = &reading};
    int result;

    *bench = (struct avrspi_bench){.name = strdup(name)};
    if (!bench->name)
        return avrspi_fail_memory(error);
    result = avrspi_ini_read(&ini, text, size, error);
    return result < 0 ? result : check_whole(bench, error);
}

int avrspi_bench_read(struct avrspi_bench *bench, const char *path, struct avrspi_error *error)
{
    char *text;
    size_t size;
    int result = avrspi_file_read(path, &text, &size, error);

    *bench = (struct avrspi_bench){0};
    if (result < 0)
        return result;
    result = avrspi_bench_parse(bench, path, text, size, error);
    free(text);
    return result;
}

void avrspi_bench_free(struct avrspi_bench *bench)
{
    for (size_t n = 0; n < bench->n_stations; n++) {
        free(bench->stations[n].name);
        free(bench->stations[n].port);
        free(bench->stations[n].reset);
        free(bench->stations[n].pass);
        free(bench->stations[n].fail);
    }
    free(bench->stations);
    free(bench->start);
    free(bench->pass);
    free(bench->fail);
    free(bench->buzzer);
    free(bench->name);
    *bench = (struct avrspi_bench){0};
}
