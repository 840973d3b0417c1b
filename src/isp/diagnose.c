/* SPDX-License-Identifier: MIT */
/*
 * A target that does not answer: what the answers showed, a look at MISO with RESET high, and what
 * comes of both, in words.
 *
 * RESET high is where the reset line is when nobody uses it, so that the look changes nothing: the
 * chip runs its program, which may hear four bytes. Where a transistor inverts RESET the chip is in
 * reset then, and one Programming Enable is echoed.
 */
#include "base/number.h"
#include "chips/intent_clock.h"
#include "host/absent.h"
#include "host/host.h"
#include "isp/finding.h"
#include "isp/isp.h"
#include "link/link.h"

#include <stdio.h>
#include <string.h>

enum {
    STARTED_NS = 100 * AVRSPI_NS_PER_MS, /* a program runs: the longest start-up time is 65 ms */
    LEAST_CLOCK = 4,                     /* times SCK, of a chip that hears it */
};

/* --- evidence */

static enum avrspi_isp_level level_of(const uint8_t *bytes, size_t size)
{
    for (size_t n = 1; n < size; n++)
        if (bytes[n] != bytes[0])
            return AVRSPI_LEVEL_MIXED;
    return bytes[0] == 0xFF   ? AVRSPI_LEVEL_ONES
           : bytes[0] == 0x00 ? AVRSPI_LEVEL_ZEROS
                              : AVRSPI_LEVEL_MIXED;
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

/* MISO while RESET is high; zeros can't be taken for an instruction. */
static int look_at_miso(struct avrspi_session *session, struct avrspi_isp_evidence *evidence,
                        struct avrspi_error *error)
{
    static const uint8_t zeros[4];
    uint8_t answer[4];
    int result = avrspi_link_set_reset(session->link, false, error);

    if (result < 0)
        return result;
    avrspi_link_wait(session->link, STARTED_NS);
    result = avrspi_link_transfer(session->link, zeros, answer, sizeof answer, error);
    if (result == 0)
        evidence->high = level_of(answer, sizeof answer);
    return result;
}

/* One Programming Enable where RESET should be high, after a pulse as any entry has it; and another
 * pulse, since a chip in programming mode would listen to all that others say on the bus. */
static int try_other_level(struct avrspi_session *session, struct avrspi_isp_evidence *evidence,
                           struct avrspi_error *error)
{
    uint8_t answer[4];
    int result = avrspi_link_set_reset(session->link, true, error);

    avrspi_link_wait(session->link, AVRSPI_RESET_PULSE_NS);
    if (result == 0)
        result = avrspi_link_set_reset(session->link, false, error);
    avrspi_link_wait(session->link, AVRSPI_RESET_LOW_NS + AVRSPI_RESET_MARGIN_NS);
    if (result == 0)
        result = avrspi_isp_enable(session, answer, &evidence->other_level, error);
    if (result == 0)
        result = avrspi_link_set_reset(session->link, true, error);
    avrspi_link_wait(session->link, AVRSPI_RESET_PULSE_NS);
    return result;
}

enum avrspi_isp_level avrspi_isp_pull_of(const struct avrspi_link *link)
{
    int pull = avrspi_link_miso_pull(link);

    if (pull == 0 && avrspi_host_pulls_miso_down("", avrspi_link_port(link)))
        pull = -1;
    return pull == 0 ? AVRSPI_LEVEL_UNKNOWN : pull < 0 ? AVRSPI_LEVEL_ZEROS : AVRSPI_LEVEL_ONES;
}

/* A target that answered before is not wired wrong. */
static bool has_answered(const struct avrspi_session *session)
{
    return avrspi_isp_never_echoes(&session->config) ? session->identified : session->entry_hz;
}

static int look(struct avrspi_session *session, const uint8_t (*answers)[4], size_t n,
                struct avrspi_isp_evidence *evidence, struct avrspi_error *error)
{
    int result;

