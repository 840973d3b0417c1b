/* SPDX-License-Identifier: MIT */
/* From a request, a chip and what is there to ordered steps; and what a plan shows of itself.
 * Nothing here touches a target. */
#include "job/job.h"

#include <stdlib.h>

#include "base/error.h"
#include "image/check.h"

const char *avrspi_step_name(enum avrspi_step_kind kind)
{
    static const char *const names[AVRSPI_STEPS] = {
        [AVRSPI_STEP_RAISE_CLOCK] = "raise-clock",
        [AVRSPI_STEP_KEEP_BOOT] = "keep-boot",
        [AVRSPI_STEP_KEEP_EEPROM] = "keep-eeprom",
        [AVRSPI_STEP_READ] = "read",
        [AVRSPI_STEP_ERASE] = "erase",
        [AVRSPI_STEP_WRITE] = "write",
        [AVRSPI_STEP_RESTORE_EEPROM] = "restore-eeprom",
        [AVRSPI_STEP_VERIFY] = "verify",
        [AVRSPI_STEP_FUSES] = "fuses",
        [AVRSPI_STEP_RESTORE_CLOCK] = "restore-clock",
        [AVRSPI_STEP_LOCK] = "lock",
        [AVRSPI_STEP_LOOK_EEPROM] = "look-eeprom",
    };

    return (unsigned)kind < AVRSPI_STEPS ? names[kind] : "";
}

struct avrspi_plan_item *avrspi_plan_add(struct avrspi_plan *plan, const struct avrspi_step *step,
                                         const struct avrspi_cost *cost)
{
    struct avrspi_plan_item *item = &plan->items[plan->n_items++];

    *item = (struct avrspi_plan_item){.step = *step, .cost = *cost};
    item->step.sck_hz = plan->sck_hz;
    item->step.at_most_ns = avrspi_cost_at_most_ns(cost, plan, plan->sck_hz);
    return item;
}

static int check_request(const struct avrspi_plan *plan, struct avrspi_error *error)
{
    const struct avrspi_request *request = plan->request;
    int result = 0;

    if (request->n_readings > AVRSPI_MOST_READINGS)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected at most %d readings, found %zu",
                           AVRSPI_MOST_READINGS, request->n_readings);
    if (request->flash)
        result =
            avrspi_image_check(request->flash, plan->chip, AVRSPI_MEMORY_FLASH, "the image", error);
    if (result == 0 && request->eeprom)
        result = avrspi_image_check(request->eeprom, plan->chip, AVRSPI_MEMORY_EEPROM, "the image",
                                    error);
    return result;
}

static bool is_large(enum avrspi_memory memory)
{
    return memory == AVRSPI_MEMORY_FLASH || memory == AVRSPI_MEMORY_EEPROM;
}

/* Whether the job moves so many bytes that a faster clock pays. */
static bool moves_memory(const struct avrspi_request *request)
{
    bool reads = request->read_data && is_large(request->read_memory);

    for (size_t n = 0; n < request->n_readings; n++)
        reads |= is_large(request->readings[n].memory);
    return request->flash || request->eeprom || request->erase || reads;
}

static int fill(struct avrspi_plan *plan, struct avrspi_error *error)
{
    struct avrspi_range word;
    int result = check_request(plan, error);

    if (result == 0 && plan->request->raise_clock && moves_memory(plan->request))
        avrspi_plan_raise_clock(plan);
    if (result == 0)
        result = avrspi_plan_read(plan, error);
    if (result == 0 && plan->request->compare)
        result = avrspi_plan_compare(plan, error);
    else if (result == 0)
        result = avrspi_plan_flash(plan, error);
    if (result == 0)
        result = avrspi_plan_check_fuses(plan, error);
    if (result == 0 && !plan->request->compare && plan->complete)
        result = avrspi_plan_eeprom(plan, error);
    if (result < 0 || !plan->complete)
        return result;
    if (avrspi_plan_may_lose_boot(plan, &word))
        plan->looking = avrspi_cost_read(plan, AVRSPI_MEMORY_FLASH, &word);
    if (!plan->request->compare) {
        avrspi_plan_writes(plan);
        avrspi_plan_fuses(plan);
    }
    avrspi_plan_restore_clock(plan);
    if (!plan->request->compare)
        avrspi_plan_lock(plan);
    return 0;
}

static int make(struct avrspi_plan **plan, const struct avrspi_request *request,
                const struct avrspi_target_state *state, bool raises_blank,
                struct avrspi_error *error)
{
    struct avrspi_plan *self = calloc(1, sizeof *self);
    int result;

