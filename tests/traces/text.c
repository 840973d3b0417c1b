/* SPDX-License-Identifier: MIT */
/*
 * A record as text: a line for each thing that happened. Instructions that follow one another
 * with nothing changed but an address that counts up (blank stretches of a memory) are folded:
 * the first stands for all, or the first two where low and high bytes take turns. Waits and
 * polls up to the end of a write are one line, however they share the time: that is a matter of
 * speed, which is measured elsewhere.
 */
#include "traces.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    LEAST_FOLD = 4, /* repetitions that are worth a line of their own */
};

static uint32_t address_of(const struct event *event)
{
    return (uint32_t)event->out[1] << 8 | event->out[2];
}

/* Whether what came back is what the wire must bring back, but for the answer. */
static bool is_in_step(const struct event *event)
{
    return event->in[1] == event->out[0] && event->in[2] == event->out[1];
}

/* Whether the answers are alike: the same, or each the echo of the byte before. */
static bool same_answer(const struct event *a, const struct event *b)
{
    return a->in[3] == b->in[3] || (a->in[3] == a->out[2] && b->in[3] == b->out[2]);
}

static bool repeats(const struct event *a, const struct event *b, uint32_t step)
{
    return a->kind == EVENT_INSTRUCTION && b->kind == EVENT_INSTRUCTION && is_in_step(a) &&
           is_in_step(b) && a->out[0] == b->out[0] && a->out[3] == b->out[3] && same_answer(a, b) &&
           address_of(b) == address_of(a) + step;
}

/* How often the 'period' instructions from 'at' on are repeated. */
static size_t repetitions(const struct record *record, size_t at, size_t period, uint32_t step)
{
    size_t n = at + period;

    while (n < record->count && repeats(&record->events[n - period], &record->events[n], step))
        n++;
    return (n - at) / period - 1;
}

static bool print_instruction(FILE *file, const struct event *event, const struct table *table)
{
    const struct row *row = table_find(table, event->out);

    (void)fprintf(file, "%02X %02X %02X %02X  > %02X %02X %02X %02X   %s\n", event->out[0],
                  event->out[1], event->out[2], event->out[3], event->in[0], event->in[1],
                  event->in[2], event->in[3], row ? row->name : "NOT IN THE TABLE");
    return row != NULL;
}

/* Returns how many of the instructions from 'at' on are not in the table. */
static size_t print_instructions(FILE *file, const struct record *record, size_t at, size_t count,
                                 const struct table *table)
{
    size_t unknown = 0;

    for (size_t n = at; n < at + count; n++)
        unknown += !print_instruction(file, &record->events[n], table);
    return unknown;
}

static size_t count_unknown(const struct record *record, size_t at, size_t count,
                            const struct table *table)
{
    size_t unknown = 0;

    for (size_t n = at; n < at + count; n++)
        unknown += table_find(table, record->events[n].out) == NULL;
    return unknown;
}

/* Prints what can be folded from 'at' on; returns how many events that took, 0 for none. */
static size_t print_folded(FILE *file, const struct record *record, size_t at,
                           const struct table *table, size_t *unknown)
{
    for (size_t period = 1; period <= 2; period++) {
        for (uint32_t step = 0; step <= 1; step++) {
            size_t times = repetitions(record, at, period, step);

            if (times < LEAST_FOLD)
                continue;
            *unknown += print_instructions(file, record, at, period, table);
            *unknown += count_unknown(record, at + period, times * period, table);
            (void)fprintf(file, "  ... x %zu%s\n", times, step ? ", address + 1 each" : "");
            return (times + 1) * period;
        }
    }
    return 0;
}

static bool is_poll(const struct event *event)
{
    static const uint8_t poll[4] = {0xF0, 0x00, 0x00, 0x00};

    return event->kind == EVENT_INSTRUCTION && memcmp(event->out, poll, 4) == 0 &&
           is_in_step(event) && event->in[3] <= 1;
}

/* Prints waits and polls that end with 'ready'; returns how many events that took, 0 for none. */
static size_t print_polls(FILE *file, const struct record *record, size_t at,
                          const struct table *table)
{
    size_t n = at;

    while (n < record->count &&
           (record->events[n].kind == EVENT_WAIT || is_poll(&record->events[n])))
        n++;
    while (n > at && record->events[n - 1].kind == EVENT_WAIT)
        n--;
    if (n == at || record->events[n - 1].in[3] != 0 ||
        !table_find(table, record->events[n - 1].out))
        return 0;
    (void)fprintf(file, "  waits, and polls RDY/BSY with F0 00 00 00, until ready\n");
    return n - at;
}

static void print_wait(FILE *file, uint64_t ns)
{
    (void)fprintf(file, "wait %" PRIu64, ns / 1000);
    if (ns % 1000)
        (void)fprintf(file, ".%03u", (unsigned)(ns % 1000));
    (void)fprintf(file, " us\n");
}

/* The speed is set more often than it changes. */
static void print_speed(FILE *file, const struct record *record, size_t at)
{
    size_t before = at;

    while (before > 0 && record->events[before - 1].kind != EVENT_SPEED)
        before--;
    if (before == 0 || record->events[before - 1].value != record->events[at].value)
        (void)fprintf(file, "SCK %" PRIu64 " Hz\n", record->events[at].value);
}

static size_t print_event(FILE *file, const struct record *record, size_t at,
                          const struct table *table, size_t *unknown)
{
    const struct event *event = &record->events[at];
    size_t taken = print_polls(file, record, at, table);

    if (taken)
        return taken;
    switch (event->kind) {
    case EVENT_RESET:
        (void)fprintf(file, "RESET %s\n", event->value ? "low" : "high");
        return 1;
    case EVENT_WAIT:
        print_wait(file, event->value);
        return 1;
    case EVENT_SPEED:
        print_speed(file, record, at);
        return 1;
    case EVENT_INSTRUCTION:
        break;
    }
    taken = print_folded(file, record, at, table, unknown);
    if (taken)
        return taken;
    *unknown += print_instructions(file, record, at, 1, table);
    return 1;
}

char *record_text(const struct record *record, const struct table *table, size_t *unknown)
{
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);

    *unknown = 0;
    if (!file)
        return NULL;
    (void)fprintf(file, "# %s, its instructions held against the datasheet: %s\n", table->chip,
                  table->source);
    (void)fprintf(file, "# Four bytes out > four bytes in, and the name of the instruction.\n");
    for (size_t at = 0; at < record->count;)
        at += print_event(file, record, at, table, unknown);
    return fclose(file) == 0 ? text : NULL;
}
