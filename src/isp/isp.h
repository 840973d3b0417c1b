/* SPDX-License-Identifier: MIT */
/*
 * The inside of a session.
 *
 *     session.c   open, close, what is known
 *     enter.c     reset, Programming Enable
 *     resync.c    finding a lost target again
 *     diagnose.c  a target that does not answer: looked at, and what came of it in words
 *     finding.c   what can be the matter, as data
 *     identify.c  signature, chip
 *     hidden.c    a signature that lock bits hide
 *     mismatch.c  a signature that is not the one expected, or not known
 *     clock.c     SCK from what is known of the clock
 *     probe.c     trials that find out about the clock
 *     readings.c  how often the wires change what is read
 *     raise.c     a faster clock for the time of a job
 *     reach.c     what a disturbed instruction may have changed
 *     slip.c      to a target that is out of step by a bit
 *     batch.c     instructions back to back in one transfer, every echo checked
 *     busy.c      the end of a write: polled, or waited for
 *     timing.c    where the time went
 *     unit.c      one page (or byte): what to send for it
 *     cell.c      what was just written and reads wrong: the cell, or the wires
 *     event.c     what the callback is told
 *     note.c      what a chip has to get back, in files that outlive the run
 *     read.c write.c verify.c erase.c fuses.c guard.c   the work
 */
#ifndef AVRSPI_SRC_ISP_ISP_H
#define AVRSPI_SRC_ISP_ISP_H

#include "avrspi/rules.h"
#include "avrspi/session.h"
#include "chips/record.h"
#include "base/error.h"
#include "image/check.h"
#include "isp/finding.h"

enum {
    AVRSPI_MAX_CANDIDATES = 8,
    AVRSPI_MAX_CHECKS = 4, /* presence checks in a batch */
    AVRSPI_NS_PER_US = 1000,
    AVRSPI_NS_PER_MS = 1000000,
    AVRSPI_RESET_LOW_NS = 20 * AVRSPI_NS_PER_MS,    /* before Programming Enable */
    AVRSPI_RESET_PULSE_NS = AVRSPI_NS_PER_MS,       /* two CPU clocks, down to 2 kHz */
    AVRSPI_RESET_MARGIN_NS = AVRSPI_NS_PER_MS / 10, /* between this clock and the target's */
    AVRSPI_RESET_REST_NS = AVRSPI_RESET_LOW_NS + AVRSPI_RESET_MARGIN_NS,
    /* low, and high before it, where RESET falls slowly: a capacitor that holds it for 30 ms and
     * more delays both */
    AVRSPI_SLOW_RESET_NS = 300 * AVRSPI_NS_PER_MS,
};

/* How much is refused of the fuses and lock bits that could be written. */
enum avrspi_care {
    AVRSPI_CARE_ALL,
    AVRSPI_CARE_BRICKS, /* only what ends serial programming */
    AVRSPI_CARE_NONE,   /* the user insists */
};

/* One fuse byte, or the lock bits. */
struct avrspi_fuse_write {
    enum avrspi_fuse fuse;
    uint8_t value;
};

struct avrspi_session {
    struct avrspi_session_config config;
    struct avrspi_link *link;

