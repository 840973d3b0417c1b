/* SPDX-License-Identifier: MIT */
/*
 * What becomes of flash and EEPROM: what is read and compared, what must be read before it can be
 * decided what to write, whether that takes an erase, and what the erase does to the EEPROM.
 */
#include "job/job.h"

#include <string.h>

#include "base/error.h"
#include "isp/isp.h"

enum {
    LOOK_MS = 10,     /* at most, at an EEPROM that will be erased */
    LOOK_CHECKS = 16, /* of so many instructions of a look, no more than one is a presence check */
};

void avrspi_plan_add_reading(struct avrspi_plan *plan, const struct avrspi_plan_item *reading,
                             unsigned times)
{
    struct avrspi_step step = reading->step;
    struct avrspi_cost cost = {0};
    struct avrspi_plan_item *item;
    struct avrspi_range range;

    step.bytes = 0;
    for (size_t n = 0; avrspi_plan_range(plan, &reading->step, n, &range); n++) {
        const struct avrspi_cost once = avrspi_cost_read(plan, step.memory, &range);

        for (unsigned i = 0; i < times; i++)
            avrspi_cost_add(&cost, &once);
        if (n == 0)
            step.address = range.address;
        step.bytes += range.size;
    }
    item = avrspi_plan_add(plan, &step, &cost);
    item->pages = reading->pages;
    item->marks = reading->marks;
    item->image = reading->image;
    item->data = reading->data;
}

/* The same for the marked units of a memory, if there are any. */
static void add_marked(struct avrspi_plan *plan, enum avrspi_step_kind kind,
                       struct avrspi_pages *pages, const bool *marks)
{
    const struct avrspi_plan_item reading = {
        .step = {.kind = kind, .memory = pages->memory},
        .pages = pages,
        .marks = marks,
    };

    if (avrspi_pages_marked(pages, marks) > 0)
        avrspi_plan_add_reading(plan, &reading, 1);
}

/* --- reading and comparing */

static int plan_reading(struct avrspi_plan *plan, const struct avrspi_reading *wanted,
                        struct avrspi_error *error)
{
    const struct avrspi_plan_item reading = {
        .step = {.kind = AVRSPI_STEP_READ,
                 .memory = wanted->memory,
                 .address = wanted->address,
                 .bytes = wanted->size},
        .data = wanted->data,
    };
    int result;

    if (avrspi_memory_size(plan->chip, wanted->memory) == 0)
        return avrspi_fail(error, AVRSPI_ERR_REFUSED, "the %s has no %s", plan->chip->name,
                           avrspi_memory_name(wanted->memory));
    result = avrspi_guard_range(plan->chip, wanted->memory, wanted->address, wanted->size, error);
    if (result == 0)
        result = avrspi_guard_read(plan->chip, &plan->now, wanted->memory, error);
    if (result == 0)
        avrspi_plan_add_reading(plan, &reading, plan->request->read_twice ? 2 : 1);
    return result;
}

int avrspi_plan_read(struct avrspi_plan *plan, struct avrspi_error *error)
{
    const struct avrspi_request *request = plan->request;
    const struct avrspi_reading last = {
        .memory = request->read_memory,
        .address = request->read_address,
        .size = request->read_size,
        .data = request->read_data,
    };
    int result = 0;

    for (size_t n = 0; result == 0 && n < request->n_readings; n++)
        result = plan_reading(plan, &request->readings[n], error);
    return result == 0 && request->read_data ? plan_reading(plan, &last, error) : result;
}

static int compare_memory(struct avrspi_plan *plan, enum avrspi_memory memory,
                          const struct avrspi_image *image, struct avrspi_error *error)
{
    struct avrspi_plan_item reading = {
        .step = {.kind = AVRSPI_STEP_VERIFY,
                 .memory = memory,
                 .address = avrspi_memory_start(plan->chip, memory),
                 .bytes = avrspi_memory_size(plan->chip, memory),
                 .whole = plan->request->full},
        .image = image,
    };
    int result;

    if (!image)
        return 0;
    reading.step.data_bytes = (uint32_t)avrspi_image_size(image);
    result = avrspi_guard_read(plan->chip, &plan->now, memory, error);
    if (result == 0)
        avrspi_plan_add_reading(plan, &reading, plan->request->read_twice ? 2 : 1);
    return result;
}

