/* SPDX-License-Identifier: MIT */
/* The link as its users see it: chooses a backend by the port's name, and counts. */
#include "link/link.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define NS_PER_S UINT64_C(1000000000)

enum {
    FIRST_HZ = 100000,     /* until avrspi_link_set_speed(): every chip as delivered bears it */
    MEASURED_NS = 2000000, /* a transfer of that length tells SCK, whatever a call costs */
};

struct avrspi_link {
    struct avrspi_link_backend backend;
    uint32_t hz, measured_hz;
    uint64_t inactive_since; /* UINT64_MAX while RESET is active */
    struct avrspi_link_counts counts;
};

static int open_backend(struct avrspi_link_backend *backend,
                        const struct avrspi_link_config *config, struct avrspi_error *error)
{
    const char *port = config->port;

    if (strncmp(port, "sim:", 4) == 0)
        return avrspi_link_open_sim(backend, port + 4, config->chips, error);
    if (strncmp(port, "spi:", 4) == 0)
        port += 4;
    if (*port == '/')
        return avrspi_link_open_linux(backend, port, config->reset, error);
    avrspi_fail(error, AVRSPI_ERR_USAGE, "expected a port, found '%s'", config->port);
    avrspi_hint(error, "a device such as /dev/spidev0.0, or sim:CHIP for a simulated target");
    return AVRSPI_ERR_USAGE;
}

int avrspi_link_wrap(struct avrspi_link **link, const struct avrspi_link_backend *backend,
                     struct avrspi_error *error)
{
    struct avrspi_link *self = calloc(1, sizeof *self);
    int result;

    *link = NULL;
    if (!self)
        return avrspi_fail_memory(error);
    self->backend = *backend;
    result = avrspi_link_set_speed(self, FIRST_HZ, error);
    if (result < 0) {
        free(self);
        return result;
    }
    *link = self;
    return 0;
}

int avrspi_link_open(struct avrspi_link **link, const struct avrspi_link_config *config,
                     struct avrspi_error *error)
{
    struct avrspi_link_backend backend = {0};
    int result = open_backend(&backend, config, error);

    *link = NULL;
    if (result < 0)
        return result;
    result = avrspi_link_wrap(link, &backend, error);
    if (result < 0)
        (void)backend.ops->close(backend.self, NULL);
    return result;
}

int avrspi_link_close(struct avrspi_link *link, struct avrspi_error *error)
{
    int result;

    if (!link)
        return 0;
    result = link->backend.ops->close(link->backend.self, error);
    free(link);
    return result;
}

const char *avrspi_link_name(const struct avrspi_link *link)
{
    return link->backend.name;
}

const char *avrspi_link_note(const struct avrspi_link *link)
{
    return link->backend.note ? link->backend.note : "";
}

int avrspi_link_set_speed(struct avrspi_link *link, uint32_t hz, struct avrspi_error *error)
{
    uint32_t before = link->hz;
    int result;

    if (hz == 0)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected a frequency for SCK, found 0 Hz");
    result = link->backend.ops->set_speed(link->backend.self, hz, &link->hz, error);
    if (link->hz != before)
        link->measured_hz = 0;
    return result;
}

uint32_t avrspi_link_speed(const struct avrspi_link *link)
{
    return link->hz;
}

uint32_t avrspi_link_measured_speed(const struct avrspi_link *link)
{
    return link->measured_hz;
}

size_t avrspi_link_max_transfer(const struct avrspi_link *link)
{
    return link->backend.max_transfer;
}

/* What delays a transfer can only make it look slower: the fastest one comes closest. */
static void measure(struct avrspi_link *link, size_t size, uint64_t ns)
{
    uint64_t hz = ns ? size * 8 * NS_PER_S / ns : 0;

    if (hz > link->measured_hz)
        link->measured_hz = hz < UINT32_MAX ? (uint32_t)hz : UINT32_MAX;
}

int avrspi_link_transfer(struct avrspi_link *link, const uint8_t *out, uint8_t *in, size_t size,
                         struct avrspi_error *error)
{
    uint64_t wire_ns = size * 8 * NS_PER_S / link->hz, began = avrspi_link_now(link);
    int result = link->backend.ops->transfer(link->backend.self, out, in, size, error);

    link->counts.transfers++;
    link->counts.bytes += size;
    link->counts.wire_ns += wire_ns;
    if (result == 0 && wire_ns >= MEASURED_NS)
        measure(link, size, avrspi_link_now(link) - began);
    return result;
}

int avrspi_link_set_reset(struct avrspi_link *link, bool active, struct avrspi_error *error)
{
    int result = link->backend.ops->set_reset(link->backend.self, active, error);

    if (result == 0 && active)
        link->inactive_since = UINT64_MAX;
    else if (result == 0 && link->inactive_since == UINT64_MAX)
        link->inactive_since = avrspi_link_now(link);
    return result;
}

uint64_t avrspi_link_inactive_since(const struct avrspi_link *link)
{
    return link->inactive_since;
}

void avrspi_link_wait(struct avrspi_link *link, uint64_t ns)
{
    uint64_t before = avrspi_link_now(link);

    link->backend.ops->wait(link->backend.self, ns);
    link->counts.waits++;
    link->counts.wait_ns += avrspi_link_now(link) - before;
}

uint64_t avrspi_link_now(const struct avrspi_link *link)
{
    return link->backend.ops->now(link->backend.self);
}

struct avrspi_link_counts avrspi_link_counts(const struct avrspi_link *link)
{
    return link->counts;
}

bool avrspi_link_is_simulated(const struct avrspi_link *link)
{
    return link->backend.ops->violations != NULL;
}

uint64_t avrspi_link_violations(const struct avrspi_link *link, char *text, size_t size)
{
    if (text && size)
        *text = '\0';
    if (!avrspi_link_is_simulated(link))
        return 0;
    return link->backend.ops->violations(link->backend.self, text, size);
}