    /* enter.c */
    uint32_t entry_hz;    /* at which Programming Enable was echoed */
    size_t entry_steps;   /* how many higher speeds it was not echoed at */
    unsigned entry_tries; /* how many Programming Enables that took */
    bool slow_reset;      /* it was not echoed after AVRSPI_RESET_LOW_NS, but after SLOW_RESET_NS */
    uint32_t most_hz;     /* SCK that is left after the target was lost at a higher one; 0: any */
    bool in_step;         /* Programming Enable was echoed since RESET went low */
    bool stopped;         /* the event callback wants no more */
    bool answered;        /* after the wrong echo of the last batch: the target is in step */
    bool mirrored;  /* the last batch had an answer that was what was sent: it is out of step */
    bool lost;      /* an echo was wrong: what the target does is not known */
    bool new_clock; /* a fuse was written: the next entry may find another clock */
    unsigned retries;
    /* no instruction that writes is ever sent, not even one that mends; and after a wrong echo
     * nothing is read before a pulse on RESET */
    bool reads_only;
    bool wrote;       /* an instruction that changes a memory was sent */
    unsigned reached; /* AVRSPI_REACHED_...: what an instruction that arrived changed may have
                         changed, and nobody has looked at since */
    struct {
        unsigned in_step, out_of_step;
    } suspected;           /* the same, where it is not known yet whether the target is in step */
    uint64_t busy_until;   /* a write may go on until then (avrspi_link_now), or 0 */
    uint64_t unseen_until; /* the same, of one that RDY/BSY never showed */

    /* identify.c */
    uint8_t signature[3];
    bool has_signature;
    bool identified;
    struct avrspi_chip chip; /* of several with one signature: safe for all */
    const struct avrspi_chip *candidates[AVRSPI_MAX_CANDIDATES];
    size_t n_candidates;
    struct avrspi_fuses fuses;

    /* clock.c */
    double sck_factor; /* real SCK over what the link computes, where it is faster; 0: it is not */

    /* guard.c */
    enum avrspi_care care; /* of the job that runs, ALL outside of one; config.force goes before */

    /* fuses.c */
    bool locks;      /* lock bits were written: the signature may be hidden from then on */
    bool is_writing; /* 'writing' was sent, and is not known to have been carried out */
    struct avrspi_fuse_write writing;

    /* cell.c */
    bool misread; /* what was written read wrong, and right at half the SCK: it was said */

    /* slip.c */
    uint8_t slip; /* bits that the target lacks of its instruction; 0: it is in step */

    /* probe.c */
    bool probed;                       /* trials were made */
    uint32_t proven_hz;                /* the CPU clock at least, with 'proven_with'; 0: no proof */
    uint8_t proven_with[AVRSPI_FUSES]; /* the fuse bytes at the time of the proof */

    /* raise.c */
    bool raised;     /* the low byte is not the one that was found, and must be set back */
    uint8_t old_low; /* the one that was found */

    /* busy.c */
    bool saw_busy[AVRSPI_WAITS]; /* RDY/BSY has shown a write of that kind */
    struct {
        unsigned agreed, misses;     /* writes in a row that RDY/BSY told right; those it did not */
    } asked[AVRSPI_WAITS];           /* where it is not known whether it works */
    uint64_t busy_since;             /* the last write; busy_until is the latest end */
    uint64_t sleep_ns[AVRSPI_WAITS]; /* before the first poll; 0: no write of that kind yet */
    uint64_t seen[AVRSPI_WAITS];     /* writes whose end was seen ... */
    uint64_t seen_ns[AVRSPI_WAITS];  /* ... and how long they took in all */

    /* timing.c */
    uint64_t opened_at;
    struct avrspi_link_counts counts_before;

    /* batch.c */
    uint8_t *out, *in;
    uint8_t *ids;                     /* enum avrspi_instruction_id of each instruction */
    size_t used;                      /* bytes */
    size_t checks[AVRSPI_MAX_CHECKS]; /* places of the presence checks in the batch */
    size_t n_checks;
    /* what comes back beside the second byte: the first, as was seen while identifying, and the
     * third, as was seen before the first write ('learned') */
    bool echoes_first, echoes_third, learned;
    bool patterned;       /* a signature reads the same where bits that mean nothing are not 0 */
    size_t room;          /* of one transfer; a longer batch takes several */
    int32_t ext_address;  /* latched in the target; -1: not known */
    int32_t ext_in_batch; /* as it will be after the batch */
};

/* --- reach.c: what a disturbed instruction may have changed */

