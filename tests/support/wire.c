/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "link/tap.h"

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

static int on_transfer(void *user, const uint8_t *out, size_t size, struct avrspi_error *error)
{
    struct wire *wire = user;

    if (breaks(&wire->broken_transfer))
        return fail(error);
    return remember(wire, out, size, error);
}

static void on_answer(void *user, const uint8_t *out, uint8_t *in, size_t size)
{
    struct wire *wire = user;

    for (size_t n = 0; wire->tamper && n + 4 <= size; n += 4)
        wire->tamper(wire->user, out + n, in + n);
}

static int on_set_speed(void *user, uint32_t hz, struct avrspi_error *error)
{
    struct wire *wire = user;

    (void)hz;
    return breaks(&wire->broken_speed) ? fail(error) : 0;
}

static int on_set_reset(void *user, bool active, struct avrspi_error *error)
{
    struct wire *wire = user;

    (void)active;
    return breaks(&wire->broken_reset) ? fail(error) : 0;
}

static uint64_t on_wait(void *user, uint64_t ns)
{
    const struct wire *wire = user;

    return ns + wire->late_ns;
}

static void on_closed(void *user)
{
    struct wire *wire = user;

    free(wire->sent);
    free(wire);
}

static const struct avrspi_tap_hooks hooks = {
    .transfer = on_transfer,
    .set_speed = on_set_speed,
    .set_reset = on_set_reset,
    .wait = on_wait,
    .answer = on_answer,
    .closed = on_closed,
};

int wire_open(struct avrspi_link **link, struct wire **wire, const char *words, size_t max_transfer,
              const struct avrspi_chips *chips, struct avrspi_error *error)
{
    struct wire *self = calloc(1, sizeof *self);
    const struct avrspi_tap_config tap = {
        .hooks = &hooks, .user = self, .max_transfer = max_transfer};
    char port[256];
    const struct avrspi_link_config config = {.port = port, .chips = chips};
    struct avrspi_link *inner;
    int result;

    if (!self)
        return avrspi_fail_memory(error);
    (void)snprintf(port, sizeof port, "sim:%s", words);
    result = avrspi_link_open(&inner, &config, error);
    if (result == 0)
        result = avrspi_tap_new(link, inner, &tap, error);
    if (result < 0) {
        (void)avrspi_link_close(inner, NULL);
        free(self);
        return result;
    }
    *wire = self;
    return 0;
}

/* It comes at every entry, and once more before the first write. */
static bool is_enable(const uint8_t sent[4])
{
    return sent[0] == 0xAC && sent[1] == 0x53;
}

size_t wire_count(const struct wire *wire, uint8_t first)
{
    size_t count = 0;

    for (size_t n = 0; n < wire->n_sent; n++)
        count += wire->sent[n][0] == first && !is_enable(wire->sent[n]);
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
        if (wire->sent[i][0] == first && !is_enable(wire->sent[i]) && n-- == 0)
            return wire->sent[i];
    return NULL;
}

void wire_forget(struct wire *wire)
{
    wire->n_sent = 0;
    wire->transfers = 0;
    wire->largest = 0;
}
