/* SPDX-License-Identifier: MIT */
/*
 * Whether a faster internal clock helps.
 *
 * A chip that runs at a slow or divided internal clock (most do as delivered: 8 MHz / 8) allows SCK
 * of 225 kHz; at 8 MHz it allows 1.8 MHz. The low byte, which selects the clock, is written for the
 * time of the job, and set back at its end unless the job writes its own. Only internal clocks are
 * selected: they need nothing outside the chip, so the chip answers in any case.
 */
#include "job/job.h"

#include <string.h>

static bool may_be_written(const struct avrspi_target_state *state, const struct avrspi_fuses *low)
{
    for (size_t n = 0; n < state->n_candidates; n++)
        if (avrspi_fuses_check(state->candidates[n], &state->fuses, low, false, NULL) < 0)
            return false;
    return true;
}

/* Whether every chip that it may be is specified for that clock at its supply. */
static bool is_allowed(const struct avrspi_target_state *state, const struct avrspi_clock *clock)
{
    return !avrspi_supply_first_unfit(state->candidates, state->n_candidates, clock,
                                      state->supply_mv);
}

uint32_t avrspi_plan_sck_with(const struct avrspi_target_state *state, uint8_t low)
{
    struct avrspi_fuses fuses = {.given[AVRSPI_FUSE_LOW] = true};
    struct avrspi_clock clock;
    uint32_t sck_hz;

    memcpy(fuses.value, state->fuses.value, sizeof fuses.value);
    fuses.value[AVRSPI_FUSE_LOW] = low;
    clock = avrspi_chip_clock(state->chip, fuses.value);
    if (clock.source != AVRSPI_CLOCK_INTERNAL || !may_be_written(state, &fuses))
        return 0;
    if (low != state->fuses.value[AVRSPI_FUSE_LOW] && !is_allowed(state, &clock))
        return 0;
    sck_hz = avrspi_sck_limit(&clock);
    return state->fastest_sck_hz && sck_hz > state->fastest_sck_hz ? state->fastest_sck_hz : sck_hz;
}

static uint8_t undivided(const struct avrspi_chip *chip, uint8_t low)
{
    const struct avrspi_field *field = avrspi_chip_field(chip, "CKDIV8");

    return field && field->fuse == AVRSPI_FUSE_LOW ? avrspi_field_set(field, low, 1) : low;
}

/* Not where the user asked for an SCK: that is kept. */
static bool may_help(const struct avrspi_target_state *state)
{
    return !state->asked_sck_hz && !state->chip->power_cycle &&
           state->fuses.given[AVRSPI_FUSE_LOW] &&
           avrspi_chip_clock(state->chip, state->fuses.value).source == AVRSPI_CLOCK_INTERNAL &&
           avrspi_lock_mode(state->chip, &state->fuses) == AVRSPI_LOCK_MODE_NONE;
}

/* Tried are the byte that the job ends with, that byte without the divider, and the present one
 * without the divider. Of equals the first is taken, which saves a write. */
uint8_t avrspi_plan_fastest_low(const struct avrspi_request *request,
                                const struct avrspi_target_state *state)
{
    const struct avrspi_fuses *final = &request->fuses;
    uint8_t now = state->fuses.value[AVRSPI_FUSE_LOW], best = now;
    uint8_t last = final->given[AVRSPI_FUSE_LOW] ? final->value[AVRSPI_FUSE_LOW] : now;
    const uint8_t low[] = {last, undivided(state->chip, last), undivided(state->chip, now)};

    if (!may_help(state))
        return now;
    for (size_t n = 0; n < sizeof low; n++)
        if (avrspi_plan_sck_with(state, low[n]) > avrspi_plan_sck_with(state, best))
            best = low[n];
    return best;
}

uint32_t avrspi_job_raised_sck(const struct avrspi_session *session,
                               const struct avrspi_request *request)
{
    struct avrspi_target_state state;
    uint8_t low;

    avrspi_state_of(session, &state);
    low = avrspi_plan_fastest_low(request, &state);
    return low == state.fuses.value[AVRSPI_FUSE_LOW] ? 0 : avrspi_plan_sck_with(&state, low);
}

static struct avrspi_fuses low_byte(uint8_t value)
{
    return (struct avrspi_fuses){
        .given[AVRSPI_FUSE_LOW] = true,
        .value[AVRSPI_FUSE_LOW] = value,
    };
}

void avrspi_plan_raise_clock(struct avrspi_plan *plan)
{
    const uint8_t now = plan->now.value[AVRSPI_FUSE_LOW];
    const uint8_t best = avrspi_plan_fastest_low(plan->request, &plan->state);
    const struct avrspi_fuses after = low_byte(best);
    struct avrspi_step step = {
        .kind = AVRSPI_STEP_RAISE_CLOCK,
        .before = low_byte(now),
        .after = after,
    };
    struct avrspi_cost cost;

    if (best == now)
        return;
    cost = avrspi_cost_fuses(plan, &after);
    cost.entries = 1;
    plan->raises_clock = true;
    plan->now.value[AVRSPI_FUSE_LOW] = best;
    (void)avrspi_plan_add(plan, &step, &cost);
    plan->sck_hz = avrspi_plan_sck_with(&plan->state, best);
    plan->items[plan->n_items - 1].step.sck_hz = plan->sck_hz;
}

/* Not where the job has written the low byte itself. */
void avrspi_plan_restore_clock(struct avrspi_plan *plan)
{
    const struct avrspi_fuses after = low_byte(plan->state.fuses.value[AVRSPI_FUSE_LOW]);
    struct avrspi_cost cost = avrspi_cost_fuses(plan, &after);
    const struct avrspi_cost reading = avrspi_cost_read_fuses(plan);

    if (!plan->raises_clock || plan->request->fuses.given[AVRSPI_FUSE_LOW])
        return;
    avrspi_cost_add(&cost, &reading);
    (void)avrspi_plan_add(
        plan,
        &(struct avrspi_step){.kind = AVRSPI_STEP_RESTORE_CLOCK,
                              .before = low_byte(plan->now.value[AVRSPI_FUSE_LOW]),
                              .after = after},
        &cost);
    plan->now.value[AVRSPI_FUSE_LOW] = after.value[AVRSPI_FUSE_LOW];
}