enum {
    AVRSPI_REACHED_FLASH = 1 << 0,
    AVRSPI_REACHED_EEPROM = 1 << 1,
    AVRSPI_REACHED_FUSES = 1 << 2, /* and lock bits */
    AVRSPI_REACHED_ALL = AVRSPI_REACHED_FLASH | AVRSPI_REACHED_EEPROM | AVRSPI_REACHED_FUSES,
};

/* True for an instruction that changes a memory. */
bool avrspi_isp_is_write(enum avrspi_instruction_id id);

/*
 * After a wrong echo or answer in a batch: what may have been reached, from 'begin' to 'end' (bytes
 * of the batch), depends on whether the target is found in step. It is noted for both, until
 * avrspi_isp_settle().
 */
/* The target was out of step, or several echoes were wrong. */
void avrspi_isp_suspect_slip(struct avrspi_session *session, size_t begin, size_t end);
/* The echo of the instruction at 'place' alone was wrong: in step, it shows what that one was. */
void avrspi_isp_suspect_echo(struct avrspi_session *session, size_t place, size_t begin,
                             size_t end);
void avrspi_isp_settle(struct avrspi_session *session, bool in_step);

/* --- slip.c */

/* avrspi_link_transfer(), to a target that is out of step by session->slip. */
int avrspi_isp_transfer(struct avrspi_session *session, const uint8_t *out, uint8_t *in,
                        size_t size, struct avrspi_error *error);

/* Whether the presence check that failed last came from a target that is out of step: only such a
 * one may be spoken to out of step. */
bool avrspi_isp_shows_slip(const struct avrspi_session *session);

/* Whether the target answers when it is taken to have missed a pulse of SCK, or to have counted one
 * twice: session->slip from then on, until RESET rises. */
bool avrspi_isp_find_slip(struct avrspi_session *session);

/* --- enter.c */

/* AVRSPI_ERR_INTERRUPTED once the caller's flag is up. */
int avrspi_isp_interrupted(const struct avrspi_session *session, struct avrspi_error *error);

/* Whether the chip is named, and one that never echoes: it can't be told from silence by its
 * entry. */
bool avrspi_isp_never_echoes(const struct avrspi_session_config *config);

/* How long RESET is low before Programming Enable, and the time from one to the next. */
uint64_t avrspi_isp_reset_low_ns(bool slow_reset);
uint64_t avrspi_isp_entry_ns(bool slow_reset);

/* One Programming Enable. *in_step: the target echoed it; 'answer' is what came back. */
int avrspi_isp_enable(struct avrspi_session *session, uint8_t answer[4], bool *in_step,
                      struct avrspi_error *error);

/* RESET, 20 ms, Programming Enable, at falling speeds until it is echoed; once, where nobody
 * answered yet, after 300 ms. */
int avrspi_isp_enter(struct avrspi_session *session, struct avrspi_error *error);

/* RESET high after whatever write is still going on, for the length of a pulse; then low for
 * 'rest_ns'. The target is not in step. */
int avrspi_isp_pulse_reset(struct avrspi_session *session, uint64_t rest_ns,
                           struct avrspi_error *error);

/* Until the write that was sent last is over, at the latest. */
void avrspi_isp_wait_for_write(struct avrspi_session *session);

/* Until no write can go on any more, also one that RDY/BSY never showed: RESET must not rise in
 * it. */
void avrspi_isp_wait_for_any_write(struct avrspi_session *session);

/* RESET high, after whatever write is still going on. */
int avrspi_isp_leave(struct avrspi_session *session, struct avrspi_error *error);

/* --- resync.c */

/*
 * Runs 'step' until it succeeds or fails for good: when it ended because the target was lost,
 * enters anew at a lower SCK and runs it again.
 */
int avrspi_isp_with_resync(struct avrspi_session *session,
                           int (*step)(struct avrspi_session *session, void *context,
                                       struct avrspi_error *error),
                           void *context, struct avrspi_error *error);

