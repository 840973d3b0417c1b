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

/* The level that the line takes against, or with, its own bias. */
static bool settle(struct avrspi_line *line, bool up, bool *high)
{
    if (!avrspi_line_let_go(line, up))
        return false;
    avrspi_clock_sleep_until(avrspi_clock_now() + AVRSPI_LINE_SETTLE_NS);
    return avrspi_line_is_high(line, high);
}

static enum avrspi_reset_pull pull_of(bool high_when_up, bool high_when_down)
{
    return high_when_down  ? AVRSPI_RESET_PULLED_UP
           : !high_when_up ? AVRSPI_RESET_PULLED_DOWN
                           : AVRSPI_RESET_NOT_PULLED;
}

int avrspi_line_sense(struct avrspi_line *line, enum avrspi_reset_pull *pull,
                      struct avrspi_error *error)
{
    bool high_when_up, high_when_down;

    *pull = AVRSPI_RESET_PULL_UNKNOWN;
    if (!avrspi_line_has_bias(line))
        return 0;
    if (settle(line, false, &high_when_down) && settle(line, true, &high_when_up))
        *pull = pull_of(high_when_up, high_when_down);
    if (!avrspi_line_take(line))
        return avrspi_line_fail_drive(avrspi_line_names(line), error);
    return 0;
}
