/* SPDX-License-Identifier: MIT */
/*
 * After a disturbance: an instruction that arrived changed may have been a write. What it could
 * have reached is compared with what the job knows of it; what the job never read may have changed.
 */
#include "job/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "isp/isp.h"

enum {
    ROUNDS = 3,     /* a look may be disturbed as well */
    BEGINNING = 64, /* bytes of flash */
};

/* What is known of a memory at the end of the job. */
struct known {
    enum avrspi_memory memory;
    const uint8_t *content; /* the whole memory; NULL: blank */
    const bool *units;      /* of which these are known; NULL: all */
    bool nothing;
};

/* Of what can't be said whether it has changed. */
struct doubt {
    bool memory[AVRSPI_MEMORIES];
    bool any;
    bool locked; /* the lock bits do not allow a look */
};

static void add(struct doubt *doubt, enum avrspi_memory memory)
{
    doubt->memory[memory] = true;
    doubt->any = true;
}

/* "flash", "flash and eeprom", "flash, eeprom and fuses". */
static const char *names(const struct doubt *doubt, char text[64])
{
    int left = 0;

    for (int n = 0; n < AVRSPI_MEMORIES; n++)
        left += doubt->memory[n];
    text[0] = '\0';
    for (int n = 0; n < AVRSPI_MEMORIES; n++) {
        size_t used = strlen(text);

        if (!doubt->memory[n])
            continue;
        left--;
        (void)snprintf(text + used, 64 - used, "%s%s", avrspi_memory_name((enum avrspi_memory)n),
                       left > 1    ? ", "
                       : left == 1 ? " and "
                                   : "");
    }
    return text;
}

/* Of a job that has failed already. */
static void tell_doubt(const struct doubt *doubt, struct avrspi_error *error)
{
    char text[64], hint[sizeof error->hint];

    if (!doubt->any)
        return;
    memcpy(hint, error->hint, sizeof hint);
    avrspi_hint(error, "%s%s%s may have changed too: an instruction was disturbed on the wires",
                hint,
                !hint[0]                        ? ""
                : hint[strlen(hint) - 1] == '?' ? " "
                                                : "; ",
                names(doubt, text));
}

static int fail_undecided(struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_VERIFY,
                "what the chip holds could not be checked: every look was disturbed on the wires");
    avrspi_hint(error, "shorten the wires, join the grounds");
    avrspi_advise(error, AVRSPI_ADVICE_SLOWER, NULL);
    return AVRSPI_ERR_VERIFY;
}

/* One look at a memory, unit by unit. */
struct look {
    const struct known *known;
    struct avrspi_progress progress;
    struct avrspi_differences differences;
};

static int compare_unit(struct avrspi_session *session, struct look *look, uint32_t offset,
                        uint32_t size, struct avrspi_error *error)
{
    const struct known *known = look->known;
    uint8_t *blank = NULL;
    const uint8_t *expected = known->content ? known->content + offset : NULL;
    int result;

    if (!expected) {
        blank = malloc(size);
        if (!blank)
            return avrspi_fail_memory(error);
        memset(blank, 0xFF, size);
        expected = blank;
    }
    result = avrspi_isp_compare(session, known->memory,
                                avrspi_memory_start(&session->chip, known->memory) + offset,
                                expected, size, &look->progress, &look->differences, error);
    free(blank);
    return result;
}

static bool is_known(const struct known *known, uint32_t n)
{
    return !known->nothing && (!known->units || known->units[n]);
}

static size_t known_bytes(const struct known *known, uint32_t size, uint32_t unit)
{
    size_t bytes = 0;

    for (uint32_t n = 0; n < size / unit; n++)
        bytes += is_known(known, n) ? unit : 0;
    return bytes;
}

static int look_at(struct avrspi_session *session, const struct known *known, struct doubt *doubt,
                   struct avrspi_error *error)
{
    const uint32_t size = avrspi_memory_size(&session->chip, known->memory);
    const uint32_t unit = known->units ? avrspi_unit_size(&session->chip, known->memory) : size;
    const bool locked = avrspi_lock_forbids_reading(&session->chip, &session->fuses, known->memory);
    struct look look = {.known = known, .progress = {.stage = AVRSPI_STAGE_VERIFY}};
    int result = 0;

    if (size == 0)
        return 0;
    if (!locked)
        look.progress.total = known_bytes(known, size, unit);
    for (uint32_t offset = 0; result == 0 && !locked && offset < size; offset += unit)
        if (is_known(known, offset / unit))
            result = compare_unit(session, &look, offset, unit, error);
    doubt->locked |= locked;
    if (look.progress.total < size)
        add(doubt, known->memory);
    return result < 0 ? result : avrspi_differences_error(&look.differences, known->memory, error);
}

/* As an erase by accident leaves it; a program would begin there. */
static bool begins_blank(struct avrspi_session *session)
{
    const uint32_t start = avrspi_memory_start(&session->chip, AVRSPI_MEMORY_FLASH);
    uint8_t bytes[BEGINNING];

    if (avrspi_isp_read(session, AVRSPI_MEMORY_FLASH, start, bytes, sizeof bytes, NULL, NULL) < 0)
        return false;
    for (size_t n = 0; n < sizeof bytes; n++)
        if (bytes[n] != 0xFF)
            return false;
    return true;
}

