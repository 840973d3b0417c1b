/* SPDX-License-Identifier: MIT */
#include "sim/sim_state.h"

static const char *const names[AVRSPI_VIOLATIONS] = {
    [AVRSPI_VIOLATION_BUSY] = "busy",
    [AVRSPI_VIOLATION_NOT_ENABLED] = "not-enabled",
    [AVRSPI_VIOLATION_EARLY_ENABLE] = "early-enable",
    [AVRSPI_VIOLATION_SCK_TOO_FAST] = "sck-too-fast",
    [AVRSPI_VIOLATION_HIGH_BEFORE_LOW] = "high-before-low",
    [AVRSPI_VIOLATION_ADDRESS] = "address",
    [AVRSPI_VIOLATION_EXT_ADDRESS] = "ext-address",
    [AVRSPI_VIOLATION_NOT_ERASED] = "not-erased",
    [AVRSPI_VIOLATION_LOCKED] = "locked",
    [AVRSPI_VIOLATION_RESERVED_BIT] = "reserved-bit",
    [AVRSPI_VIOLATION_UNKNOWN] = "unknown",
    [AVRSPI_VIOLATION_RESET_BUSY] = "reset-busy",
    [AVRSPI_VIOLATION_CUT_SHORT] = "cut-short",
    [AVRSPI_VIOLATION_NO_PULSE] = "no-pulse",
};

void avrspi_sim_count(struct avrspi_sim *sim, enum avrspi_sim_violation kind)
{
    if (!avrspi_sim_excused(sim, kind))
        sim->silicon.violations[kind]++;
}

bool avrspi_sim_excused(const struct avrspi_sim *sim, enum avrspi_sim_violation kind)
{
    return sim->excused >> kind & 1;
}

void avrspi_sim_excuse(struct avrspi_sim *sim, bool power)
{
    const uint32_t pins = 1U << AVRSPI_VIOLATION_SCK_TOO_FAST |
                          1U << AVRSPI_VIOLATION_EARLY_ENABLE | 1U << AVRSPI_VIOLATION_RESET_BUSY;

    sim->excused |= power ? UINT32_MAX : ~pins;
}

uint64_t avrspi_sim_violations(const struct avrspi_sim *sim)
{
    uint64_t sum = 0;

    for (unsigned kind = 0; kind < AVRSPI_VIOLATIONS; kind++)
        sum += sim->silicon.violations[kind];
    return sum;
}

uint64_t avrspi_sim_violation(const struct avrspi_sim *sim, enum avrspi_sim_violation kind)
{
    return sim->silicon.violations[kind];
}

uint64_t avrspi_sim_trials(const struct avrspi_sim *sim)
{
    return sim->trials;
}

const char *avrspi_sim_violation_name(enum avrspi_sim_violation kind)
{
    return (unsigned)kind < AVRSPI_VIOLATIONS ? names[kind] : NULL;
}
