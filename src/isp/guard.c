/* SPDX-License-Identifier: MIT */
/* What is refused by the rules about fuses and lock bits (avrspi/rules.h), and the words for it. */
#include "isp/isp.h"

/* --- lock bits */

/* 'kind' is " byte" for a fuse byte, "" for a memory. */
static int fail_locked(const struct avrspi_fuses *fuses, const char *name, const char *kind,
                       struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_REFUSED, "the lock bits (0x%02X) do not allow writing the %s%s",
                fuses->value[AVRSPI_FUSE_LOCK], name, kind);
    avrspi_hint(error, "a chip erase clears them, and all the chip holds");
    avrspi_advise(error, AVRSPI_ADVICE_ERASE, NULL);
    return AVRSPI_ERR_REFUSED;
}

int avrspi_guard_read(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses,
                      enum avrspi_memory memory, struct avrspi_error *error)
{
    if (!avrspi_lock_forbids_reading(chip, fuses, memory))
        return 0;
    avrspi_fail(error, AVRSPI_ERR_REFUSED,
                "the lock bits (0x%02X) do not allow reading: %s would read as junk",
                fuses->value[AVRSPI_FUSE_LOCK], avrspi_memory_name(memory));
    avrspi_hint(error, "a chip erase clears them, and all the chip holds");
    avrspi_advise(error, AVRSPI_ADVICE_ERASE, NULL);
    return AVRSPI_ERR_REFUSED;
}

int avrspi_guard_write(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses,
                       enum avrspi_memory memory, struct avrspi_error *error)
{
    if (!avrspi_lock_forbids_writing(chip, fuses, memory))
        return 0;
    return fail_locked(fuses, avrspi_memory_name(memory), "", error);
}

/* --- addresses */

int avrspi_guard_range(const struct avrspi_chip *chip, enum avrspi_memory memory, uint32_t address,
                       size_t size, struct avrspi_error *error)
{
    uint32_t start = avrspi_memory_start(chip, memory), length = avrspi_memory_size(chip, memory);

    if (address >= start && size <= length && address - start <= length - size)
        return 0;
    if (length == 0)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "the %s has no %s", chip->name,
                           avrspi_memory_name(memory));
    return avrspi_fail(error, AVRSPI_ERR_USAGE,
                       "0x%X:0x%llX is not inside the %s of the %s (0x%X:0x%X)", address,
                       (unsigned long long)address + size, avrspi_memory_name(memory), chip->name,
                       start, start + length);
}

/* --- what can't be written at all */

static int check_obstacle(const struct avrspi_chip *chip, const struct avrspi_fuses *now,
                          const struct avrspi_fuses *wanted, enum avrspi_fuse fuse,
                          struct avrspi_error *error)
{
    const char *name = avrspi_fuse_name(fuse);

    switch (avrspi_fuse_obstacle(chip, now, wanted, fuse)) {
    case AVRSPI_OBSTACLE_NONE:
        return 0;
    case AVRSPI_OBSTACLE_NO_BYTE:
        return avrspi_fail(error, AVRSPI_ERR_REFUSED, "the %s has no %s byte", chip->name, name);
    case AVRSPI_OBSTACLE_NO_INSTRUCTION:
        avrspi_fail(error, AVRSPI_ERR_REFUSED, "the %s byte of the %s can't be written over SPI",
                    name, chip->name);
        avrspi_hint(error, "high-voltage programming can write it");
        return AVRSPI_ERR_REFUSED;
    case AVRSPI_OBSTACLE_LOCK_BITS_RISE:
        avrspi_fail(error, AVRSPI_ERR_REFUSED,
                    "lock bits can't go from 0x%02X back to 0x%02X: only a chip erase sets them",
                    now->value[fuse], avrspi_fuse_as_written(chip, fuse, wanted->value[fuse]));
        avrspi_hint(error, "nothing was written");
        avrspi_advise(error, AVRSPI_ADVICE_ERASE, NULL);
        return AVRSPI_ERR_REFUSED;
    case AVRSPI_OBSTACLE_LOCKED:
        break;
    }
    return fail_locked(now, name, " byte", error);
}

/* --- what is written for who insists */

static int fail_end_of_programming(const struct avrspi_chip *chip,
                                   const struct avrspi_hazard *hazard, struct avrspi_error *error)
{
    static const struct {
        const char *field;
        const char *effect;
    } effects[] = {
        {"RSTDISBL",
         "RSTDISBL would be programmed: RESET becomes a port pin, and SPI programming ends"},
        {"DWEN", "DWEN would be programmed: RESET becomes debugWIRE, and SPI programming ends"},
        {"SPIEN", "SPIEN would be unprogrammed: SPI programming ends"},
    };
    const char *effect = "SPI programming would end";

    for (size_t n = 0; n < sizeof effects / sizeof *effects; n++)
        if (avrspi_chip_field(chip, effects[n].field) == hazard->field)
            effect = effects[n].effect;
    avrspi_fail(error, AVRSPI_ERR_REFUSED,
                "refused: %s (only high-voltage programming recovers it)", effect);
    avrspi_hint(error, "nothing was written");
    avrspi_advise(error, AVRSPI_ADVICE_FORCE, NULL);
    return AVRSPI_ERR_REFUSED;
}

