/* SPDX-License-Identifier: MIT */
/* Which fuse bytes and lock bits a job has to write. */
#include "job/job.h"

/* A low byte that the job writes itself must not be set back with a raised clock: it is given to
 * the session even where raising the clock has written it already. */
static bool to_write(const struct avrspi_plan *plan, int fuse)
{
    const struct avrspi_fuses *wanted = &plan->request->fuses;

    if (!wanted->given[fuse] || !plan->chip->fuse[fuse].mask)
        return false;
    return !plan->now.given[fuse] || (fuse == AVRSPI_FUSE_LOW && plan->raises_clock) ||
           plan->now.value[fuse] !=
               avrspi_fuse_as_written(plan->chip, (enum avrspi_fuse)fuse, wanted->value[fuse]);
}

static void add(struct avrspi_plan *plan, enum avrspi_step_kind kind, int first, int last)
{
    struct avrspi_step step = {
        .kind = kind,
        .memory = kind == AVRSPI_STEP_LOCK ? AVRSPI_MEMORY_LOCK : AVRSPI_MEMORY_FUSES,
        .before = plan->now,
    };
    struct avrspi_cost cost;
    bool any = false;

    for (int fuse = first; fuse <= last; fuse++) {
        if (!to_write(plan, fuse))
            continue;
        any = true;
        step.after.given[fuse] = true;
        step.after.value[fuse] = avrspi_fuse_as_written(plan->chip, (enum avrspi_fuse)fuse,
                                                        plan->request->fuses.value[fuse]);
    }
    if (!any)
        return;
    cost = avrspi_cost_fuses(plan, &step.after);
    (void)avrspi_plan_add(plan, &step, &cost);
    for (int fuse = first; fuse <= last; fuse++) {
        if (!step.after.given[fuse])
            continue;
        plan->now.given[fuse] = true;
        plan->now.value[fuse] = step.after.value[fuse];
    }
}

void avrspi_plan_fuses(struct avrspi_plan *plan)
{
    add(plan, AVRSPI_STEP_FUSES, AVRSPI_FUSE_LOW, AVRSPI_FUSE_EXT);
}

void avrspi_plan_lock(struct avrspi_plan *plan)
{
    add(plan, AVRSPI_STEP_LOCK, AVRSPI_FUSE_LOCK, AVRSPI_FUSE_LOCK);
}

enum avrspi_care avrspi_request_care(const struct avrspi_request *request)
{
    if (request->force)
        return AVRSPI_CARE_NONE;
    return request->lenient ? AVRSPI_CARE_BRICKS : AVRSPI_CARE_ALL;
}

static size_t note_hazards(struct avrspi_plan *plan, const struct avrspi_fuses *now)
{
    const struct avrspi_fuses *wanted = &plan->request->fuses;
    size_t count = avrspi_fuse_hazards(plan->chip, now, wanted, plan->hazards);

    return avrspi_supply_hazards(plan->chip, now, wanted, plan->state.supply_mv,
                                 plan->state.fcpu_hz, plan->hazards, count);
}

int avrspi_plan_check_fuses(struct avrspi_plan *plan, struct avrspi_error *error)
{
    const struct avrspi_request *request = plan->request;
    const struct avrspi_target_state *state = &plan->state;
    struct avrspi_fuses now = state->fuses;
    int result = 0;

    if (request->compare || (!plan->complete && request->update))
        return 0; /* an erase may be needed, which clears the lock bits */
    if (plan->erases)
        now.value[AVRSPI_FUSE_LOCK] = 0xFF;
    for (size_t n = 0; result == 0 && n < state->n_candidates; n++)
        result = avrspi_guard_fuses(state->candidates[n], &now, &request->fuses,
                                    avrspi_request_care(request), error);
    if (result == 0)
        plan->n_hazards = note_hazards(plan, &now);
    return result;
}
