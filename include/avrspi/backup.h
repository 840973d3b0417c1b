/* SPDX-License-Identifier: MIT */
/*
 * Whole chips: all that SPI shows of one, as contents that a file can hold, and the request that
 * brings contents onto a chip.
 *
 *     session -> backup -> request -> avrspi_job_run() -> contents -> file
 *     file -> contents -> request -> avrspi_job_run()
 */
#ifndef AVRSPI_BACKUP_H
#define AVRSPI_BACKUP_H

#include "avrspi/api.h"
#include "avrspi/contents.h"
#include "avrspi/job.h"

#ifdef __cplusplus
extern "C" {
#endif

struct avrspi_backup;

/* Makes room for all memories of the session's chip, which has been identified. The caller frees
 * *backup. */
AVRSPI_API int avrspi_backup_new(struct avrspi_backup **backup,
                                 const struct avrspi_session *session, struct avrspi_error *error);

/* Frees a backup; NULL is allowed. */
AVRSPI_API void avrspi_backup_free(struct avrspi_backup *backup);

/* A request that reads flash, EEPROM and calibration into the backup, until two readings agree. It
 * refers to the backup, which must outlive it. */
AVRSPI_API void avrspi_backup_request(const struct avrspi_backup *backup,
                                      struct avrspi_request *request);

/* How many bytes that request reads. */
AVRSPI_API size_t avrspi_backup_bytes(const struct avrspi_backup *backup);

/*
 * What the request has read, and the fuses, lock bits and signature that the session has read, as
 * contents with that name. Blank rows of flash are left out: an erase makes them. The caller frees
 * *contents.
 */
AVRSPI_API int avrspi_backup_contents(const struct avrspi_backup *backup, const char *name,
                                      struct avrspi_contents **contents,
                                      struct avrspi_error *error);

/* The fuse bytes and lock bits that the chip has and that can't be read over SPI, or, in
 * 'unknown', of which the definition knows nothing: they are not in the backup. */
AVRSPI_API void avrspi_backup_missing(const struct avrspi_backup *backup,
                                      bool missing[AVRSPI_FUSES], bool *unknown);

/*
 * A request that brings contents onto a chip: erase and flash where they have flash, EEPROM, fuses,
 * lock bits last, all verified. Fuses that end serial programming are refused, others that are
 * odd are warned of. It refers to the contents, which must outlive it.
 */
AVRSPI_API void avrspi_contents_request(const struct avrspi_contents *contents,
                                        struct avrspi_request *request);

#ifdef __cplusplus
}
#endif
#endif
