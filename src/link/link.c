/* SPDX-License-Identifier: MIT */
/* The link as its users see it: chooses a kind of link by the port's name, and counts. */
#include "link/link.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"

#define NS_PER_S UINT64_C(1000000000)

enum {
    FIRST_HZ = 100000,     /* until avrspi_link_set_speed(): slow enough for a chip as delivered */
    MEASURED_WITHIN = 50,  /* one of so many */
    MEASURED_NS = 2000000, /* a transfer of that length tells SCK, whatever a call costs */
};

enum text {
    TEXT_PORT,
    TEXT_RESET,
    TEXT_NAME,
    TEXT_NOTE,
    TEXT_IDENTITY,
    TEXTS,
};

struct avrspi_link {
    struct avrspi_link_ops ops;
    void *self;
    size_t max_transfer;
    bool active_high, open_drain; /* the reset line */
    bool keeps_sck;
    int miso_pull;
    char *text[TEXTS];
    uint32_t hz, asked_hz, slowest_hz, fastest_hz, measured_hz;
    uint64_t inactive_since; /* UINT64_MAX while RESET is active */
    struct avrspi_link_counts counts;
};

/* Copies as much of a struct as its maker knew; what was added later is 0. */
static void copy_known(void *to, size_t room, const void *from, size_t size)
{
    memset(to, 0, room);
    memcpy(to, from, size < room ? size : room);
}

static bool is_complete(const struct avrspi_link_ops *ops)
{
    return ops->transfer && ops->set_speed && ops->set_reset && ops->wait && ops->now && ops->close;
}

static int copy_texts(struct avrspi_link *link, const struct avrspi_link_info *info,
                      struct avrspi_error *error)
{
    const char *const texts[TEXTS] = {
        [TEXT_PORT] = info->port, [TEXT_RESET] = info->reset,       [TEXT_NAME] = info->name,
        [TEXT_NOTE] = info->note, [TEXT_IDENTITY] = info->identity,
    };

    for (size_t n = 0; n < TEXTS; n++) {
        link->text[n] = strdup(texts[n] ? texts[n] : "");
        if (!link->text[n])
            return avrspi_fail_memory(error);
    }
    return 0;
}

/* All of a link that is not its transport's. */
static void free_link(struct avrspi_link *link)
{
    for (size_t n = 0; n < TEXTS; n++)
        free(link->text[n]);
    free(link);
}

int avrspi_link_new(struct avrspi_link **link, const struct avrspi_link_ops *ops, void *self,
                    const struct avrspi_link_info *info, struct avrspi_error *error)
{
    struct avrspi_link *made = calloc(1, sizeof *made);
    struct avrspi_link_info known;
    int result;

    *link = NULL;
    if (!made)
        return avrspi_fail_memory(error);
    copy_known(&made->ops, sizeof made->ops, ops, ops->size);
    copy_known(&known, sizeof known, info, info->size);
    if (!is_complete(&made->ops) || known.max_transfer == 0) {
        result = avrspi_fail(error, AVRSPI_ERR_USAGE,
                             "expected every operation of a link and its max_transfer");
        goto fail;
    }
    made->self = self;
    made->max_transfer = known.max_transfer;
    made->active_high = known.active_high;
    made->open_drain = known.open_drain;
    made->miso_pull = known.miso_pull;
    made->slowest_hz = known.slowest_hz;
    made->fastest_hz = known.fastest_hz;
    made->keeps_sck = known.keeps_sck;
    result = copy_texts(made, &known, error);
    if (result == 0)
        result = avrspi_link_set_speed(made, FIRST_HZ, error);
    if (result < 0)
        goto fail;
    *link = made;
    return 0;
fail:
    free_link(made);
    return result;
}

int avrspi_link_open(struct avrspi_link **link, const struct avrspi_link_config *config,
                     struct avrspi_error *error)
{
    struct avrspi_port port;
    int result = avrspi_port_parse(&port, config->port, error);

    *link = NULL;
    if (result < 0)
        return result;
    switch (port.kind) {
    case AVRSPI_PORT_SIM:
        return avrspi_link_open_sim(link, port.words, config, error);
    case AVRSPI_PORT_GPIO:
        return avrspi_link_open_gpio(link, &port, config, error);
    default:
        return avrspi_link_open_linux(link, &port, config, error);
    }
}

int avrspi_link_close(struct avrspi_link *link, struct avrspi_error *error)
{
    int result;

    if (!link)
        return 0;
    result = link->ops.close(link->self, error);
    free_link(link);
    return result;
}

const char *avrspi_link_port(const struct avrspi_link *link)
{
    return link->text[TEXT_PORT];
}

const char *avrspi_link_reset(const struct avrspi_link *link)
{
    return link->text[TEXT_RESET];
}

uint64_t avrspi_link_real_now(const void *link)
{
    (void)link;
    return avrspi_clock_now();
}

void avrspi_link_real_wait(void *link, uint64_t ns)
{
    (void)link;
    avrspi_clock_sleep_until(avrspi_clock_now() + ns);
}

