/* SPDX-License-Identifier: MIT */
/* Whole chips as contents of a file, and back. */
#include "avrspi/backup.h"

#include <stdlib.h>

#include "base/error.h"
#include "image/used.h"
#include "isp/isp.h"

static const enum avrspi_memory read_memories[] = {
    AVRSPI_MEMORY_FLASH,
    AVRSPI_MEMORY_EEPROM,
    AVRSPI_MEMORY_CALIBRATION,
};

enum {
    READ_MEMORIES = sizeof read_memories / sizeof *read_memories,
};

struct avrspi_backup {
    const struct avrspi_session *session;
    struct avrspi_reading readings[READ_MEMORIES];
    size_t n_readings;
};

int avrspi_backup_new(struct avrspi_backup **backup, const struct avrspi_session *session,
                      struct avrspi_error *error)
{
    const struct avrspi_chip *chip = &session->chip;
    struct avrspi_backup *self;
    int result = avrspi_isp_identified(session, error);

    *backup = NULL;
    if (result < 0)
        return result;
    self = calloc(1, sizeof *self);
    if (!self)
        return avrspi_fail_memory(error);
    self->session = session;
    for (size_t n = 0; n < READ_MEMORIES; n++) {
        struct avrspi_reading *reading = &self->readings[self->n_readings];
        const uint32_t size = avrspi_memory_size(chip, read_memories[n]);

        if (size == 0)
            continue;
        *reading = (struct avrspi_reading){
            .memory = read_memories[n],
            .address = avrspi_memory_start(chip, read_memories[n]),
            .size = size,
            .data = malloc(size),
        };
        if (!reading->data) {
            avrspi_backup_free(self);
            return avrspi_fail_memory(error);
        }
        self->n_readings++;
    }
    *backup = self;
    return 0;
}

void avrspi_backup_free(struct avrspi_backup *backup)
{
    if (!backup)
        return;
    for (size_t n = 0; n < backup->n_readings; n++)
        free(backup->readings[n].data);
    free(backup);
}

void avrspi_backup_request(const struct avrspi_backup *backup, struct avrspi_request *request)
{
    *request = (struct avrspi_request){
        .readings = backup->readings,
        .n_readings = backup->n_readings,
        .read_twice = true,
    };
}

size_t avrspi_backup_bytes(const struct avrspi_backup *backup)
{
    size_t sum = 0;

    for (size_t n = 0; n < backup->n_readings; n++)
        sum += backup->readings[n].size;
    return sum;
}

/* --- as contents */

/* An EEPROM is held whole: where EESAVE is programmed no erase makes its blank bytes. */
static int put_reading(struct avrspi_contents *contents, const struct avrspi_reading *reading,
                       struct avrspi_error *error)
{
    size_t length;
    int result = 0;

    if (reading->memory != AVRSPI_MEMORY_FLASH)
        return avrspi_contents_put(contents, reading->memory, reading->address, reading->data,
                                   reading->size, NULL, error);
    for (size_t n = 0; result == 0 && n < reading->size; n += AVRSPI_USED_ROW) {
        length = avrspi_used_length(reading->data, reading->size, n);
        if (length > 0)
            result = avrspi_contents_put(contents, reading->memory, reading->address + (uint32_t)n,
                                         reading->data + n, length, NULL, error);
    }
    return result;
}

static int put_fuses(struct avrspi_contents *contents, const struct avrspi_fuses *fuses,
                     struct avrspi_error *error)
{
    int result = 0;

    for (int n = 0; result == 0 && n < AVRSPI_FUSES; n++) {
        const bool lock = n == AVRSPI_FUSE_LOCK;

        if (fuses->given[n])
            result = avrspi_contents_put(contents, lock ? AVRSPI_MEMORY_LOCK : AVRSPI_MEMORY_FUSES,
                                         lock ? 0 : (uint32_t)n, &fuses->value[n], 1, NULL, error);
    }
    return result;
}

int avrspi_backup_contents(const struct avrspi_backup *backup, const char *name,
                           struct avrspi_contents **contents, struct avrspi_error *error)
{
    const struct avrspi_session *session = backup->session;
    struct avrspi_contents *new = avrspi_contents_new(name);
    int result = new ? 0 : avrspi_fail_memory(error);

    *contents = NULL;
    for (size_t n = 0; result == 0 && n < backup->n_readings; n++)
        result = put_reading(new, &backup->readings[n], error);
    if (result == 0)
        result = put_fuses(new, &session->fuses, error);
    if (result == 0)
        result = avrspi_contents_put(new, AVRSPI_MEMORY_SIGNATURE, 0,
                                     avrspi_session_signature_bytes(session), 3, NULL, error);
    if (result < 0) {
        avrspi_contents_free(new);
        return result;
    }
    *contents = new;
    return 0;
}

void avrspi_backup_missing(const struct avrspi_backup *backup, bool missing[AVRSPI_FUSES],
                           bool *unknown)
{
    const struct avrspi_session *session = backup->session;

    *unknown = true;
    for (int n = 0; n < AVRSPI_FUSES; n++) {
        const bool has = avrspi_chip_fuse_mask(&session->chip, (enum avrspi_fuse)n) != 0;

        missing[n] = has && !session->fuses.given[n];
        if (has && n != AVRSPI_FUSE_LOCK)
            *unknown = false;
    }
}

/* --- onto a chip */

void avrspi_contents_request(const struct avrspi_contents *contents, struct avrspi_request *request)
{
    *request = (struct avrspi_request){
        .flash = avrspi_contents_image(contents, AVRSPI_MEMORY_FLASH),
        .eeprom = avrspi_contents_image(contents, AVRSPI_MEMORY_EEPROM),
        .verify = true,
        .lenient = true,
    };
    request->erase = request->flash != NULL;
    avrspi_contents_fuses(contents, &request->fuses);
}
