/* SPDX-License-Identifier: MIT */
/*
 * The inside of a plan.
 *
 *     plan.c      from a request to ordered steps
 *     memories.c  what is read, compared, erased and written
 *     pages.c     what a memory is to hold, and which of its pages must be written
 *     fuses.c     which fuse bytes must be written, and what that endangers
 *     clock.c     whether a faster internal clock helps
 *     cost.c      what a step costs: instructions, writes, entries
 *     state.c     what is there, from a session
 *     run.c       runs a plan: in order, with events
 *     steps.c     what each kind of step does: calls of the session
 *     warn.c      what a job warns of before it writes
 *     keep.c      readings that have to agree
 *     boot.c      the boot section, kept over an erase or lost with it
 *     backup.c    whole chips as contents of a file, and back
 *     audit.c     what a disturbance on the wires may have changed
 */
#ifndef AVRSPI_SRC_JOB_JOB_H
#define AVRSPI_SRC_JOB_JOB_H

#include "avrspi/job.h"
#include "chips/record.h"
#include "isp/isp.h"

struct avrspi_progress;

enum {
    AVRSPI_PLAN_STEPS = 16,      /* more than any request needs */
    AVRSPI_LOW_SUPPLY_MV = 3300, /* what a chip has that is programmed by a Raspberry Pi */
    AVRSPI_LOOK_PIECE = 64,      /* bytes of EEPROM that are looked at in one go */
};

/* What a step costs. How long that takes depends on SCK and chip; an instruction is 32 bits. */
struct avrspi_cost {
    uint64_t instructions;
    uint64_t overhead; /* instructions beside these, at most: checks, extended addresses */
    uint64_t writes[AVRSPI_WAITS];
    uint64_t entries; /* into programming mode, each with a pulse of RESET */
};

/* --- pages.c: a memory, page by page (byte by byte where there are no pages) */

struct avrspi_pages {
    enum avrspi_memory memory;
    uint32_t start, size; /* bytes */
    uint32_t unit, units;
    uint8_t *wanted;        /* the whole memory as it is to be */
    const uint8_t *current; /* as it is; NULL: blank. Not owned. */
    bool *read;             /* units that must be read before what to write can be decided */
    bool *write;            /* units to write */
    bool *check;            /* units that are right or blank already, and are read to make sure */
};

int avrspi_pages_init(struct avrspi_pages *pages, const struct avrspi_chip *chip,
                      enum avrspi_memory memory, struct avrspi_error *error);
void avrspi_pages_free(struct avrspi_pages *pages);

/* What the image (NULL: none) has, and 0xFF elsewhere; every unit that is not blank is to be
 * written, and with 'full' every other one is to be checked. */
void avrspi_pages_fill(struct avrspi_pages *pages, const struct avrspi_image *image, bool full);

/*
 * What the image has over what is there; units that differ are to be written. With 'full' what the
 * image does not have is to be 0xFF. False when a bit would have to become 1, at *address.
 */
bool avrspi_pages_overlay(struct avrspi_pages *pages, const struct avrspi_image *image,
                          const uint8_t *current, bool full, uint32_t *address);

/* Whether a bit of unit n would have to go from 0 to 1, so that the unit holds what the image has
 * there, and with 'full' 0xFF elsewhere. */
bool avrspi_pages_need_erase(const struct avrspi_pages *pages, const struct avrspi_image *image,
                             const uint8_t *current, uint32_t n, bool full);

/* What a range of it is to hold as well, where the memory will be blank. */
void avrspi_pages_lay(struct avrspi_pages *pages, const struct avrspi_range *range,
                      const uint8_t *data, bool full);

/* The memory will be blank: every wanted unit that is not blank is to be written. */
void avrspi_pages_restore(struct avrspi_pages *pages);

size_t avrspi_pages_marked(const struct avrspi_pages *pages, const bool *marks);

/* The n-th run of marked units; false after the last. */
bool avrspi_pages_range(const struct avrspi_pages *pages, const bool *marks, size_t n,
                        struct avrspi_range *range);

/* --- the plan */

