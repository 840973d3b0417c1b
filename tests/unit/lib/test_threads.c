/* SPDX-License-Identifier: MIT */
/*
 * Sessions in two threads at once, by what the shared library exports. Assertions are made in the
 * main thread, when the others are over.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "avrspi/avrspi.h"

enum {
    STATIONS = 2,
    LARGEST = 12000, /* bytes of flash */
    ROUNDS = 2,
};

/* What the two threads share. */
struct bench {
    struct avrspi_chips *chips;
    struct avrspi_bus *bus; /* NULL: each has its own */
    pthread_mutex_t turn;   /* with 'bus': whose session it is */
    pthread_barrier_t start;
};

struct station {
    struct bench *bench;
    const char *name;
    const char *port;
    size_t size; /* of the data */
    uint8_t seed;
    bool stop; /* at the first progress */

    pthread_t thread;
    uint8_t data[LARGEST], found[LARGEST];
    unsigned events[AVRSPI_EVENTS];
    unsigned strays; /* events of another session, or in another thread */
    struct avrspi_job_result job;
    int result;
    struct avrspi_error error;
    int closed;
    uint64_t violations;
    char chip[32];
};

static int count_event(void *user, const struct avrspi_event *event)
{
    struct station *station = user;

    station->events[event->kind]++;
    if (strcmp(event->station, station->name) != 0 ||
        !pthread_equal(pthread_self(), station->thread))
        station->strays++;
    return station->stop && event->kind == AVRSPI_EVENT_PROGRESS;
}

static int flash_and_read(struct station *station, struct avrspi_session *session,
                          struct avrspi_error *error)
{
    struct avrspi_image *image = avrspi_image_new();
    struct avrspi_request request = {.flash = image, .erase = true, .verify = true};
    int result = image ? 0 : AVRSPI_ERR_FAILURE;

    if (result == 0)
        result = avrspi_image_put(image, 0, station->data, station->size, error);
    if (result == 0)
        result = avrspi_session_identify(session, error);
    if (result == 0)
        result = avrspi_job_run(session, &request, &station->job, error);
    if (result == 0)
        result = avrspi_session_read(session, AVRSPI_MEMORY_FLASH, 0, station->found, station->size,
                                     error);
    if (avrspi_session_chip(session))
        (void)strncpy(station->chip, avrspi_chip_name(avrspi_session_chip(session)),
                      sizeof station->chip - 1);
    avrspi_image_free(image);
    return result;
}

static int work(struct station *station, struct avrspi_link *link, struct avrspi_error *error)
{
    const struct avrspi_session_config config = {
        .link = link,
        .chips = station->bench->chips,
        .station = station->name,
        .event = count_event,
        .user = station,
    };
    struct avrspi_session *session;
    int result = avrspi_session_open(&session, &config, error);

    if (result == 0)
        result = flash_and_read(station, session, error);
    station->closed = avrspi_session_close(session, NULL);
    return result;
}

static void *run_station(void *argument)
{
    struct station *station = argument;
    struct bench *bench = station->bench;
    const struct avrspi_link_config config = {
        .port = station->port, .chips = bench->chips, .bus = bench->bus};
    struct avrspi_link *link;

    station->thread = pthread_self();
    (void)pthread_barrier_wait(&bench->start);
    station->result = avrspi_link_open(&link, &config, &station->error);
    if (station->result < 0)
        return NULL;
    if (bench->bus)
        (void)pthread_mutex_lock(&bench->turn);
    station->result = work(station, link, &station->error);
    if (bench->bus)
        (void)pthread_mutex_unlock(&bench->turn);
    station->violations = avrspi_link_violations(link, NULL, 0);
    if (avrspi_link_close(link, NULL) < 0)
        station->closed = -1;
    return NULL;
}

