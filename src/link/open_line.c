/* SPDX-License-Identifier: MIT */
/* An open line, whatever the version of libgpiod: what it is called, and what pulls it. */
#include "base/clock.h"
#include "base/error.h"
#include "link/line.h"

const char *avrspi_line_name(const struct avrspi_line *line)
{
    return avrspi_line_names(line)->name;
}

const char *avrspi_line_place(const struct avrspi_line *line)
{
    return avrspi_line_names(line)->place;
}

const char *avrspi_line_key(const struct avrspi_line *line)
{
    return avrspi_line_names(line)->key;
}

enum {
    LOOK_NS = 500000, /* from one look at a line that rises to the next */
};

/* Whether the line rises, with its own bias. */
static bool rises(struct avrspi_line *line, bool *high)
{
    const uint64_t until = avrspi_clock_now() + AVRSPI_LINE_SETTLE_NS;

    *high = false;
    if (!avrspi_line_let_go(line, true))
        return false;
    for (;;) {
        if (!avrspi_line_is_high(line, high))
            return false;
        if (*high || avrspi_clock_now() >= until)
            return true;
        avrspi_clock_sleep_until(avrspi_clock_now() + LOOK_NS);
    }
}

/* Whether it stays high, against its own bias. */
static bool stays(struct avrspi_line *line, bool *high)
{
    if (!avrspi_line_let_go(line, false))
        return false;
    avrspi_clock_sleep_until(avrspi_clock_now() + AVRSPI_LINE_SETTLE_NS);
    return avrspi_line_is_high(line, high);
}

static enum avrspi_reset_pull look(struct avrspi_line *line, bool held_only)
{
    bool high;

    if (!rises(line, &high))
        return AVRSPI_RESET_PULL_UNKNOWN;
    if (!high)
        return AVRSPI_RESET_PULLED_DOWN;
    if (held_only || !stays(line, &high))
        return AVRSPI_RESET_PULL_UNKNOWN;
    return high ? AVRSPI_RESET_PULLED_UP : AVRSPI_RESET_NOT_PULLED;
}

int avrspi_line_sense(struct avrspi_line *line, bool held_only, enum avrspi_reset_pull *pull,
                      struct avrspi_error *error)
{
    *pull = AVRSPI_RESET_PULL_UNKNOWN;
    if (!avrspi_line_has_bias(line))
        return 0;
    *pull = look(line, held_only);
    if (!avrspi_line_take(line))
        return avrspi_line_fail_drive(avrspi_line_names(line), error);
    return 0;
}
