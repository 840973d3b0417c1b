/* SPDX-License-Identifier: MIT */
#include "traces.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link/tap.h"

static struct event *add(struct record *record, enum event_kind kind, uint64_t value)
{
    static struct event spare; /* taken when out of memory; the record is then torn */

    if (record->count == record->room) {
        size_t room = record->room ? record->room * 2 : 256;
        struct event *events = realloc(record->events, room * sizeof *events);

        if (!events) {
            record->torn = true;
            return &spare;
        }
        record->events = events;
        record->room = room;
    }
    record->events[record->count] = (struct event){.kind = kind, .value = value};
    return &record->events[record->count++];
}

static void on_answer(void *user, const uint8_t *out, uint8_t *in, size_t size)
{
    struct record *record = user;

    if (size % 4 != 0)
        record->torn = true;
    for (size_t n = 0; n + 4 <= size; n += 4) {
        struct event *event = add(record, EVENT_INSTRUCTION, 0);

        memcpy(event->out, out + n, 4);
        memcpy(event->in, in + n, 4);
    }
}

static int on_set_speed(void *user, uint32_t hz, struct avrspi_error *error)
{
    (void)error;
    (void)add(user, EVENT_SPEED, hz);
    return 0;
}

static int on_set_reset(void *user, bool active, struct avrspi_error *error)
{
    (void)error;
    (void)add(user, EVENT_RESET, active);
    return 0;
}

static uint64_t on_wait(void *user, uint64_t ns)
{
    (void)add(user, EVENT_WAIT, ns);
    return ns;
}

static const struct avrspi_tap_hooks hooks = {
    .set_speed = on_set_speed,
    .set_reset = on_set_reset,
    .wait = on_wait,
    .answer = on_answer,
};

int record_open(struct avrspi_link **link, struct record *record, const char *chip,
                const struct avrspi_chips *chips, struct avrspi_error *error)
{
    const struct avrspi_tap_config tap = {.hooks = &hooks, .user = record};
    char port[80];
    const struct avrspi_link_config config = {.port = port, .chips = chips};
    struct avrspi_link *inner;
    int result;

    (void)snprintf(port, sizeof port, "sim:%s", chip);
    result = avrspi_link_open(&inner, &config, error);
    if (result == 0)
        result = avrspi_tap_new(link, inner, &tap, error);
    if (result < 0)
        (void)avrspi_link_close(inner, NULL);
    return result;
}

void record_free(struct record *record)
{
    free(record->events);
}
