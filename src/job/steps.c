/* SPDX-License-Identifier: MIT */
/* What each kind of step does: calls of the session. */
#include "job/run.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "isp/isp.h"

static int raise_clock(struct avrspi_run *run, struct avrspi_plan_item *item,
                       struct avrspi_error *error)
{
    return avrspi_session_raise_clock(run->session, item->step.after.value[AVRSPI_FUSE_LOW], error);
}

static int restore_clock(struct avrspi_run *run, struct avrspi_plan_item *item,
                         struct avrspi_error *error)
{
    (void)item;
    return avrspi_session_restore_clock(run->session, error);
}

/* A new buffer for a memory that the plan depends on. */
static int buffer(struct avrspi_run *run, const struct avrspi_plan_item *item, uint8_t **data,
                  struct avrspi_error *error)
{
    uint8_t **place = item->step.memory == AVRSPI_MEMORY_FLASH ? &run->flash : &run->eeprom;

    free(*place);
    *place = calloc(1, avrspi_memory_size(run->state.chip, item->step.memory));
    *data = *place;
    return *place ? 0 : avrspi_fail_memory(error);
}

static int keep_eeprom(struct avrspi_run *run, struct avrspi_plan_item *item,
                       struct avrspi_error *error)
{
    uint8_t *data;
    struct avrspi_progress progress = {.stage = AVRSPI_STAGE_READ, .total = 2 * item->step.bytes};
    int result = buffer(run, item, &data, error);

    if (result < 0)
        return result;
    return avrspi_job_read_twice(run->session, item->step.memory, 0, data, item->step.bytes,
                                 &progress, error);
}

static int keep_boot(struct avrspi_run *run, struct avrspi_plan_item *item,
                     struct avrspi_error *error)
{
    const struct avrspi_step *step = &item->step;
    struct avrspi_progress progress = {.stage = AVRSPI_STAGE_READ, .total = 2 * step->bytes};

    free(run->boot);
    run->boot = malloc(step->bytes);
    if (!run->boot)
        return avrspi_fail_memory(error);
    return avrspi_job_read_twice(run->session, step->memory, step->address, run->boot, step->bytes,
                                 &progress, error);
}

/* What decides about an erase takes more than one reading: until one unit that needs it has read
 * the same twice, or none needs it. */
static int confirm(struct avrspi_run *run, const struct avrspi_plan_item *item, uint8_t *data,
                   struct avrspi_error *error)
{
    const struct avrspi_pages *pages = item->pages;
    bool confirmed = false;
    int result = 0;

    for (uint32_t n = 0; result == 0 && !confirmed && n < pages->units; n++) {
        if (!item->marks[n] ||
            !avrspi_pages_need_erase(pages, run->request->flash, data, n, run->request->full))
            continue;
        result = avrspi_job_read_twice(run->session, pages->memory, pages->start + n * pages->unit,
                                       data + (size_t)n * pages->unit, pages->unit, NULL, error);
        confirmed =
            avrspi_pages_need_erase(pages, run->request->flash, data, n, run->request->full);
    }
    return result;
}

/* What was asked for: once, or until two readings agree. */
static int read_request(struct avrspi_run *run, const struct avrspi_plan_item *item,
                        struct avrspi_error *error)
{
    const struct avrspi_request *request = run->request;
    const struct avrspi_step *step = &item->step;
    struct avrspi_progress progress = {
        .stage = AVRSPI_STAGE_READ,
        .total = request->read_twice ? 2 * step->bytes : step->bytes,
    };

    return (request->read_twice ? avrspi_job_read_twice : avrspi_isp_read)(
        run->session, step->memory, step->address, item->data, step->bytes, &progress, error);
}

static int read_memory(struct avrspi_run *run, struct avrspi_plan_item *item,
                       struct avrspi_error *error)
{
    struct avrspi_progress progress = {.stage = AVRSPI_STAGE_READ, .total = item->step.bytes};
    const uint32_t start = avrspi_memory_start(run->state.chip, item->step.memory);
    struct avrspi_range range;
    uint8_t *data;
    int result;

    if (!item->pages)
        return read_request(run, item, error);
    result = buffer(run, item, &data, error);
    for (size_t n = 0; result == 0 && avrspi_plan_range(run->plan, &item->step, n, &range); n++)
        result = avrspi_isp_read(run->session, item->step.memory, range.address,
                                 data + (range.address - start), range.size, &progress, error);
    return result == 0 && item->step.memory == AVRSPI_MEMORY_FLASH ? confirm(run, item, data, error)
                                                                   : result;
}

static size_t count_used(const uint8_t *data, size_t size)
{
    size_t count = 0;

    for (size_t n = 0; n < size; n++)
        count += data[n] != 0xFF;
    return count;
}

