/* SPDX-License-Identifier: MIT */
#include "cli/xtal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "cli/dispatch.h"
#include "cli/signals.h"
#include "cli/station_lines.h"
#include "host/wires.h"
#include "link/port.h"

enum {
    PPM_OF_PERCENT = 10000,
};

/* --- where */

/* What 'wiring' draws for the bus: on the second one GPIO18 is a chip select. */
static const char *usual_pin(const struct cli *cli)
{
    struct avrspi_host_wire wires[AVRSPI_SIGNALS];
    struct avrspi_host_spi spi;
    struct avrspi_host host;

    if (avrspi_host_detect(&host, "", NULL) < 0 ||
        !avrspi_host_spi(&spi, &host, "", cli->config.port) ||
        !avrspi_host_wires(host.known, spi.bus, wires))
        return NULL;
    return wires[AVRSPI_SIGNAL_XTAL1].line;
}

int xtal_find(struct avrspi_pwm_place *place, const struct cli *cli, struct avrspi_error *error)
{
    const char *pin = cli->config.xtal_pin ? cli->config.xtal_pin : usual_pin(cli);

    return avrspi_pwm_find(place, "", pin, error);
}

int xtal_check_pin(const struct cli *cli, const struct avrspi_pwm_place *place,
                   struct avrspi_error *error)
{
    struct station_lines lines;
    int result;

    if (!place->pin) /* which line it is is not known */
        return 0;
    result = station_lines_find(&lines, cli, error);
    return result < 0 ? result : station_lines_check_clock(&lines, place->name, error);
}

const char *xtal_place_text(const struct avrspi_pwm_place *place, char text[UI_TEXT])
{
    if (place->pin)
        (void)snprintf(text, UI_TEXT, "%s (pin %u)", place->name, place->pin);
    else
        (void)snprintf(text, UI_TEXT, "%s", place->name);
    return text;
}

/* --- what is said of it */

static void tell_json(struct cli *cli, const struct avrspi_pwm_place *place,
                      const struct avrspi_pwm_rate *rate)
{
    json_t *xtal =
        json_pack("{s:I, s:I, s:I, s:s, s:s, s:s, s:i, s:I, s:I}", "wanted_hz",
                  (json_int_t)rate->wanted_hz, "hz", (json_int_t)rate->made_hz, "error_ppm",
                  (json_int_t)rate->error_ppm, "pin", place->name, "pwm_chip", place->chip,
                  "pwm_device", place->device, "channel", (int)place->channel, "period_ns",
                  (json_int_t)rate->period_ns, "high_ns", (json_int_t)rate->high_ns);

    if (place->pin)
        (void)json_object_set_new(xtal, "header_pin", json_integer(place->pin));
    if (rate->counter_hz)
        (void)json_object_set_new(xtal, "counter_hz", json_integer(rate->counter_hz));
    ui_fact(&cli->ui, "xtal", xtal);
}

static void tell_error(struct cli *cli, const struct avrspi_pwm_rate *rate)
{
    char wanted[UI_TEXT], made[UI_TEXT];

    if (rate->error_ppm == 0)
        return;
    ui_line(&cli->ui, "", "  nearest to %s: %s, %+.2f %%", ui_hertz(rate->wanted_hz, wanted),
            ui_hertz(rate->made_hz, made), (double)rate->error_ppm / PPM_OF_PERCENT);
}

static void tell_counter(struct cli *cli, const struct avrspi_pwm_rate *rate)
{
    char counter[UI_TEXT];

    if (rate->counter_hz)
        ui_detail(&cli->ui, "",
                  "  computed for a PWM that counts %s, as this board's does in kernels since "
                  "2024: sysfs does not tell what is made",
                  ui_hertz(rate->counter_hz, counter));
    else
        ui_line(&cli->ui, "",
                "  as written to the kernel: what this PWM counts, and so what it makes of it, is "
                "not known");
}

static void warn_of_level(struct cli *cli)
{
    if (cli->config.supply_mv > AVRSPI_PWM_SUPPLY_MV)
        ui_warn(&cli->ui,
                "the clock has 3.3 V, which XTAL1 takes for high at a supply of at most 4.7 V: "
                "supply the chip from 3.3 V meanwhile, or put a level shifter between");
}

void xtal_tell(struct cli *cli, const struct avrspi_pwm_place *place,
               const struct avrspi_pwm_rate *rate, const char *end)
{
    char made[UI_TEXT], where[UI_TEXT];

    tell_json(cli, place, rate);
    ui_line(&cli->ui, "clock", "%s at %s, 3.3 V: for a chip supplied with at most 4.7 V%s",
            ui_hertz(rate->made_hz, made), xtal_place_text(place, where), end);
    tell_error(cli, rate);
    ui_detail(&cli->ui, "", "  high for %u of %u ns, by channel %u of %s (%s)", rate->high_ns,
              rate->period_ns, place->channel, place->chip, place->device);
    tell_counter(cli, rate);
    warn_of_level(cli);
}

