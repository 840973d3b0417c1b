/* SPDX-License-Identifier: MIT */
/*
 * Whole jobs: a request is what is wanted of a chip; a plan is the ordered steps that do it,
 * with what they touch and how long they take at most; running it writes.
 *
 *     request + chip + what is there  ->  plan  ->  run  ->  events, result
 */
#ifndef AVRSPI_JOB_H
#define AVRSPI_JOB_H

#include "avrspi/api.h"
#include "avrspi/image.h"
#include "avrspi/rules.h"
#include "avrspi/session.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A stretch of a memory: 'size' bytes from 'address' on, which are stored in 'data'. */
struct avrspi_reading {
    enum avrspi_memory memory;
    uint32_t address, size;
    uint8_t *data;
};

enum {
    AVRSPI_MOST_READINGS = 4,
};

/* What is wanted. All zero: nothing. It and what it points to must outlive the job and its plan. */
struct avrspi_request {
    const struct avrspi_image *flash;  /* what flash is to hold; NULL: leave it */
    const struct avrspi_image *eeprom; /* what EEPROM is to hold; NULL: leave it */
    struct avrspi_fuses fuses;         /* those given are written, lock bits last */
    bool erase;       /* chip erase first; with flash and without it, what is there must allow
                         the write */
    bool update;      /* flash: read first, write only pages that differ, erase only if needed */
    bool keep_eeprom; /* an erase leaves the EEPROM as it is */
    bool keep_boot;   /* an erase leaves the boot section as it is, and the image must not have
                         anything else there; flash is then verified */
    bool verify;      /* read back what was written */
    bool full;        /* flash, EEPROM: every byte without data must be 0xFF */
    bool compare;     /* write nothing: compare */
    bool raise_clock; /* for the time of the job, where that makes SCK faster */
    bool raise_blank; /* the same, but after an erase only, so that no program runs with another
                         clock than its own; where the supply is known and allows it, and the job is
                         done sooner */
    bool force;       /* write fuses that end serial programming, reserved values, and undefined
                         lock bits */
    bool lenient;     /* refuse only fuses that end serial programming, and warn of the other two:
                         for fuses from recipes, boards.txt and ELF files */

    /* a stretch of memory to read; NULL: none. 'read_size' bytes from 'read_address' on */
    uint8_t *read_data;
    enum avrspi_memory read_memory;
    uint32_t read_address;
    uint32_t read_size;
    /* more of them, read before that one; at most AVRSPI_MOST_READINGS */
    const struct avrspi_reading *readings;
    size_t n_readings;
    /* until two readings agree: one alone does not show a bit that is read wrong; what is compared
     * and found equal is compared once more */
    bool read_twice;
};

enum avrspi_step_kind {
    AVRSPI_STEP_RAISE_CLOCK,
    AVRSPI_STEP_KEEP_BOOT,   /* read it until two readings agree */
    AVRSPI_STEP_KEEP_EEPROM, /* the same */
    AVRSPI_STEP_READ,
    AVRSPI_STEP_ERASE,
    AVRSPI_STEP_WRITE,
    AVRSPI_STEP_RESTORE_EEPROM,
    AVRSPI_STEP_VERIFY,
    AVRSPI_STEP_FUSES,
    AVRSPI_STEP_RESTORE_CLOCK,
    AVRSPI_STEP_LOCK,
    AVRSPI_STEP_LOOK_EEPROM, /* at one that the erase will clear, for 10 ms at most, up to its first
                                byte that is not 0xFF */
    AVRSPI_STEPS,
};

/* What an erase does to an EEPROM that the job neither keeps nor writes. */
enum avrspi_eeprom_loss {
    AVRSPI_EEPROM_LOSS_NONE,    /* nothing: EESAVE keeps it, it is blank, there is none */
    AVRSPI_EEPROM_LOSS_CONTENT, /* it is not blank */
    AVRSPI_EEPROM_LOSS_UNSEEN,  /* what was looked at of it is blank */
};

/* One step. Which members count depends on its kind. */
struct avrspi_step {
    enum avrspi_step_kind kind;
    enum avrspi_memory memory;
    uint32_t address;     /* READ, VERIFY, KEEP_BOOT: the first byte */
    uint32_t bytes;       /* to read, compare or write (whole pages) */
    uint32_t data_bytes;  /* WRITE, VERIFY: bytes that the image has */
    uint32_t pages;       /* WRITE: to write; where a memory has no pages, a page is a byte */
    uint32_t total_pages; /* WRITE: of the memory */
    uint32_t page_size;
    bool verify;                       /* WRITE: with read-back */
    bool whole;                        /* VERIFY: every other byte must be 0xFF */
    bool keeps_eeprom;                 /* ERASE: EESAVE keeps the EEPROM */
    struct avrspi_fuses before, after; /* FUSES, LOCK, RAISE_CLOCK, RESTORE_CLOCK */
    uint32_t sck_hz;                   /* in force from this step on */
    uint64_t at_most_ns;               /* with the longest wait after each write */
    uint64_t took_ns;                  /* 0 until it is done */
    enum avrspi_eeprom_loss loss;      /* ERASE */
    uint32_t looked_at;                /* ERASE: bytes of the EEPROM, for 'loss' */
};

/* A run of bytes that a step reads, compares or writes. */
struct avrspi_range {
    uint32_t address;
    uint32_t size;
};

/* A look at an EEPROM that an erase will clear. */
struct avrspi_look {
    bool done;
    bool used;      /* a byte is not 0xFF; it is among the last that were looked at */
    uint32_t bytes; /* that were looked at, from the first on */
};

