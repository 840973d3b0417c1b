/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

static bool breaks(unsigned *countdown)
{
    return *countdown > 0 && --*countdown == 0;
}

static int fail(struct avrspi_error *error)
{
    return avrspi_fail(error, AVRSPI_ERR_DEVICE, "the wire broke");
}

static int remember(struct wire *wire, const uint8_t *out, size_t size, struct avrspi_error *error)
{
    size_t needed = wire->n_sent + size / 4;

    if (needed > wire->room) {
        size_t room = needed * 2;
        uint8_t(*larger)[4] = realloc(wire->sent, room * sizeof *larger);

        if (!larger)
            return avrspi_fail_memory(error);
        wire->sent = larger;
        wire->room = room;
    }
    memcpy(wire->sent + wire->n_sent, out, size / 4 * 4);
    wire->n_sent = needed;
    wire->transfers++;
    if (size > wire->largest)
        wire->largest = size;
    return 0;
}

static int wire_transfer(void *self, const uint8_t *out, uint8_t *in, size_t size,
                         struct avrspi_error *error)
{
    struct wire *wire = self;
    int result;

    if (breaks(&wire->broken_transfer))
        return fail(error);
    result = remember(wire, out, size, error);
    if (result == 0)
        result = wire->inner.ops->transfer(wire->inner.self, out, in, size, error);
    for (size_t n = 0; result == 0 && wire->tamper && n + 4 <= size; n += 4)
        wire->tamper(wire->user, out + n, in + n);
    return result;
}

static int wire_set_speed(void *self, uint32_t hz, uint32_t *actual, struct avrspi_error *error)
{
    struct wire *wire = self;

    if (breaks(&wire->broken_speed))
        return fail(error);
    return wire->inner.ops->set_speed(wire->inner.self, hz, actual, error);
}

static int wire_set_reset(void *self, bool active, struct avrspi_error *error)
{
    struct wire *wire = self;

    if (breaks(&wire->broken_reset))
        return fail(error);
    return wire->inner.ops->set_reset(wire->inner.self, active, error);
}

static void wire_wait(void *self, uint64_t ns)
{
    struct wire *wire = self;

    wire->inner.ops->wait(wire->inner.self, ns + wire->late_ns);
}

static uint64_t wire_now(const void *self)
{
    const struct wire *wire = self;

    return wire->inner.ops->now(wire->inner.self);
}

static uint64_t wire_violations(const void *self, char *text, size_t size)
{
    const struct wire *wire = self;

    return wire->inner.ops->violations(wire->inner.self, text, size);
}

static int wire_close(void *self, struct avrspi_error *error)
{
    struct wire *wire = self;
    int result = wire->inner.ops->close(wire->inner.self, error);

    free(wire->sent);
    free(wire);
    return result;
}

static const struct avrspi_link_ops wire_ops = {
    .transfer = wire_transfer,
    .set_speed = wire_set_speed,
    .set_reset = wire_set_reset,
    .wait = wire_wait,
    .now = wire_now,
    .violations = wire_violations,
    .close = wire_close,
};

int wire_open(struct avrspi_link **link, struct wire **wire, const char *words, size_t max_transfer,
              const struct avrspi_chips *chips, struct avrspi_error *error)
{
    struct wire *self = calloc(1, sizeof *self);
    struct avrspi_link_backend outer = {.ops = &wire_ops, .self = self};
    int result;

    if (!self)
        return avrspi_fail_memory(error);
    result = avrspi_link_open_sim(&self->inner, words, chips, error);
    if (result < 0) {
        free(self);
        return result;
    }
    outer.max_transfer = max_transfer ? max_transfer : self->inner.max_transfer;
    memcpy(outer.name, self->inner.name, sizeof outer.name);
    result = avrspi_link_wrap(link, &outer, error);
    if (result < 0)
        (void)wire_close(self, NULL);
    else
        *wire = self;
    return result;
}

size_t wire_count(const struct wire *wire, uint8_t first)
{
    size_t count = 0;

    for (size_t n = 0; n < wire->n_sent; n++)
        count += wire->sent[n][0] == first;
    return count;
}

size_t wire_count2(const struct wire *wire, uint8_t first, uint8_t second)
{
    size_t count = 0;

    for (size_t n = 0; n < wire->n_sent; n++)
        count += wire->sent[n][0] == first && wire->sent[n][1] == second;
    return count;
}

const uint8_t *wire_find(const struct wire *wire, uint8_t first, size_t n)
{
    for (size_t i = 0; i < wire->n_sent; i++)
        if (wire->sent[i][0] == first && n-- == 0)
            return wire->sent[i];
    return NULL;
}

void wire_forget(struct wire *wire)
{
    wire->n_sent = 0;
    wire->transfers = 0;
    wire->largest = 0;
}
