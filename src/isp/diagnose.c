/* SPDX-License-Identifier: MIT */
/* Why nobody answers, as far as the answers tell. */
#include "isp/isp.h"

#include <string.h>

/* What every answer showed, from the surest sign to the vaguest. */
enum sign {
    SIGN_ALL_ONES,
    SIGN_ALL_ZEROS,
    SIGN_LOOPED,
    SIGN_SHIFTED,
    SIGN_JUNK,
};

static const struct {
    const char *message;
    const char *hint; /* may name the reset line, %s */
} words[] = {
    [SIGN_ALL_ONES] = {"MISO reads all ones",
                       "is the chip powered, and does %s reach its RESET pin? RSTDISBL or DWEN "
                       "programmed would look the same"},
    [SIGN_ALL_ZEROS] = {"MISO reads all zeros",
                        "is the chip powered, and is its MISO pin wired to MISO, not to MOSI?"},
    [SIGN_LOOPED] = {"MISO shows what MOSI sends",
                     "the two touch each other: look for a solder bridge or a wire in the wrong "
                     "row"},
    [SIGN_SHIFTED] = {"the echo of Programming Enable is shifted",
                      "SCK picks up noise: shorten the wires, join the grounds, put 100 ohm "
                      "into SCK"},
    [SIGN_JUNK] = {"MISO shows no echo of Programming Enable",
                   "check SCK and %s, that no other device drives MISO, and that a chip fused to "
                   "a crystal or clock signal has it"},
};

static bool all_bytes(const uint8_t (*answers)[4], size_t n, uint8_t value)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < 4; k++)
            if (answers[i][k] != value)
                return false;
    return true;
}

static bool looped(const uint8_t answer[4])
{
    static const uint8_t sent[4] = {0xAC, 0x53, 0x00, 0x00};

    return memcmp(answer, sent, 4) == 0;
}

/* 0xAC 0x53 somewhere in the bits, but not where they belong. */
static bool shifted(const uint8_t answer[4])
{
    uint32_t bits = (uint32_t)answer[0] << 24 | (uint32_t)answer[1] << 16 |
                    (uint32_t)answer[2] << 8 | answer[3];

    for (unsigned shift = 0; shift <= 16; shift++)
        if ((bits >> shift & 0xFFFF) == 0xAC53)
            return shift != 8;
    return false;
}

static bool any(const uint8_t (*answers)[4], size_t n, bool (*sign)(const uint8_t answer[4]))
{
    for (size_t i = 0; i < n; i++)
        if (sign(answers[i]))
            return true;
    return false;
}

static enum sign read_sign(const uint8_t (*answers)[4], size_t n)
{
    if (all_bytes(answers, n, 0xFF))
        return SIGN_ALL_ONES;
    if (all_bytes(answers, n, 0x00))
        return SIGN_ALL_ZEROS;
    if (any(answers, n, looped))
        return SIGN_LOOPED;
    if (any(answers, n, shifted))
        return SIGN_SHIFTED;
    return SIGN_JUNK;
}

int avrspi_isp_diagnose(const struct avrspi_session *session, const uint8_t (*answers)[4], size_t n,
                        struct avrspi_error *error)
{
    enum sign sign = read_sign(answers, n);
    const char *reset = avrspi_link_reset(session->link);
    const char *hint = words[sign].hint, *gap = strstr(hint, "%s");

    avrspi_fail(error, AVRSPI_ERR_NO_TARGET, "no answer from a target on %s: %s",
                avrspi_link_port(session->link), words[sign].message);
    if (gap)
        avrspi_hint(error, "%.*s%s%s", (int)(gap - hint), hint, *reset ? reset : "the reset line",
                    gap + 2);
    else
        avrspi_hint(error, "%s", hint);
    return AVRSPI_ERR_NO_TARGET;
}
