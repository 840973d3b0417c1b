/* SPDX-License-Identifier: MIT */
#include "ui/ui.h"

#include "base/number.h"

const char *ui_hertz(uint32_t hz, char text[UI_TEXT])
{
    return avrspi_number_write_hz(hz, text, UI_TEXT);
}

const char *ui_sck(uint32_t hz, uint32_t asked_hz, char text[UI_TEXT])
{
    enum {
        CLEARLY = 50
    }; /* 2 % */
    uint32_t difference = hz > asked_hz ? hz - asked_hz : asked_hz - hz;
    char made[UI_TEXT], asked[UI_TEXT];

    (void)ui_hertz(hz, made);
    (void)ui_hertz(asked_hz, asked);
    if (difference > asked_hz / CLEARLY)
        (void)snprintf(text, UI_TEXT, "%.24s (%.24s asked)", made, asked);
    else
        (void)snprintf(text, UI_TEXT, "%s", made);
    return text;
}

const char *ui_bytes(uint64_t bytes, char text[UI_TEXT])
{
    if (bytes >= 1024 && bytes % 1024 == 0)
        (void)snprintf(text, UI_TEXT, "%llu KiB", (unsigned long long)bytes / 1024);
    else
        (void)snprintf(text, UI_TEXT, "%llu B", (unsigned long long)bytes);
    return text;
}

const char *ui_seconds(uint64_t ns, char text[UI_TEXT])
{
    double seconds = (double)ns / 1e9;

    if (seconds < 0.1)
        (void)snprintf(text, UI_TEXT, "%.0f ms", seconds * 1e3);
    else if (seconds < 10)
        (void)snprintf(text, UI_TEXT, "%.2f s", seconds);
    else
        (void)snprintf(text, UI_TEXT, "%.1f s", seconds);
    return text;
}

const char *ui_rate(uint64_t bytes, uint64_t ns, char text[UI_TEXT])
{
    double rate = ns ? (double)bytes * 1e9 / (double)ns : 0;

    if (rate < 999.5)
        (void)snprintf(text, UI_TEXT, "%.0f B/s", rate);
    else
        (void)snprintf(text, UI_TEXT, "%.1f kB/s", rate / 1000);
    return text;
}

const char *ui_signature(const uint8_t signature[3], char text[UI_TEXT])
{
    (void)snprintf(text, UI_TEXT, "%02X %02X %02X", signature[0], signature[1], signature[2]);
    return text;
}

static const char *const sources[] = {
    [AVRSPI_CLOCK_UNKNOWN] = "clock not known",   [AVRSPI_CLOCK_INTERNAL] = "internal",
    [AVRSPI_CLOCK_EXTERNAL] = "external clock",   [AVRSPI_CLOCK_CRYSTAL] = "crystal",
    [AVRSPI_CLOCK_RC] = "external RC oscillator",
};

const char *ui_clock(const struct avrspi_clock *clock, unsigned divider, char text[UI_TEXT])
{
    char low[UI_TEXT], high[UI_TEXT], divided[16] = "";

    if (divider > 1)
        (void)snprintf(divided, sizeof divided, " / %u", divider);
    (void)ui_hertz(clock->min_hz * divider, low);
    (void)ui_hertz(clock->max_hz * divider, high);
    if (clock->max_hz == 0 && clock->min_hz)
        (void)snprintf(text, UI_TEXT, "%s, at least %.15s%s", sources[clock->source], low, divided);
    else if (clock->max_hz == 0)
        (void)snprintf(text, UI_TEXT, "%s%s", sources[clock->source], divided);
    else if (clock->min_hz == clock->max_hz)
        (void)snprintf(text, UI_TEXT, "%s %.15s%s", sources[clock->source], low, divided);
    else
        (void)snprintf(text, UI_TEXT, "%s %.15s to %.15s%s", sources[clock->source], low, high,
                       divided);
    return text;
}

const char *ui_session_clock(const struct avrspi_session *session, char text[UI_TEXT])
{
    struct avrspi_fuses fuses = avrspi_session_fuses(session);
    struct avrspi_clock clock = avrspi_session_clock(session);
    unsigned divider = fuses.given[AVRSPI_FUSE_LOW]
                           ? avrspi_chip_divider(avrspi_session_chip(session), fuses.value)
                           : 1;

    return ui_clock(&clock, divider, text);
}

const char *ui_above(uint64_t ns, uint64_t least_ns, char text[UI_TEXT])
{
    uint64_t percent =
        least_ns && ns > least_ns ? (ns - least_ns + least_ns / 200) * 100 / least_ns : 0;

    if (percent == 0)
        (void)snprintf(text, UI_TEXT, "at the minimum");
    else
        (void)snprintf(text, UI_TEXT, "%llu %% above the minimum", (unsigned long long)percent);
    return text;
}