static void run_both(struct station stations[STATIONS], const char *bus)
{
    struct bench bench = {.turn = PTHREAD_MUTEX_INITIALIZER};
    pthread_t threads[STATIONS];

    assert_int_equal(avrspi_chips_open(&bench.chips, NULL), 0);
    if (bus)
        assert_int_equal(avrspi_bus_open(&bench.bus, bus, NULL), 0);
    assert_int_equal(pthread_barrier_init(&bench.start, NULL, STATIONS), 0);
    for (unsigned n = 0; n < STATIONS; n++) {
        stations[n].bench = &bench;
        for (size_t i = 0; i < stations[n].size; i++)
            stations[n].data[i] = (uint8_t)(i * 7 % 251 + stations[n].seed);
        assert_int_equal(pthread_create(&threads[n], NULL, run_station, &stations[n]), 0);
    }
    for (unsigned n = 0; n < STATIONS; n++)
        assert_int_equal(pthread_join(threads[n], NULL), 0);
    (void)pthread_barrier_destroy(&bench.start);
    avrspi_bus_close(bench.bus);
    avrspi_chips_close(bench.chips);
}

static void assert_clean(const struct station *station, const char *chip)
{
    assert_string_equal(station->chip, chip);
    assert_int_equal(station->closed, 0);
    assert_int_equal(station->violations, 0);
    assert_int_equal(station->strays, 0);
    assert_int_equal(station->events[AVRSPI_EVENT_IDENTIFIED], 1);
}

static void assert_flashed(const struct station *station, const char *chip)
{
    if (station->result < 0)
        fail_msg("%s: %s", station->name, station->error.message);
    assert_clean(station, chip);
    assert_true(station->job.erased);
    assert_true(station->job.flash.verified);
    assert_int_equal(station->job.flash.bytes, station->size);
    assert_memory_equal(station->found, station->data, station->size);
    assert_int_equal(station->events[AVRSPI_EVENT_PLAN], 1);
    assert_true(station->events[AVRSPI_EVENT_PROGRESS] > 0);
    assert_int_equal(station->events[AVRSPI_EVENT_RESULT], 1);
}

static void sessions_in_two_threads(void **state)
{
    (void)state;
    for (unsigned n = 0; n < ROUNDS; n++) {
        struct station stations[STATIONS] = {
            {.name = "left", .port = "sim:atmega328p", .size = LARGEST, .seed = 1},
            {.name = "right", .port = "sim:attiny85", .size = 4000, .seed = 2},
        };

        run_both(stations, NULL);
        assert_flashed(&stations[0], "ATmega328P");
        assert_flashed(&stations[1], "ATtiny85");
    }
}

static void sessions_in_two_threads_take_turns_on_one_bus(void **state)
{
    (void)state;
    for (unsigned n = 0; n < ROUNDS; n++) {
        struct station stations[STATIONS] = {
            {.name = "left", .port = "sim:atmega328p,bus=a,reset=x", .size = LARGEST, .seed = 3},
            {.name = "right", .port = "sim:atmega8,bus=a,reset=y", .size = 4000, .seed = 4},
        };

        run_both(stations, "sim:bus=a");
        assert_flashed(&stations[0], "ATmega328P");
        assert_flashed(&stations[1], "ATmega8");
    }
}

static void callback_stops_its_own_session_only(void **state)
{
    struct station stations[STATIONS] = {
        {.name = "left", .port = "sim:atmega328p", .size = LARGEST, .seed = 5, .stop = true},
        {.name = "right", .port = "sim:atmega328p", .size = LARGEST, .seed = 6},
    };

    (void)state;
    run_both(stations, NULL);
    assert_int_equal(stations[0].result, AVRSPI_ERR_INTERRUPTED);
    assert_int_equal(stations[0].error.code, AVRSPI_ERR_INTERRUPTED);
    assert_int_equal(stations[0].events[AVRSPI_EVENT_PROGRESS], 1);
    assert_clean(&stations[0], "ATmega328P");
    assert_flashed(&stations[1], "ATmega328P");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_in_two_threads),
        cmocka_unit_test(sessions_in_two_threads_take_turns_on_one_bus),
        cmocka_unit_test(callback_stops_its_own_session_only),
    };

    return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}
