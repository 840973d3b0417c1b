/* SPDX-License-Identifier: MIT */
/*
 * After a disturbance: an instruction that arrived changed may have been a write. What it could
 * have reached is compared with what the job knows of it; what the job never read may have changed.
 */
#include "job/job.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "isp/isp.h"

enum {
    ROUNDS = 3, /* a look may be disturbed as well */
};

/* What is known of a memory at the end of the job. */
struct known {
    enum avrspi_memory memory;
    const uint8_t *content; /* the whole memory; NULL: blank */
    const bool *units;      /* of which these are known; NULL: all */
    bool nothing;
};

static int fail_unknown(enum avrspi_memory memory, struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_VERIFY,
                "%s may have changed: an instruction was disturbed on the wires, and this job did "
                "not know all that %s held before",
                avrspi_memory_name(memory), avrspi_memory_name(memory));
    avrspi_hint(error, "compare it with its file; shorten the wires, join the grounds");
    avrspi_advise(error, AVRSPI_ADVICE_SLOWER, NULL);
    return AVRSPI_ERR_VERIFY;
}

static int compare_unit(struct avrspi_session *session, const struct known *known, uint32_t offset,
                        uint32_t size, struct avrspi_differences *differences,
                        struct avrspi_error *error)
{
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
    result = avrspi_session_compare(session, known->memory,
                                    avrspi_memory_start(&session->chip, known->memory) + offset,
                                    expected, size, differences, error);
    free(blank);
    return result;
}

static int look_at(struct avrspi_session *session, const struct known *known,
                   struct avrspi_error *error)
{
    const uint32_t size = avrspi_memory_size(&session->chip, known->memory);
    const uint32_t unit = known->units ? avrspi_unit_size(&session->chip, known->memory) : size;
    struct avrspi_differences differences = {0};
    bool all = true;

    if (size == 0)
        return 0;
    if (known->nothing ||
        avrspi_lock_forbids_reading(&session->chip, &session->fuses, known->memory))
        return fail_unknown(known->memory, error);
    for (uint32_t offset = 0; offset < size; offset += unit) {
        int result;

        if (known->units && !known->units[offset / unit]) {
            all = false;
            continue;
        }
        result = compare_unit(session, known, offset, unit, &differences, error);
        if (result < 0)
            return result;
    }
    if (differences.count)
        return avrspi_differences_error(&differences, known->memory, error);
    return all ? 0 : fail_unknown(known->memory, error);
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
    int result = 0;

    if (reached & AVRSPI_REACHED_FUSES)
        result = look_at_fuses(session, error);
    if (result == 0 && (reached & AVRSPI_REACHED_FLASH))
        result = look_at(session, &flash, error);
    if (result == 0 && (reached & AVRSPI_REACHED_EEPROM))
        result = look_at(session, &eeprom, error);
    return result;
}

int avrspi_job_audit(struct avrspi_session *session, const struct avrspi_plan *plan, bool erased,
                     struct avrspi_error *error)
{
    int result = 0;

    for (int n = 0; result == 0 && session->wrote && session->reached && n < ROUNDS; n++) {
        unsigned reached = session->reached;

        session->reached = 0;
        result = look(session, plan, erased, reached, error);
    }
    return result;
}
