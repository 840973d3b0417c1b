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

/* The level that the line takes against, or with, its own bias. */
static bool settle(struct avrspi_line *line, bool up, bool *high)
{
    if (!avrspi_line_let_go(line, up))
        return false;
    avrspi_clock_sleep_until(avrspi_clock_now() + AVRSPI_LINE_SETTLE_NS);
    return avrspi_line_is_high(line, high);
}

static enum avrspi_reset_pull look(struct avrspi_line *line)
{
    bool high_when_up, high_when_down;

    if (!settle(line, false, &high_when_down) || !settle(line, true, &high_when_up))
        return AVRSPI_RESET_PULL_UNKNOWN;
    return high_when_down  ? AVRSPI_RESET_PULLED_UP
           : !high_when_up ? AVRSPI_RESET_PULLED_DOWN
                           : AVRSPI_RESET_NOT_PULLED;
}

/* Whether the line stays low with its bias up, which is seen at once where it does not. A capacitor
 * keeps the level that was driven: only what holds the line by less than its resistor shows here.
 */
static enum avrspi_reset_pull look_briefly(struct avrspi_line *line)
{
    const uint64_t until = avrspi_clock_now() + AVRSPI_LINE_SETTLE_NS;
    bool high = false;

    if (!avrspi_line_let_go(line, true))
        return AVRSPI_RESET_PULL_UNKNOWN;
    while (!high && avrspi_clock_now() < until) {
        avrspi_clock_sleep_until(avrspi_clock_now() + LOOK_NS);
        if (!avrspi_line_is_high(line, &high))
            return AVRSPI_RESET_PULL_UNKNOWN;
    }
    return high ? AVRSPI_RESET_PULL_UNKNOWN : AVRSPI_RESET_PULLED_DOWN;
}

int avrspi_line_sense(struct avrspi_line *line, bool held_only, enum avrspi_reset_pull *pull,
                      struct avrspi_error *error)
{
    *pull = AVRSPI_RESET_PULL_UNKNOWN;
    if (!avrspi_line_has_bias(line))
        return 0;
    *pull = held_only ? look_briefly(line) : look(line);
    if (!avrspi_line_take(line))
        return avrspi_line_fail_drive(avrspi_line_names(line), error);
    return 0;
}
