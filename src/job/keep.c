/* SPDX-License-Identifier: MIT */
/* Keeps an EEPROM over a chip erase: read twice, and copied to a file until it is restored. */
#include "job/job.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
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

int avrspi_keep_save(const char *folder, const char *name, const void *data, size_t size,
                     char **path, struct avrspi_error *error)
{
    bool written;
    int fd;

    if (asprintf(path, "%s/%s", folder, name) < 0) {
        *path = NULL;
        return avrspi_fail_memory(error);
    }
    fd = mkostemps(*path, (int)strlen(".bin"), O_CLOEXEC);
    written = fd >= 0 && avrspi_file_write_all(fd, data, size) == 0 && fsync(fd) == 0;
    if (!written) {
        avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't keep a copy in '%s'", folder);
        avrspi_hint(error, "nothing was erased");
    }
    if (fd >= 0)
        (void)close(fd);
    if (fd >= 0 && !written)
        (void)unlink(*path);
    if (written)
        return 0;
    free(*path);
    *path = NULL;
    return AVRSPI_ERR_FAILURE;
}
