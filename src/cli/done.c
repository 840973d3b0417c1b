/* SPDX-License-Identifier: MIT */
/* The end of a job: how long it took, how far that is from the limit, how it could be faster. */
#include <stdio.h>

#include "cli/cli.h"

enum {
    SLOW_HZ = 1000000, /* from there on the chip's own write times are most of a job */
};

#define SLOW_NS UINT64_C(3000000000)

/* "2 MHz", and what it really was when that is clearly less: the limit is that of the speed asked
 * for. */
static void sck_of_limit(const struct cli *cli, char *text, size_t size)
{
    uint32_t asked = avrspi_session_sck(cli->session);
    uint32_t seen = avrspi_link_measured_speed(cli->link);
    char asked_text[UI_TEXT], seen_text[UI_TEXT];

    (void)ui_hertz(asked, asked_text);
    if (seen && seen < asked - asked / 20)
        (void)snprintf(text, size, "%s (%s measured)", asked_text, ui_hertz(seen, seen_text));
    else
        (void)snprintf(text, size, "%s", asked_text);
}

/* The option that would make the next job faster, if this was a slow one. */
static enum option_id faster(const struct cli *cli, const struct job_end *end)
{
    const struct avrspi_clock clock = avrspi_session_clock(cli->session);

    if (end->timing.total_ns < SLOW_NS || avrspi_session_sck(cli->session) >= SLOW_HZ ||
        cli->config.sck_hz || avrspi_session_retries(cli->session))
        return OPT_END;
    if (end->turbo_hz && command_takes(cli->command, OPT_TURBO))
        return OPT_TURBO;
    if (clock.source != AVRSPI_CLOCK_INTERNAL && !cli->config.fcpu_hz)
        return OPT_FCPU;
    return OPT_END;
}

struct job_end job_end(const struct cli *cli)
{
    struct job_end end = {
        .timing = avrspi_session_timing(cli->session),
        .turbo_hz = avrspi_session_turbo_sck(cli->session, NULL),
    };

    end.faster = faster(cli, &end);
    sck_of_limit(cli, end.sck, sizeof end.sck);
    return end;
}

static void show_faster(struct cli *cli, const struct job_end *end)
{
    char sck[UI_TEXT];

    if (end->faster == OPT_TURBO) {
        ui_line(&cli->ui, "faster", "--turbo: SCK %s, the clock undivided for the time of the job",
                ui_hertz(end->turbo_hz, sck));
        ui_fact(&cli->ui, "faster", ui_string("--turbo"));
    } else if (end->faster == OPT_FCPU) {
        ui_line(&cli->ui, "faster",
                "--fcpu HZ, the chip's clock where you know it: its fuses do not tell");
        ui_fact(&cli->ui, "faster", ui_string("--fcpu"));
    }
}

/* "32768 B in 2.26 s, 14.5 kB/s, 1.02 x the limit at 2 MHz" */
void job_show(struct cli *cli, const struct job_end *end, size_t bytes)
{
    const struct avrspi_timing *timing = &end->timing;
    double total = (double)timing->total_ns / 1e9, limit = (double)timing->limit_ns / 1e9;
    char seconds[UI_TEXT], moved[UI_TEXT] = "", rate[UI_TEXT] = "";

    if (bytes) {
        (void)snprintf(moved, sizeof moved, "%zu B in ", bytes);
        (void)snprintf(rate, sizeof rate, ", %.1f kB/s", (double)bytes / total / 1e3);
    }
    ui_line(&cli->ui, "done", "%s%s%s, %.2f x the limit at %s", moved,
            ui_seconds(timing->total_ns, seconds), rate, total / limit, end->sck);
    ui_fact(&cli->ui, "time",
            json_pack("{s:f, s:f, s:f, s:f}", "wire", (double)timing->wire_ns / 1e9, "waits",
                      (double)timing->wait_ns / 1e9, "host", (double)timing->host_ns / 1e9, "limit",
                      limit));
    show_faster(cli, end);
}

void job_done(struct cli *cli, size_t bytes)
{
    const struct job_end end = job_end(cli);

    job_show(cli, &end, bytes);
}