int avrspi_plan_compare(struct avrspi_plan *plan, struct avrspi_error *error)
{
    static const struct avrspi_plan_item fuses = {
        .step = {.kind = AVRSPI_STEP_VERIFY, .memory = AVRSPI_MEMORY_FUSES},
    };
    int result = compare_memory(plan, AVRSPI_MEMORY_FLASH, plan->request->flash, error);

    if (result == 0)
        result = compare_memory(plan, AVRSPI_MEMORY_EEPROM, plan->request->eeprom, error);
    if (result == 0 && avrspi_fuses_any(&plan->request->fuses))
        avrspi_plan_add_reading(plan, &fuses, 1);
    return result;
}

/* --- what must be read before a decision */

/* False when the memory is not read yet: the plan then ends with a step that reads it. */
static bool is_known(struct avrspi_plan *plan, struct avrspi_pages *pages,
                     const struct avrspi_image *image, bool all)
{
    const uint8_t *known =
        pages->memory == AVRSPI_MEMORY_FLASH ? plan->state.flash : plan->state.eeprom;

    for (uint32_t n = 0; n < pages->units; n++)
        pages->read[n] =
            all || avrspi_image_count(image, pages->start + n * pages->unit, pages->unit) > 0;
    add_marked(plan, AVRSPI_STEP_READ, pages, pages->read);
    plan->complete &= known != NULL;
    return known != NULL;
}

/* --- flash, and the erase */

static int fail_no_erase(const struct avrspi_plan *plan, uint32_t address,
                         struct avrspi_error *error)
{
    const struct avrspi_pages *pages = &plan->flash;
    uint32_t n = address - pages->start;

    avrspi_fail(error, AVRSPI_ERR_REFUSED,
                "flash at 0x%04X holds 0x%02X, which can't become 0x%02X without an erase", address,
                pages->current[n], pages->wanted[n]);
    avrspi_hint(error, "nothing was written");
    avrspi_advise(error, AVRSPI_ADVICE_ALLOW_ERASE, NULL);
    return AVRSPI_ERR_REFUSED;
}

/* The first unit that tells that an erase is needed is read twice more. */
static void add_confirmation(struct avrspi_plan *plan)
{
    struct avrspi_plan_item *reading = &plan->items[plan->n_items - 1];
    const struct avrspi_range page = {plan->flash.start, plan->flash.unit};
    const struct avrspi_cost again = avrspi_cost_read(plan, AVRSPI_MEMORY_FLASH, &page);

    avrspi_cost_add(&reading->cost, &again);
    avrspi_cost_add(&reading->cost, &again);
    reading->step.at_most_ns = avrspi_cost_at_most_ns(&reading->cost, plan, plan->sck_hz);
}

/* No erase was asked for: what the flash holds decides whether one is needed, or allowed. */
static int decide_flash(struct avrspi_plan *plan, struct avrspi_error *error)
{
    const struct avrspi_request *request = plan->request;
    struct avrspi_pages *pages = &plan->flash;
    uint32_t address = 0;
    bool possible;
    int result = request->update
                     ? 0
                     : avrspi_guard_write(plan->chip, &plan->now, AVRSPI_MEMORY_FLASH, error);

    if (result == 0)
        result = avrspi_guard_read(plan->chip, &plan->now, AVRSPI_MEMORY_FLASH, error);
    if (result < 0)
        return result;
    if (!is_known(plan, pages, request->flash, request->full))
        return 0;
    possible =
        avrspi_pages_overlay(pages, request->flash, plan->state.flash, request->full, &address);
    if (avrspi_pages_marked(pages, pages->write) == 0)
        return 0;
    if (!possible)
        add_confirmation(plan);
    if (avrspi_lock_forbids_writing(plan->chip, &plan->now, AVRSPI_MEMORY_FLASH))
        possible = false;
    if (!possible && !request->update)
        return fail_no_erase(plan, address, error);
    plan->erases = !possible;
    return 0;
}