/* Marks the target as lost, with a message. */
int avrspi_isp_lost(struct avrspi_session *session, struct avrspi_error *error, const char *what);

/* --- diagnose.c */

enum {
    AVRSPI_SLOWEST_ENTRY_HZ = 1000, /* unless the user or the controller has another */
};

/* The slowest SCK that an entry tries. */
uint32_t avrspi_isp_slowest_entry(const struct avrspi_session *session);

/*
 * What the answers to Programming Enable say about wiring and power: AVRSPI_ERR_NO_TARGET. The link
 * is at the slowest speed of entry. A target that never answered may be looked at with RESET at its
 * other level: the error of a link that fails meanwhile is returned.
 */
int avrspi_isp_diagnose(struct avrspi_session *session, const uint8_t (*answers)[4], size_t n,
                        struct avrspi_error *error);

/* What a MISO that nobody drives reads as: a simulated link tells; of real ones a Raspberry Pi's is
 * known. */
enum avrspi_isp_level avrspi_isp_pull_of(const struct avrspi_link *link);

/* --- batch.c */

/* Makes room for batches of so many instructions; never less than what one transfer carries. */
int avrspi_batch_reserve(struct avrspi_session *session, size_t instructions,
                         struct avrspi_error *error);

void avrspi_batch_begin(struct avrspi_session *session);

/* Appends an instruction; a flash address (in words) adds Load Extended Address where
 * the chip needs it. Returns the place for avrspi_batch_answer(). Room was reserved for two. */
size_t avrspi_batch_add(struct avrspi_session *session, enum avrspi_instruction_id id,
                        uint32_t address, uint8_t data);

/*
 * Appends a read of the signature, which is known by now. One stands in front of what is to be
 * used and one after it: a target that is out of step by a bit echoes like one in step, and a
 * MISO that is stuck low passes for many an echo, but neither answers with the signature.
 */
void avrspi_batch_add_presence_check(struct avrspi_session *session);
/* Appends a read of a signature byte; 'patterned': with the bits that mean nothing as an odd
 * pattern. A target that is out of step, or does not know the instruction, echoes that, and no
 * signature looks like it. */
size_t avrspi_batch_add_signature(struct avrspi_session *session, uint32_t address, bool patterned);

/* Before the first write, and before an extended address is relied on: whether the third byte of an
 * instruction comes back. */
int avrspi_isp_learn_echo(struct avrspi_session *session, struct avrspi_error *error);

/* A presence check alone: the end of what reads nothing back. */
int avrspi_isp_check_presence(struct avrspi_session *session, struct avrspi_error *error);

/* Whether two of them succeed: one alone may be right by chance. */
bool avrspi_isp_answers(struct avrspi_session *session);

/* Sends the batch, transfer by transfer: nothing more is sent once an echo or a presence check is
 * wrong, which is AVRSPI_ERR_NO_TARGET and session->lost. */
int avrspi_batch_run(struct avrspi_session *session, struct avrspi_error *error);

/* The answer of the instruction at that place. */
uint8_t avrspi_batch_answer(const struct avrspi_session *session, size_t place,
                            enum avrspi_instruction_id id);

/* --- busy.c */

/* Returns at that time (avrspi_link_now); at once where it is over, or 0. */
void avrspi_isp_wait_until(struct avrspi_session *session, uint64_t when);

/* A write of that kind was sent by the last batch. */
void avrspi_busy_begin(struct avrspi_session *session, enum avrspi_wait kind);

/* Returns when it is over. */
int avrspi_busy_end(struct avrspi_session *session, enum avrspi_wait kind,
                    struct avrspi_error *error);

/* How long so many writes of a kind take at most, one after the other, each until its end is seen;
 * nanoseconds. */
uint64_t avrspi_busy_at_most_ns(const struct avrspi_chip *chip, enum avrspi_wait kind,
                                uint64_t count, uint32_t sck_hz);

/* --- unit.c: flash and EEPROM are written in units: a page, or a byte where there are none */

