/* SPDX-License-Identifier: MIT */
#include "work.h"

#include "isp/isp.h"
#include "job/job.h"

int work_flash(struct avrspi_session *session, const struct avrspi_image *image,
               const struct avrspi_request *options, struct avrspi_job_result *result,
               struct avrspi_error *error)
{
    struct avrspi_request request = *options;

    request.flash = image;
    return avrspi_job_run(session, &request, result, error);
}

int work_eeprom(struct avrspi_session *session, const struct avrspi_image *image,
                const struct avrspi_request *options, struct avrspi_job_result *result,
                struct avrspi_error *error)
{
    struct avrspi_request request = *options;

    request.eeprom = image;
    request.erase = false;
    return avrspi_job_run(session, &request, result, error);
}

int work_verify(struct avrspi_session *session, enum avrspi_memory memory,
                const struct avrspi_image *image, bool full, size_t *differences,
                struct avrspi_error *error)
{
    const struct avrspi_request request = {
        .flash = memory == AVRSPI_MEMORY_FLASH ? image : NULL,
        .eeprom = memory == AVRSPI_MEMORY_EEPROM ? image : NULL,
        .compare = true,
        .full = full,
    };
    struct avrspi_job_result result;
    int done = avrspi_job_run(session, &request, &result, error);

    if (differences)
        *differences = result.differences;
    return done;
}

static struct avrspi_request raising(const struct avrspi_fuses *final)
{
    struct avrspi_request request = {.raise_clock = true};

    if (final)
        request.fuses = *final;
    return request;
}

int work_raise_clock(struct avrspi_session *session, const struct avrspi_fuses *final,
                     struct avrspi_error *error)
{
    const struct avrspi_request request = raising(final);
    struct avrspi_target_state state;
    int result = avrspi_isp_identified(session, error);

    if (result < 0)
        return result;
    avrspi_state_of(session, &state);
    return avrspi_session_raise_clock(session, avrspi_plan_fastest_low(&request, &state), error);
}

uint32_t work_raised_sck(const struct avrspi_session *session, const struct avrspi_fuses *final)
{
    const struct avrspi_request request = raising(final);

    return avrspi_job_raised_sck(session, &request);
}

bool work_eeprom_survives(const struct avrspi_session *session)
{
    return session->identified && avrspi_erase_keeps_eeprom(&session->chip, &session->fuses);
}
