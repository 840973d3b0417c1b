/* SPDX-License-Identifier: MIT */
#include "traces.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "link/link.h"

struct recorder {
    struct avrspi_link_backend inner;
    struct record *record;
};

static struct event *add(struct record *record, enum event_kind kind, uint64_t value)
{
    static struct event spare; /* taken when memory is out; the record is then torn */

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

static int record_transfer(void *self, const uint8_t *out, uint8_t *in, size_t size,
                           struct avrspi_error *error)
{
    struct recorder *recorder = self;
    int result = recorder->inner.ops->transfer(recorder->inner.self, out, in, size, error);

    if (size % 4 != 0)
        recorder->record->torn = true;
    for (size_t n = 0; n + 4 <= size; n += 4) {
        struct event *event = add(recorder->record, EVENT_INSTRUCTION, 0);

        memcpy(event->out, out + n, 4);
        memcpy(event->in, in + n, 4);
    }
    return result;
}

static int record_set_speed(void *self, uint32_t hz, uint32_t *actual, struct avrspi_error *error)
{
    struct recorder *recorder = self;

    (void)add(recorder->record, EVENT_SPEED, hz);
    return recorder->inner.ops->set_speed(recorder->inner.self, hz, actual, error);
}

static int record_set_reset(void *self, bool active, struct avrspi_error *error)
{
    struct recorder *recorder = self;

    (void)add(recorder->record, EVENT_RESET, active);
    return recorder->inner.ops->set_reset(recorder->inner.self, active, error);
}

static void record_wait(void *self, uint64_t ns)
{
    struct recorder *recorder = self;

    (void)add(recorder->record, EVENT_WAIT, ns);
    recorder->inner.ops->wait(recorder->inner.self, ns);
}

static uint64_t record_now(const void *self)
{
    const struct recorder *recorder = self;

    return recorder->inner.ops->now(recorder->inner.self);
}

static uint64_t record_violations(const void *self, char *text, size_t size)
{
    const struct recorder *recorder = self;

    return recorder->inner.ops->violations(recorder->inner.self, text, size);
}

static int record_close(void *self, struct avrspi_error *error)
{
    struct recorder *recorder = self;
    int result = recorder->inner.ops->close(recorder->inner.self, error);

    free(recorder);
    return result;
}

static const struct avrspi_link_ops record_ops = {
    .transfer = record_transfer,
    .set_speed = record_set_speed,
    .set_reset = record_set_reset,
    .wait = record_wait,
    .now = record_now,
    .violations = record_violations,
    .close = record_close,
};

int record_open(struct avrspi_link **link, struct record *record, const char *chip,
                const struct avrspi_chips *chips, struct avrspi_error *error)
{
    struct recorder *recorder = calloc(1, sizeof *recorder);
    struct avrspi_link_backend backend = {.ops = &record_ops, .self = recorder};
    int result;

    if (!recorder)
        return avrspi_fail_memory(error);
    recorder->record = record;
    result = avrspi_link_open_sim(&recorder->inner, chip, chips, error);
    if (result < 0) {
        free(recorder);
        return result;
    }
    backend.max_transfer = recorder->inner.max_transfer;
    memcpy(backend.name, recorder->inner.name, sizeof backend.name);
    result = avrspi_link_wrap(link, &backend, error);
    if (result < 0)
        (void)record_close(recorder, NULL);
    return result;
}

void record_free(struct record *record)
{
    free(record->events);
}
