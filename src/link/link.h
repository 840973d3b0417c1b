/* SPDX-License-Identifier: MIT */
/* The kinds of link that the library has itself. */
#ifndef AVRSPI_SRC_LINK_LINK_H
#define AVRSPI_SRC_LINK_LINK_H

#include "avrspi/link.h"
#include "link/port.h"

/* /dev/spidev and a line of libgpiod. */
int avrspi_link_open_linux(struct avrspi_link **link, const struct avrspi_port *port,
                           const struct avrspi_link_config *config, struct avrspi_error *error);

/* GPIO lines alone. */
int avrspi_link_open_gpio(struct avrspi_link **link, const struct avrspi_port *port,
                          const struct avrspi_link_config *config, struct avrspi_error *error);

/* Operations of links whose time is the computer's. */
uint64_t avrspi_link_real_now(const void *link);
void avrspi_link_real_wait(void *link, uint64_t ns);

/* How the reset line is driven: as avrspi_link_info says. */
bool avrspi_link_active_high(const struct avrspi_link *link);
bool avrspi_link_open_drain(const struct avrspi_link *link);

/* What a MISO that nobody drives does, as avrspi_link_info says. */
int avrspi_link_miso_pull(const struct avrspi_link *link);

/* SCK was measured, and is faster than what is computed by more than the measurement may be wrong.
 * Never so of a link that keeps to what it was asked for: what is computed of it is an estimate. */
bool avrspi_link_is_fast(const struct avrspi_link *link);
bool avrspi_link_keeps_sck(const struct avrspi_link *link);

/* The fastest SCK that the link makes, 0 where that is not known; whether asking for more than it
 * was asked for makes SCK faster. */
uint32_t avrspi_link_fastest_speed(const struct avrspi_link *link);
bool avrspi_link_can_be_faster(const struct avrspi_link *link);

/* A simulated target. 'words' is what follows "sim:". */
int avrspi_link_open_sim(struct avrspi_link **link, const char *words,
                         const struct avrspi_link_config *config, struct avrspi_error *error);

#endif
