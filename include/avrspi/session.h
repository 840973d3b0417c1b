/* SPDX-License-Identifier: MIT */
/*
 * A session with a target in serial programming mode.
 *
 *     avrspi_link_open()            a port
 *     avrspi_session_open()         the target is in reset and answers
 *     avrspi_session_identify()     its chip is known, its fuses are read, SCK is chosen
 *     avrspi_session_...()          the work
 *     avrspi_session_close()        the target runs
 *     avrspi_link_close()
 *
 * Every function that returns int returns 0 or a negative enum avrspi_err. Those that talk to the
 * target return AVRSPI_ERR_NO_TARGET when it stops answering, AVRSPI_ERR_DEVICE when the link
 * fails, and AVRSPI_ERR_INTERRUPTED when the interrupt flag or the event callback ends the work;
 * those that read or write memories return AVRSPI_ERR_USAGE before avrspi_session_identify(). For
 * threads see avrspi.h.
 */
#ifndef AVRSPI_SESSION_H
#define AVRSPI_SESSION_H

#include <signal.h>

#include "avrspi/api.h"
#include "avrspi/chips.h"
#include "avrspi/error.h"
#include "avrspi/event.h"
#include "avrspi/image.h"
#include "avrspi/link.h"

#ifdef __cplusplus
extern "C" {
#endif

struct avrspi_session;

struct avrspi_session_config {
    struct avrspi_link *link;         /* stays the caller's; must outlive the session */
    const struct avrspi_chips *chips; /* must outlive the session */
    const struct avrspi_chip *chip;   /* require this chip; NULL: any chip known */
    uint32_t sck_hz;                  /* SCK for the work; 0: chosen from the fuses */
    uint32_t fcpu_hz;                 /* clock or crystal at the chip's pins; 0: not known */
    uint32_t supply_mv;               /* the chip's supply, millivolts; 0: not known */
    /* make no trials: nothing is sent to the target beyond what the work needs, to find out its
     * clock or how its reset line is wired */
    bool no_probe;
    /* go on with 'chip' whatever the signature; write fuses that end SPI programming, values that
     * the datasheet reserves, and lock bits that no datasheet defines */
    bool force;
    const volatile sig_atomic_t *interrupt; /* nonzero ends the work soon; may be NULL */
    /* Folder for notes of what a chip has to get back: its low fuse byte while a raised clock is
     * in force, its EEPROM while an erase is under way that keeps it. A note is written before the
     * chip is changed, and removed when the chip is as it was; one that a run left behind is a
     * warning of avrspi_session_identify() in later sessions on the same port, reset line and
     * signature. NULL: no notes. Must outlive the session */
    const char *notes_folder;
    const char *station;         /* a name for its events; NULL: none. Must outlive the session */
    avrspi_event_callback event; /* may be NULL */
    void *user;                  /* for the callback */
};

/*
 * Puts the target into reset and enters programming mode at a low SCK. AVRSPI_ERR_NO_TARGET
 * when nothing answers, with what can be the matter in the hint, the likeliest first. To tell it,
 * MISO is looked at while RESET is high, and Programming Enable is tried once there, unless
 * no_probe forbids it. A target that answers only after 300 ms of RESET low is warned of. The
 * configuration is copied. The caller closes *session, which is NULL after a failure.
 */
AVRSPI_API int avrspi_session_open(struct avrspi_session **session,
                                   const struct avrspi_session_config *config,
                                   struct avrspi_error *error);

/* Waits for a write that is still in progress, sets a raised clock back, leaves programming mode
 * and releases RESET. NULL is allowed. The session is freed in any case; the result and the error
 * say what could not be done: a clock stays raised, the reset line can't be driven. */
AVRSPI_API int avrspi_session_close(struct avrspi_session *session, struct avrspi_error *error);

/* Reads the signature, until two readings agree. */
AVRSPI_API int avrspi_session_signature(struct avrspi_session *session, uint8_t signature[3],
                                        struct avrspi_error *error);

/* The three bytes as they were last read; all 0 before that. They belong to the session. */
AVRSPI_API const uint8_t *avrspi_session_signature_bytes(const struct avrspi_session *session);

/* The link of the configuration. */
AVRSPI_API struct avrspi_link *avrspi_session_link(const struct avrspi_session *session);

/*
 * Finds the chip, reads fuses and lock bits, and chooses SCK. AVRSPI_ERR_SIGNATURE when the
 * target is not the chip of the configuration, is of no kind known, or could be one of several
 * chips that need to be told apart. Where several chips share a signature and agree in all
 * that matters, the session works with waits that are long enough for each.
 */
AVRSPI_API int avrspi_session_identify(struct avrspi_session *session, struct avrspi_error *error);

/* The chip; NULL before avrspi_session_identify(). Belongs to the session. */
AVRSPI_API const struct avrspi_chip *avrspi_session_chip(const struct avrspi_session *session);

/* The n-th other chip that the target could be; NULL after the last. */
AVRSPI_API const struct avrspi_chip *avrspi_session_candidate(const struct avrspi_session *session,
                                                              size_t n);

/* SCK in force, Hz; the CPU clock that the fuses select (AVRSPI_CLOCK_UNKNOWN until they are
 * read). A clock that the fuses leave open has a higher 'min_hz' once trials have shown that it is
 * at least that fast (AVRSPI_EVENT_CLOCK); its 'max_hz' is 0 where it has no upper end. */
AVRSPI_API uint32_t avrspi_session_sck(const struct avrspi_session *session);
AVRSPI_API struct avrspi_clock avrspi_session_clock(const struct avrspi_session *session);

/* Where the time of the session went so far, in nanoseconds. */
struct avrspi_timing {
    uint64_t total_ns;
    uint64_t wire_ns; /* bits at their SCK */
    uint64_t wait_ns; /* slept */
    uint64_t host_ns; /* all else: system calls, this program */
};
AVRSPI_API struct avrspi_timing avrspi_session_timing(const struct avrspi_session *session);

/* How long a write of that kind took on average, as far as the ends of writes were seen, in
 * nanoseconds; the longest wait where there was none. */
AVRSPI_API uint64_t avrspi_session_wait_seen_ns(const struct avrspi_session *session,
                                                enum avrspi_wait kind);

/* How often the target was lost and found again, each time at a lower SCK. */
AVRSPI_API unsigned avrspi_session_retries(const struct avrspi_session *session);

/* What the chip's fuses and lock bits are; those that the chip can't show are not given. */
AVRSPI_API struct avrspi_fuses avrspi_session_fuses(const struct avrspi_session *session);

/* Reads them again; needed only where something else may have changed them. */
AVRSPI_API int avrspi_session_read_fuses(struct avrspi_session *session,
                                         struct avrspi_error *error);

/*
 * Writes those given, in the order ext, high, low, lock, and reads each back. Equal values are
 * not written. AVRSPI_ERR_REFUSED, with nothing written, when one of them would end serial
 * programming, has lock bits that no datasheet defines or a clock or brown-out level that it
 * reserves (unless forced), would set a lock bit back to 1, is locked, or can't be written at all
 * (avrspi/rules.h). 0xFF in a byte that the chip does not have is ignored. AVRSPI_ERR_VERIFY when
 * a byte reads back otherwise.
 */
AVRSPI_API int avrspi_session_write_fuses(struct avrspi_session *session,
                                          const struct avrspi_fuses *fuses,
                                          struct avrspi_error *error);

/* Refuses what avrspi_session_write_fuses() would refuse, without a target. */
AVRSPI_API int avrspi_fuses_check(const struct avrspi_chip *chip, const struct avrspi_fuses *now,
                                  const struct avrspi_fuses *wanted, bool force,
                                  struct avrspi_error *error);

/* The same, but of what can be written only the end of serial programming is refused: for values
 * that somebody else has chosen, in the file of a board. */
AVRSPI_API int avrspi_fuses_check_leniently(const struct avrspi_chip *chip,
                                            const struct avrspi_fuses *now,
                                            const struct avrspi_fuses *wanted,
                                            struct avrspi_error *error);

/* avrspi_fuses_check() for every chip that the target may be: a bit that is harmless in one of
 * those that share a signature may end serial programming in another. */
AVRSPI_API int avrspi_session_check_fuses(const struct avrspi_session *session,
                                          const struct avrspi_fuses *wanted, bool force,
                                          struct avrspi_error *error);

/*
 * Writes the low fuse byte and enters programming mode anew, so that it takes effect at once: for
 * a faster internal clock, and so a faster SCK, for the time of a job. Does nothing where the byte
 * has that value already. AVRSPI_ERR_REFUSED when the supply does not suffice for the clock.
 *
 * avrspi_session_restore_clock() sets the low byte back, also after an interrupt; where that fails
 * the error says what is left. A low byte that avrspi_session_write_fuses() has written since then
 * stays; before it writes lock bits without a low byte, it sets the old one back.
 * avrspi_session_close() sets back what is still raised.
 */
AVRSPI_API int avrspi_session_raise_clock(struct avrspi_session *session, uint8_t low,
                                          struct avrspi_error *error);
AVRSPI_API int avrspi_session_restore_clock(struct avrspi_session *session,
                                            struct avrspi_error *error);
AVRSPI_API bool avrspi_session_clock_is_raised(const struct avrspi_session *session);

/* Erases flash, lock bits, and EEPROM where EESAVE is not programmed. */
AVRSPI_API int avrspi_session_erase(struct avrspi_session *session, struct avrspi_error *error);

/* Reads 'size' bytes from byte address 'address' on. AVRSPI_ERR_USAGE when that is not inside
 * the memory, AVRSPI_ERR_REFUSED when lock bits forbid it, or the chip can't show it. */
AVRSPI_API int avrspi_session_read(struct avrspi_session *session, enum avrspi_memory memory,
                                   uint32_t address, uint8_t *data, size_t size,
                                   struct avrspi_error *error);

/* A write of flash or EEPROM: whole memories, of which the marked units (pages, or bytes where the
 * memory has no pages) are written. */
struct avrspi_write {
    enum avrspi_memory memory;
    const uint8_t *wanted;  /* as it is to be */
    const uint8_t *current; /* as it is, so that only bytes that differ are written; NULL: blank */
    const bool *units;
    bool verify; /* read back every unit that was written */
};

/* Writes the marked units, which are blank or of which no bit must become 1. AVRSPI_ERR_REFUSED
 * when lock bits forbid it, AVRSPI_ERR_VERIFY when a unit reads back otherwise. *written (may be
 * NULL) is the number of units that were written, also after a failure. */
AVRSPI_API int avrspi_session_write(struct avrspi_session *session,
                                    const struct avrspi_write *write, size_t *written,
                                    struct avrspi_error *error);

/* AVRSPI_ERR_REFUSED unless each of these instructions of four bytes is one, by the chip's own
 * table, that changes nothing of it: a read inside its memories (in a chip that needs it, after
 * Load Extended Address), Poll RDY/BSY, Programming Enable, Load Extended Address. */
AVRSPI_API int avrspi_instructions_check(const struct avrspi_chip *chip,
                                         const uint8_t (*instructions)[4], size_t count,
                                         struct avrspi_error *error);

/*
 * Sends instructions as they are, one after the other, and stores what comes back during each:
 * 'answers' has room for as many. Unless forced, they are checked as above before the first is
 * sent. The longest wait is kept after a write, but for Poll RDY/BSY. Ends at the first whose
 * second byte is not echoed (AVRSPI_ERR_NO_TARGET); *sent is how many were answered as they should.
 * A pulse on RESET follows in any case, and ends programming mode: only avrspi_session_close() may
 * be called then.
 */
AVRSPI_API int avrspi_session_send(struct avrspi_session *session, const uint8_t (*instructions)[4],
                                   uint8_t (*answers)[4], size_t count, size_t *sent,
                                   struct avrspi_error *error);

/* What a comparison found: how many bytes differ, and the first of them. */
struct avrspi_differences {
    size_t count;
    uint32_t address;
    uint8_t expected, found;
};

/* Reads 'size' bytes and adds what differs from 'expected'; a byte that seems to differ is read
 * again. Returns 0 whether or not there are differences. */
AVRSPI_API int avrspi_session_compare(struct avrspi_session *session, enum avrspi_memory memory,
                                      uint32_t address, const uint8_t *expected, size_t size,
                                      struct avrspi_differences *differences,
                                      struct avrspi_error *error);

/* Differences as an error: AVRSPI_ERR_VERIFY, 0 where there are none. */
AVRSPI_API int avrspi_differences_error(const struct avrspi_differences *differences,
                                        enum avrspi_memory memory, struct avrspi_error *error);

#ifdef __cplusplus
}
#endif
#endif
