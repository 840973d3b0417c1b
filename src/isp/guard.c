/* SPDX-License-Identifier: MIT */
/* What is refused, and why: fuses that end serial programming, and what lock bits forbid. */
#include "isp/isp.h"

#include <stdio.h>

/* --- lock bits */

static enum avrspi_lock_mode mode_of(const struct avrspi_chip *chip,
                                     const struct avrspi_fuses *fuses)
{
    const struct avrspi_field *lb = avrspi_chip_field(chip, "LB");
    uint8_t value = 3;

    if (!fuses->given[AVRSPI_FUSE_LOCK])
        return AVRSPI_LOCK_MODE_NONE; /* the chip can't show them */
    if (lb)
        value = avrspi_field_get(lb, fuses->value[AVRSPI_FUSE_LOCK]);
    else if ((chip->fuse[AVRSPI_FUSE_LOCK].mask & 3) == 3)
        value = fuses->value[AVRSPI_FUSE_LOCK] & 3; /* where nearly all chips have it */
    return value == 3   ? AVRSPI_LOCK_MODE_NONE
           : value == 0 ? AVRSPI_LOCK_MODE_READ
                        : AVRSPI_LOCK_MODE_WRITE;
}

enum avrspi_lock_mode avrspi_isp_lock_mode(const struct avrspi_session *session)
{
    return mode_of(&session->chip, &session->fuses);
}

int avrspi_isp_may_read(const struct avrspi_session *session, enum avrspi_memory memory,
                        struct avrspi_error *error)
{
    if (memory != AVRSPI_MEMORY_FLASH && memory != AVRSPI_MEMORY_EEPROM)
        return 0;
    if (avrspi_isp_lock_mode(session) != AVRSPI_LOCK_MODE_READ)
        return 0;
    avrspi_fail(error, AVRSPI_ERR_REFUSED,
                "the lock bits (0x%02X) forbid reading: %s would read as junk",
                session->fuses.value[AVRSPI_FUSE_LOCK], avrspi_memory_name(memory));
    avrspi_hint(error, "'avrspi erase' clears them, and all the chip holds");
    return AVRSPI_ERR_REFUSED;
}

static int fail_locked(const struct avrspi_fuses *fuses, const char *what,
                       struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_REFUSED, "the lock bits (0x%02X) forbid writing %s",
                fuses->value[AVRSPI_FUSE_LOCK], what);
    avrspi_hint(error, "'avrspi erase' clears them, and all the chip holds");
    return AVRSPI_ERR_REFUSED;
}

int avrspi_isp_may_write(const struct avrspi_session *session, const char *what,
                         struct avrspi_error *error)
{
    if (avrspi_isp_lock_mode(session) == AVRSPI_LOCK_MODE_NONE)
        return 0;
    return fail_locked(&session->fuses, what, error);
}

/* --- fuses that end serial programming */

static const struct {
    const char *field;
    uint8_t fatal_value;
    const char *effect;
} lockouts[] = {
    {"RSTDISBL", 0,
     "RSTDISBL would be programmed: RESET becomes a port pin, and SPI programming ends"},
    {"DWEN", 0, "DWEN would be programmed: RESET becomes debugWIRE, and SPI programming ends"},
    {"SPIEN", 1, "SPIEN would be unprogrammed: SPI programming ends"},
};

static bool would_become(const struct avrspi_field *field, const struct avrspi_fuses *now,
                         const struct avrspi_fuses *wanted, uint8_t value)
{
    if (!field || !wanted->given[field->fuse] ||
        avrspi_field_get(field, wanted->value[field->fuse]) != value)
        return false;
    return !now->given[field->fuse] || avrspi_field_get(field, now->value[field->fuse]) != value;
}

