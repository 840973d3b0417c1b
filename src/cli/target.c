/* SPDX-License-Identifier: MIT */
#include "cli/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/advice.h"
#include "cli/dispatch.h"
#include "cli/sck.h"
#include "cli/signals.h"
#include "cli/xtal.h"
#include "base/error.h"
#include "base/xdg.h"
#include "link/link.h"
#include "link/port.h"
#include "link/tap.h"
#include "host/absent.h"

int target_reset(const struct config *config, const char **reset, struct avrspi_error *error)
{
    enum option_source by_port = config->source[OPT_PORT], by_reset = config->source[OPT_RESET];
    struct avrspi_port port;
    int result = avrspi_port_parse(&port, config->port, error);

    *reset = config->reset;
    if (result < 0 || !avrspi_port_has_line(&port) || by_reset > by_port)
        return result;
    if (by_reset == by_port)
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "expected one reset line, found '%.60s' in the port and '%.60s'",
                           port.line, config->reset);
    *reset = NULL;
    return 0;
}

/* A mistake there costs the computer its boot program. */
static int check_reserved(const struct config *config, struct avrspi_error *error)
{
    struct avrspi_port port;
    int result = avrspi_port_parse(&port, config->port, error);

    if (result < 0 || config->force || port.kind != AVRSPI_PORT_SPIDEV ||
        !avrspi_host_is_reserved("", port.device))
        return result;
    avrspi_fail(error, AVRSPI_ERR_REFUSED, "'%.200s' leads to the boot EEPROM of this Raspberry Pi",
                port.device);
    avrspi_hint(error, "the header's is /dev/spidev0.0, once SPI is enabled ('sudo raspi-config "
                       "nonint do_spi 0')");
    avrspi_advise(error, AVRSPI_ADVICE_FORCE, NULL);
    return AVRSPI_ERR_REFUSED;
}

int target_open_link(struct target *target, struct cli *cli, struct avrspi_bus *bus,
                     struct avrspi_error *error)
{
    struct avrspi_link_config config = {.port = cli->config.port, .chips = cli->chips, .bus = bus};
    int result = check_reserved(&cli->config, error);

    target->cli = cli;
    if (!(dispatch_needs(cli) & NEED_TARGET))
        return avrspi_fail(error, AVRSPI_ERR_FAILURE,
                           "'%s' is declared as a command without a target", cli->command->name);
    /* the work ends at the next transfer, with RESET released; nothing is cut off in the middle */
    signals_hold();
    if (result == 0)
        result = target_reset(&cli->config, &config.reset, error);
    if (result == 0)
        result = avrspi_link_open(&target->link, &config, error);
    if (result == 0 && cli->config.trace)
        result = avrspi_tap_trace(&target->link, cli->config.trace, error);
    if (!target->link)
        signals_release();
    if (result < 0)
        return result;
    target->violations = avrspi_link_violations(target->link, NULL, 0);
    ui_fact(&cli->ui, "port", ui_string(avrspi_link_name(target->link)));
    ui_fact(&cli->ui, "port_given", ui_string(cli->config.port));
    xtal_tell_running(cli);
    return 0;
}

/* Where notes of earlier runs are; made if this run may have to write one. */
static char *notes_folder(const struct target *target)
{
    const struct config *config = &target->cli->config;
    const bool may_write =
        target->takes_notes || config->turbo || config->keep_eeprom || config->keep_boot;
    char *path;

    if (config->dry_run || !may_write)
        return avrspi_xdg_state_found();
    (void)avrspi_xdg_state(&path, NULL); /* target_job() asks again, where a note is needed */
    return path;
}

static int on_event(void *user, const struct avrspi_event *event)
{
    struct cli *cli = user;
    const int stop = cli->watch ? cli->watch(cli->watcher, event) : 0;

    if (event->kind == AVRSPI_EVENT_IDENTIFIED)
        xtal_check_chip(cli, event);
    return ui_event(&cli->ui, event) || stop;
}

struct avrspi_session_config target_session(struct cli *cli)
{
    return (struct avrspi_session_config){
        .chips = cli->chips,
        .chip = cli->chip,
        .sck_hz = cli->config.sck_hz,
        .fcpu_hz = cli->config.fcpu_hz,
        .supply_mv = cli->config.supply_mv,
        .no_probe = cli->config.no_probe,
        .force = cli->config.force,
        .interrupt = &interrupted,
        .event = on_event,
        .user = cli,
    };
}

int target_open(struct target *target, struct cli *cli, struct avrspi_error *error)
{
    struct avrspi_session_config session = target_session(cli);
    int result = target_open_link(target, cli, NULL, error);

    if (result < 0)
        return result;
    if (*avrspi_link_note(target->link))
        ui_warn(&cli->ui, "%s", avrspi_link_note(target->link));
    target->notes = notes_folder(target);
    session.link = target->link;
    session.notes_folder = target->notes;
    return avrspi_session_open(&target->session, &session, error);
}

int target_identify(struct target *target, struct cli *cli, struct avrspi_error *error)
{
    int result = target_open(target, cli, error);

    return result < 0 ? result : avrspi_session_identify(target->session, error);
}

int target_present(struct cli *cli, bool *present, struct avrspi_error *error)
{
    struct avrspi_link_config config = {.port = cli->config.port, .chips = cli->chips};
    struct avrspi_session_config session_config = {.chips = cli->chips, .chip = cli->chip};
    struct avrspi_session *session = NULL;
    struct avrspi_link *link = NULL;
    int result = target_reset(&cli->config, &config.reset, error);

    if (result == 0)
        result = avrspi_link_open(&link, &config, error);
    if (result < 0)
        return result;
    session_config.link = link;
    *present = avrspi_session_open(&session, &session_config, NULL) == 0;
    (void)avrspi_session_close(session, NULL);
    return avrspi_link_close(link, error);
}

