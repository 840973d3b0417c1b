/* SPDX-License-Identifier: MIT */
#include "cli/panel.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/error.h"
#include "cli/signals.h"
#include "link/line.h"

enum {
    LOOK_MS = 10, /* between two looks at the button */
    STEADY = 3,   /* looks that agree: its contacts bounce for some milliseconds */
    BEEP_MS = 100,
    PAUSE_MS = 80,
    FAIL_BEEPS = 3,
};

static const struct avrspi_line_use button_use = {.name = "start button", .input = true};
static const struct avrspi_line_use pass_use = {.name = "pass lamp", .active_high = true};
static const struct avrspi_line_use fail_use = {.name = "fail lamp", .active_high = true};
static const struct avrspi_line_use buzzer_use = {.name = "buzzer", .active_high = true};

struct lamps {
    struct avrspi_line *pass, *fail; /* NULL: there is none */
};

struct panel {
    struct avrspi_line *button, *buzzer;
    struct lamps whole;
    size_t n_stations;
    struct lamps station[];
};

/* --- the lines */

static int open_line(struct avrspi_line **line, const struct avrspi_line_use *use, const char *text,
                     struct avrspi_error *error)
{
    struct avrspi_line_words words;
    int result;

    if (!text)
        return 0;
    result = avrspi_line_parse_for(&words, use, text, error);
    return result < 0 ? result : avrspi_line_open(line, &words, error);
}

static int open_lamps(struct lamps *lamps, const char *pass, const char *fail,
                      struct avrspi_error *error)
{
    int result = open_line(&lamps->pass, &pass_use, pass, error);

    return result < 0 ? result : open_line(&lamps->fail, &fail_use, fail, error);
}

int panel_open(struct panel **panel, const struct avrspi_bench *bench, struct avrspi_error *error)
{
    const size_t count = bench->n_stations;
    struct panel *self = calloc(1, sizeof *self + count * sizeof *self->station);
    int result;

    *panel = self;
    if (!self)
        return avrspi_fail_memory(error);
    self->n_stations = count;
    result = open_line(&self->button, &button_use, bench->start, error);
    if (result == 0)
        result = open_line(&self->buzzer, &buzzer_use, bench->buzzer, error);
    if (result == 0)
        result = open_lamps(&self->whole, bench->pass, bench->fail, error);
    for (size_t n = 0; result == 0 && n < count; n++)
        result =
            open_lamps(&self->station[n], bench->stations[n].pass, bench->stations[n].fail, error);
    return result;
}

static void close_lamps(struct lamps *lamps)
{
    (void)avrspi_line_close(lamps->pass, NULL);
    (void)avrspi_line_close(lamps->fail, NULL);
}

void panel_close(struct panel *panel)
{
    if (!panel)
        return;
    for (size_t n = 0; n < panel->n_stations; n++)
        close_lamps(&panel->station[n]);
    close_lamps(&panel->whole);
    (void)avrspi_line_close(panel->buzzer, NULL);
    (void)avrspi_line_close(panel->button, NULL);
    free(panel);
}

/* --- the button */

bool panel_has_button(const struct panel *panel)
{
    return panel->button != NULL;
}

static void pause_ms(unsigned ms)
{
    avrspi_clock_sleep_until(avrspi_clock_now() + (uint64_t)ms * 1000000);
}

/* Until the button is in a state, and stays there. */
static int wait_until(struct panel *panel, bool wanted, struct avrspi_error *error)
{
    int steady = 0, result = 0;

    while (result == 0 && steady < STEADY && !interrupted) {
        bool pressed = !wanted;

        result = avrspi_line_get(panel->button, &pressed, error);
        steady = pressed == wanted ? steady + 1 : 0;
        pause_ms(LOOK_MS);
    }
    return result;
}

int panel_wait(struct panel *panel, struct avrspi_error *error)
{
    int result = wait_until(panel, false, error);

    return result < 0 ? result : wait_until(panel, true, error);
}

/* --- lamps and buzzer: one that fails is no reason to stop a bench */

static void set(struct avrspi_line *line, bool on)
{
    if (line)
        (void)avrspi_line_set(line, on, NULL);
}

static void show(const struct lamps *lamps, bool pass, bool fail)
{
    set(lamps->pass, pass);
    set(lamps->fail, fail);
}

void panel_begin(struct panel *panel)
{
    show(&panel->whole, false, false);
    for (size_t n = 0; n < panel->n_stations; n++)
        show(&panel->station[n], false, false);
}

void panel_tell(struct panel *panel, size_t n, bool good)
{
    if (n < panel->n_stations)
        show(&panel->station[n], good, !good);
}

void panel_end(struct panel *panel, bool good)
{
    show(&panel->whole, good, !good);
    for (int n = 0; panel->buzzer && n < (good ? 1 : FAIL_BEEPS); n++) {
        set(panel->buzzer, true);
        pause_ms(BEEP_MS);
        set(panel->buzzer, false);
        pause_ms(PAUSE_MS);
    }
}
