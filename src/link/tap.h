/* SPDX-License-Identifier: MIT */
/*
 * A link around another one that sees all that passes: it writes a trace, and lets a test fail
 * calls, change answers and delay waits.
 */
#ifndef AVRSPI_SRC_LINK_TAP_H
#define AVRSPI_SRC_LINK_TAP_H

#include <stdio.h>

#include "avrspi/link.h"

/* Each may be NULL. One that returns a negative enum avrspi_err, with *error filled, fails the
 * call, which does not reach the link then. 'user' is that of the configuration. */
struct avrspi_tap_hooks {
    int (*transfer)(void *user, const uint8_t *out, size_t size, struct avrspi_error *error);
    int (*set_speed)(void *user, uint32_t hz, struct avrspi_error *error);
    int (*set_reset)(void *user, bool active, struct avrspi_error *error);
    /* returns how long to wait instead */
    uint64_t (*wait)(void *user, uint64_t ns);
    /* after a transfer that succeeded; may change what came in */
    void (*answer)(void *user, const uint8_t *out, uint8_t *in, size_t size);
    /* after the link's last call */
    void (*closed)(void *user);
};

struct avrspi_tap_config {
    FILE *trace; /* NULL: none; stays the caller's */
    const struct avrspi_tap_hooks *hooks;
    void *user;
    size_t max_transfer; /* 0: the inner link's */
};

/* Makes *link, which is the inner link with a tap; closing it closes both. On failure 'inner'
 * stays the caller's. What the configuration names must outlive *link. */
int avrspi_tap_new(struct avrspi_link **link, struct avrspi_link *inner,
                   const struct avrspi_tap_config *config, struct avrspi_error *error);

/*
 * Puts a tap around *link that writes a trace to a file, which is made or emptied. A trace that
 * could not be written whole fails avrspi_link_close(). On failure *link stays as it is.
 *
 * Each line begins with the time since then, in microseconds:
 *
 *     0 open spidev0.0 + GPIO25
 *     12 sck 100000
 *     15 reset low
 *     16 wait 20000 us
 *     20019 spi 4 B 100000 Hz: AC 53 00 00 > FF AC 53 00
 *     20341 spi 8 B 100000 Hz: 30 00 00 00 > 00 30 00 1E, 30 00 01 00 > 00 30 00 95
 *     20990 reset high
 *     20991 close
 *
 * A call that failed has "failed: MESSAGE" after it, a transfer in place of its bytes.
 */
int avrspi_tap_trace(struct avrspi_link **link, const char *path, struct avrspi_error *error);

#endif