const struct avrspi_chip *target_chip(const struct target *target)
{
    return avrspi_session_chip(target->session);
}

static void say_not_raised(const struct target *target, const struct avrspi_request *request)
{
    struct cli *cli = target->cli;

    if (request->raise_clock && avrspi_job_raised_sck(target->session, request) == 0)
        ui_line(&cli->ui, "clock", "not raised: %s",
                cli->config.sck_hz                         ? "SCK is set by --speed"
                : !avrspi_link_can_be_faster(target->link) ? "the lines make SCK no faster"
                : cli->config.supply_mv
                    ? "no internal clock is divided, or the fuses or --vcc do not allow a change"
                    : "no internal clock is divided, or the fuses do not allow a change");
}

/* What the chip has to get back is written down before it is changed, or it is not changed. */
static int check_notes(const struct target *target, const struct avrspi_request *request,
                       struct avrspi_error *error)
{
    bool raises = request->raise_clock && avrspi_job_raised_sck(target->session, request) > 0;
    char *folder;
    int result;

    if (target->notes || !(raises || request->keep_eeprom || request->keep_boot))
        return 0;
    result = avrspi_xdg_state(&folder, error);
    free(folder);
    if (result < 0 && raises)
        avrspi_hint_add(error, "; without --turbo no note of the low fuse is needed");
    return result;
}

int target_job(struct target *target, struct avrspi_request *request,
               struct avrspi_job_result *result, struct avrspi_error *error)
{
    struct cli *cli = target->cli;
    struct avrspi_plan *plan;
    int done;

    request->raise_clock = cli->config.turbo;
    request->raise_blank &= target->notes != NULL || request->fuses.given[AVRSPI_FUSE_LOW];
    request->force = cli->config.force;
    say_not_raised(target, request);
    if (cli->config.dry_run) {
        done = avrspi_job_plan(target->session, request, &plan, error);
        avrspi_plan_free(plan);
        return done;
    }
    done = check_notes(target, request, error);
    return done < 0 ? done : avrspi_job_run(target->session, request, result, error);
}

int target_read_job(struct target *target, struct avrspi_request *request,
                    struct avrspi_job_result *result, struct avrspi_error *error)
{
    const struct config *config = &target->cli->config;
    int done;

    request->raise_clock = config->turbo && !config->dry_run; /* that writes a fuse */
    say_not_raised(target, request);
    done = check_notes(target, request, error);
    return done < 0 ? done : avrspi_job_run(target->session, request, result, error);
}

/* --- closing */

static void report_violations(const struct target *target)
{
    struct ui *ui = &target->cli->ui;
    char kinds[256];
    uint64_t violations = avrspi_link_violations(target->link, kinds, sizeof kinds);

    if (!avrspi_link_is_simulated(target->link))
        return;
    ui_fact(ui, "violations", json_integer((json_int_t)violations));
    ui_fact(ui, "breaches", json_integer((json_int_t)violations)); /* its name before 0.2 */
    if (violations)
        ui_fact(ui, "violations_new", json_integer((json_int_t)(violations - target->violations)));
    if (violations > target->violations && target->violations)
        ui_warn(ui,
                "the simulated target counts violations of its datasheet: %llu in this run, with "
                "those of earlier ones: %s",
                (unsigned long long)(violations - target->violations), kinds);
    else if (violations > target->violations)
        ui_warn(ui, "the simulated target counts violations of its datasheet: %s", kinds);
    else if (violations)
        ui_detail(ui, "sim", "0 violations of the datasheet in this run; in earlier ones: %s",
                  kinds);
    else
        ui_detail(ui, "sim", "0 violations of the datasheet");
}

static void report_retries(const struct target *target)
{
    unsigned retries = avrspi_session_retries(target->session);
    char sck[UI_TEXT];

    if (retries)
        ui_warn(&target->cli->ui, "the target was lost and found again %u time%s, SCK now %s",
                retries, retries == 1 ? "" : "s",
                ui_hertz(avrspi_session_sck(target->session), sck));
}

static void warn_of_closing(struct ui *ui, const struct avrspi_error *closing)
{
    char hint[256];

    advice_text(closing, hint, sizeof hint);
    ui_warn(ui, "%.200s; %s", closing->message, hint);
}

int target_close(struct target *target, int result, struct avrspi_error *error)
{
    struct avrspi_error closing = {0}, link_closing = {0};
    int closed, link_closed;

    if (!target->link)
        return result;
    if (target->session) {
        struct avrspi_timing timing = avrspi_session_timing(target->session);

        ui_fact(&target->cli->ui, "seconds", ui_json_seconds(timing.total_ns));
        sck_report(target);
        report_retries(target);
    }
    closed = avrspi_session_close(target->session, &closing);
    report_violations(target);
    link_closed = avrspi_link_close(target->link, &link_closing);
    free(target->notes);
    target->notes = NULL;
    target->session = NULL;
    target->link = NULL;
    signals_release(); /* there is nothing left that must not be cut off */
    if (closed == 0) {
        closed = link_closed;
        closing = link_closing;
    }
    if (closed < 0 && result == 0 && error)
        *error = closing;
    else if (closed < 0)
        warn_of_closing(&target->cli->ui, &closing);
    return result < 0 ? result : closed;
}