    *evidence = (struct avrspi_isp_evidence){
        .low = level_of(answers[0], n * sizeof *answers),
        .pull = avrspi_isp_pull_of(session->link),
        .looped = any(answers, n, looped),
        .shifted = any(answers, n, shifted),
        .active_high = avrspi_link_active_high(session->link),
    };
    if (has_answered(session) || session->config.no_probe)
        return 0;
    result = avrspi_isp_interrupted(session, error);
    if (result == 0)
        result = look_at_miso(session, evidence, error);
    if (result == 0 && evidence->low != AVRSPI_LEVEL_MIXED)
        result = avrspi_link_sense_reset(session->link, false, &evidence->reset, error);
    /* an open drain is never driven high: it switches no transistor */
    if (result == 0 && evidence->low != AVRSPI_LEVEL_MIXED &&
        !avrspi_isp_never_echoes(&session->config) && !avrspi_link_open_drain(session->link))
        result = try_other_level(session, evidence, error);
    return result;
}

/* --- words */

/* The reset line as -r takes it, with the other level as its active one. */
static void advise_other_level(const struct avrspi_isp_evidence *evidence, const char *line,
                               struct avrspi_error *error)
{
    char subject[sizeof error->subject];
    const char *option = evidence->active_high ? "" : ",active-high";