void xtal_tell_running(struct cli *cli)
{
    char made[UI_TEXT];

    if (cli->xtal.pwm)
        xtal_tell(cli, &cli->xtal.place, &cli->xtal.rate, "");
    else if (cli->xtal.rate.made_hz)
        ui_line(&cli->ui, "clock", "%s at XTAL1 of the simulated target",
                ui_hertz(cli->xtal.rate.made_hz, made));
}

void xtal_check_chip(struct cli *cli, const struct avrspi_event *identified)
{
    const uint32_t made_hz = cli->xtal.rate.made_hz, supply_mv = cli->config.supply_mv;
    const uint32_t mv = supply_mv ? supply_mv : AVRSPI_PWM_SUPPLY_MV; /* the most that it is for */
    const uint32_t most_hz = avrspi_chip_most_hz(identified->chip, mv);
    char made[UI_TEXT], most[UI_TEXT];

    if (avrspi_session_clock(identified->session).source != AVRSPI_CLOCK_INTERNAL &&
        made_hz > most_hz)
        ui_warn(
            &cli->ui,
            "the %s is specified for a clock of at most %s at %g V, and gets %s: a lower --xtal "
            "is safe",
            avrspi_chip_name(identified->chip), ui_hertz(most_hz, most), mv / 1e3,
            ui_hertz(made_hz, made));
}

/* --- the time of a command */

static void name_left_running(struct cli *cli)
{
    struct avrspi_pwm_found found;
    char made[UI_TEXT], where[UI_TEXT];

    for (size_t n = 0; avrspi_pwm_running(&found, "", n); n++)
        if (!found.held)
            ui_note(&cli->ui,
                    "a clock of %s still runs at %s, by 'clock --keep' or a run that was killed: "
                    "'avrspi clock off' ends it",
                    ui_hertz(found.hz, made), xtal_place_text(&found.place, where));
}

/* --fcpu in the configuration file is of another board's crystal. */
static void set_fcpu(struct config *config, uint32_t hz)
{
    if (config->source[OPT_FCPU] >= config->source[OPT_XTAL])
        return;
    config->fcpu_hz = hz;
    config->source[OPT_FCPU] = config->source[OPT_XTAL];
}

/* The simulator has a pin of its own for it. */
static int begin_simulated(struct cli *cli, struct avrspi_error *error)
{
    struct config *config = &cli->config;
    char *port = NULL;

    if (asprintf(&port, "%s,xtal=%u", config->port, config->xtal_hz) < 0)
        return avrspi_fail_memory(error);
    config->port = config_keep(config, port, error);
    free(port);
    if (!config->port)
        return AVRSPI_ERR_FAILURE;
    cli->xtal.rate.made_hz = config->xtal_hz;
    ui_fact(&cli->ui, "xtal",
            json_pack("{s:I, s:I}", "wanted_hz", (json_int_t)config->xtal_hz, "hz",
                      (json_int_t)config->xtal_hz));
    set_fcpu(config, config->xtal_hz);
    return 0;
}

static int begin(struct cli *cli, struct avrspi_error *error)
{
    struct avrspi_pwm_place *place = &cli->xtal.place;
    struct avrspi_pwm_rate *rate = &cli->xtal.rate;
    int result = xtal_find(place, cli, error);

    if (result == 0)
        result = xtal_check_pin(cli, place, error);
    if (result == 0)
        result = avrspi_pwm_rate(rate, cli->config.xtal_hz, place->counter_hz, error);
    if (result < 0)
        return result;
    signals_hold();
    result = avrspi_pwm_start(&cli->xtal.pwm, "", place, rate, cli->config.force, error);
    if (result < 0)
        signals_release();
    else
        set_fcpu(&cli->config, rate->made_hz);
    return result;
}

int xtal_begin(struct cli *cli, struct avrspi_error *error)
{
    struct avrspi_port port;
    int result;

    if (!(dispatch_needs(cli) & NEED_TARGET))
        return 0;
    result = avrspi_port_parse(&port, cli->config.port, error);
    if (result < 0)
        return result;
    if (port.kind != AVRSPI_PORT_SIM)
        name_left_running(cli);
    if (!config_given(&cli->config, OPT_XTAL))
        return 0;
    if (avrspi_pwm_check(cli->config.xtal_hz, error) < 0)
        return AVRSPI_ERR_USAGE;
    return port.kind == AVRSPI_PORT_SIM ? begin_simulated(cli, error) : begin(cli, error);
}

int xtal_end(struct cli *cli, int result, struct avrspi_error *error)
{
    struct avrspi_error stopping = {0};
    int stopped;

    if (!cli->xtal.pwm)
        return result;
    stopped = avrspi_pwm_stop(cli->xtal.pwm, &stopping);
    cli->xtal.pwm = NULL;
    signals_release();
    if (stopped < 0 && result == 0 && error)
        *error = stopping;
    else if (stopped < 0)
        ui_warn(&cli->ui, "the clock can't be switched off: %.200s", stopping.message);
    return signals_check(result < 0 ? result : stopped, error);
}