struct avrspi_unit {
    enum avrspi_memory memory;
    uint32_t address; /* byte address */
    uint32_t size;
    const uint8_t *data;
    const uint8_t *old; /* what is there, NULL: blank; only bytes that differ are written */
};

/* The size of a unit of that memory. */
uint32_t avrspi_unit_size(const struct avrspi_chip *chip, enum avrspi_memory memory);

/* True where a unit's read-back travels with the next unit, false where it follows all writes. */
bool avrspi_unit_reads_back_at_once(const struct avrspi_chip *chip, enum avrspi_memory memory);

/*
 * Writes one unit and waits until it is done. With 'previous' (may be NULL) its read-back
 * travels in the same transfer, before the load, and is compared.
 */
int avrspi_unit_write(struct avrspi_session *session, const struct avrspi_unit *unit,
                      const struct avrspi_unit *previous, struct avrspi_error *error);

/* Reads a unit back and compares. */
int avrspi_unit_verify(struct avrspi_session *session, const struct avrspi_unit *unit,
                       struct avrspi_error *error);

/* --- cell.c: a second look at what was just written */

/* Compares what was written with what is there. */
typedef int avrspi_isp_look(struct avrspi_session *session, void *context,
                            struct avrspi_differences *differences, struct avrspi_error *error);

/*
 * After a look that found 'first': looks again at half the SCK. 0 when all is right then, with one
 * warning of the wires; AVRSPI_ERR_VERIFY when the same is wrong: the cell does not hold it.
 * Otherwise the target counts as lost.
 */
int avrspi_isp_look_again(struct avrspi_session *session, enum avrspi_memory memory,
                          const struct avrspi_differences *first, avrspi_isp_look *look,
                          void *context, struct avrspi_error *error);

/* --- event.c */

/* Fills in session, station and time, and calls the callback. */
void avrspi_isp_emit(struct avrspi_session *session, struct avrspi_event *event);
void avrspi_isp_warn(struct avrspi_session *session, enum avrspi_warning warning);

/* How far something is that may take several calls. */
struct avrspi_progress {
    enum avrspi_stage stage;
    size_t done, total; /* bytes */
};

/* So many bytes more are done: tells the callback. Nothing where 'progress' is NULL. */
void avrspi_isp_advance(struct avrspi_session *session, struct avrspi_progress *progress,
                        enum avrspi_memory memory, size_t bytes);

/* --- note.c: nothing without config.notes_folder; the chip is identified */

/* Before the low fuse byte is raised. AVRSPI_ERR_FAILURE when no note can be written. */
int avrspi_note_low(const struct avrspi_session *session, uint8_t low, uint8_t raised,
                    struct avrspi_error *error);

/* The low fuse byte was 'before', and was written: removes the notes that this settles. */
void avrspi_note_low_written(struct avrspi_session *session, uint8_t before);

/* What is erased, and is to be written back. */
enum avrspi_note_kind {
    AVRSPI_NOTE_EEPROM, /* a file of raw binary */
    AVRSPI_NOTE_BOOT,   /* the boot section; Intel HEX */
    AVRSPI_NOTE_KINDS,
};

/* Before the erase: a note, and the file *path with the content, which the caller frees. Only with
 * a folder. AVRSPI_ERR_FAILURE when there is no room. */
int avrspi_note_content(const struct avrspi_session *session, enum avrspi_note_kind kind,
                        const void *data, size_t size, char **path, struct avrspi_error *error);

/* Removes that file and its note. */
void avrspi_note_forget(const char *path);

/* The memory holds what the image has, verified: removes notes whose content is in that. */
void avrspi_note_written(struct avrspi_session *session, enum avrspi_note_kind kind,
                         const struct avrspi_image *image);

/* Warns of what runs that were cut off have left; removes notes that the chip shows to be
 * settled. */
void avrspi_note_tell(struct avrspi_session *session);

/* --- read.c */