/* Where the EEPROM is kept and not blank, a note has its content until it is restored. */
static int save_kept(struct avrspi_run *run, struct avrspi_error *error)
{
    const struct avrspi_pages *pages = &run->plan->eeprom;

    if (!run->session->config.notes_folder || run->plan->eeprom_survives ||
        !run->request->keep_eeprom || !run->eeprom || count_used(run->eeprom, pages->size) == 0)
        return 0;
    return avrspi_note_content(run->session, AVRSPI_NOTE_EEPROM, run->eeprom, pages->size,
                               &run->kept_in, error);
}

static int save_boot(struct avrspi_run *run, struct avrspi_error *error)
{
    const struct avrspi_range *boot = &run->plan->boot;

    if (!run->session->config.notes_folder || !run->boot || count_used(run->boot, boot->size) == 0)
        return 0;
    return avrspi_boot_note(run->session, boot->address, run->boot, boot->size, &run->boot_kept_in,
                            error);
}

static void remove_copy(char **path)
{
    if (*path)
        avrspi_note_forget(*path);
    free(*path);
    *path = NULL;
}

static int save_copies(struct avrspi_run *run, struct avrspi_error *error)
{
    int result = save_kept(run, error);

    if (result == 0)
        result = save_boot(run, error);
    if (result < 0)
        remove_copy(&run->kept_in);
    return result;
}

/* Up to the first byte that is not blank, or as far as the plan goes. */
static int look_at_eeprom(struct avrspi_run *run, struct avrspi_plan_item *item,
                          struct avrspi_error *error)
{
    struct avrspi_look *look = &run->state.look;
    uint8_t data[AVRSPI_LOOK_PIECE];
    int result = 0;

    while (result == 0 && !look->used && look->bytes < item->step.bytes) {
        const uint32_t left = item->step.bytes - look->bytes;
        const uint32_t size = left < sizeof data ? left : (uint32_t)sizeof data;

        result = avrspi_isp_read(run->session, AVRSPI_MEMORY_EEPROM, look->bytes, data, size, NULL,
                                 error);
        look->used = result == 0 && count_used(data, size) > 0;
        look->bytes += size;
    }
    look->done = true;
    return result;
}

static int erase(struct avrspi_run *run, struct avrspi_plan_item *item, struct avrspi_error *error)
{
    int result = save_copies(run, error);

    if (result == 0)
        result = avrspi_session_erase(run->session, error);
    run->result->erased = result == 0;
    run->result->loss = result == 0 ? item->step.loss : AVRSPI_EEPROM_LOSS_NONE;
    return result;
}

static int write_pages(struct avrspi_run *run, struct avrspi_plan_item *item,
                       struct avrspi_error *error)
{
    const struct avrspi_write write = {
        .memory = item->step.memory,
        .wanted = item->pages->wanted,
        .current = item->pages->current,
        .units = item->marks,
        .verify = item->step.verify,
    };
    struct avrspi_write_report *report =
        item->step.memory == AVRSPI_MEMORY_FLASH ? &run->result->flash : &run->result->eeprom;
    int result = avrspi_session_write(run->session, &write, &report->pages_written, error);

    report->bytes_written = report->pages_written * item->step.page_size;
    report->verified = result == 0 && item->step.verify;
    if (result < 0)
        return result;
    if (item->step.memory == AVRSPI_MEMORY_EEPROM) {
        remove_copy(&run->kept_in);
    } else if (run->boot) {
        run->result->boot_kept = count_used(run->boot, run->plan->boot.size);
        remove_copy(&run->boot_kept_in);
    }
    return 0;
}

static int restore_eeprom(struct avrspi_run *run, struct avrspi_plan_item *item,
                          struct avrspi_error *error)
{
    int result = write_pages(run, item, error);

    if (result == 0)
        run->result->eeprom_kept = count_used(run->eeprom, item->pages->size);
    return result;
}

static int verify_fuses(struct avrspi_run *run, struct avrspi_error *error)
{
    const struct avrspi_fuses *wanted = &run->request->fuses, *found = &run->state.fuses;
    const struct avrspi_chip *chip = run->state.chip;

    for (int n = 0; n < AVRSPI_FUSES; n++) {
        const char *name = avrspi_fuse_name((enum avrspi_fuse)n);

        if (!wanted->given[n] || (!chip->fuse[n].mask && wanted->value[n] == 0xFF))
            continue;
        if (!found->given[n])
            return avrspi_fail(error, AVRSPI_ERR_REFUSED,
                               "the %s byte of the %s can't be read over SPI", name, chip->name);
        if (((wanted->value[n] ^ found->value[n]) & chip->fuse[n].mask) == 0)
            continue;
        avrspi_fail(error, AVRSPI_ERR_VERIFY, "the %s byte is 0x%02X, expected 0x%02X", name,
                    found->value[n], wanted->value[n]);
        avrspi_hint(error, "nothing was written");
        avrspi_advise(error, AVRSPI_ADVICE_WRITE_INSTEAD, NULL);
        return AVRSPI_ERR_VERIFY;
    }
    return 0;
}