/* A step, and what the public part of it does not show. */
struct avrspi_plan_item {
    struct avrspi_step step; /* first: a step is an item */
    struct avrspi_cost cost;
    struct avrspi_pages *pages; /* whose marked units it is about, or NULL */
    const bool *marks;
    const struct avrspi_image *image; /* whose bytes it compares, or NULL */
    uint8_t *data;                    /* READ for the request: where the bytes go */
};

struct avrspi_plan {
    const struct avrspi_request *request;
    struct avrspi_target_state state;
    const struct avrspi_chip *chip;
    struct avrspi_plan_item items[AVRSPI_PLAN_STEPS];
    size_t n_items;
    struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS];
    size_t n_hazards;
    struct avrspi_pages flash, eeprom;
    struct avrspi_range boot;   /* the boot section that is to be kept */
    struct avrspi_cost looking; /* at what a warning depends on, before the first step */
    bool complete;
    bool raises_clock;
    bool raises_blank; /* after the erase */
    bool erases;
    bool eeprom_survives;
    struct avrspi_fuses now;    /* as they are after the steps so far */
    uint32_t sck_hz;            /* the same */
    struct avrspi_cost opening; /* entry, signature, fuses */
};

/* Adds a step, with its cost; SCK and time follow from them. */
struct avrspi_plan_item *avrspi_plan_add(struct avrspi_plan *plan, const struct avrspi_step *step,
                                         const struct avrspi_cost *cost);

/* --- memories.c */

/* Adds a step that reads what 'reading' is about so many times, each run of bytes on its own. */
void avrspi_plan_add_reading(struct avrspi_plan *plan, const struct avrspi_plan_item *reading,
                             unsigned times);

/* Steps that only read: what was asked for, what is compared. */
int avrspi_plan_read(struct avrspi_plan *plan, struct avrspi_error *error);
int avrspi_plan_compare(struct avrspi_plan *plan, struct avrspi_error *error);

/* Decide what the memories are to hold, and whether the chip is erased. Where that depends on
 * content that was not read yet, a step reads it, and the plan is not complete. */
int avrspi_plan_flash(struct avrspi_plan *plan, struct avrspi_error *error);
int avrspi_plan_eeprom(struct avrspi_plan *plan, struct avrspi_error *error);

/* What the erase of the plan does to the EEPROM, as far as it was looked at. */
enum avrspi_eeprom_loss avrspi_plan_loss(const struct avrspi_plan *plan);

/* The steps that follow from that: ERASE, WRITE, VERIFY, RESTORE_EEPROM. */
void avrspi_plan_writes(struct avrspi_plan *plan);

/* --- fuses.c */

/* How much of the request's fuses is refused. */
enum avrspi_care avrspi_request_care(const struct avrspi_request *request);

/* Refuses fuses that must not or can't be written, by the lock bits that an erase before them
 * leaves; notes the hazards of the others. */
int avrspi_plan_check_fuses(struct avrspi_plan *plan, struct avrspi_error *error);

/* The steps FUSES and LOCK, each only where a byte must be written. */
void avrspi_plan_fuses(struct avrspi_plan *plan);
void avrspi_plan_lock(struct avrspi_plan *plan);

/* --- clock.c */

/* The low fuse byte with which SCK is fastest; the present one when none is faster. */
uint8_t avrspi_plan_fastest_low(const struct avrspi_request *request,
                                const struct avrspi_target_state *state);
/* SCK in Hz with that low byte; 0 where it selects a clock from outside, may not be written, or
 * selects one that is too fast for the supply. */
uint32_t avrspi_plan_sck_with(const struct avrspi_target_state *state, uint8_t low);

/* Adds the step that writes that byte, if another than the present one is faster. */
void avrspi_plan_raise_clock(struct avrspi_plan *plan);
void avrspi_plan_restore_clock(struct avrspi_plan *plan);

/* How much sooner the job would be done at AVRSPI_LOW_SUPPLY_MV, where the supply is not known and
 * 'raise_blank' was asked for; else 0. */
uint64_t avrspi_plan_supply_saves_ns(const struct avrspi_plan *plan);

/* --- cost.c */

struct avrspi_cost avrspi_cost_read(const struct avrspi_plan *plan, enum avrspi_memory memory,
                                    const struct avrspi_range *range);