/* avrspi_session_read() as a part of what 'progress' (may be NULL) is about. */
int avrspi_isp_read(struct avrspi_session *session, enum avrspi_memory memory, uint32_t address,
                    uint8_t *data, size_t size, struct avrspi_progress *progress,
                    struct avrspi_error *error);

/* Adds the read instruction of one byte. */
size_t avrspi_batch_add_read(struct avrspi_session *session, enum avrspi_memory memory,
                             uint32_t address);
uint8_t avrspi_batch_read_answer(const struct avrspi_session *session, size_t place,
                                 enum avrspi_memory memory, uint32_t address);

/* How many transfers a read takes at an SCK. */
size_t avrspi_isp_pieces(size_t max_transfer, uint32_t sck_hz, uint32_t address, size_t size);

/* --- verify.c */

/* avrspi_session_compare() as a part of what 'progress' (may be NULL) is about. */
int avrspi_isp_compare(struct avrspi_session *session, enum avrspi_memory memory, uint32_t address,
                       const uint8_t *expected, size_t size, struct avrspi_progress *progress,
                       struct avrspi_differences *differences, struct avrspi_error *error);

void avrspi_differences_add(struct avrspi_differences *differences, uint32_t address,
                            uint8_t expected, uint8_t found);

/* --- identify.c */

/* False for parts that are named after others with their signature. */
bool avrspi_isp_is_common(const struct avrspi_chip *chip);

/* The chips that have the signature that was read, common ones first. */
void avrspi_isp_find_candidates(struct avrspi_session *session);

/* --- hidden.c */

/* A signature that is 00 01 02; the one that was read is. */
bool avrspi_isp_hides(const uint8_t signature[3]);
bool avrspi_isp_is_hidden(const struct avrspi_session *session);

/* The fuses as a hidden signature tells them: lock mode 3, and none of the others. Nothing is read:
 * what a chip that hides its signature, or was not enabled, answers is not to be relied on. */
void avrspi_isp_hide_fuses(struct avrspi_session *session);

/* Waits for the end of an erase of nobody knows which chip: the longest of all that are known. */
void avrspi_isp_wait_hidden(struct avrspi_session *session);

/* After an erase: a signature that was hidden, and the fuses, are read anew. AVRSPI_ERR_VERIFY
 * where it still is, AVRSPI_ERR_SIGNATURE where it is not that of the session's chip. */
int avrspi_isp_unhide(struct avrspi_session *session, struct avrspi_error *error);

/* --- mismatch.c: of the signature that was read, and of the candidates that have it */

/* "ATmega8, ATmega8A" */
void avrspi_isp_name_candidates(const struct avrspi_session *session, char *text, size_t size);

/* AVRSPI_ERR_SIGNATURE: no chip known has it; it is not that of the configuration's chip. The wires
 * come first where a known signature is near. */
int avrspi_isp_fail_unknown(const struct avrspi_session *session, struct avrspi_error *error);
int avrspi_isp_fail_expected(const struct avrspi_session *session, struct avrspi_error *error);

/* The same of a signature that shows after an erase, which changes the candidates. */
int avrspi_isp_fail_shown(struct avrspi_session *session, struct avrspi_error *error);

/* Whether the chip of the configuration was taken in spite of the signature, by --force. */
bool avrspi_isp_is_another(const struct avrspi_session *session);

/* Why something failed: 'hint', after that the chip is taken for another one where it is. */
void avrspi_isp_blame(const struct avrspi_session *session, struct avrspi_error *error,
                      const char *hint, enum avrspi_advice advice);

/* --- clock.c */

/* What to ask the link for, so that the real SCK is no more than 'hz'. */
uint32_t avrspi_isp_sck_to_ask(const struct avrspi_session *session, uint32_t hz);

/* The clock is at least that fast. */
void avrspi_isp_prove(struct avrspi_clock *clock, uint32_t hz);

