/* SPDX-License-Identifier: MIT */
/* Jobs of one memory, in one call. */
#ifndef AVRSPI_TESTS_SUPPORT_WORK_H
#define AVRSPI_TESTS_SUPPORT_WORK_H

#include "avrspi/job.h"

/* Writes an image as 'options' say, which has all of the request but the image. 'result' may be
 * NULL. */
int work_flash(struct avrspi_session *session, const struct avrspi_image *image,
               const struct avrspi_request *options, struct avrspi_job_result *result,
               struct avrspi_error *error);
int work_eeprom(struct avrspi_session *session, const struct avrspi_image *image,
                const struct avrspi_request *options, struct avrspi_job_result *result,
                struct avrspi_error *error);

/* Compares; 'differences' may be NULL. */
int work_verify(struct avrspi_session *session, enum avrspi_memory memory,
                const struct avrspi_image *image, bool full, size_t *differences,
                struct avrspi_error *error);

/* Raises the clock as a job does that ends with the fuses of 'final' (NULL: none); and what SCK
 * that would give. */
int work_raise_clock(struct avrspi_session *session, const struct avrspi_fuses *final,
                     struct avrspi_error *error);
uint32_t work_raised_sck(const struct avrspi_session *session, const struct avrspi_fuses *final);

bool work_eeprom_survives(const struct avrspi_session *session);

#endif
