/* SPDX-License-Identifier: MIT */
/* A tap on a simulated target that remembers every instruction, and that can break. */
#ifndef AVRSPI_TESTS_SUPPORT_WIRE_H
#define AVRSPI_TESTS_SUPPORT_WIRE_H

#include "avrspi/link.h"

struct wire {
    /* what was sent since wire_forget() */
    uint8_t (*sent)[4];
    size_t n_sent, room;
    size_t transfers;
    size_t largest; /* bytes of a transfer */

    /* what goes wrong: the n-th of these calls from now on fails with AVRSPI_ERR_DEVICE, or none */
    unsigned broken_transfer, broken_reset, broken_speed;
    uint64_t late_ns; /* so much later than asked for every wait ends */
    /* may change the answer to an instruction */
    void (*tamper)(void *user, const uint8_t out[4], uint8_t in[4]);
    void *user;
};

/* Opens the port "sim:WORDS" as a link with a wire in between, which lives as long as the link.
 * 'max_transfer' 0: as the port has it. */
int wire_open(struct avrspi_link **link, struct wire **wire, const char *words, size_t max_transfer,
              const struct avrspi_chips *chips, struct avrspi_error *error);

/* How many instructions began with that byte (but for Programming Enable), and with those two
 * bytes. */
size_t wire_count(const struct wire *wire, uint8_t first);
size_t wire_count2(const struct wire *wire, uint8_t first, uint8_t second);

/* The n-th instruction that began with that byte; NULL after the last. */
const uint8_t *wire_find(const struct wire *wire, uint8_t first, size_t n);

void wire_forget(struct wire *wire);

#endif
