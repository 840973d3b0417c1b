/* SPDX-License-Identifier: MIT */
/*
 * What happens to a target, as it happens: one stream for each session, from which a program makes
 * text, JSON or records.
 *
 * An event and all that it points to belong to the library and last until the callback returns.
 * Each kind has members of its own, named below; the others are 0.
 */
#ifndef AVRSPI_EVENT_H
#define AVRSPI_EVENT_H

#include "avrspi/chip.h"
#include "avrspi/error.h"

#ifdef __cplusplus
extern "C" {
#endif

struct avrspi_hazard;
struct avrspi_job_result;
struct avrspi_plan;
struct avrspi_request;
struct avrspi_session;
struct avrspi_step;

enum avrspi_event_kind {
    AVRSPI_EVENT_IDENTIFIED, /* the chip is known, its fuses are read, SCK is chosen */
    AVRSPI_EVENT_PLAN,       /* what will be done, and how long it takes at most: 'plan' */
    AVRSPI_EVENT_STEP_BEGIN, /* 'step' */
    AVRSPI_EVENT_PROGRESS,   /* 'stage' of 'memory': 'done' of 'total' bytes; in a job, of a step */
    AVRSPI_EVENT_STEP_END,   /* 'step', with the time that it took */
    AVRSPI_EVENT_WARNING,    /* 'warning' */
    AVRSPI_EVENT_RESYNC,     /* the target was lost and found again: 'sck_hz' now, 'count' so far */
    AVRSPI_EVENT_RESULT,     /* the job is over: 'result', and 'error' when it failed */
    AVRSPI_EVENT_CLOCK,      /* trials were made of the clock, which the fuses do not tell: it is at
                                least 'clock_hz', as Programming Enable was echoed at 'echo_hz' (both
                                0: not found), the 'count'-th SCK that was tried; 'sck_hz' is in force */
    AVRSPI_EVENTS,
};

/* What is done with a memory while progress is reported. */
enum avrspi_stage {
    AVRSPI_STAGE_READ,
    AVRSPI_STAGE_WRITE,
    AVRSPI_STAGE_VERIFY,
};

enum avrspi_warning {
    AVRSPI_WARNING_SIGNATURE,      /* the signature is not that of the chip named; forced */
    AVRSPI_WARNING_UNVERIFIED,     /* the facts about the chip are from a single source */
    AVRSPI_WARNING_HAZARD,         /* fuses or lock bits: 'hazard' */
    AVRSPI_WARNING_BOOT_BLANK,     /* the chip starts at 'hazard'->address, and that is blank */
    AVRSPI_WARNING_EEPROM_KEPT_IN, /* the EEPROM may be lost; its content is in the file 'path' */
    AVRSPI_WARNING_MISSING_BITS,   /* a note: fuse bits of 'request' that the chip does not have */
    AVRSPI_WARNING_MISSING_BYTES,  /* a note: the same of whole bytes, which are 0xFF */
    AVRSPI_WARNING_BOOT_LOST,      /* the erase takes the bootloader with it, at 'address' */
    AVRSPI_WARNING_BOOT_KEPT_IN,   /* as EEPROM_KEPT_IN, of the boot section; Intel HEX */
    AVRSPI_WARNING_MISREAD, /* what was written read wrong at 'sck_hz', right at half of it */
    /* from a run that was cut off, by a note in the notes folder; nothing is done about it: */
    AVRSPI_WARNING_LOW_FUSE_RAISED, /* raised for a job, and still is: it was 'low_fuse'; 'path' is
                                       the note */
    AVRSPI_WARNING_EEPROM_NOT_RESTORED, /* erased, and not restored; its content is in 'path' */
    AVRSPI_WARNING_BOOT_NOT_RESTORED,   /* the same of the boot section; Intel HEX */
    AVRSPI_WARNING_SLOW_RESET,          /* RESET falls slowly: each entry takes longer */
    AVRSPI_WARNING_COMPLETED, /* a note: facts that the chip file leaves out are those of built-in
                                 chips, avrspi_chip_completed_from() */
    AVRSPI_WARNINGS,
};

struct avrspi_event {
    enum avrspi_event_kind kind;
    const char *station; /* the name that the session was given, "" for none */
    uint64_t time_ns;    /* since the session was opened, by the link's clock */
    const struct avrspi_session *session;
    const struct avrspi_chip *chip; /* NULL before it is identified */

    /* PLAN, STEP_BEGIN, STEP_END, RESULT: of the job; 'request' also of the WARNINGs MISSING_BITS
     * and MISSING_BYTES */
    const struct avrspi_request *request;
    const struct avrspi_plan *plan; /* NULL in a RESULT where none could be made */
    const struct avrspi_step *step; /* STEP_BEGIN, STEP_END */

    /* PROGRESS */
    enum avrspi_stage stage;
    enum avrspi_memory memory;
    size_t done, total; /* bytes */

    /* WARNING */
    enum avrspi_warning warning;
    const struct avrspi_hazard *hazard; /* HAZARD, BOOT_BLANK */
    bool planned;                       /* from avrspi_job_plan(), which does not do it; set in the
                                           PLAN and the RESULT too */
    const char *path; /* EEPROM_KEPT_IN, BOOT_KEPT_IN; LOW_FUSE_RAISED, EEPROM_NOT_RESTORED,
                         BOOT_NOT_RESTORED */
    uint32_t address; /* BOOT_LOST: of the first byte */

    /* RESYNC and CLOCK; 'sck_hz' also MISREAD */
    uint32_t sck_hz;
    unsigned count;

    /* PLAN, STEP_BEGIN, STEP_END: what was done so far; RESULT: all */
    const struct avrspi_job_result *result;
    const struct avrspi_error *error; /* RESULT: NULL where the job succeeded */

    uint8_t low_fuse; /* LOW_FUSE_RAISED */

    uint32_t clock_hz, echo_hz; /* CLOCK */
};

/* Receives events; 'user' is the one of the session's configuration. When it returns a value other
 * than 0, the session stops soon: the call that is running and all later ones return
 * AVRSPI_ERR_INTERRUPTED. What must not be cut off (a write under way, setting a raised clock back)
 * is finished. It is called in the thread that called the library, and may only use functions that
 * take the session as const. */
typedef int (*avrspi_event_callback)(void *user, const struct avrspi_event *event);

#ifdef __cplusplus
}
#endif
#endif
