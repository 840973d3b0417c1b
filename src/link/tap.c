/* SPDX-License-Identifier: MIT */
#include "link/tap.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "link/link.h"

enum {
    INSTRUCTION = 4, /* bytes */
    NS_PER_US = 1000,
};

struct tap {
    struct avrspi_link *inner;
    struct avrspi_tap_config config;
    struct avrspi_tap_hooks hooks;
    uint64_t opened_ns;
    char trace_path[]; /* of a trace that is closed with the tap, or "" */
};

/* --- the trace */

static void trace_time(const struct tap *tap, uint64_t now)
{
    (void)fprintf(tap->config.trace, "%" PRIu64 " ", (now - tap->opened_ns) / NS_PER_US);
}

static void trace_end(const struct tap *tap, int result, const struct avrspi_error *error)
{
    if (result < 0)
        (void)fprintf(tap->config.trace, " failed: %s", error->message);
    (void)fputc('\n', tap->config.trace);
}

static void trace_bytes(FILE *trace, const uint8_t *bytes, size_t size)
{
    for (size_t n = 0; n < size; n++)
        (void)fprintf(trace, " %02X", bytes[n]);
}

static void trace_transfer(const struct tap *tap, uint64_t now, const uint8_t *out,
                           const uint8_t *in, size_t size)
{
    FILE *trace = tap->config.trace;

    trace_time(tap, now);
    (void)fprintf(trace, "spi %zu B %" PRIu32 " Hz:", size, avrspi_link_speed(tap->inner));
    for (size_t at = 0; in && at < size; at += INSTRUCTION) {
        size_t count = size - at < INSTRUCTION ? size - at : (size_t)INSTRUCTION;

        trace_bytes(trace, out + at, count);
        (void)fputs(" >", trace);
        trace_bytes(trace, in + at, count);
        if (at + count < size)
            (void)fputc(',', trace);
    }
}

/* --- the operations */

/* Where 'out' is 'in' too: a copy, for those who look at it after the transfer. */
static const uint8_t *keep(const uint8_t *out, const uint8_t *in, size_t size, uint8_t **copy,
                           struct avrspi_error *error)
{
    *copy = NULL;
    if (out != in)
        return out;
    *copy = malloc(size);
    if (!*copy) {
        (void)avrspi_fail_memory(error);
        return NULL;
    }
    memcpy(*copy, out, size);
    return *copy;
}

static int transfer(struct tap *tap, const uint8_t *out, uint8_t *in, size_t size,
                    struct avrspi_error *error)
{
    int result = 0;

    if (tap->hooks.transfer)
        result = tap->hooks.transfer(tap->config.user, out, size, error);
    if (result == 0)
        result = avrspi_link_transfer(tap->inner, out, in, size, error);
    if (result == 0 && tap->hooks.answer)
        tap->hooks.answer(tap->config.user, out, in, size);
    return result;
}

static int tap_transfer(void *self, const uint8_t *out, uint8_t *in, size_t size,
                        struct avrspi_error *error)
{
    struct tap *tap = self;
    struct avrspi_error own = {0};
    uint64_t now = avrspi_link_now(tap->inner);
    uint8_t *copy;
    const uint8_t *sent = keep(out, in, size, &copy, error);
    int result;

    if (!sent)
        return AVRSPI_ERR_FAILURE;
    result = transfer(tap, sent, in, size, &own);
    if (tap->config.trace) {
        trace_transfer(tap, now, sent, result < 0 ? NULL : in, size);
        trace_end(tap, result, &own);
    }
    if (result < 0 && error)
        *error = own;
    free(copy);
    return result;
}

static int tap_set_speed(void *self, uint32_t hz, uint32_t *actual, struct avrspi_error *error)
{
    struct tap *tap = self;
    struct avrspi_error own = {0};
    uint64_t now = avrspi_link_now(tap->inner);
    int result = 0;

    if (tap->hooks.set_speed)
        result = tap->hooks.set_speed(tap->config.user, hz, &own);
    if (result == 0)
        result = avrspi_link_set_speed(tap->inner, hz, &own);
    *actual = avrspi_link_speed(tap->inner);
    if (tap->config.trace) {
        trace_time(tap, now);
        (void)fprintf(tap->config.trace, "sck %" PRIu32, result < 0 ? hz : *actual);
        trace_end(tap, result, &own);
    }
    if (result < 0 && error)
        *error = own;
    return result;
}

static int tap_set_reset(void *self, bool active, struct avrspi_error *error)
{
    struct tap *tap = self;
    struct avrspi_error own = {0};
    uint64_t now = avrspi_link_now(tap->inner);
    int result = 0;

    if (tap->hooks.set_reset)
        result = tap->hooks.set_reset(tap->config.user, active, &own);
    if (result == 0)
        result = avrspi_link_set_reset(tap->inner, active, &own);
    if (tap->config.trace) {
        trace_time(tap, now);
        (void)fprintf(tap->config.trace, "reset %s", active ? "low" : "high");
        trace_end(tap, result, &own);
    }
    if (result < 0 && error)
        *error = own;
    return result;
}