static int fail_doubt(struct avrspi_session *session, const struct doubt *doubt,
                      struct avrspi_error *error)
{
    const bool blank =
        doubt->memory[AVRSPI_MEMORY_FLASH] && !doubt->locked && begins_blank(session);
    char text[64];

    avrspi_fail(error, AVRSPI_ERR_VERIFY,
                "%s may have changed: an instruction was disturbed on the wires, and %s",
                names(doubt, text),
                doubt->locked ? "the lock bits do not allow a look"
                              : "this job did not know all that was there before");
    avrspi_hint(error, "%s; shorten the wires, join the grounds",
                blank ? "flash begins blank now: the chip may have been erased"
                      : "compare the chip with what should be there");
    avrspi_advise(error, AVRSPI_ADVICE_SLOWER, NULL);
    return AVRSPI_ERR_VERIFY;
}

/* Fuses were mended as soon as the target answered again: they are only looked at. */
static int look_at_fuses(struct avrspi_session *session, struct avrspi_error *error)
{
    const struct avrspi_fuses expected = session->fuses;
    int result = avrspi_session_read_fuses(session, error);

    for (int fuse = 0; result == 0 && fuse < AVRSPI_FUSES; fuse++)
        if (expected.given[fuse] && session->fuses.value[fuse] != expected.value[fuse])
            result = avrspi_fail(error, AVRSPI_ERR_VERIFY,
                                 "the %s byte was changed by a disturbance on the wires: it reads "
                                 "0x%02X, expected 0x%02X",
                                 avrspi_fuse_name((enum avrspi_fuse)fuse),
                                 session->fuses.value[fuse], expected.value[fuse]);
    return result;
}

static struct known known_flash(const struct avrspi_plan *plan, bool erased)
{
    return (struct known){
        .memory = AVRSPI_MEMORY_FLASH,
        .content = plan->flash.wanted,
        .units = erased ? NULL : plan->flash.read,
        .nothing = !erased && !plan->flash.wanted,
    };
}

static struct known known_eeprom(const struct avrspi_plan *plan, bool erased)
{
    bool cleared = erased && !plan->eeprom_survives;

    return (struct known){
        .memory = AVRSPI_MEMORY_EEPROM,
        .content = plan->eeprom.wanted,
        .units = cleared ? NULL : plan->eeprom.read,
        .nothing = !cleared && !plan->eeprom.wanted,
    };
}

static int look(struct avrspi_session *session, const struct avrspi_plan *plan, bool erased,
                unsigned reached, struct avrspi_error *error)
{
    const struct known flash = known_flash(plan, erased), eeprom = known_eeprom(plan, erased);
    struct doubt doubt = {0};
    int result = 0;

    if (reached & AVRSPI_REACHED_FUSES)
        result = look_at_fuses(session, error);
    if (result == 0 && (reached & AVRSPI_REACHED_FLASH))
        result = look_at(session, &flash, &doubt, error);
    if (result == 0 && (reached & AVRSPI_REACHED_EEPROM))
        result = look_at(session, &eeprom, &doubt, error);
    if (result == 0)
        return doubt.any ? fail_doubt(session, &doubt, error) : 0;
    tell_doubt(&doubt, error);
    return result;
}

static const unsigned reached_of[AVRSPI_MEMORIES] = {
    [AVRSPI_MEMORY_FLASH] = AVRSPI_REACHED_FLASH,
    [AVRSPI_MEMORY_EEPROM] = AVRSPI_REACHED_EEPROM,
    [AVRSPI_MEMORY_FUSES] = AVRSPI_REACHED_FUSES,
};

/* All that was reached, and was not looked at. */
static struct doubt take_doubt(struct avrspi_session *session)
{
    struct doubt doubt = {0};

    for (int n = 0; n < AVRSPI_MEMORIES; n++)
        if (session->reached & reached_of[n])
            add(&doubt, (enum avrspi_memory)n);
    session->reached = 0;
    return doubt;
}

int avrspi_job_check_unreached(struct avrspi_session *session, enum avrspi_memory memory,
                               struct avrspi_error *error)
{
    struct doubt doubt;

    if (!(session->reached & reached_of[memory]))
        return 0;
    doubt = take_doubt(session);
    return fail_doubt(session, &doubt, error);
}

void avrspi_job_tell_reached(struct avrspi_session *session, struct avrspi_error *error)
{
    const struct doubt doubt = take_doubt(session);

    tell_doubt(&doubt, error);
}

int avrspi_job_audit(struct avrspi_session *session, const struct avrspi_plan *plan, bool erased,
                     struct avrspi_error *error)
{
    int result = 0;

    for (int n = 0; result == 0 && session->reached && n < ROUNDS; n++) {
        unsigned reached = session->reached;

        session->reached = 0;
        result = look(session, plan, erased, reached, error);
    }
    return result == 0 && session->reached ? fail_undecided(error) : result;
}