    *plan = NULL;
    if (!self)
        return avrspi_fail_memory(error);
    self->request = request;
    self->state = *state;
    self->chip = state->chip;
    self->complete = true;
    self->raises_blank = raises_blank;
    self->now = state->fuses;
    self->sck_hz = state->sck_hz;
    self->eeprom_survives = avrspi_erase_keeps_eeprom(state->chip, &state->fuses);
    self->opening = avrspi_cost_opening(self);
    result = fill(self, error);
    if (result < 0) {
        avrspi_plan_free(self);
        return result;
    }
    *plan = self;
    return 0;
}

/* Whether the clock can be raised after the erase; that it pays is another question. */
static bool may_raise_blank(const struct avrspi_plan *plan)
{
    return plan->request->raise_blank && plan->complete && plan->erases && !plan->raises_clock;
}

int avrspi_plan_make(struct avrspi_plan **plan, const struct avrspi_request *request,
                     const struct avrspi_target_state *state, struct avrspi_error *error)
{
    struct avrspi_plan *faster, *slower;
    int result = make(plan, request, state, false, error);

    if (result < 0 || !*plan || state->supply_mv == 0 || !may_raise_blank(*plan))
        return result;
    result = make(&faster, request, state, true, error);
    if (result < 0) {
        avrspi_plan_free(*plan);
        *plan = NULL;
        return result;
    }
    slower = *plan;
    if (avrspi_plan_at_most_ns(faster) < avrspi_plan_at_most_ns(slower)) {
        *plan = faster;
        faster = slower;
    }
    avrspi_plan_free(faster);
    return 0;
}

uint64_t avrspi_plan_supply_saves_ns(const struct avrspi_plan *plan)
{
    struct avrspi_target_state state = plan->state;
    struct avrspi_plan *faster;
    uint64_t now = avrspi_plan_at_most_ns(plan), then;

    if (state.supply_mv || !may_raise_blank(plan))
        return 0;
    state.supply_mv = AVRSPI_LOW_SUPPLY_MV;
    if (make(&faster, plan->request, &state, true, NULL) < 0)
        return 0;
    then = avrspi_plan_at_most_ns(faster);
    avrspi_plan_free(faster);
    return then < now ? now - then : 0;
}

void avrspi_plan_free(struct avrspi_plan *plan)
{
    if (!plan)
        return;
    avrspi_pages_free(&plan->flash);
    avrspi_pages_free(&plan->eeprom);
    free(plan);
}

/* --- what a plan shows of itself */

bool avrspi_plan_complete(const struct avrspi_plan *plan)
{
    return plan->complete;
}

const struct avrspi_step *avrspi_plan_step(const struct avrspi_plan *plan, size_t n)
{
    return n < plan->n_items ? &plan->items[n].step : NULL;
}

static bool image_range(const struct avrspi_image *image, size_t n, struct avrspi_range *range)
{
    struct avrspi_segment segment;
    uint64_t at = 0;

    while (at <= UINT32_MAX && avrspi_image_next(image, (uint32_t)at, &segment)) {
        if (n-- == 0) {
            *range = (struct avrspi_range){segment.address, (uint32_t)segment.size};
            return true;
        }
        at = (uint64_t)segment.address + segment.size;
    }
    return false;
}

bool avrspi_plan_range(const struct avrspi_plan *plan, const struct avrspi_step *step, size_t n,
                       struct avrspi_range *range)
{
    const struct avrspi_plan_item *item = (const struct avrspi_plan_item *)step;

    if (item->pages)
        return avrspi_pages_range(item->pages, item->marks, n, range);
    if (item->image && !plan->request->full)
        return image_range(item->image, n, range);
    *range = (struct avrspi_range){step->address, step->bytes};
    return n == 0 && step->bytes > 0;
}

const struct avrspi_hazard *avrspi_plan_hazard(const struct avrspi_plan *plan, size_t n)
{
    return n < plan->n_hazards ? &plan->hazards[n] : NULL;
}

uint64_t avrspi_plan_at_most_ns(const struct avrspi_plan *plan)
{
    uint64_t ns =
        plan->state.elapsed_ns + avrspi_cost_at_most_ns(&plan->looking, plan, plan->state.sck_hz);

    for (size_t n = 0; n < plan->n_items; n++)
        ns += plan->items[n].step.at_most_ns;
    return ns;
}