static int check_lockouts(const struct avrspi_chip *chip, const struct avrspi_fuses *now,
                          const struct avrspi_fuses *wanted, struct avrspi_error *error)
{
    for (size_t n = 0; n < sizeof lockouts / sizeof *lockouts; n++) {
        const struct avrspi_field *field = avrspi_chip_field(chip, lockouts[n].field);

        if (!would_become(field, now, wanted, lockouts[n].fatal_value))
            continue;
        avrspi_fail(error, AVRSPI_ERR_REFUSED,
                    "refused: %s (only high-voltage programming brings it back)",
                    lockouts[n].effect);
        avrspi_hint(error, "nothing was written; --force if that is what you want");
        return AVRSPI_ERR_REFUSED;
    }
    return 0;
}

/* --- what can't be written at all */

static int check_possible(const struct avrspi_chip *chip, const struct avrspi_fuses *now,
                          const struct avrspi_fuses *wanted, enum avrspi_fuse fuse,
                          struct avrspi_error *error)
{
    const char *name = avrspi_fuse_name(fuse);
    uint8_t mask = chip->fuse[fuse].mask;

    if (!mask)
        return avrspi_fail(error, AVRSPI_ERR_REFUSED, "the %s has no %s byte", chip->name, name);
    if (!chip->instruction[avrspi_fuse_write_id(fuse)].defined) {
        avrspi_fail(error, AVRSPI_ERR_REFUSED, "the %s byte of the %s can't be written over SPI",
                    name, chip->name);
        avrspi_hint(error, "high-voltage programming can write it");
        return AVRSPI_ERR_REFUSED;
    }
    if (fuse == AVRSPI_FUSE_LOCK && now->given[fuse] &&
        (wanted->value[fuse] & mask & ~now->value[fuse]) != 0) {
        avrspi_fail(error, AVRSPI_ERR_REFUSED,
                    "lock bits can't go from 0x%02X back to 0x%02X: only a chip erase sets them",
                    now->value[fuse], (uint8_t)(wanted->value[fuse] | ~mask));
        avrspi_hint(error, "nothing was written; 'avrspi erase' first");
        return AVRSPI_ERR_REFUSED;
    }
    return 0;
}

/* Mode 2 keeps fuses from being written, but not the lock bits of mode 3. */
static int check_locked(const struct avrspi_chip *chip, const struct avrspi_fuses *now,
                        const struct avrspi_fuses *wanted, enum avrspi_fuse fuse,
                        struct avrspi_error *error)
{
    enum avrspi_lock_mode mode = mode_of(chip, now);
    bool differs =
        !now->given[fuse] || ((now->value[fuse] ^ wanted->value[fuse]) & chip->fuse[fuse].mask);

    if (mode == AVRSPI_LOCK_MODE_NONE || !differs ||
        (mode == AVRSPI_LOCK_MODE_WRITE && fuse == AVRSPI_FUSE_LOCK))
        return 0;
    return fail_locked(now, avrspi_fuse_name(fuse), error);
}

int avrspi_fuses_check(const struct avrspi_chip *chip, const struct avrspi_fuses *now,
                       const struct avrspi_fuses *wanted, bool force, struct avrspi_error *error)
{
    for (int fuse = 0; fuse < AVRSPI_FUSES; fuse++) {
        int result;

        if (!wanted->given[fuse])
            continue;
        result = check_possible(chip, now, wanted, (enum avrspi_fuse)fuse, error);
        if (result == 0)
            result = check_locked(chip, now, wanted, (enum avrspi_fuse)fuse, error);
        if (result < 0)
            return result;
    }
    return force ? 0 : check_lockouts(chip, now, wanted, error);
}

int avrspi_session_check_fuses(const struct avrspi_session *session,
                               const struct avrspi_fuses *wanted, bool force,
                               struct avrspi_error *error)
{
    int result = 0;

    for (size_t n = 0; result == 0 && n < session->n_candidates; n++)
        result = avrspi_fuses_check(session->candidates[n], &session->fuses, wanted, force, error);
    return result;
}
