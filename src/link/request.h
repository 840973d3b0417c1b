/* SPDX-License-Identifier: MIT */
/* Several lines of one GPIO chip, requested together, by libgpiod: request_v1.c for its 1.x,
 * request_v2.c for its 2.x. */
#ifndef AVRSPI_SRC_LINK_REQUEST_H
#define AVRSPI_SRC_LINK_REQUEST_H

#include <stdbool.h>

struct gpiod_chip;
struct avrspi_request;

enum {
    AVRSPI_REQUEST_LINES = 3, /* at most */
};

struct avrspi_request_words {
    unsigned n_outputs, n_inputs;
    unsigned outputs[AVRSPI_REQUEST_LINES]; /* offsets */
    unsigned inputs[AVRSPI_REQUEST_LINES];
};

/* Whether one request takes inputs beside outputs: the kernel's first interface, libgpiod 1's, has
 * one direction for all lines of a request. */
extern const bool avrspi_request_is_mixed;

/* Requests the lines, outputs low, each with the bias that its pin has. The chip has to stay open
 * until the request is closed. False with errno. */
bool avrspi_request_open(struct avrspi_request **request, struct gpiod_chip *chip,
                         const struct avrspi_request_words *words);

/* Sets all outputs, in the order of the request, by one system call. False with errno. */
bool avrspi_request_set(struct avrspi_request *request, const bool *values);

/* The level of the first input, by one system call: 0 or 1; -1 with errno. */
int avrspi_request_get(struct avrspi_request *request);

/* Makes the outputs inputs, as far as the kernel can (since Linux 5.5), and releases all lines. A
 * kernel that keeps a closed line's level would go on driving an output. NULL is allowed. */
void avrspi_request_close(struct avrspi_request *request);

#endif
