/* SPDX-License-Identifier: MIT */
/* A clock at XTAL1 for a chip without its crystal. Needs no target. */
#include <string.h>

#include "base/error.h"
#include "cli/numbers.h"
#include "cli/signals.h"
#include "cli/xtal.h"
#include "host/pwm_state.h"

/* --- off */

/* 'hz' is 0 of a channel that is taken, but gives no clock. */
static json_t *found_json(const struct avrspi_pwm_found *found)
{
    json_t *object = json_pack("{s:s, s:s, s:i}", "pin", found->place.name, "pwm_chip",
                               found->place.chip, "channel", (int)found->place.channel);

    if (found->hz)
        (void)json_object_set_new(object, "hz", json_integer(found->hz));
    return object;
}

static int end_one(struct cli *cli, const struct avrspi_pwm_found *found, json_t *ended,
                   struct avrspi_error *error)
{
    char made[UI_TEXT], where[UI_TEXT];
    int result = cli->config.dry_run ? 0 : avrspi_pwm_off("", &found->place, error);

    if (result < 0)
        return result;
    (void)json_array_append_new(ended, found_json(found));
    ui_line(&cli->ui, "clock", "%s: %s%s%s", cli->config.dry_run ? "would be off" : "off",
            found->hz ? ui_hertz(found->hz, made) : "", found->hz ? " at " : "",
            xtal_place_text(&found->place, where));
    return 0;
}

/* One that ends is no longer among those that run. */
static int end_running(struct cli *cli, json_t *ended, struct avrspi_error *error)
{
    struct avrspi_pwm_found found;
    size_t n = 0;
    int result = 0;

    while (result == 0 && avrspi_pwm_running(&found, "", n)) {
        result = end_one(cli, &found, ended, error);
        n += cli->config.dry_run;
    }
    return result;
}

static bool runs_at(const struct avrspi_pwm_place *place, struct avrspi_pwm_found *found)
{
    for (size_t n = 0; avrspi_pwm_running(found, "", n); n++)
        if (strcmp(found->place.chip, place->chip) == 0 && found->place.channel == place->channel)
            return true;
    return false;
}

/* The channel of --xtal-pin, also where it is taken but gives nothing. */
static int end_named(struct cli *cli, json_t *ended, struct avrspi_error *error)
{
    struct avrspi_pwm_place place;
    struct avrspi_pwm_found found;
    int result = xtal_find(&place, cli, error);

    if (result < 0)
        return result;
    if (!runs_at(&place, &found)) {
        if (!avrspi_pwm_state("", &place).exported)
            return 0;
        found.hz = 0; /* another period, or none */
    }
    found.place = place; /* as the user calls it */
    return end_one(cli, &found, ended, error);
}

static int run_off(struct cli *cli, struct avrspi_error *error)
{
    json_t *ended;
    int result;

    if (cli->config.keep)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "'off' and --keep exclude each other");
    ended = json_array();
    result =
        (config_given(&cli->config, OPT_XTAL_PIN) ? end_named : end_running)(cli, ended, error);
    if (result == 0 && json_array_size(ended) == 0)
        ui_line(&cli->ui, "clock", "none runs");
    ui_fact(&cli->ui, "ended", ended);
    return result;
}

/* --- on */

static int wanted_hz(const struct cli *cli, uint32_t *hz, struct avrspi_error *error)
{
    if (cli->n_arguments && config_given(&cli->config, OPT_XTAL))
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected one frequency, found '%s' and --xtal",
                           cli->arguments[0]);
    *hz = cli->config.xtal_hz ? cli->config.xtal_hz : AVRSPI_PWM_USUAL_HZ;
    if (cli->n_arguments && hertz_parse("the clock", cli->arguments[0], hz, error) < 0)
        return AVRSPI_ERR_USAGE;
    return avrspi_pwm_check(*hz, error);
}

/* What a killed run left there is not to come back with the end of this one. */
static int end_left_running(struct cli *cli, const struct avrspi_pwm_place *place,
                            struct avrspi_error *error)
{
    struct avrspi_pwm_found found;
    char made[UI_TEXT];

    if (!runs_at(place, &found) || found.held)
        return 0;
    ui_note(&cli->ui, "a clock of %s ran there already, and ends", ui_hertz(found.hz, made));
    return avrspi_pwm_off("", place, error);
}

/* Ctrl-C is how it is meant to end; of another signal its sender is told that it ended by it. */
static int wait_for_end(struct cli *cli, struct avrspi_pwm *clock, struct avrspi_error *error)
{
    int result;

    ui_flush(&cli->ui);
    signals_wait();
    result = avrspi_pwm_stop(clock, error);
    if (result < 0)
        return result;
    ui_line(&cli->ui, "clock", "off");
    if (interrupted == SIGINT)
        return 0;
    avrspi_fail(error, AVRSPI_ERR_INTERRUPTED, "ended by a signal");
    avrspi_hint(error, "the clock is off");
    return AVRSPI_ERR_INTERRUPTED;
}

static int start(struct cli *cli, const struct avrspi_pwm_place *place,
                 const struct avrspi_pwm_rate *rate, struct avrspi_error *error)
{
    struct avrspi_pwm *clock = NULL;
    int result = end_left_running(cli, place, error);

    if (result == 0)
        result = avrspi_pwm_start(&clock, "", place, rate, cli->config.force, error);
    if (result < 0)
        return result;
    xtal_tell(cli, place, rate,
              cli->config.keep ? "; 'avrspi clock off' ends it" : "; Ctrl-C ends it");
    if (!cli->config.keep)
        return wait_for_end(cli, clock, error);
    avrspi_pwm_keep(clock);
    return 0;
}

static int run(struct cli *cli, struct avrspi_error *error)
{
    struct avrspi_pwm_place place = {0};
    struct avrspi_pwm_rate rate;
    uint32_t hz = 0;
    int result;

    if (cli->n_arguments && strcmp(cli->arguments[0], "off") == 0)
        return run_off(cli, error);
    result = wanted_hz(cli, &hz, error);
    if (result == 0)
        result = xtal_find(&place, cli, error);
    if (result == 0)
        result = xtal_check_pin(cli, &place, error);
    if (result == 0)
        result = avrspi_pwm_rate(&rate, hz, place.counter_hz, error);
    if (result < 0)
        return result;
    if (cli->config.dry_run) {
        xtal_tell(cli, &place, &rate, "; not started");
        return 0;
    }
    signals_hold();
    result = start(cli, &place, &rate, error);
    signals_release();
    return result;
}

const struct command cmd_clock = {
    .name = "clock",
    .arguments = "[HZ|off]",
    .summary = "give a chip without its crystal a clock at XTAL1",
    .help = "A clock of HZ (1 MHz, good for every chip) by a PWM of this computer, until\n"
            "Ctrl-C. The nearest that its counter makes is taken. --xtal does the same for the\n"
            "time of a command. 'clock off' ends one that was kept, or left by a run that was\n"
            "killed.",
    .least_arguments = 0,
    .most_arguments = 1,
    .options = {{.id = OPT_KEEP}},
    .examples =
        {
            {"avrspi clock", "1 MHz, until Ctrl-C"},
            {"avrspi clock 6.25MHz --keep", "leave it on"},
            {"avrspi clock off", "end it"},
            {"avrspi --xtal 1M fuses --set clock=internal-8MHz",
             "recover a chip fused for a crystal"},
        },
    .run = run,
};