static int fail_lock_invalid(struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_REFUSED,
                "refused: no datasheet defines LB = 01: 11 is mode 1 (no lock), 10 "
                "mode 2 (no writing), 00 mode 3 (no writing, no reading)");
    avrspi_hint(error, "nothing was written; a chip with these bits is taken to be in mode 3");
    avrspi_advise(error, AVRSPI_ADVICE_FORCE, NULL);
    return AVRSPI_ERR_REFUSED;
}

static int fail_reserved(const struct avrspi_chip *chip, const struct avrspi_hazard *hazard,
                         struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_REFUSED,
                "refused: 0x%02X is a reserved value of %s: what the %s does with it is not known",
                hazard->value, hazard->field->name, chip->name);
    avrspi_hint(error, "nothing was written");
    avrspi_advise(error, AVRSPI_ADVICE_FORCE, NULL);
    return AVRSPI_ERR_REFUSED;
}

static int fail_hazard(const struct avrspi_chip *chip, const struct avrspi_hazard *hazard,
                       struct avrspi_error *error)
{
    switch (hazard->kind) {
    case AVRSPI_HAZARD_LOCK_INVALID:
        return fail_lock_invalid(error);
    case AVRSPI_HAZARD_RESERVED:
        return fail_reserved(chip, hazard, error);
    default:
        return fail_end_of_programming(chip, hazard, error);
    }
}

static bool is_refused(const struct avrspi_hazard *hazard, enum avrspi_care care)
{
    return hazard->refused && care != AVRSPI_CARE_NONE &&
           (care == AVRSPI_CARE_ALL || hazard->kind == AVRSPI_HAZARD_ENDS_PROGRAMMING);
}

static int check(const struct avrspi_chip *chip, const struct avrspi_fuses *now,
                 const struct avrspi_fuses *wanted, enum avrspi_care care,
                 struct avrspi_error *error)
{
    struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS];
    size_t count;

    for (int fuse = 0; fuse < AVRSPI_FUSES; fuse++) {
        int result = check_obstacle(chip, now, wanted, (enum avrspi_fuse)fuse, error);

        if (result < 0)
            return result;
    }
    count = avrspi_fuse_hazards(chip, now, wanted, hazards);
    for (size_t n = 0; n < count; n++) {
        if (is_refused(&hazards[n], care))
            return fail_hazard(chip, &hazards[n], error);
    }
    return 0;
}

static struct avrspi_fuses exchanged(const struct avrspi_fuses *fuses, int a, int b)
{
    struct avrspi_fuses other = *fuses;

    other.value[a] = fuses->value[b];
    other.value[b] = fuses->value[a];
    return other;
}

/* Bytes given in the wrong order are a common slip: where exchanging two of them leaves nothing to
 * refuse, the hint says so. */
static void suspect_exchange(const struct avrspi_chip *chip, const struct avrspi_fuses *now,
                             const struct avrspi_fuses *wanted, enum avrspi_care care,
                             struct avrspi_error *error)
{
    for (int a = AVRSPI_FUSE_LOW; a < AVRSPI_FUSE_EXT; a++) {
        for (int b = a + 1; b <= AVRSPI_FUSE_EXT; b++) {
            const struct avrspi_fuses other = exchanged(wanted, a, b);

            if (!wanted->given[a] || !wanted->given[b] || check(chip, now, &other, care, NULL) < 0)
                continue;
            avrspi_hint(error, "nothing was written; are the %s and the %s byte exchanged?",
                        avrspi_fuse_name((enum avrspi_fuse)a),
                        avrspi_fuse_name((enum avrspi_fuse)b));
            return;
        }
    }
}

int avrspi_guard_fuses(const struct avrspi_chip *chip, const struct avrspi_fuses *now,
                       const struct avrspi_fuses *wanted, enum avrspi_care care,
                       struct avrspi_error *error)
{
    int result = check(chip, now, wanted, care, error);

    if (result < 0 && error)
        suspect_exchange(chip, now, wanted, care, error);
    return result;
}

int avrspi_fuses_check(const struct avrspi_chip *chip, const struct avrspi_fuses *now,
                       const struct avrspi_fuses *wanted, bool force, struct avrspi_error *error)
{
    return avrspi_guard_fuses(chip, now, wanted, force ? AVRSPI_CARE_NONE : AVRSPI_CARE_ALL, error);
}

int avrspi_fuses_check_leniently(const struct avrspi_chip *chip, const struct avrspi_fuses *now,
                                 const struct avrspi_fuses *wanted, struct avrspi_error *error)
{
    return avrspi_guard_fuses(chip, now, wanted, AVRSPI_CARE_BRICKS, error);
}

int avrspi_session_check_fuses(const struct avrspi_session *session,
                               const struct avrspi_fuses *wanted, bool force,
                               struct avrspi_error *error)
{
    enum avrspi_care care = force ? AVRSPI_CARE_NONE : session->care;
    int result = 0;

    for (size_t n = 0; result == 0 && n < session->n_candidates; n++)
        result = avrspi_guard_fuses(session->candidates[n], &session->fuses, wanted, care, error);
    return result;
}