/* What a plan is made from, beside the request. */
struct avrspi_target_state {
    const struct avrspi_chip *chip; /* with waits that are long enough for every candidate */
    const struct avrspi_chip *const
        *candidates; /* every chip that the target may be, the likeliest first */
    size_t n_candidates;
    struct avrspi_fuses fuses; /* as read */
    uint32_t sck_hz;           /* in force */
    uint32_t fastest_sck_hz;   /* the link makes no more, whatever it is asked for; 0: not known */
    uint32_t asked_sck_hz;     /* that the user asked for; 0: chosen from the fuses */
    uint32_t supply_mv;        /* of the chip; 0: not known */
    uint32_t fcpu_hz;          /* clock or crystal at the chip's pins; 0: not known */
    uint32_t entry_sck_hz;     /* at which programming mode is entered */
    bool slow_reset;           /* RESET falls slowly, so that an entry takes longer */
    size_t max_transfer;       /* bytes that one transfer carries at most */
    uint64_t elapsed_ns;       /* since the session was opened */
    const uint8_t *flash;      /* the whole memory as read, or NULL: not read yet */
    const uint8_t *eeprom;
    const uint8_t *boot; /* the boot section, or NULL: not read yet */
    struct avrspi_look look;
};

struct avrspi_plan;

/*
 * Makes a plan. Pure: nothing is sent to a target. AVRSPI_ERR_REFUSED when the target does not
 * allow it (lock bits, fuses that end programming, flash that would need an erase), and
 * AVRSPI_ERR_INPUT when data does not fit the chip. The caller frees *plan. It refers to the
 * request, to the images in that, and to the chips of the state: they must outlive it.
 *
 * Where the plan depends on a memory that was not read yet (an update, EEPROM, a boot section), it
 * is not complete: it ends with the steps that read that memory, and must be made again with what
 * they found.
 */
AVRSPI_API int avrspi_plan_make(struct avrspi_plan **plan, const struct avrspi_request *request,
                                const struct avrspi_target_state *state,
                                struct avrspi_error *error);

/* Frees a plan; NULL is allowed. */
AVRSPI_API void avrspi_plan_free(struct avrspi_plan *plan);

/* False for a plan that ends with reading what it depends on. */
AVRSPI_API bool avrspi_plan_complete(const struct avrspi_plan *plan);

/* The n-th step; NULL after the last. */
AVRSPI_API const struct avrspi_step *avrspi_plan_step(const struct avrspi_plan *plan, size_t n);

/* The n-th run of bytes that a step reads, compares or writes; false after the last. */
AVRSPI_API bool avrspi_plan_range(const struct avrspi_plan *plan, const struct avrspi_step *step,
                                  size_t n, struct avrspi_range *range);

/* The n-th hazard of the fuses and lock bits that the plan writes; NULL after the last. */
AVRSPI_API const struct avrspi_hazard *avrspi_plan_hazard(const struct avrspi_plan *plan, size_t n);

/* How long the session takes at most, from its opening to the end of the plan, nanoseconds. */
AVRSPI_API uint64_t avrspi_plan_at_most_ns(const struct avrspi_plan *plan);

/* What a write did. */
struct avrspi_write_report {
    size_t bytes;         /* of the image */
    size_t bytes_written; /* in the pages written */
    size_t pages;         /* that the memory has (bytes, where it has no pages) */
    size_t pages_written;
    bool verified;
};

struct avrspi_job_result {
    struct avrspi_write_report flash, eeprom;
    bool erased;
    enum avrspi_eeprom_loss loss; /* by that erase */
    size_t eeprom_kept;           /* bytes that were not blank, and were restored */
    size_t boot_kept;             /* the same of the boot section */
    size_t differences;           /* that a comparison found */
    size_t compared;              /* bytes */
    struct avrspi_fuses before;   /* fuses as the job found them, and as it left them */
    struct avrspi_fuses after;
    bool failed; /* in the step, and with the memory, that follow */
    enum avrspi_step_kind failed_step;
    enum avrspi_memory failed_memory;
    uint64_t supply_saves_ns; /* with 'raise_blank' and a supply of 3.3 V the job would take that
                                 much less; 0: it would not, or the supply is known */
    uint64_t limit_ns; /* the least time for this job: the bits that it needs at their SCK, writes
                          as long as they were seen to take, RESET */
};

/* Makes the plan for a session that has identified its target, and runs it. Returns the errors of
 * avrspi_plan_make() with nothing written, those of a session's functions, and AVRSPI_ERR_VERIFY
 * when a memory does not hold what it should. After a failure a clock that was raised is still
 * raised: avrspi_session_restore_clock() sets it back, at the latest from avrspi_session_close().
 * *result (may be NULL) is what was done, also after a failure. */
AVRSPI_API int avrspi_job_run(struct avrspi_session *session, const struct avrspi_request *request,
                              struct avrspi_job_result *result, struct avrspi_error *error);

/* The same without a write: makes the plan, and reads what it depends on. The caller frees *plan,
 * which is NULL after a failure. It refers to the session's chip and to the request: both must
 * outlive it. */
AVRSPI_API int avrspi_job_plan(struct avrspi_session *session, const struct avrspi_request *request,
                               struct avrspi_plan **plan, struct avrspi_error *error);

/* SCK in Hz that 'raise_clock' would reach; 0 where it would do nothing. */
AVRSPI_API uint32_t avrspi_job_raised_sck(const struct avrspi_session *session,
                                          const struct avrspi_request *request);

/* The name of a step, for JSON: "write", "keep-eeprom", ... Static text; "" for an unknown one. */
AVRSPI_API const char *avrspi_step_name(enum avrspi_step_kind kind);

#ifdef __cplusplus
}
#endif
#endif
