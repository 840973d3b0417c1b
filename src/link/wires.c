/* SPDX-License-Identifier: MIT */
#include "link/wires.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "host/wires.h"
#include "link/again.h"
#include "link/request.h"

enum {
    ROUNDS = 8, /* of measuring; the fastest counts */
    BITS = 8,   /* in each */
};

struct avrspi_wires {
    struct avrspi_line_found found[AVRSPI_WIRES];
    struct avrspi_request *request[AVRSPI_WIRES]; /* of a wire; one may have several */
    bool mosi;                                    /* its level */
};

/* --- finding the lines */

static int fail_same(const struct avrspi_wires *wires,
                     const struct avrspi_line_words words[AVRSPI_WIRES], unsigned a, unsigned b,
                     struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_USAGE, "the %s and the %s are the same, '%s'", words[a].use->name,
                words[b].use->name, wires->found[b].names.key);
    avrspi_hint(error, "each wire to the target has a line of its own");
    return AVRSPI_ERR_USAGE;
}

static int check_line(const struct avrspi_wires *wires,
                      const struct avrspi_line_words words[AVRSPI_WIRES], unsigned wire,
                      struct avrspi_error *error)
{
    for (unsigned n = 0; n < wire; n++)
        if (strcmp(wires->found[n].names.key, wires->found[wire].names.key) == 0)
            return fail_same(wires, words, n, wire, error);
    return 0;
}

static void close_chips(struct avrspi_wires *wires)
{
    for (unsigned n = 0; n < AVRSPI_WIRES; n++)
        avrspi_line_drop(&wires->found[n]);
}

static int find_lines(struct avrspi_wires *wires,
                      const struct avrspi_line_words words[AVRSPI_WIRES],
                      struct avrspi_error *error)
{
    for (unsigned n = 0; n < AVRSPI_WIRES; n++) {
        int result = avrspi_line_find(&wires->found[n], &words[n], error);

        if (result == 0)
            result = check_line(wires, words, n, error);
        if (result < 0)
            return result;
    }
    return 0;
}

bool avrspi_wires_are(const struct avrspi_wires *wires,
                      const struct avrspi_line_words words[AVRSPI_WIRES])
{
    bool same = true;

    for (unsigned n = 0; n < AVRSPI_WIRES && same; n++) {
        struct avrspi_line_found found;

        if (avrspi_line_find(&found, &words[n], NULL) < 0)
            return false;
        same = strcmp(found.names.key, wires->found[n].names.key) == 0;
        avrspi_line_drop(&found);
    }
    return same;
}

/* --- requesting them */

static bool on_one_chip(const struct avrspi_line_found *a, const struct avrspi_line_found *b)
{
    return strcmp(a->chip_name, b->chip_name) == 0;
}

/* Whether a wire goes into a request that begins with another one. */
static bool go_together(const struct avrspi_wires *wires, unsigned first, unsigned wire)
{
    return on_one_chip(&wires->found[first], &wires->found[wire]) &&
           (avrspi_request_is_mixed || (wire == AVRSPI_WIRE_MISO) == (first == AVRSPI_WIRE_MISO));
}

/* The line that somebody holds, else the first. */
static int fail_request(const struct avrspi_wires *wires,
                        const struct avrspi_line_words words[AVRSPI_WIRES], unsigned first,
                        struct avrspi_error *error)
{
    int sys_errno = errno;
    unsigned culprit = first;

    for (unsigned n = AVRSPI_WIRES; n-- > first && sys_errno == EBUSY;)
        if (!wires->request[n] && avrspi_line_is_held(&wires->found[n]))
            culprit = n;
    errno = sys_errno;
    return avrspi_line_fail_found(&wires->found[culprit], &words[culprit], error);
}

/* Requests a wire's line, and those that go with it. */
static int request_from(struct avrspi_wires *wires,
                        const struct avrspi_line_words words[AVRSPI_WIRES], unsigned first,
                        struct avrspi_error *error)
{
    struct avrspi_request_words wanted = {.n_outputs = 0};
    bool taken[AVRSPI_WIRES] = {false};
    struct avrspi_request *request;

    for (unsigned n = first; n < AVRSPI_WIRES; n++) {
        taken[n] = !wires->request[n] && go_together(wires, first, n);
        if (taken[n] && n == AVRSPI_WIRE_MISO)
            wanted.inputs[wanted.n_inputs++] = wires->found[n].offset;
        else if (taken[n])
            wanted.outputs[wanted.n_outputs++] = wires->found[n].offset;
    }
    if (!avrspi_request_open(&request, wires->found[first].chip, &wanted))
        return fail_request(wires, words, first, error);
    for (unsigned n = first; n < AVRSPI_WIRES; n++)
        if (taken[n])
            wires->request[n] = request;
    return 0;
}