bool avrspi_link_active_high(const struct avrspi_link *link)
{
    return link->active_high;
}

int avrspi_link_miso_pull(const struct avrspi_link *link)
{
    return link->miso_pull;
}

bool avrspi_link_open_drain(const struct avrspi_link *link)
{
    return link->open_drain;
}

const char *avrspi_link_name(const struct avrspi_link *link)
{
    return link->text[TEXT_NAME];
}

const char *avrspi_link_identity(const struct avrspi_link *link)
{
    return link->text[TEXT_IDENTITY];
}

const char *avrspi_link_note(const struct avrspi_link *link)
{
    return link->text[TEXT_NOTE];
}

int avrspi_link_set_speed(struct avrspi_link *link, uint32_t hz, struct avrspi_error *error)
{
    uint32_t actual = 0;
    int result;

    if (hz == 0)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected a frequency for SCK, found 0 Hz");
    result = link->ops.set_speed(link->self, hz, &actual, error);
    if (result < 0)
        return result;
    if (actual == 0)
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "expected SCK in force from the link's set_speed(), found 0 Hz");
    if (link->hz != actual)
        link->measured_hz = 0;
    link->hz = actual;
    link->asked_hz = hz;
    return 0;
}

uint32_t avrspi_link_asked_speed(const struct avrspi_link *link)
{
    return link->asked_hz;
}

uint32_t avrspi_link_slowest_speed(const struct avrspi_link *link)
{
    return link->slowest_hz;
}

uint32_t avrspi_link_fastest_speed(const struct avrspi_link *link)
{
    return link->fastest_hz;
}

bool avrspi_link_can_be_faster(const struct avrspi_link *link)
{
    return !link->fastest_hz || link->asked_hz < link->fastest_hz;
}

uint32_t avrspi_link_speed(const struct avrspi_link *link)
{
    return link->hz;
}

uint32_t avrspi_link_measured_speed(const struct avrspi_link *link)
{
    return link->measured_hz;
}

bool avrspi_link_is_fast(const struct avrspi_link *link)
{
    return !link->keeps_sck && link->measured_hz > link->hz + link->hz / MEASURED_WITHIN;
}

bool avrspi_link_keeps_sck(const struct avrspi_link *link)
{
    return link->keeps_sck;
}

size_t avrspi_link_max_transfer(const struct avrspi_link *link)
{
    return link->max_transfer;
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
    int result = link->ops.transfer(link->self, out, in, size, error);

    link->counts.transfers++;
    link->counts.bytes += size;
    link->counts.wire_ns += wire_ns;
    if (result == 0 && wire_ns >= MEASURED_NS)
        measure(link, size, avrspi_link_now(link) - began);
    return result;
}

int avrspi_link_set_reset(struct avrspi_link *link, bool active, struct avrspi_error *error)
{
    int result = link->ops.set_reset(link->self, active, error);

    if (result == 0 && active)
        link->inactive_since = UINT64_MAX;
    else if (result == 0 && link->inactive_since == UINT64_MAX)
        link->inactive_since = avrspi_link_now(link);
    return result;
}

int avrspi_link_sense_reset(struct avrspi_link *link, bool held_only, enum avrspi_reset_pull *pull,
                            struct avrspi_error *error)
{
    *pull = AVRSPI_RESET_PULL_UNKNOWN;
    if (!link->ops.sense_reset || link->active_high)
        return 0;
    return link->ops.sense_reset(link->self, held_only, pull, error);
}

const char *avrspi_reset_pull_name(enum avrspi_reset_pull pull)
{
    static const char *const names[] = {
        [AVRSPI_RESET_PULL_UNKNOWN] = "not known",
        [AVRSPI_RESET_PULLED_UP] = "pulled up",
        [AVRSPI_RESET_PULLED_DOWN] = "pulled down",
        [AVRSPI_RESET_NOT_PULLED] = "not pulled",
    };

    return names[(unsigned)pull < sizeof names / sizeof *names ? pull : 0];
}

uint64_t avrspi_link_inactive_since(const struct avrspi_link *link)
{
    return link->inactive_since;
}

void avrspi_link_wait(struct avrspi_link *link, uint64_t ns)
{
    uint64_t before = avrspi_link_now(link);

    link->ops.wait(link->self, ns);
    link->counts.waits++;
    link->counts.wait_ns += avrspi_link_now(link) - before;
}

uint64_t avrspi_link_now(const struct avrspi_link *link)
{
    return link->ops.now(link->self);
}

struct avrspi_link_counts avrspi_link_counts(const struct avrspi_link *link)
{
    return link->counts;
}

bool avrspi_link_is_simulated(const struct avrspi_link *link)
{
    return link->ops.violations != NULL;
}

uint64_t avrspi_link_violations(const struct avrspi_link *link, char *text, size_t size)
{
    if (text && size)
        *text = '\0';
    if (!avrspi_link_is_simulated(link))
        return 0;
    return link->ops.violations(link->self, text, size);
}
