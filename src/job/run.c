/* SPDX-License-Identifier: MIT */
/*
 * Running a plan: each step becomes calls of the session. A plan that is not complete ends with
 * the steps that read what it depends on; it is made again with what they found, begins with the
 * same steps, and goes on after them.
 */
#include "job/job.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "isp/isp.h"

struct run {
    struct avrspi_session *session;
    const struct avrspi_request *request;
    struct avrspi_target_state state;
    uint8_t *flash, *eeprom; /* what was read of them, or NULL */
    struct avrspi_plan *plan;
    size_t n_done; /* steps of the plan */
    bool dry;
    char *kept_in; /* a file with the EEPROM's content, or NULL */
    struct avrspi_job_result *result;
};

static void emit(struct run *run, enum avrspi_event_kind kind, const struct avrspi_step *step)
{
    struct avrspi_event event = {
        .kind = kind,
        .request = run->request,
        .plan = run->plan,
        .step = step,
        .planned = run->dry,
        .result = run->result,
    };

    avrspi_isp_emit(run->session, &event);
}

/* --- the steps */

static int raise_clock(struct run *run, struct avrspi_plan_item *item, struct avrspi_error *error)
{
    return avrspi_session_raise_clock(run->session, item->step.after.value[AVRSPI_FUSE_LOW], error);
}

static int restore_clock(struct run *run, struct avrspi_plan_item *item, struct avrspi_error *error)
{
    (void)item;
    return avrspi_session_restore_clock(run->session, error);
}

/* A new buffer for a memory that the plan depends on. */
static int buffer(struct run *run, const struct avrspi_plan_item *item, uint8_t **data,
                  struct avrspi_error *error)
{
    uint8_t **place = item->step.memory == AVRSPI_MEMORY_FLASH ? &run->flash : &run->eeprom;

    free(*place);
    *place = calloc(1, avrspi_memory_size(run->state.chip, item->step.memory));
    *data = *place;
    return *place ? 0 : avrspi_fail_memory(error);
}

static int keep_eeprom(struct run *run, struct avrspi_plan_item *item, struct avrspi_error *error)
{
    uint8_t *data;
    struct avrspi_progress progress = {.stage = AVRSPI_STAGE_READ, .total = 2 * item->step.bytes};
    int result = buffer(run, item, &data, error);

    if (result < 0)
        return result;
    return avrspi_job_read_twice(run->session, item->step.memory, 0, data, item->step.bytes,
                                 &progress, error);
}

/* What decides about an erase takes more than one reading: until one unit that needs it has read
 * the same twice, or none needs it. */
