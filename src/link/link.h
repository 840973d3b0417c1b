/* SPDX-License-Identifier: MIT */
/* What a kind of link has to provide: see linux.c and sim.c. */
#ifndef AVRSPI_SRC_LINK_LINK_H
#define AVRSPI_SRC_LINK_LINK_H

#include "avrspi/link.h"

struct avrspi_link_ops {
    int (*transfer)(void *self, const uint8_t *out, uint8_t *in, size_t size,
                    struct avrspi_error *error);
    /* sets the speed, and stores in *actual what the controller will really do */
    int (*set_speed)(void *self, uint32_t hz, uint32_t *actual, struct avrspi_error *error);
    int (*set_reset)(void *self, bool active, struct avrspi_error *error);
    void (*wait)(void *self, uint64_t ns);
    uint64_t (*now)(const void *self);
    uint64_t (*violations)(const void *self, char *text, size_t size); /* NULL: hardware */
    int (*close)(void *self, struct avrspi_error *error);              /* frees self */
};

/* What opening a kind of link gives back. */
struct avrspi_link_backend {
    const struct avrspi_link_ops *ops;
    void *self;
    size_t max_transfer;
    char name[128];   /* "spidev0.0 + GPIO25" */
    const char *note; /* a literal for avrspi_link_note(), or NULL */
};

/* Makes a link of a backend; this is how tests put one of their own, or one around another, in
 * the place of a port. On success the link owns the backend, and avrspi_link_close() closes it;
 * on failure it stays the caller's. */
int avrspi_link_wrap(struct avrspi_link **link, const struct avrspi_link_backend *backend,
                     struct avrspi_error *error);

/* /dev/spidev and a line of libgpiod. 'device' is the path. */
int avrspi_link_open_linux(struct avrspi_link_backend *backend, const char *device,
                           const char *reset, struct avrspi_error *error);

/* A simulated target. 'words' is what follows "sim:". */
int avrspi_link_open_sim(struct avrspi_link_backend *backend, const char *words,
                         const struct avrspi_chips *chips, struct avrspi_error *error);

#endif
