/* SPDX-License-Identifier: MIT */
/* The end of a job: how long it took, how far that is from the limit, how it could be faster. */
#include "cli/done.h"
#include "cli/sck.h"
#include "link/link.h"

#include <stdio.h>

enum {
    SLOW_HZ = 1000000, /* from there on the chip's own write times are most of a job */
    USUAL_US = 4500,   /* t_wd_flash of nearly all AVRs */
};

#define SLOW_NS UINT64_C(3000000000)

/* "2 MHz", and what was measured when that is clearly less: the limit is that of the speed asked
 * for. */
static void sck_of_limit(const struct target *target, char *text, size_t size)
{
    uint32_t asked = avrspi_session_sck(target->session);
    uint32_t seen = avrspi_link_measured_speed(target->link);
    char asked_text[UI_TEXT], seen_text[UI_TEXT];

    (void)ui_hertz(asked, asked_text);
    if (seen && seen < asked - asked / 20)
        (void)snprintf(text, size, "%s (%s measured)", asked_text, ui_hertz(seen, seen_text));
    else
        (void)snprintf(text, size, "%s", asked_text);
}

/* What an SCK below 1 MHz cost, where the definition does not tell the clock. */
static uint64_t cost_of_clock(const struct target *target, const struct avrspi_timing *timing)
{
    const struct config *config = &target->cli->config;
    const uint32_t sck = avrspi_session_sck(target->session);

    if (!avrspi_chip_leaves_out(target_chip(target), AVRSPI_GAP_CLOCK) || config->sck_hz ||
        config->fcpu_hz || sck >= SLOW_HZ)
        return 0;
    return timing->wire_ns / SLOW_HZ * (SLOW_HZ - sck);
}

/* What waits for pages cost that were longer than usual, where RDY/BSY does not work either. */
static uint64_t cost_of_waits(const struct target *target, const struct avrspi_timing *timing)
{
    const uint64_t seen = avrspi_session_wait_seen_ns(target->session, AVRSPI_WAIT_FLASH);
    const uint64_t usual = (uint64_t)USUAL_US * 1000;

    if (!avrspi_chip_leaves_out(target_chip(target), AVRSPI_GAP_RDY_BSY) || seen <= usual)
        return 0;
    return timing->wait_ns / seen * (seen - usual);
}

/* The line of the chip's definition whose absence cost most of a slow job. */
static void find_missing(const struct target *target, struct job_end *end)
{
    const uint64_t clock = cost_of_clock(target, &end->timing);
    const uint64_t waits = cost_of_waits(target, &end->timing);

    end->missing.cost_ns = clock > waits ? clock : waits;
    if (end->timing.total_ns < SLOW_NS || end->missing.cost_ns < end->timing.total_ns / 4)
        return;
    end->missing.key = clock > waits ? "max_sck" : "wait_flash";
    end->missing.chip = avrspi_chip_name(target_chip(target));
}

/* The option that would make the next job faster, if this was a slow one. */
static enum option_id faster(const struct target *target, const struct job_end *end)
{
    const struct avrspi_clock clock = avrspi_session_clock(target->session);
    const struct cli *cli = target->cli;

    if (end->timing.total_ns < SLOW_NS || avrspi_session_sck(target->session) >= SLOW_HZ ||
        cli->config.sck_hz || avrspi_session_retries(target->session) ||
        !avrspi_link_can_be_faster(target->link))
        return OPT_END;
    if (end->raised_hz && command_takes(cli->command, OPT_TURBO))
        return OPT_TURBO;
    if (clock.source != AVRSPI_CLOCK_INTERNAL && !clock.max_sck_hz && !cli->config.fcpu_hz)
        return OPT_FCPU;
    return OPT_END;
}

struct job_end job_end(const struct target *target, const struct avrspi_job_result *result)
{
    static const struct avrspi_request nothing;
    struct job_end end = {
        .timing = avrspi_session_timing(target->session),
        .limit_ns = result->limit_ns,
        .raised_hz = avrspi_job_raised_sck(target->session, &nothing),
        .supply_saves_ns = result->supply_saves_ns,
    };

    end.faster = faster(target, &end);
    if (end.faster != OPT_TURBO)
        find_missing(target, &end);
    sck_of_limit(target, end.sck, sizeof end.sck);
    return end;
}

static void show_faster(struct cli *cli, const struct job_end *end)
{
    char sck[UI_TEXT], cost[UI_TEXT];

    if (end->missing.key) {
        ui_line(&cli->ui, "faster", "a line '%s' in the definition of %s: its absence cost %s",
                end->missing.key, end->missing.chip, ui_seconds(end->missing.cost_ns, cost));
        ui_fact(&cli->ui, "faster", ui_string(end->missing.key));
    } else if (end->supply_saves_ns > end->timing.total_ns / 5) {
        ui_line(
            &cli->ui, "faster",
            "--vcc 3.3 ('supply = 3.3' in a recipe), where the chip has that: a faster clock for "
            "the job saves %s",
            ui_seconds(end->supply_saves_ns, cost));
        ui_fact(&cli->ui, "faster", ui_string("--vcc"));
    } else if (end->faster == OPT_TURBO) {
        ui_line(&cli->ui, "faster", "--turbo: SCK %s, the clock undivided for the time of the job",
                ui_hertz(end->raised_hz, sck));
        ui_fact(&cli->ui, "faster", ui_string("--turbo"));
    } else if (end->faster == OPT_FCPU) {
        ui_line(&cli->ui, "faster",
                "--fcpu HZ, the chip's clock where you know it: the fuses do not give it");
        ui_fact(&cli->ui, "faster", ui_string("--fcpu"));
    }
}

/* "32768 B in 2.26 s, 14.5 kB/s, 2 % above the minimum at 2 MHz" */
void job_show(struct cli *cli, const struct job_end *end, size_t bytes)
{
    const struct avrspi_timing *timing = &end->timing;
    char seconds[UI_TEXT], above[UI_TEXT], rate[UI_TEXT];

    (void)ui_seconds(timing->total_ns, seconds);
    (void)ui_above(timing->total_ns, end->limit_ns, above);
    if (bytes)
        ui_line(&cli->ui, "done", "%zu B in %s, %s, %s at %s", bytes, seconds,
                ui_rate(bytes, timing->total_ns, rate), above, end->sck);
    else
        ui_line(&cli->ui, "done", "%s, %s at %s", seconds, above, end->sck);
    ui_fact(&cli->ui, "time",
            json_pack("{s:o, s:o, s:o, s:o}", "wire", ui_json_seconds(timing->wire_ns), "waits",
                      ui_json_seconds(timing->wait_ns), "host", ui_json_seconds(timing->host_ns),
                      "limit", ui_json_seconds(end->limit_ns)));
    show_faster(cli, end);
}

void job_done(struct target *target, const struct avrspi_job_result *result, size_t bytes)
{
    struct job_end end;

    if (target->cli->config.dry_run)
        return;
    end = job_end(target, result);
    job_show(target->cli, &end, bytes);
    sck_warn_slow(target, end.timing.total_ns, end.limit_ns);
}