static int confirm(struct run *run, const struct avrspi_plan_item *item, uint8_t *data,
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
static int read_request(struct run *run, const struct avrspi_step *step, struct avrspi_error *error)
{
    const struct avrspi_request *request = run->request;
    struct avrspi_progress progress = {
        .stage = AVRSPI_STAGE_READ,
        .total = request->read_twice ? 2 * step->bytes : step->bytes,
    };

    return (request->read_twice ? avrspi_job_read_twice : avrspi_isp_read)(
        run->session, step->memory, step->address, request->read_data, step->bytes, &progress,
        error);
}

static int read_memory(struct run *run, struct avrspi_plan_item *item, struct avrspi_error *error)
{
    struct avrspi_progress progress = {.stage = AVRSPI_STAGE_READ, .total = item->step.bytes};
    const uint32_t start = avrspi_memory_start(run->state.chip, item->step.memory);
    struct avrspi_range range;
    uint8_t *data;
    int result;

    if (!item->pages)
        return read_request(run, &item->step, error);
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

/* Where the EEPROM is kept and not blank, a file holds its content until it is restored. */
static int save_kept(struct run *run, struct avrspi_error *error)
{
    const struct avrspi_pages *pages = &run->plan->eeprom;

    if (!run->request->keep_folder || run->plan->eeprom_survives || !run->request->keep_eeprom ||
        !run->eeprom || count_used(run->eeprom, pages->size) == 0)
        return 0;
    return avrspi_keep_save(run->request->keep_folder, run->eeprom, pages->size, &run->kept_in,
                            error);
}

static int erase(struct run *run, struct avrspi_plan_item *item, struct avrspi_error *error)
{
    int result = save_kept(run, error);

    (void)item;
    if (result == 0)
        result = avrspi_session_erase(run->session, error);
    run->result->erased = result == 0;
    run->result->flash.erased = run->result->erased;
    return result;
}

static int write_pages(struct run *run, struct avrspi_plan_item *item, struct avrspi_error *error)
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
    if (result == 0 && item->step.memory == AVRSPI_MEMORY_EEPROM && run->kept_in) {
        (void)unlink(run->kept_in);
        free(run->kept_in);
        run->kept_in = NULL;
    }
    return result;
}

static int restore_eeprom(struct run *run, struct avrspi_plan_item *item,
                          struct avrspi_error *error)
{
    int result = write_pages(run, item, error);

    if (result == 0)
        run->result->eeprom_kept = count_used(run->eeprom, item->pages->size);
    return result;
}

static int verify_fuses(struct run *run, struct avrspi_error *error)
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

static int verify(struct run *run, struct avrspi_plan_item *item, struct avrspi_error *error)
{
    struct avrspi_progress progress = {.stage = AVRSPI_STAGE_VERIFY, .total = item->step.bytes};
    struct avrspi_differences differences = {0};
    struct avrspi_range range;
    int result = 0;

    if (item->step.memory == AVRSPI_MEMORY_FUSES)
        return verify_fuses(run, error);
    for (size_t n = 0; result == 0 && avrspi_plan_range(run->plan, &item->step, n, &range); n++) {
        uint8_t *expected = expected_of(item, &range);

        result = expected ? avrspi_isp_compare(run->session, item->step.memory, range.address,
                                               expected, range.size, &progress, &differences, error)
                          : avrspi_fail_memory(error);
        free(expected);
    }
    run->result->differences += differences.count;
    run->result->compared += result == 0 ? item->step.bytes : 0;
    if (result == 0)
        result = avrspi_differences_error(&differences, item->step.memory, error);
    if (item->pages)
        (item->step.memory == AVRSPI_MEMORY_FLASH ? &run->result->flash : &run->result->eeprom)
            ->verified &= result == 0;
    return result;
}

static int write_fuses(struct run *run, struct avrspi_plan_item *item, struct avrspi_error *error)
{
    return avrspi_session_write_fuses(run->session, &item->step.after, error);
}

static const struct {
    int (*run)(struct run *run, struct avrspi_plan_item *item, struct avrspi_error *error);
    bool writes;
} steps[AVRSPI_STEPS] = {
    [AVRSPI_STEP_RAISE_CLOCK] = {raise_clock, true},
    [AVRSPI_STEP_KEEP_EEPROM] = {keep_eeprom, false},
    [AVRSPI_STEP_READ] = {read_memory, false},
    [AVRSPI_STEP_ERASE] = {erase, true},
    [AVRSPI_STEP_WRITE] = {write_pages, true},
    [AVRSPI_STEP_RESTORE_EEPROM] = {restore_eeprom, true},
    [AVRSPI_STEP_VERIFY] = {verify, false},
    [AVRSPI_STEP_FUSES] = {write_fuses, true},
    [AVRSPI_STEP_RESTORE_CLOCK] = {restore_clock, true},
    [AVRSPI_STEP_LOCK] = {write_fuses, true},
};

static int run_step(struct run *run, struct avrspi_plan_item *item, struct avrspi_error *error)
{
    uint64_t began = avrspi_link_now(run->session->link);
    int result = avrspi_isp_interrupted(run->session, error);

    if (result == 0 && item->step.kind == AVRSPI_STEP_LOCK) /* while it can be looked at */
        result = avrspi_job_audit(run->session, run->plan, run->result->erased, error);

    if (result < 0)
        return result;
    emit(run, AVRSPI_EVENT_STEP_BEGIN, &item->step);
    result = steps[item->step.kind].run(run, item, error);
    item->step.took_ns = avrspi_link_now(run->session->link) - began;
    if (result == 0)
        emit(run, AVRSPI_EVENT_STEP_END, &item->step);
    return result;
}

/* The steps of the plan that are not done yet. */
static int run_steps(struct run *run, struct avrspi_error *error)
{
    int result = 0;

    for (; result == 0 && run->n_done < run->plan->n_items; run->n_done++) {
        struct avrspi_plan_item *item = &run->plan->items[run->n_done];

        if (!run->dry || !steps[item->step.kind].writes)
            result = run_step(run, item, error);
    }
    return result;
}

/* --- what the plan is made of */

static int make_plan(struct run *run, struct avrspi_error *error)
{
    avrspi_plan_free(run->plan);
    run->state.flash = run->flash;
    run->state.eeprom = run->eeprom;
    return avrspi_plan_make(&run->plan, run->request, &run->state, error);
}

/* Makes the plan, reading what it depends on; after this it is complete. */
static int complete_plan(struct run *run, struct avrspi_error *error)
{
    int result = make_plan(run, error);

    while (result == 0 && !run->plan->complete) {
        result = run_steps(run, error);
        if (result == 0)
            result = make_plan(run, error);
    }
    return result;
}

/* Whether the plan knows what the page at that address will hold: an erase clears all that is not
 * written, and without one only what was read is known. */
static bool will_be_known(const struct avrspi_plan *plan, uint32_t address)
{
    const struct avrspi_pages *flash = &plan->flash;

    return flash->wanted && (plan->erases || flash->read[(address - flash->start) / flash->unit]);
}

/* The word where the chip will start: as the plan leaves it, or as it is. */
static int first_word(struct run *run, uint32_t address, uint8_t word[2],
                      struct avrspi_error *error)
{
    const struct avrspi_pages *flash = &run->plan->flash;
    int result;

    if (will_be_known(run->plan, address)) {
        memcpy(word, flash->wanted + (address - flash->start), 2);
        return 0;
    }
    memset(word, 0xFF, 2);
    if (run->plan->erases)
        return 0;
    result = avrspi_session_read(run->session, AVRSPI_MEMORY_FLASH, address, word, 2, error);
    if (result == AVRSPI_ERR_REFUSED) /* locked: it can't be looked at */
        memset(word, 0, 2);
    return result == AVRSPI_ERR_REFUSED ? 0 : result;
}

/* Warns of bits and bytes that the request has and the chip lacks. */
static void note_missing_bits(struct run *run)
{
    const struct avrspi_chip *chip = run->state.chip;
    const struct avrspi_fuses *wanted = &run->request->fuses;
    bool bits = false, bytes = false;

    for (int fuse = 0; fuse < AVRSPI_FUSES; fuse++) {
        bits |= avrspi_fuse_missing_bits(chip, wanted, (enum avrspi_fuse)fuse) != 0;
        bytes |= wanted->given[fuse] && !chip->fuse[fuse].mask;
    }
    if (bits)
        avrspi_isp_emit(run->session, &(struct avrspi_event){
                                          .kind = AVRSPI_EVENT_WARNING,
                                          .warning = AVRSPI_WARNING_MISSING_BITS,
                                          .request = run->request,
                                          .planned = run->dry,
                                      });
    if (bytes)
        avrspi_isp_emit(run->session, &(struct avrspi_event){
                                          .kind = AVRSPI_EVENT_WARNING,
                                          .warning = AVRSPI_WARNING_MISSING_BYTES,
                                          .request = run->request,
                                          .planned = run->dry,
                                      });
}

static int warn(struct run *run, struct avrspi_error *error)
{
    int result = 0;

    note_missing_bits(run);
    for (size_t n = 0; result == 0 && n < run->plan->n_hazards; n++) {
        const struct avrspi_hazard *hazard = &run->plan->hazards[n];
        struct avrspi_event event = {
            .kind = AVRSPI_EVENT_WARNING,
            .warning = AVRSPI_WARNING_HAZARD,
            .hazard = hazard,
            .planned = run->dry,
        };
        uint8_t word[2];

        if (hazard->kind == AVRSPI_HAZARD_BOOT_START) {
            result = first_word(run, hazard->address, word, error);
            if (result < 0 || word[0] != 0xFF || word[1] != 0xFF)
                continue;
            event.warning = AVRSPI_WARNING_BOOT_BLANK;
        }
        avrspi_isp_emit(run->session, &event);
    }
    return result;
}

/* --- what came of it */

static uint64_t limit_ns(const struct run *run)
{
    uint64_t wait_ns[AVRSPI_WAITS], ns;

    for (int kind = 0; kind < AVRSPI_WAITS; kind++)
        wait_ns[kind] = avrspi_session_wait_seen_ns(run->session, (enum avrspi_wait)kind);
    ns = avrspi_cost_limit_ns(&run->plan->opening, run->state.entry_sck_hz, wait_ns);
    for (size_t n = 0; n < run->plan->n_items; n++)
        ns += avrspi_cost_limit_ns(&run->plan->items[n].cost, run->plan->items[n].step.sck_hz,
                                   wait_ns);
    return ns;
}

static void finish(struct run *run, int result, const struct avrspi_error *error)
{
    struct avrspi_event event = {
        .kind = AVRSPI_EVENT_RESULT,
        .request = run->request,
        .plan = run->plan,
        .planned = run->dry,
        .result = run->result,
        .error = result < 0 ? error : NULL,
    };

    run->result->after = avrspi_session_fuses(run->session);
    if (result == 0 && !run->dry)
        run->result->limit_ns = limit_ns(run);
    if (run->kept_in)
        avrspi_isp_emit(run->session, &(struct avrspi_event){
                                          .kind = AVRSPI_EVENT_WARNING,
                                          .warning = AVRSPI_WARNING_EEPROM_KEPT_IN,
                                          .path = run->kept_in,
                                      });
    avrspi_isp_emit(run->session, &event);
    free(run->kept_in);
}

/* What a report can say before anything is done. */
static struct avrspi_write_report report_of(const struct avrspi_chip *chip,
                                            enum avrspi_memory memory,
                                            const struct avrspi_image *image)
{
    struct avrspi_write_report report = {0};

    if (image) {
        report.bytes = avrspi_image_size(image);
        report.pages = avrspi_memory_size(chip, memory) / avrspi_unit_size(chip, memory);
    }
    return report;
}

static int start(struct run *run, struct avrspi_error *error)
{
    struct avrspi_session *session = run->session;
    const struct avrspi_request *request = run->request;
    int result = avrspi_isp_identified(session, error);

    *run->result = (struct avrspi_job_result){0};
    if (result < 0)
        return result;
    session->wrote = false; /* what came before is not this job's */
    session->reached = 0;
    session->lenient = request->lenient;
    avrspi_state_of(session, &run->state);
    run->result->before = run->state.fuses;
    run->result->flash = report_of(run->state.chip, AVRSPI_MEMORY_FLASH, request->flash);
    run->result->eeprom = report_of(run->state.chip, AVRSPI_MEMORY_EEPROM, request->eeprom);
    return 0;
}

/* Makes the plan, and runs it unless 'dry'. The plan is the caller's. */
static int plan_and_run(struct run *run, struct avrspi_error *error)
{
    int result = complete_plan(run, error);

    if (result == 0) {
        emit(run, AVRSPI_EVENT_PLAN, NULL);
        result = warn(run, error);
    }
    if (result == 0 && !run->dry)
        result = run_steps(run, error);
    if (result == 0 && !run->dry)
        result = avrspi_job_audit(run->session, run->plan, run->result->erased, error);
    finish(run, result, error);
    free(run->flash);
    free(run->eeprom);
    return result;
}

/* With 'plan' a dry run, whose plan is then the caller's. */
static int job(struct avrspi_session *session, const struct avrspi_request *request,
               struct avrspi_plan **plan, struct avrspi_job_result *result,
               struct avrspi_error *error)
{
    struct avrspi_job_result own_result;
    struct avrspi_error own_error;
    struct run run = {
        .session = session,
        .request = request,
        .dry = plan != NULL,
        .result = result ? result : &own_result,
    };
    int done;

    if (!error)
        error = &own_error;
    done = start(&run, error);
    if (done == 0)
        done = plan_and_run(&run, error);
    if (plan && done == 0)
        *plan = run.plan;
    else
        avrspi_plan_free(run.plan);
    return done;
}

int avrspi_job_run(struct avrspi_session *session, const struct avrspi_request *request,
                   struct avrspi_job_result *result, struct avrspi_error *error)
{
    return job(session, request, NULL, result, error);
}

int avrspi_job_plan(struct avrspi_session *session, const struct avrspi_request *request,
                    struct avrspi_plan **plan, struct avrspi_error *error)
{
    *plan = NULL;
    return job(session, request, plan, NULL, error);
}
