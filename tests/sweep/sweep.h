/* SPDX-License-Identifier: MIT */
/*
 * One disturbed bit on the wire must never pass as success: each job of a table is done with a
 * simulated chip again and again, with one fault at one pulse of SCK each time, and what came of it
 * is compared with what was asked.
 *
 *   scene.c    a chip and a job: what the chip holds before, and what it is to hold after
 *   jobs.c     the jobs
 *   cell.c     one run with one fault, and its verdict
 *   faults.c   which faults are tried
 *   workers.c  all cells, by several processes
 *   table.c    the tables of outcomes
 */
#ifndef AVRSPI_TESTS_SWEEP_H
#define AVRSPI_TESTS_SWEEP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "avrspi/job.h"
#include "sim/sim_state.h"

enum {
    SUBJECTS = 6,
    MOST_JOBS = 24,
    KINDS = AVRSPI_BIT_CUT + 1,
    READ_BYTES = 768,
    TEXT = 512,
};

/* --- scenes */

struct subject {
    const char *name;
    const char *chip;            /* NULL: the name */
    uint32_t fcpu_hz;            /* a crystal at the chip's pins; 0: none */
    uint8_t other[AVRSPI_FUSES]; /* fuses that the job 'fuses' writes; lock bits of 'lock' */
    unsigned n_fuses;            /* that can be read and written: low, high, ext */
    uint8_t low;                 /* the low byte before the job; 0: as delivered */
    const char *only;            /* the job that it has; NULL: each */
};

extern const struct subject subjects[SUBJECTS];
const char *subject_chip(const struct subject *subject);

struct scene;

struct job {
    const char *name;
    void (*prepare)(struct scene *scene);
    bool needs_fuses; /* that can be read */
    bool needs_raise; /* a clock that can be raised */
    bool needs_boot;  /* a boot section */
    bool seldom;      /* for subjects that ask for it by name */
    bool identifies;  /* all that the job does; no request */
    bool single_pass; /* a flipped bit in its data, or in their address, can't be seen */
    int expected;     /* what avrspi_job_run() returns when all is well */
};

extern const struct job jobs[MOST_JOBS];
size_t job_count(void);

struct scene {
    const struct subject *subject;
    const struct job *job;
    const struct avrspi_chips *chips;
    const struct avrspi_chip *chip;
    struct avrspi_sim_config config; /* without a fault */
    struct avrspi_sim_silicon before, asked;
    struct avrspi_image *image; /* that the request names */
    struct avrspi_request request;
    uint32_t supply_mv;     /* that the session is told; 0: none */
    const uint8_t *to_read; /* what 'read' is to find, 'request.read_size' bytes */
    uint64_t pulses;        /* of SCK that the job takes without a fault, */
    uint64_t ns;            /* and its time */
};

/* Makes a scene; NULL when the job is none for that chip, or memory is short. 'words' are those of
 * a "sim:" port, behind the chip's name; may be "". */
struct scene *scene_new(const struct avrspi_chips *chips, const struct subject *subject,
                        const struct job *job, const char *words);
void scene_free(struct scene *scene);

/* Three pages in the middle of the flash; 16 bytes each where it has none. */
uint32_t scene_page(const struct scene *scene);
uint32_t scene_start(const struct scene *scene);
/* Bytes that look like a program, none of them 0xFF. */
void fill(uint8_t *data, size_t size, uint32_t seed);

/* --- cells */

enum verdict {
    VERDICT_RIGHT, /* the result that was expected, and chip and output are as asked */
    VERDICT_ERROR,
    VERDICT_WRONG,   /* the same result, but they are not */
    VERDICT_EXCUSED, /* the same, where a single pass can't see it */
    VERDICT_HANG,
    VERDICTS,
};

struct outcome {
    enum verdict verdict;
    bool unreachable; /* the chip can't be entered any more with good wires */
    bool mute;        /* an error that does not name what has changed beside the job */
    uint64_t violations;
    int result;
    struct avrspi_error error;
    char differs[TEXT]; /* from what was asked */
    char kinds[TEXT];   /* of violations */
};

/* Runs a scene with a fault (NULL: none); 'trace' may be NULL. Needs a simulation to use. */
void cell_run(const struct scene *scene, const struct avrspi_sim_bit_fault *fault,
              const char *trace, struct avrspi_sim *sim, struct outcome *outcome);
/* The same without a fault: learns pulses and time. False when it did not go well. */
bool cell_learn(struct scene *scene, struct avrspi_sim *sim, struct outcome *outcome);

/* --- faults */

const char *kind_name(enum avrspi_sim_bit_fault_kind kind);
void fault_write(const struct avrspi_sim_bit_fault *fault, char text[32]);
/* The n-th of 'count' faults that are spread evenly over the pulses of a job. */
struct avrspi_sim_bit_fault fault_at(enum avrspi_sim_bit_fault_kind kind, uint64_t pulses,
                                     uint64_t count, uint64_t n, uint32_t seed);

/* --- all of them */

struct tally {
    atomic_uint tried, verdict[VERDICTS], unreachable, mute, violating;
};

typedef struct tally tallies[SUBJECTS][MOST_JOBS][KINDS];

struct plan {
    struct scene *scene[SUBJECTS][MOST_JOBS]; /* NULL: left out */
    bool kind[KINDS];
    uint64_t bits; /* of each job and kind at most; 0: every one */
    uint32_t seed;
    unsigned workers;
    int verbose; /* 1: tells each bad cell; 2: errors that name nothing and violations too */
};

/* Runs every cell; false when a worker died. 'shared' is memory that processes share. */
bool workers_run(const struct plan *plan, tallies *shared);

void table_print(const struct plan *plan, tallies *shared, bool by_chip);
unsigned table_wrong(tallies *shared);
unsigned table_hangs(tallies *shared);

#endif
