/* SPDX-License-Identifier: MIT */
/* What an erase must not lose is read until two readings agree. */
#include "job/job.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "isp/isp.h"

enum {
    TRIES = 3, /* pairs of readings */
};

int avrspi_job_read_twice(struct avrspi_session *session, enum avrspi_memory memory,
                          uint32_t address, uint8_t *data, size_t size,
                          struct avrspi_progress *progress, struct avrspi_error *error)
{
    uint8_t *again = malloc(size);
    bool agree = false;
    int result = 0;

    if (!again)
        return avrspi_fail_memory(error);
    for (int n = 0; result == 0 && !agree && n < TRIES; n++) {
        if (progress)
            progress->done = 0;
        result = avrspi_isp_read(session, memory, address, data, size, progress, error);
        if (result == 0)
            result = avrspi_isp_read(session, memory, address, again, size, progress, error);
        agree = result == 0 && memcmp(data, again, size) == 0;
    }
    free(again);
    if (result < 0 || agree)
        return result;
    avrspi_fail(error, AVRSPI_ERR_VERIFY, "%s reads differently each time",
                avrspi_memory_name(memory));
    avrspi_hint(error,
                "nothing was changed; the wiring is unreliable: shorten it, join the grounds");
    avrspi_advise(error, AVRSPI_ADVICE_SLOWER, NULL);
    return AVRSPI_ERR_VERIFY;
}