/* What a range of a memory is to hold: what the plan wants of it, or an image with 0xFF around. */
static uint8_t *expected_of(const struct avrspi_plan_item *item, const struct avrspi_range *range)
{
    uint8_t *expected = malloc(range->size);

    if (expected && item->pages)
        memcpy(expected, item->pages->wanted + (range->address - item->pages->start), range->size);
    else if (expected)
        (void)avrspi_image_get(item->image, range->address, expected, range->size, 0xFF);
    return expected;
}

/* All ranges of a step, once. */
static int compare(struct avrspi_run *run, const struct avrspi_plan_item *item,
                   struct avrspi_progress *progress, struct avrspi_differences *differences,
                   struct avrspi_error *error)
{
    struct avrspi_range range;
    int result = 0;

    for (size_t n = 0; result == 0 && avrspi_plan_range(run->plan, &item->step, n, &range); n++) {
        uint8_t *expected = expected_of(item, &range);

        result = expected ? avrspi_isp_compare(run->session, item->step.memory, range.address,
                                               expected, range.size, progress, differences, error)
                          : avrspi_fail_memory(error);
        free(expected);
    }
    return result;
}

static int verify(struct avrspi_run *run, struct avrspi_plan_item *item, struct avrspi_error *error)
{
    const bool twice = run->request->compare && run->request->read_twice;
    struct avrspi_progress progress = {
        .stage = AVRSPI_STAGE_VERIFY,
        .total = twice ? 2 * item->step.bytes : item->step.bytes,
    };
    struct avrspi_differences differences = {0};
    int result;

    if (item->step.memory == AVRSPI_MEMORY_FUSES)
        return verify_fuses(run, error);
    result = compare(run, item, &progress, &differences, error);
    if (result == 0 && twice && differences.count == 0)
        result = compare(run, item, &progress, &differences, error);
    run->result->differences += differences.count;
    run->result->compared += result == 0 ? item->step.bytes : 0;
    if (result == 0)
        result = avrspi_differences_error(&differences, item->step.memory, error);
    if (item->pages)
        (item->step.memory == AVRSPI_MEMORY_FLASH ? &run->result->flash : &run->result->eeprom)
            ->verified &= result == 0;
    return result;
}

static int write_fuses(struct avrspi_run *run, struct avrspi_plan_item *item,
                       struct avrspi_error *error)
{
    return avrspi_session_write_fuses(run->session, &item->step.after, error);
}

static const struct {
    int (*run)(struct avrspi_run *run, struct avrspi_plan_item *item, struct avrspi_error *error);
    bool writes;
    bool reads; /* what is there, before anything is done */
} kinds[AVRSPI_STEPS] = {
    [AVRSPI_STEP_RAISE_CLOCK] = {raise_clock, true, false},
    [AVRSPI_STEP_KEEP_BOOT] = {keep_boot, false, true},
    [AVRSPI_STEP_KEEP_EEPROM] = {keep_eeprom, false, true},
    [AVRSPI_STEP_READ] = {read_memory, false, true},
    [AVRSPI_STEP_ERASE] = {erase, true, false},
    [AVRSPI_STEP_WRITE] = {write_pages, true, false},
    [AVRSPI_STEP_RESTORE_EEPROM] = {restore_eeprom, true, false},
    [AVRSPI_STEP_VERIFY] = {verify, false, false},
    [AVRSPI_STEP_FUSES] = {write_fuses, true, false},
    [AVRSPI_STEP_RESTORE_CLOCK] = {restore_clock, true, false},
    [AVRSPI_STEP_LOCK] = {write_fuses, true, false},
    [AVRSPI_STEP_LOOK_EEPROM] = {look_at_eeprom, false, false},
};

bool avrspi_step_writes(enum avrspi_step_kind kind)
{
    return kinds[kind].writes;
}

int avrspi_step_run(struct avrspi_run *run, struct avrspi_plan_item *item,
                    struct avrspi_error *error)
{
    int result = kinds[item->step.kind].run(run, item, error);

    if (result == 0 && kinds[item->step.kind].reads)
        result = avrspi_job_check_unreached(run->session, item->step.memory, error);
    return result;
}