int avrspi_plan_flash(struct avrspi_plan *plan, struct avrspi_error *error)
{
    const struct avrspi_request *request = plan->request;
    int result = request->keep_boot ? avrspi_plan_find_boot(plan, error) : 0;

    plan->erases = request->erase && !(request->update && request->flash);
    if (result < 0 || (!request->flash && !(request->keep_boot && plan->erases)))
        return result;
    result = avrspi_pages_init(&plan->flash, plan->chip, AVRSPI_MEMORY_FLASH, error);
    if (result == 0 && !plan->erases)
        result = decide_flash(plan, error);
    if (result == 0 && plan->erases)
        avrspi_pages_fill(&plan->flash, request->flash, request->full);
    if (result == 0 && request->keep_boot)
        result = avrspi_plan_keep_boot(plan, error);
    return result;
}

/* --- EEPROM, and what an erase does to it */

/* An EEPROM that an erase clears, and that is neither kept nor written. */
static bool is_lost(const struct avrspi_plan *plan)
{
    return plan->erases && !plan->eeprom_survives && plan->chip->eeprom_size > 0 &&
           !plan->request->keep_eeprom && !plan->request->eeprom;
}

enum avrspi_eeprom_loss avrspi_plan_loss(const struct avrspi_plan *plan)
{
    const struct avrspi_look *look = &plan->state.look;

    if (!is_lost(plan) || (!look->used && look->bytes == plan->chip->eeprom_size))
        return AVRSPI_EEPROM_LOSS_NONE;
    return look->used ? AVRSPI_EEPROM_LOSS_CONTENT : AVRSPI_EEPROM_LOSS_UNSEEN;
}

/* As many bytes as 10 ms carry, with their presence checks. */
static uint32_t look_size(const struct avrspi_plan *plan)
{
    const uint32_t instructions = plan->sck_hz / 32 * LOOK_MS / 1000;
    const uint32_t checks = instructions / LOOK_CHECKS + 2;

    if (instructions <= checks ||
        avrspi_lock_forbids_reading(plan->chip, &plan->now, AVRSPI_MEMORY_EEPROM))
        return 0;
    return instructions - checks < plan->chip->eeprom_size ? instructions - checks
                                                           : plan->chip->eeprom_size;
}

/* Whether something is lost with it is for people to know: the plan is made again to tell. */
static void look_at_eeprom(struct avrspi_plan *plan)
{
    const struct avrspi_look *look = &plan->state.look;
    const struct avrspi_step step = {
        .kind = AVRSPI_STEP_LOOK_EEPROM,
        .memory = AVRSPI_MEMORY_EEPROM,
        .bytes = look->done ? look->bytes : look_size(plan),
    };
    const struct avrspi_cost cost = avrspi_cost_look(plan, step.bytes);

    if (step.bytes == 0)
        return;
    (void)avrspi_plan_add(plan, &step, &cost);
    plan->complete &= look->done;
}