struct avrspi_cost avrspi_cost_look(const struct avrspi_plan *plan, uint32_t bytes);
struct avrspi_cost avrspi_cost_write(const struct avrspi_plan *plan,
                                     const struct avrspi_pages *pages, bool verify);
struct avrspi_cost avrspi_cost_erase(const struct avrspi_plan *plan);
struct avrspi_cost avrspi_cost_fuses(const struct avrspi_plan *plan,
                                     const struct avrspi_fuses *after);
struct avrspi_cost avrspi_cost_read_fuses(const struct avrspi_plan *plan);
struct avrspi_cost avrspi_cost_opening(const struct avrspi_plan *plan);
void avrspi_cost_add(struct avrspi_cost *sum, const struct avrspi_cost *cost);

/* Nanoseconds at most: with the longest wait after each write. */
uint64_t avrspi_cost_at_most_ns(const struct avrspi_cost *cost, const struct avrspi_plan *plan,
                                uint32_t sck_hz);
/* Instructions of the whole plan; of what can't be planned yet, as far as images tell. */
uint64_t avrspi_cost_instructions(const struct avrspi_plan *plan);

/* Whether trials of the clock that may find that SCK save more than they cost, by far. What they
 * cost is in the forecast by the time that has passed: they are made before it. */
bool avrspi_cost_probe_pays(const struct avrspi_plan *plan, uint32_t probe_hz, uint64_t probe_ns);

/* Nanoseconds at least: without overhead, with waits as long as they were seen to be. */
uint64_t avrspi_cost_limit_ns(const struct avrspi_cost *cost, uint32_t sck_hz, bool slow_reset,
                              const uint64_t wait_ns[AVRSPI_WAITS]);

/* --- state.c */

/* Fills in what is there; the memories are not read yet. The state points into the session. */
void avrspi_state_of(const struct avrspi_session *session, struct avrspi_target_state *state);

/* --- boot.c */

/* Stores the boot section that is to be kept; AVRSPI_ERR_REFUSED where there is none. */
int avrspi_plan_find_boot(struct avrspi_plan *plan, struct avrspi_error *error);

/* Lays the boot section under what the image has, where the chip is erased. AVRSPI_ERR_REFUSED when
 * the image has something else there, or lock bits forbid to read it. Until it was read, a step
 * reads it, and the plan is not complete. */
int avrspi_plan_keep_boot(struct avrspi_plan *plan, struct avrspi_error *error);

/* Whether the erase takes the boot section with it that the chip starts in, if there is anything in
 * it: where its first word, in '*word', is not blank. */
bool avrspi_plan_may_lose_boot(const struct avrspi_plan *plan, struct avrspi_range *word);

/* avrspi_note_content() with the boot section as Intel HEX, which has the addresses. */
int avrspi_boot_note(const struct avrspi_session *session, uint32_t address, const uint8_t *data,
                     size_t size, char **path, struct avrspi_error *error);

/* --- keep.c */

/* avrspi_isp_read(), until two readings agree: a bit that is read wrong shows in nothing else.
 * 'progress' (may be NULL) counts both. AVRSPI_ERR_VERIFY when they don't agree. */
int avrspi_job_read_twice(struct avrspi_session *session, enum avrspi_memory memory,
                          uint32_t address, uint8_t *data, size_t size,
                          struct avrspi_progress *progress, struct avrspi_error *error);

/* --- audit.c */

/* Looks at what a disturbed instruction may have changed, if there was one: AVRSPI_ERR_VERIFY when
 * it did, or may have. 'erased': the job has erased the chip. */
int avrspi_job_audit(struct avrspi_session *session, const struct avrspi_plan *plan, bool erased,
                     struct avrspi_error *error);

/* AVRSPI_ERR_VERIFY when a disturbed instruction may have changed a memory before or while it was
 * read: then the reading does not show what was there. */
int avrspi_job_check_unreached(struct avrspi_session *session, enum avrspi_memory memory,
                               struct avrspi_error *error);

/* Adds to the hint of a job that has failed what may have changed besides. */
void avrspi_job_tell_reached(struct avrspi_session *session, struct avrspi_error *error);

#endif
