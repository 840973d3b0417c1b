/* SPDX-License-Identifier: MIT */
#include "sim/sim_state.h"

static const char *const names[AVRSPI_BREACHES] = {
    [AVRSPI_BREACH_BUSY] = "busy",
    [AVRSPI_BREACH_NOT_ENABLED] = "not-enabled",
    [AVRSPI_BREACH_EARLY_ENABLE] = "early-enable",
    [AVRSPI_BREACH_SCK_TOO_FAST] = "sck-too-fast",
    [AVRSPI_BREACH_HIGH_BEFORE_LOW] = "high-before-low",
    [AVRSPI_BREACH_ADDRESS] = "address",
    [AVRSPI_BREACH_EXT_ADDRESS] = "ext-address",
    [AVRSPI_BREACH_NOT_ERASED] = "not-erased",
    [AVRSPI_BREACH_LOCKED] = "locked",
    [AVRSPI_BREACH_RESERVED_BIT] = "reserved-bit",
    [AVRSPI_BREACH_UNKNOWN] = "unknown",
    [AVRSPI_BREACH_RESET_BUSY] = "reset-busy",
    [AVRSPI_BREACH_CUT_SHORT] = "cut-short",
    [AVRSPI_BREACH_NO_PULSE] = "no-pulse",
};

void avrspi_sim_count(struct avrspi_sim *sim, enum avrspi_sim_breach kind)
{
    sim->silicon.breaches[kind]++;
}

uint64_t avrspi_sim_breaches(const struct avrspi_sim *sim)
{
    uint64_t sum = 0;

    for (unsigned kind = 0; kind < AVRSPI_BREACHES; kind++)
        sum += sim->silicon.breaches[kind];
    return sum;
}

uint64_t avrspi_sim_breach(const struct avrspi_sim *sim, enum avrspi_sim_breach kind)
{
    return sim->silicon.breaches[kind];
}

const char *avrspi_sim_breach_name(enum avrspi_sim_breach kind)
{
    return (unsigned)kind < AVRSPI_BREACHES ? names[kind] : NULL;
}