/* Each request once. */
static void close_requests(struct avrspi_wires *wires)
{
    for (unsigned n = 0; n < AVRSPI_WIRES; n++) {
        struct avrspi_request *request = wires->request[n];

        for (unsigned other = n; other < AVRSPI_WIRES; other++)
            if (wires->request[other] == request)
                wires->request[other] = NULL;
        avrspi_request_close(request);
    }
}

int avrspi_wires_open(struct avrspi_wires **wires,
                      const struct avrspi_line_words words[AVRSPI_WIRES],
                      struct avrspi_error *error)
{
    struct avrspi_wires *self = calloc(1, sizeof *self);
    int result;

    if (!self)
        return avrspi_fail_memory(error);
    result = find_lines(self, words, error);
    for (unsigned n = 0; n < AVRSPI_WIRES && result == 0; n++)
        if (!self->request[n])
            result = request_from(self, words, n, error);
    if (result < 0) {
        avrspi_wires_close(self);
        return result;
    }
    *wires = self;
    return 0;
}

void avrspi_wires_close(struct avrspi_wires *wires)
{
    if (!wires)
        return;
    close_requests(wires);
    close_chips(wires);
    free(wires);
}

/* --- what is known of them */

const char *avrspi_wires_name(const struct avrspi_wires *wires, enum avrspi_wire wire)
{
    return wires->found[wire].names.name;
}

const char *avrspi_wires_key(const struct avrspi_wires *wires, enum avrspi_wire wire)
{
    return wires->found[wire].names.key;
}

int avrspi_wires_miso_pull(const struct avrspi_wires *wires)
{
    const struct avrspi_line_found *miso = &wires->found[AVRSPI_WIRE_MISO];

    return avrspi_host_default_pull("", miso->label, miso->offset);
}

/* --- their levels */

static bool set_outputs(struct avrspi_request *request, const bool *values)
{
    bool set;

    do {
        set = avrspi_request_set(request, values);
    } while (avrspi_call_again(set ? 0 : -1));
    return set;
}

/* SCK falls and MOSI changes together: the target takes MOSI when SCK rises. */
bool avrspi_wires_set(struct avrspi_wires *wires, bool sck, bool mosi)
{
    struct avrspi_request *clock = wires->request[AVRSPI_WIRE_SCK];
    struct avrspi_request *data = wires->request[AVRSPI_WIRE_MOSI];
    bool changes = mosi != wires->mosi;

    wires->mosi = mosi;
    if (clock == data)
        return set_outputs(clock, (const bool[]){sck, mosi});
    return set_outputs(clock, &sck) && (!changes || set_outputs(data, &mosi));
}

int avrspi_wires_get(struct avrspi_wires *wires)
{
    int level;

    do {
        level = avrspi_request_get(wires->request[AVRSPI_WIRE_MISO]);
    } while (avrspi_call_again(level));
    return level;
}

/* How long one of several calls took; 0: one failed. */
static uint64_t time_sets(struct avrspi_wires *wires)
{
    const uint64_t began = avrspi_clock_now();

    for (unsigned n = 0; n < 2 * BITS; n++)
        if (!avrspi_wires_set(wires, false, wires->mosi))
            return 0;
    return (avrspi_clock_now() - began) / (2 * BITS) + 1;
}

static uint64_t time_gets(struct avrspi_wires *wires)
{
    const uint64_t began = avrspi_clock_now();

    for (unsigned n = 0; n < BITS; n++)
        if (avrspi_wires_get(wires) < 0)
            return 0;
    return (avrspi_clock_now() - began) / BITS + 1;
}

int avrspi_wires_measure(struct avrspi_wires *wires, struct avrspi_wires_cost *cost,
                         struct avrspi_error *error)
{
    *cost = (struct avrspi_wires_cost){UINT64_MAX, UINT64_MAX};
    for (unsigned n = 0; n < ROUNDS; n++) {
        uint64_t set_ns = time_sets(wires), get_ns = set_ns ? time_gets(wires) : 0;

        if (!get_ns)
            return avrspi_fail_errno(error, AVRSPI_ERR_DEVICE, "can't drive SCK and read MISO");
        if (set_ns < cost->set_ns)
            cost->set_ns = set_ns;
        if (get_ns < cost->get_ns)
            cost->get_ns = get_ns;
    }
    return 0;
}
