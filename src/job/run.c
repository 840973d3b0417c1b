/* SPDX-License-Identifier: MIT */
/*
 * Running a plan. A plan that is not complete ends with the steps that read what it depends on; it
 * is made again with what they found, begins with the same steps, and goes on after them.
 */
#include "job/run.h"

#include <stdlib.h>

#include "isp/isp.h"

static void emit(struct avrspi_run *run, enum avrspi_event_kind kind,
                 const struct avrspi_step *step)
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

static int run_step(struct avrspi_run *run, struct avrspi_plan_item *item,
                    struct avrspi_error *error)
{
    uint64_t began = avrspi_link_now(run->session->link);
    int result = avrspi_isp_interrupted(run->session, error);

    if (result == 0 && item->step.kind == AVRSPI_STEP_LOCK) /* while it can be looked at */
        result = avrspi_job_audit(run->session, run->plan, run->result->erased, error);

    if (result < 0)
        return result;
    emit(run, AVRSPI_EVENT_STEP_BEGIN, &item->step);
    result = avrspi_step_run(run, item, error);
    item->step.took_ns = avrspi_link_now(run->session->link) - began;
    if (result < 0) {
        run->result->failed = true;
        run->result->failed_step = item->step.kind;
        run->result->failed_memory = item->step.memory;
    }
    if (result == 0)
        emit(run, AVRSPI_EVENT_STEP_END, &item->step);
    return result;
}

/* The steps of the plan that are not done yet. */
static int run_steps(struct avrspi_run *run, struct avrspi_error *error)
{
    int result = 0;

    for (; result == 0 && run->n_done < run->plan->n_items; run->n_done++) {
        struct avrspi_plan_item *item = &run->plan->items[run->n_done];

        if (!run->dry || !avrspi_step_writes(item->step.kind))
            result = run_step(run, item, error);
    }
    return result;
}

/* --- what the plan is made of */

static int make_plan(struct avrspi_run *run, struct avrspi_error *error)
{
    avrspi_plan_free(run->plan);
    run->state.flash = run->flash;
    run->state.eeprom = run->eeprom;
    run->state.boot = run->boot;
    return avrspi_plan_make(&run->plan, run->request, &run->state, error);
}

/* Where the fuses leave the clock open, and a long job would be slow for that: finds out how fast
 * it is, and plans anew with the SCK that follows. A dry run does so too, or its forecast would not
 * be that of the run. */
static int find_clock(struct avrspi_run *run, struct avrspi_error *error)
{
    const uint64_t instructions = avrspi_cost_instructions(run->plan);
    int result;

    if (!avrspi_cost_probe_pays(run->plan, avrspi_isp_probe_hz(run->session, instructions),
                                avrspi_isp_probe_ns(run->session)))
        return 0;
    result = avrspi_isp_probe(run->session, instructions, error);
    if (result < 0)
        return result;
    avrspi_state_of(run->session, &run->state);
    return make_plan(run, error);
}

/* Makes the plan, reading what it depends on; after this it is complete. */
static int complete_plan(struct avrspi_run *run, struct avrspi_error *error)
{
    int result = make_plan(run, error);

    if (result == 0)
        result = find_clock(run, error);
    while (result == 0 && !run->plan->complete) {
        result = run_steps(run, error);
        if (result == 0)
            result = make_plan(run, error);
    }
    return result;
}

/* --- what came of it */

static uint64_t limit_ns(const struct avrspi_run *run)
{
    uint64_t wait_ns[AVRSPI_WAITS], ns;

    for (int kind = 0; kind < AVRSPI_WAITS; kind++)
        wait_ns[kind] = avrspi_session_wait_seen_ns(run->session, (enum avrspi_wait)kind);
    ns = avrspi_cost_limit_ns(&run->plan->opening, run->state.entry_sck_hz, run->state.slow_reset,
                              wait_ns);
    for (size_t n = 0; n < run->plan->n_items; n++)
        ns += avrspi_cost_limit_ns(&run->plan->items[n].cost, run->plan->items[n].step.sck_hz,
                                   run->state.slow_reset, wait_ns);
    return ns;
}

/* What could not be written back is in a file. */
static void tell_kept_in(struct avrspi_run *run, enum avrspi_warning warning, const char *path)
{
    if (path)
        avrspi_isp_emit(run->session, &(struct avrspi_event){
                                          .kind = AVRSPI_EVENT_WARNING,
                                          .warning = warning,
                                          .path = path,
                                      });
}

static void finish(struct avrspi_run *run, int result, const struct avrspi_error *error)
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
    if (result == 0 && run->request->eeprom && run->result->eeprom.verified)
        avrspi_note_written(run->session, AVRSPI_NOTE_EEPROM, run->request->eeprom);
    if (result == 0 && run->request->flash && run->result->flash.verified)
        avrspi_note_written(run->session, AVRSPI_NOTE_BOOT, run->request->flash);
    if (result == 0 && !run->dry)
        run->result->limit_ns = limit_ns(run);
    tell_kept_in(run, AVRSPI_WARNING_EEPROM_KEPT_IN, run->kept_in);
    tell_kept_in(run, AVRSPI_WARNING_BOOT_KEPT_IN, run->boot_kept_in);
    avrspi_isp_emit(run->session, &event);
    free(run->kept_in);
    free(run->boot_kept_in);
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

static int start(struct avrspi_run *run, struct avrspi_error *error)
{
    struct avrspi_session *session = run->session;
    const struct avrspi_request *request = run->request;
    int result = avrspi_isp_identified(session, error);

    *run->result = (struct avrspi_job_result){0};
    if (result < 0)
        return result;
    session->wrote = false; /* what came before is not this job's */
    session->reached = 0;
    session->care = avrspi_request_care(request);
    avrspi_state_of(session, &run->state);
    run->result->before = run->state.fuses;
    run->result->flash = report_of(run->state.chip, AVRSPI_MEMORY_FLASH, request->flash);
    run->result->eeprom = report_of(run->state.chip, AVRSPI_MEMORY_EEPROM, request->eeprom);
    return 0;
}

/* Makes the plan, and runs it unless 'dry'. The plan is the caller's. */
static int plan_and_run(struct avrspi_run *run, struct avrspi_error *error)
{
    int result = complete_plan(run, error);

    if (result == 0) {
        run->result->supply_saves_ns = avrspi_plan_supply_saves_ns(run->plan);
        emit(run, AVRSPI_EVENT_PLAN, NULL);
        result = avrspi_run_warn(run, error);
    }
    if (result == 0 && !run->dry)
        result = run_steps(run, error);
    if (result == 0 && !run->dry)
        result = avrspi_job_audit(run->session, run->plan, run->result->erased, error);
    if (result == AVRSPI_ERR_VERIFY) /* which names the one that was found */
        avrspi_job_tell_reached(run->session, error);
    finish(run, result, error);
    run->session->care = AVRSPI_CARE_ALL;
    free(run->flash);
    free(run->eeprom);
    free(run->boot);
    return result;
}

/* With 'plan' a dry run, whose plan is then the caller's. */
static int job(struct avrspi_session *session, const struct avrspi_request *request,
               struct avrspi_plan **plan, struct avrspi_job_result *result,
               struct avrspi_error *error)
{
    struct avrspi_job_result own_result;
    struct avrspi_error own_error;
    struct avrspi_run run = {
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
