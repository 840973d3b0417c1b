/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/dispatch.h"
#include "base/error.h"
#include "link/tap.h"
#include "host/host.h"

volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

/* What nohup has set stays. */
static void set_signals(void (*handler)(int))
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    const struct sigaction action = {.sa_handler = handler};

    for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++) {
        struct sigaction old;

        if (numbers[n] == SIGHUP && sigaction(SIGHUP, NULL, &old) == 0 && old.sa_handler == SIG_IGN)
            continue;
        (void)sigaction(numbers[n], &action, NULL);
    }
}

static void on_progress(void *user, const struct avrspi_progress *progress)
{
    struct cli *cli = user;

    if (progress->stage == AVRSPI_STAGE_ERASE) {
        if (progress->done == progress->total)
            ui_line(&cli->ui, "erase", "done");
        return;
    }
    ui_progress(&cli->ui, progress);
    if (progress->done == progress->total)
        ui_progress_end(&cli->ui);
}

int target_open(struct cli *cli, struct avrspi_error *error)
{
    const struct avrspi_link_config link = {
        .port = cli->config.port,
        .reset = cli->config.reset,
        .chips = cli->chips,
    };
    struct avrspi_session_config session = {
        .chips = cli->chips,
        .chip = cli->chip,
        .sck_hz = cli->config.sck_hz,
        .fcpu_hz = cli->config.fcpu_hz,
        .force = cli->config.force,
        .interrupt = &interrupted,
        .progress = on_progress,
        .user = cli,
    };
    int result;

    if (!(dispatch_needs(cli) & NEED_TARGET))
        return avrspi_fail(error, AVRSPI_ERR_FAILURE, "'%s' says that it needs no target",
                           cli->command->name);
    /* the work ends at the next transfer, with RESET released; nothing is cut off in the middle */
    set_signals(on_signal);
    result = avrspi_link_open(&cli->link, &link, error);
    if (result == 0 && cli->config.trace)
        result = avrspi_tap_trace(&cli->link, cli->config.trace, error);
    if (result < 0)
        return result;
    cli->ui.link = cli->link;
    session.link = cli->link;
    if (*avrspi_link_note(cli->link))
        ui_warn(&cli->ui, "%s", avrspi_link_note(cli->link));
    ui_fact(&cli->ui, "port", ui_string(avrspi_link_name(cli->link)));
    return avrspi_session_open(&cli->session, &session, error);
}

void target_print_chip(struct cli *cli)
{
    const struct avrspi_chip *chip = avrspi_session_chip(cli->session), *candidate;
    struct avrspi_fuses fuses = avrspi_session_fuses(cli->session);
    struct avrspi_clock clock = avrspi_session_clock(cli->session);
    unsigned divider = fuses.given[AVRSPI_FUSE_LOW] ? avrspi_chip_divider(chip, fuses.value) : 1;
    char signature[UI_TEXT], clock_text[UI_TEXT], sck[UI_TEXT];
    uint8_t bytes[3];

    (void)avrspi_session_signature(cli->session, bytes, NULL);
    (void)ui_signature(bytes, signature);
    (void)ui_clock(&clock, divider, clock_text);
    (void)ui_hertz(avrspi_session_sck(cli->session), sck);
    ui_line(&cli->ui, "", "%s  %s   %s, SCK %s   %s", avrspi_chip_name(chip), signature, clock_text,
            sck, avrspi_link_name(cli->link));
    for (size_t n = 0; (candidate = avrspi_session_candidate(cli->session, n)) != NULL; n++)
        ui_detail(&cli->ui, "", "  %s has the same signature", avrspi_chip_name(candidate));
    if (memcmp(bytes, avrspi_chip_signature(chip), sizeof bytes) != 0)
        ui_warn(&cli->ui, "the signature is not that of the %s: going on by --force",
                avrspi_chip_name(chip));
    if (avrspi_chip_unverified(chip))
        ui_warn(&cli->ui, "the facts about the %s are from a single source: not verified",
                avrspi_chip_name(chip));
    ui_fact(&cli->ui, "chip", ui_string(avrspi_chip_name(chip)));
    ui_fact(&cli->ui, "signature", ui_string(signature));
    ui_fact(&cli->ui, "clock", ui_string(clock_text));
}

int target_identify(struct cli *cli, struct avrspi_error *error)
{
    int result = target_open(cli, error);

    if (result == 0)
        result = avrspi_session_identify(cli->session, error);
    if (result == 0)
        target_print_chip(cli);
    return result;
}

int target_turbo(struct cli *cli, struct avrspi_error *error)
{
    char sck[UI_TEXT];
    int result;

    if (!cli->config.turbo || cli->config.dry_run)
        return 0;
    result = avrspi_session_turbo_begin(cli->session, NULL, error);
    if (result < 0)
        return result;
    if (avrspi_session_turbo_active(cli->session))
        ui_line(&cli->ui, "turbo", "clock not divided for now, SCK %s",
                ui_hertz(avrspi_session_sck(cli->session), sck));
    else
        ui_line(&cli->ui, "turbo", "%s",
                cli->config.sck_hz ? "of no use: SCK is what --speed says"
                                   : "of no use: no internal clock is divided, or it has to stay");
    return 0;
}