/* What the EEPROM is to hold after the job, where the job or its erase changes it. */
int avrspi_plan_eeprom(struct avrspi_plan *plan, struct avrspi_error *error)
{
    const struct avrspi_request *request = plan->request;
    bool lost = plan->erases && !plan->eeprom_survives;
    bool keep = lost && request->keep_eeprom && plan->chip->eeprom_size;
    const struct avrspi_plan_item keeping = {
        .step = {.kind = AVRSPI_STEP_KEEP_EEPROM,
                 .memory = AVRSPI_MEMORY_EEPROM,
                 .bytes = plan->chip->eeprom_size},
    };
    struct avrspi_pages *pages = &plan->eeprom;
    uint32_t unused;
    int result = 0;

    if (is_lost(plan))
        look_at_eeprom(plan);
    if (!request->eeprom && !keep)
        return 0;
    result = avrspi_pages_init(pages, plan->chip, AVRSPI_MEMORY_EEPROM, error);
    if (result == 0 && !plan->erases)
        result = avrspi_guard_write(plan->chip, &plan->now, AVRSPI_MEMORY_EEPROM, error);
    if (result == 0 && (keep || !lost))
        result = avrspi_guard_read(plan->chip, &plan->now, AVRSPI_MEMORY_EEPROM, error);
    if (result < 0)
        return result;
    if (lost && !keep) {
        avrspi_pages_fill(pages, request->eeprom, false);
        return 0;
    }
    if (keep) {
        avrspi_plan_add_reading(plan, &keeping, 2);
        plan->complete &= plan->state.eeprom != NULL;
    } else if (!is_known(plan, pages, request->eeprom, false)) {
        return 0;
    }
    if (!plan->state.eeprom)
        return 0;
    if (request->eeprom)
        (void)avrspi_pages_overlay(pages, request->eeprom, plan->state.eeprom, false, &unused);
    else
        memcpy(pages->wanted, plan->state.eeprom, pages->size);
    if (keep)
        avrspi_pages_restore(pages);
    return 0;
}

/* --- the steps that write */

static void add_write(struct avrspi_plan *plan, enum avrspi_step_kind kind,
                      struct avrspi_pages *pages, const struct avrspi_image *image, bool verify)
{
    const uint32_t units = (uint32_t)avrspi_pages_marked(pages, pages->write);
    const struct avrspi_step step = {
        .kind = kind,
        .memory = pages->memory,
        .bytes = units * pages->unit,
        .data_bytes = image ? (uint32_t)avrspi_image_size(image) : 0,
        .pages = units,
        .total_pages = pages->units,
        .page_size = pages->unit,
        .verify = verify,
    };
    const struct avrspi_cost cost = avrspi_cost_write(plan, pages, verify);
    struct avrspi_plan_item *item = avrspi_plan_add(plan, &step, &cost);

    item->pages = pages;
    item->marks = pages->write;
}

static void plan_erase(struct avrspi_plan *plan)
{
    const struct avrspi_step step = {.kind = AVRSPI_STEP_ERASE,
                                     .keeps_eeprom = plan->eeprom_survives,
                                     .loss = avrspi_plan_loss(plan),
                                     .looked_at = plan->state.look.bytes};
    const struct avrspi_cost cost = avrspi_cost_erase(plan);

    if (!plan->erases)
        return;
    (void)avrspi_plan_add(plan, &step, &cost);
    plan->now.value[AVRSPI_FUSE_LOCK] = 0xFF;
}

void avrspi_plan_writes(struct avrspi_plan *plan)
{
    const struct avrspi_request *request = plan->request;

    plan_erase(plan);
    if (plan->erases && plan->raises_blank)
        avrspi_plan_raise_clock(plan);
    if (plan->flash.units) {
        add_write(plan, AVRSPI_STEP_WRITE, &plan->flash, request->flash,
                  request->verify || request->keep_boot);
        if (request->verify)
            add_marked(plan, AVRSPI_STEP_VERIFY, &plan->flash, plan->flash.check);
    }
    if (request->eeprom) {
        add_write(plan, AVRSPI_STEP_WRITE, &plan->eeprom, request->eeprom, request->verify);
        if (request->verify)
            add_marked(plan, AVRSPI_STEP_VERIFY, &plan->eeprom, plan->eeprom.check);
    } else if (plan->eeprom.units)
        add_write(plan, AVRSPI_STEP_RESTORE_EEPROM, &plan->eeprom, NULL, true);
}