static void tap_wait(void *self, uint64_t ns)
{
    struct tap *tap = self;
    uint64_t now = avrspi_link_now(tap->inner);

    if (tap->hooks.wait)
        ns = tap->hooks.wait(tap->config.user, ns);
    if (tap->config.trace) {
        trace_time(tap, now);
        (void)fprintf(tap->config.trace, "wait %" PRIu64 " us\n", (ns + NS_PER_US - 1) / NS_PER_US);
    }
    avrspi_link_wait(tap->inner, ns);
}

static uint64_t tap_now(const void *self)
{
    const struct tap *tap = self;

    return avrspi_link_now(tap->inner);
}

static uint64_t tap_violations(const void *self, char *text, size_t size)
{
    const struct tap *tap = self;

    return avrspi_link_violations(tap->inner, text, size);
}

static int tap_sense_reset(void *self, bool held_only, enum avrspi_reset_pull *pull,
                           struct avrspi_error *error)
{
    struct tap *tap = self;
    struct avrspi_error own = {0};
    uint64_t now = avrspi_link_now(tap->inner);
    int result = avrspi_link_sense_reset(tap->inner, held_only, pull, &own);

    if (tap->config.trace) {
        trace_time(tap, now);
        (void)fprintf(tap->config.trace, "reset let go, %s", avrspi_reset_pull_name(*pull));
        trace_end(tap, result, &own);
    }
    if (result < 0 && error)
        *error = own;
    return result;
}

/* A trace that is not whole fails what went well so far. */
static int close_trace(struct tap *tap, int result, struct avrspi_error *error)
{
    bool whole;

    if (!*tap->trace_path)
        return result;
    whole = !ferror(tap->config.trace);
    whole &= fclose(tap->config.trace) == 0;
    if (!whole && result == 0)
        result = avrspi_fail(error, AVRSPI_ERR_FAILURE, "can't write the whole trace to '%s'",
                             tap->trace_path);
    return result;
}

static int tap_close(void *self, struct avrspi_error *error)
{
    struct tap *tap = self;
    int result;

    if (tap->config.trace) {
        trace_time(tap, avrspi_link_now(tap->inner));
        (void)fputs("close\n", tap->config.trace);
    }
    result = close_trace(tap, avrspi_link_close(tap->inner, error), error);
    if (tap->hooks.closed)
        tap->hooks.closed(tap->config.user);
    free(tap);
    return result;
}

static const struct avrspi_link_ops tap_ops = {
    .size = sizeof tap_ops,
    .transfer = tap_transfer,
    .set_speed = tap_set_speed,
    .set_reset = tap_set_reset,
    .wait = tap_wait,
    .now = tap_now,
    .close = tap_close,
    .violations = tap_violations,
    .sense_reset = tap_sense_reset,
};

/* --- making one */

/* 'path' is that of a trace which is closed with the tap, or "" for one that is not. */
static int make(struct avrspi_link **link, struct avrspi_link *inner,
                const struct avrspi_tap_config *config, const char *path,
                struct avrspi_error *error)
{
    struct tap *tap = calloc(1, sizeof *tap + strlen(path) + 1);
    struct avrspi_link_ops ops = tap_ops;
    const struct avrspi_link_info info = {
        .size = sizeof info,
        .max_transfer =
            config->max_transfer ? config->max_transfer : avrspi_link_max_transfer(inner),
        .port = avrspi_link_port(inner),
        .reset = avrspi_link_reset(inner),
        .name = avrspi_link_name(inner),
        .note = avrspi_link_note(inner),
        .identity = avrspi_link_identity(inner),
        .active_high = avrspi_link_active_high(inner),
        .open_drain = avrspi_link_open_drain(inner),
        .miso_pull = avrspi_link_miso_pull(inner),
        .slowest_hz = avrspi_link_slowest_speed(inner),
        .fastest_hz = avrspi_link_fastest_speed(inner),
        .keeps_sck = avrspi_link_keeps_sck(inner),
    };
    int result;

    *link = NULL;
    if (!tap)
        return avrspi_fail_memory(error);
    strcpy(tap->trace_path, path);
    tap->inner = inner;
    tap->config = *config;
    if (config->hooks)
        tap->hooks = *config->hooks;
    tap->opened_ns = avrspi_link_now(inner);
    if (config->trace)
        (void)fprintf(config->trace, "0 open %s\n", avrspi_link_name(inner));
    if (!avrspi_link_is_simulated(inner))
        ops.violations = NULL;
    result = avrspi_link_new(link, &ops, tap, &info, error);
    if (result < 0)
        free(tap);
    return result;
}

int avrspi_tap_new(struct avrspi_link **link, struct avrspi_link *inner,
                   const struct avrspi_tap_config *config, struct avrspi_error *error)
{
    return make(link, inner, config, "", error);
}

int avrspi_tap_trace(struct avrspi_link **link, const char *path, struct avrspi_error *error)
{
    const struct avrspi_tap_config config = {.trace = fopen(path, "we")};
    struct avrspi_link *outer;
    int result;

    if (!config.trace)
        return avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't write the trace '%s'", path);
    result = make(&outer, *link, &config, path, error);
    if (result < 0) {
        (void)fclose(config.trace);
        return result;
    }
    *link = outer;
    return 0;
}