static void report_violations(struct cli *cli)
{
    char kinds[256];
    uint64_t violations = avrspi_link_violations(cli->link, kinds, sizeof kinds);

    if (!avrspi_link_is_simulated(cli->link))
        return;
    ui_fact(&cli->ui, "violations", json_integer((json_int_t)violations));
    ui_fact(&cli->ui, "breaches", json_integer((json_int_t)violations)); /* its name before 0.2 */
    if (violations)
        ui_warn(&cli->ui, "the simulated target counts violations of its datasheet: %s", kinds);
    else
        ui_detail(&cli->ui, "sim", "0 violations of the datasheet");
}

static void report_retries(struct cli *cli)
{
    unsigned retries = avrspi_session_retries(cli->session);
    char sck[UI_TEXT];

    if (retries)
        ui_warn(&cli->ui, "the target was lost and found again %u time%s, SCK now %s", retries,
                retries == 1 ? "" : "s", ui_hertz(avrspi_session_sck(cli->session), sck));
}

/* SCK at the end, and as it was seen, which a port never tells: the divider may be too coarse, and
 * a clock that follows the processor's makes it faster than asked for. */
static void report_sck(struct cli *cli)
{
    uint32_t asked = avrspi_link_speed(cli->link), seen = avrspi_link_measured_speed(cli->link);
    char asked_text[UI_TEXT], seen_text[UI_TEXT];

    if (avrspi_session_chip(cli->session))
        ui_fact(&cli->ui, "sck_hz", json_integer(asked));
    if (!seen)
        return;
    (void)ui_hertz(asked, asked_text);
    (void)ui_hertz(seen, seen_text);
    ui_fact(&cli->ui, "sck_measured_hz", json_integer(seen));
    ui_detail(&cli->ui, "sck", "%s measured, %s asked for", seen_text, asked_text);
    if (seen > asked + asked / 50)
        ui_warn(&cli->ui, "SCK runs at %s where %s was asked for: %s", seen_text, asked_text,
                asked < avrspi_host_slowest_of("", cli->config.port)
                    ? "the SPI controller can't go that slow"
                    : "the clock behind the SPI controller is faster than its driver believes (on "
                      "a Raspberry Pi, fix core_freq in config.txt)");
}

/* A fuse that could not be set back is worth a word, whatever else went wrong before. */
static int end_turbo(struct cli *cli, struct avrspi_error *error)
{
    struct avrspi_error left = {0};
    int result = avrspi_session_turbo_end(cli->session, &left);

    if (result < 0 && error)
        *error = left;
    else if (result < 0)
        ui_warn(&cli->ui, "%s: %s", left.message, left.hint);
    return result;
}

int target_close(struct cli *cli, struct avrspi_error *error)
{
    int result = 0, closed;

    if (!cli->link)
        return 0;
    if (cli->session) {
        struct avrspi_timing timing = avrspi_session_timing(cli->session);

        ui_fact(&cli->ui, "seconds", json_real((double)timing.total_ns / 1e9));
        report_sck(cli);
        result = end_turbo(cli, error);
        report_retries(cli);
    }
    avrspi_session_close(cli->session);
    cli->session = NULL;
    report_violations(cli);
    cli->ui.link = NULL;
    closed = avrspi_link_close(cli->link, result == 0 ? error : NULL);
    cli->link = NULL;
    set_signals(SIG_DFL); /* there is nothing left that must not be cut off */
    return result < 0 ? result : closed;
}

int target_place_contents(const struct avrspi_chip *chip, struct avrspi_contents *contents,
                          struct avrspi_error *error)
{
    avrspi_contents_place(contents, chip);
    return avrspi_contents_check(contents, chip, error);
}

/* Says what else the file holds. */
static void report_left_out(struct cli *cli, const struct avrspi_contents *contents,
                            enum avrspi_memory taken)
{
    char text[UI_TEXT * 2] = "";
    json_t *sizes = json_object();
    size_t used = 0;

    for (int n = 0; n < AVRSPI_MEMORIES && used < sizeof text; n++) {
        enum avrspi_memory memory = (enum avrspi_memory)n;
        const struct avrspi_image *image = avrspi_contents_image(contents, memory);

        if (!image || memory == taken)
            continue;
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s %zu B", used ? ", " : "",
                                 avrspi_memory_name(memory), avrspi_image_size(image));
        (void)json_object_set_new(sizes, avrspi_memory_name(memory),
                                  json_integer((json_int_t)avrspi_image_size(image)));
    }
    if (used) {
        ui_line(&cli->ui, "file", "%s left out", text);
        ui_fact(&cli->ui, "left_out", json_incref(sizes));
    }
    json_decref(sizes);
}

int target_read_contents(struct cli *cli, const char *path, enum avrspi_memory memory,
                         struct avrspi_contents **contents, struct avrspi_error *error)
{
    struct avrspi_read_options options = {.memory = memory, .format = cli->config.format};
    const struct avrspi_image *image;
    int result = avrspi_contents_read(contents, &options, path, error);

    if (result == 0)
        result = avrspi_contents_require(*contents, memory, &image, error);
    if (result == 0 && cli->chip)
        result = target_place_contents(cli->chip, *contents, error);
    if (result < 0) {
        avrspi_contents_free(*contents);
        *contents = NULL;
        return result;
    }
    ui_fact(&cli->ui, "file", ui_string(path));
    report_left_out(cli, *contents, memory);
    return 0;
}