/* Sets SCK for the work. */
int avrspi_isp_choose_sck(struct avrspi_session *session, struct avrspi_error *error);

/* --- probe.c */

/* The fastest SCK, Hz, that trials could find for a job of so many instructions; 0: no trials,
 * which may be forbidden, unsafe, or pointless. */
uint32_t avrspi_isp_probe_hz(const struct avrspi_session *session, uint64_t instructions);

/* How long they take at most, nanoseconds. */
uint64_t avrspi_isp_probe_ns(const struct avrspi_session *session);

/* Makes them, where avrspi_isp_probe_hz() is not 0, and sets SCK. Before anything is written. */
int avrspi_isp_probe(struct avrspi_session *session, uint64_t instructions,
                     struct avrspi_error *error);

/* One Programming Enable at the SCK in force, which may be faster than the clock allows, and RESET
 * high whatever comes of it: all that may follow begins with a pulse, or is the end. */
int avrspi_isp_try_enable(struct avrspi_session *session, bool *echoed, struct avrspi_error *error);

/* --- readings.c */

/* So many signature bytes were read at an SCK, and so many of them wrong, or with a wrong echo; or
 * so many Programming Enables sent, and so many not echoed. */
struct avrspi_isp_readings {
    uint32_t hz; /* that the controller makes */
    unsigned done, wrong;
};

/*
 * Reads up to 'count' signature bytes at an SCK of at most 'hz', each in a transfer of its own, and
 * compares them with the signature, which is known. After one that is wrong the target is entered
 * anew before anything else is read. Ends early once there are so many of them that the rate is
 * clear. SCK stays that of the readings. AVRSPI_ERR_NO_TARGET when the target is lost for good.
 */
int avrspi_isp_read_often(struct avrspi_session *session, uint32_t hz, unsigned count,
                          struct avrspi_isp_readings *readings, struct avrspi_error *error);

/*
 * Sends Programming Enable 'count' times at an SCK of at most 'hz', each after a pulse on RESET,
 * and counts those without an echo. SCK may be faster than the clock allows: a chip that is not
 * enabled takes nothing else for an instruction, and one that was enabled out of step hears no
 * other before the next pulse. The target is not in step afterwards.
 */
int avrspi_isp_enable_often(struct avrspi_session *session, uint32_t hz, unsigned count,
                            struct avrspi_isp_readings *readings, struct avrspi_error *error);

/* --- fuses.c */

/* avrspi_session_write_fuses(), without regard to a raised clock. */
int avrspi_isp_write_fuses(struct avrspi_session *session, const struct avrspi_fuses *fuses,
                           struct avrspi_error *error);

/* Sets fuse bytes back to what the session knows of them, where a disturbed instruction changed
 * them. The target is in step. */
int avrspi_isp_mend_fuses(struct avrspi_session *session, struct avrspi_error *error);

/* --- guard.c */

/* AVRSPI_ERR_REFUSED when the lock bits forbid it, with the way out. */
int avrspi_guard_read(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses,
                      enum avrspi_memory memory, struct avrspi_error *error);
int avrspi_guard_write(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses,
                       enum avrspi_memory memory, struct avrspi_error *error);

/* AVRSPI_ERR_REFUSED for fuses and lock bits that can't be written, or that 'care' refuses. */
int avrspi_guard_fuses(const struct avrspi_chip *chip, const struct avrspi_fuses *now,
                       const struct avrspi_fuses *wanted, enum avrspi_care care,
                       struct avrspi_error *error);

/* AVRSPI_ERR_USAGE when a stretch of bytes is not inside the memory. */
int avrspi_guard_range(const struct avrspi_chip *chip, enum avrspi_memory memory, uint32_t address,
                       size_t size, struct avrspi_error *error);

/* AVRSPI_ERR_USAGE before avrspi_session_identify(). */
int avrspi_isp_identified(const struct avrspi_session *session, struct avrspi_error *error);

#endif
