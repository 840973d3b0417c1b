/* SPDX-License-Identifier: MIT */
/*
 * The parts of test_every_chip.c: what every definition built in has to stand on a simulated
 * chip of its kind.
 *
 *     target.c     opening, closing, and what all the others use
 *     identity.c   signature, calibration bytes
 *     flash.c      erase, write, verify, update
 *     eeprom.c     write, verify, write over
 *     fuses.c      default values, a harmless change, EESAVE
 *     lock.c       lock modes 2 and 3, and the way back
 *     backup.c     all of it saved, and brought back
 *     unnamed.c    a session that is not told which chip it is
 */
#ifndef AVRSPI_TESTS_EVERY_CHIP_H
#define AVRSPI_TESTS_EVERY_CHIP_H

#include "avrspi/avrspi.h"
#include "chips/record.h"
#include "work.h"

/* A chip's turn. */
struct run {
    const struct avrspi_chips *chips;
    const struct avrspi_chip *chip; /* the definition */
    struct avrspi_link *link;
    struct avrspi_session *session;
    struct avrspi_error error; /* of the last call */
    uint32_t random;
    char failure[768];
};

/* Leaves the calling check with false when the condition does not hold, and keeps the words. */
#define NEED(run, condition, ...)                                                                  \
    do {                                                                                           \
        if (!(condition))                                                                          \
            return fail(run, __VA_ARGS__);                                                         \
    } while (0)

/* Keeps why the chip fails; always false. */
bool fail(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether a call ended as it should (0 or an AVRSPI_ERR_...); keeps why not. */
bool ends(struct run *run, int result, int expected, const char *what);

/* A session with the chip identified; and its end. */
bool target_open(struct run *run, bool force);
void target_close(struct run *run);

/* The next of the numbers that are the same each time. */
uint32_t next_random(struct run *run);

/* An image of those of 'size' bytes that are 'held', the first of them at 'start'. The caller
 * frees it. */
struct avrspi_image *image_of(uint32_t start, const uint8_t *data, const bool *held, size_t size);

/* An image of one run of bytes. The caller frees it. */
struct avrspi_image *image_of_run(uint32_t start, const uint8_t *data, size_t size);

/* How many units of a memory hold a byte that is not 0xFF. */
size_t units_not_blank(const uint8_t *data, size_t size, size_t unit);

bool can_read_fuse(const struct avrspi_chip *chip, enum avrspi_fuse fuse);
bool can_write_fuse(const struct avrspi_chip *chip, enum avrspi_fuse fuse);

/* Writes one fuse byte, or the lock bits, as the public library does. */
int write_fuse(struct run *run, enum avrspi_fuse fuse, uint8_t value);

bool check_identity(struct run *run);
bool check_flash(struct run *run);
bool check_eeprom(struct run *run);
bool check_fuses(struct run *run);
bool check_lock(struct run *run);
bool check_backup(struct run *run);
bool check_unnamed(struct run *run);

#endif
