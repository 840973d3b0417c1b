/* SPDX-License-Identifier: MIT */
#include "cli/sck.h"

#include "cli/advice.h"
#include "host/host.h"
#include "link/link.h"

enum {
    LEAST_LIMIT_NS = 200 * 1000000, /* of a short job, little things make up much */
};

static void warn_of_fast(const struct target *target, uint32_t asked, uint32_t seen)
{
    struct ui *ui = &target->cli->ui;
    char asked_text[UI_TEXT], seen_text[UI_TEXT];
    enum avrspi_advice advice;
    const char *why;

    avrspi_host_blame_fast_sck("", avrspi_link_port(target->link), asked, &why, &advice);
    ui_warn(ui, "SCK runs at %s where %s was asked for: %s%s%s", ui_hertz(seen, seen_text),
            ui_hertz(asked, asked_text), why, advice ? "; " : "", advice_words(advice));
}

/* --speed below what there is. */
static void warn_of_slowest(const struct target *target)
{
    const uint32_t wanted = target->cli->config.sck_hz;
    const uint32_t slowest = avrspi_link_slowest_speed(target->link);
    char wanted_text[UI_TEXT], slowest_text[UI_TEXT];

    if (wanted && wanted < slowest)
        ui_warn(&target->cli->ui, "the slowest SCK of this controller is %s: %s can't be had",
                ui_hertz(slowest, slowest_text), ui_hertz(wanted, wanted_text));
}

void sck_report(const struct target *target)
{
    struct ui *ui = &target->cli->ui;
    uint32_t made = avrspi_link_speed(target->link), asked = avrspi_link_asked_speed(target->link);
    uint32_t seen = avrspi_link_measured_speed(target->link);
    char made_text[UI_TEXT], asked_text[UI_TEXT], seen_text[UI_TEXT];

    warn_of_slowest(target);
    if (avrspi_session_chip(target->session)) {
        ui_fact(ui, "sck_hz", json_integer(made));
        if (asked != made)
            ui_fact(ui, "sck_asked_hz", json_integer(asked));
    }
    if (!seen)
        return;
    ui_fact(ui, "sck_measured_hz", json_integer(seen));
    (void)ui_hertz(made, made_text);
    (void)ui_hertz(asked, asked_text);
    (void)ui_hertz(seen, seen_text);
    if (asked == made)
        ui_detail(ui, "sck", "%s measured, %s asked for", seen_text, asked_text);
    else
        ui_detail(ui, "sck", "%s measured, %s computed, %s asked for", seen_text, made_text,
                  asked_text);
    if (avrspi_link_is_fast(target->link))
        warn_of_fast(target, asked, seen);
}

/* Which clock drops while the processor idles, and what keeps it up. */
static void say_remedy(const struct target *target, bool slow_sck, char *text, size_t size)
{
    struct avrspi_host host;
    struct avrspi_host_spi spi;

    if (slow_sck && avrspi_host_detect(&host, "", NULL) == 0 &&
        avrspi_host_spi(&spi, &host, "", avrspi_link_port(target->link)) && spi.clock_hz &&
        spi.controller != AVRSPI_HOST_CONTROLLER_DW_APB_SSI)
        (void)snprintf(text, size,
                       "the core clock drops while the processor idles; 'core_freq_min=%u' in "
                       "config.txt keeps it up",
                       spi.clock_hz / 1000000);
    else
        (void)snprintf(text, size,
                       "%sthe processor slows down while it idles; 'echo performance | sudo tee "
                       "/sys/devices/system/cpu/cpu*/cpufreq/scaling_governor' keeps it up",
                       avrspi_link_keeps_sck(target->link) ? "other programs take their time, or "
                                                           : "");
}

void sck_warn_slow(const struct target *target, uint64_t took_ns, uint64_t limit_ns)
{
    const uint32_t made = avrspi_link_speed(target->link);
    const uint32_t seen = avrspi_link_measured_speed(target->link);
    const bool slow_sck = seen && seen < made - made / 10;
    char took[UI_TEXT], limit[UI_TEXT], made_text[UI_TEXT], seen_text[UI_TEXT];
    char sck[3 * UI_TEXT] = "", remedy[200];

    if (avrspi_link_is_simulated(target->link) || limit_ns < LEAST_LIMIT_NS ||
        took_ns < limit_ns + limit_ns / 2 || avrspi_session_retries(target->session))
        return;
    if (slow_sck)
        (void)snprintf(sck, sizeof sck, "SCK is %s in place of %s: ", ui_hertz(seen, seen_text),
                       ui_hertz(made, made_text));
    say_remedy(target, slow_sck, remedy, sizeof remedy);
    ui_warn(&target->cli->ui, "this took %s where %s is the least: %s%s", ui_seconds(took_ns, took),
            ui_seconds(limit_ns, limit), sck, remedy);
}