    if ((size_t)snprintf(subject, sizeof subject, "%s%s", *line ? line : "LINE", option) >=
        sizeof subject)
        (void)snprintf(subject, sizeof subject, "LINE%s", option);
    avrspi_advise(error, AVRSPI_ADVICE_RESET_INVERTED, subject);
}

/* The reset line has a name on real hardware. */
static void fill_in(char *text, size_t size, const char *words, const char *line)
{
    const char *gap = strstr(words, "%s");

    if (gap)
        (void)snprintf(text, size, "%.*s%s%s", (int)(gap - words), words,
                       *line ? line : "the reset line", gap + 2);
    else
        (void)snprintf(text, size, "%s", words);
}

static void cause_text(const struct avrspi_session *session, enum avrspi_isp_cause cause,
                       char *text, size_t size)
{
    const struct avrspi_chip *chip = session->config.chip;
    char hz[32];

    if (cause == AVRSPI_CAUSE_SLOW_CLOCK) {
        (void)avrspi_number_write_hz(LEAST_CLOCK * avrspi_isp_slowest_entry(session), hz,
                                     sizeof hz);
        fill_in(text, size, avrspi_isp_cause_words(cause), hz);
    } else if (cause == AVRSPI_CAUSE_PINS && chip)
        (void)snprintf(text, size, "pins: the %s is programmed on PDI and PDO (%s)", chip->name,
                       chip->pins);
    else
        fill_in(text, size, avrspi_isp_cause_words(cause), avrspi_link_reset(session->link));
}

/* One cause as a sentence, several as a list. */
static void add_causes(const struct avrspi_session *session,
                       const struct avrspi_isp_diagnosis *diagnosis, struct avrspi_error *error)
{
    char text[512];

    if (diagnosis->n_causes > 1)
        avrspi_hint_add(error, "the likeliest cause first:");
    for (size_t n = 0; n < diagnosis->n_causes; n++) {
        cause_text(session, diagnosis->causes[n], text, sizeof text);
        if (diagnosis->n_causes > 1)
            avrspi_hint_cause(error, (unsigned)n + 1, text);
        else
            avrspi_hint_add(error, "%s", text);
    }
}

static bool has_cause(const struct avrspi_isp_diagnosis *diagnosis, enum avrspi_isp_cause cause)
{
    for (size_t n = 0; n < diagnosis->n_causes; n++)
        if (diagnosis->causes[n] == cause)
            return true;
    return false;
}

/* What a chip would need to be heard at less than the controller makes. */
static void hint_slowest(const struct avrspi_session *session, struct avrspi_error *error)
{
    const uint32_t slowest = avrspi_link_slowest_speed(session->link);

    if (slowest > AVRSPI_SLOWEST_ENTRY_HZ)
        avrspi_hint_add(error,
                        "\nthe slowest SCK of this controller is %.1f kHz: a chip below %.1f kHz "
                        "cannot hear it; GPIO lines without a controller can go slower: port "
                        "gpio:sck=LINE,mosi=LINE,miso=LINE",
                        slowest / 1e3, slowest * LEAST_CLOCK / 1e3);
}

/* A target that is wired to another bus keeps silent on this one. */
static void hint_other_bus(const struct avrspi_session *session, struct avrspi_error *error)
{
    char node[32];

    if (avrspi_host_other_bus("", avrspi_link_port(session->link), node))
        avrspi_hint_add(error, "\nthis computer has another SPI bus, %s: is the target there?",
                        node);
}

/* How a chip that was fused for a clock that it has not is recovered; a chip that can't have been
 * is looked at part by part. */
static void advise_clock(const struct avrspi_chip *chip, struct avrspi_error *error)
{
    char clock[AVRSPI_CLOCK_RESCUE_TEXT];

    if (!chip)
        avrspi_advise(error, AVRSPI_ADVICE_CLOCK, "internal-8MHz"); /* most have that one */
    else if (avrspi_clock_rescue(chip, clock))
        avrspi_advise(error, AVRSPI_ADVICE_CLOCK, clock);
    else
        avrspi_advise(error, AVRSPI_ADVICE_DOCTOR, NULL);
}

static void explain(const struct avrspi_session *session,
                    const struct avrspi_isp_evidence *evidence, struct avrspi_error *error)
{
    const char *line = avrspi_link_reset(session->link);
    struct avrspi_isp_diagnosis diagnosis;
    char finding[128];

    avrspi_isp_conclude(&diagnosis, evidence, session->config.chip);
    fill_in(finding, sizeof finding, avrspi_isp_finding_words(diagnosis.finding), line);
    avrspi_fail(error, AVRSPI_ERR_NO_TARGET, "no answer from a target on %s: %s%s%s",
                avrspi_link_port(session->link), finding,
                diagnosis.by_reset ? ", and RESET is " : "",
                diagnosis.by_reset ? avrspi_reset_pull_name(evidence->reset) : "");
    avrspi_hint(error, "%s", "");
    add_causes(session, &diagnosis, error);
    if (has_cause(&diagnosis, AVRSPI_CAUSE_CLOCK) || has_cause(&diagnosis, AVRSPI_CAUSE_SLOW_CLOCK))
        hint_slowest(session, error);
    if (evidence->low == AVRSPI_LEVEL_ONES || evidence->low == AVRSPI_LEVEL_ZEROS)
        hint_other_bus(session, error);
    if (diagnosis.finding == AVRSPI_FINDING_INVERTED ||
        diagnosis.finding == AVRSPI_FINDING_NOT_INVERTED)
        advise_other_level(evidence, line, error);
    else if (evidence->low == AVRSPI_LEVEL_MIXED && !evidence->looped && !evidence->shifted &&
             !session->config.chip)
        avrspi_advise(error, AVRSPI_ADVICE_NO_ECHO_CHIP, NULL);
    else if (has_cause(&diagnosis, AVRSPI_CAUSE_CLOCK))
        advise_clock(session->config.chip, error);
    else
        avrspi_advise(error, AVRSPI_ADVICE_DOCTOR, NULL);
}

int avrspi_isp_diagnose(struct avrspi_session *session, const uint8_t (*answers)[4], size_t n,
                        struct avrspi_error *error)
{
    struct avrspi_isp_evidence evidence;
    int result = look(session, answers, n, &evidence, error);

    if (result < 0)
        return result;
    explain(session, &evidence, error);
    return AVRSPI_ERR_NO_TARGET;
}
