/* SPDX-License-Identifier: MIT */
/*
 * A bench for the tests of src/isp: a simulated chip with a state file, a wire that remembers
 * what was sent over it, and a session. A test is run between rig_set_up() and rig_tear_down(),
 * and every one of them ends with the assertion that the datasheet was not violated once.
 */
#ifndef AVRSPI_TESTS_SUPPORT_RIG_H
#define AVRSPI_TESTS_SUPPORT_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "avrspi/job.h"
#include "sim/sim.h"
#include "wire.h"
#include "work.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

enum {
    RIG_IMAGES = 8,
};

struct rig {
    char state[160]; /* path of the chip's state file */
    struct avrspi_sim_silicon *silicon;
    struct wire *wire;
    struct avrspi_link *link;
    struct avrspi_session *session;
    struct avrspi_session_config config; /* of the next session */
    struct avrspi_error error;           /* of the call that failed last */
    struct avrspi_job_result result;
    struct avrspi_write_report report; /* of the memory that was written last */
    struct avrspi_image *images[RIG_IMAGES];
    size_t n_images;
    volatile sig_atomic_t interrupt;
    size_t interrupt_countdown; /* of instructions */
};

/* Of a group of tests: opens and closes the chips. */
int rig_open_chips(void **state);
int rig_close_chips(void **state);

/* Of each test: *state is a struct rig. */
int rig_set_up(void **state);
int rig_tear_down(void **state);

#define RIG_TEST(test) cmocka_unit_test_setup_teardown(test, rig_set_up, rig_tear_down)

const struct avrspi_chips *rig_chips(void);
/* The tests' chips from a text; gone with the group. */
void rig_add_chips(const char *text);
const struct avrspi_chip *rig_chip(const char *name);

/* --- the chip on the bench, while nothing is connected to it */

/* What a chip of that name has when it leaves the factory, for a test to change and to save. */
struct avrspi_sim_silicon *rig_new_chip(struct rig *rig, const char *name);
void rig_save(struct rig *rig, const char *name);
/* The same with other fuses (low, high, ext, lock). */
void rig_new_fused(struct rig *rig, const char *name, const uint8_t fuses[AVRSPI_FUSES]);
/* What the chip has now. */
const struct avrspi_sim_silicon *rig_load(struct rig *rig, const char *name);

/* --- connecting it; WORDS are those of a "sim:" port, without the state file */

/* Opens the link. */
void rig_plug(struct rig *rig, const char *words);
void rig_plug_limited(struct rig *rig, const char *words, size_t max_transfer);
/* Opens a session, and identifies. */
int rig_open(struct rig *rig);
int rig_identify(struct rig *rig);
/* All three. */
void rig_start(struct rig *rig, const char *words);
/* The same with a chip whose flash has bytes of rig_fill() from 'offset' on; they are stored in
 * 'data' too. Forgets what was sent so far. */
void rig_start_with_flash(struct rig *rig, const char *name, uint32_t offset, uint8_t *data,
                          size_t size);
/* An interrupt comes while the n-th instruction from now on is sent. */
void rig_interrupt_at(struct rig *rig, size_t n);
/* Closes the session, and the link; asserts that there was no violation. */
void rig_unplug(struct rig *rig);
/* Unplugs, and starts again. */
void rig_restart(struct rig *rig, const char *words);

/* --- work */

/* The image that the rig frees. */
struct avrspi_image *rig_image(struct rig *rig);
/* An image with a run of bytes; and one more run. */
struct avrspi_image *rig_image_of(struct rig *rig, uint32_t address, const uint8_t *data,
                                  size_t size);
void rig_put(struct avrspi_image *image, uint32_t address, const uint8_t *data, size_t size);
/* Bytes that look like a program: all values but 0xFF, different with each seed. */
void rig_fill(uint8_t *data, size_t size, unsigned seed);

/* An image of such bytes from address 0 on, which are stored in 'data' too. */
struct avrspi_image *rig_filled_image(struct rig *rig, uint8_t *data, size_t size, unsigned seed);

int rig_flash(struct rig *rig, const struct avrspi_image *image, struct avrspi_request options);
int rig_eeprom(struct rig *rig, const struct avrspi_image *image, bool verify);
int rig_verify(struct rig *rig, enum avrspi_memory memory, const struct avrspi_image *image,
               bool full);
int rig_read(struct rig *rig, enum avrspi_memory memory, uint32_t address, uint8_t *data,
             size_t size);
int rig_write_fuse(struct rig *rig, enum avrspi_fuse fuse, uint8_t value);

/* The usual way to write flash. */
#define RIG_WRITE    ((struct avrspi_request){.verify = true, .erase = true})
#define RIG_UPDATE   ((struct avrspi_request){.verify = true, .erase = true, .update = true})
#define RIG_NO_ERASE ((struct avrspi_request){.verify = true})

/* --- what is asserted */

/* The call failed with that code, and message and hint have those words ("" for any). */
void rig_assert_error(const struct rig *rig, int result, enum avrspi_err code, const char *message,
                      const char *hint);
/* The call that failed last has that advice. */
void rig_assert_advice(const struct rig *rig, enum avrspi_advice advice);
/* The chip's flash has those bytes at 'offset'; unplugs it. */
void rig_assert_flash(struct rig *rig, const char *name, uint32_t offset, const uint8_t *data,
                      size_t size);
/* All bytes are 0xFF. */
void rig_assert_blank(const uint8_t *data, size_t size);
/* The call succeeded; otherwise its message is printed. */
void rig_assert_ok(const struct rig *rig, int result);

#endif
