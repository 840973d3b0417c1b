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
 * Every function that returns int returns 0 or a negative enum avrspi_err. Nothing here prints,
 * exits or installs a signal handler. A session belongs to one thread.
 */
#ifndef AVRSPI_SESSION_H
#define AVRSPI_SESSION_H

#include <signal.h>

#include "avrspi/chips.h"
#include "avrspi/error.h"
#include "avrspi/image.h"
#include "avrspi/link.h"

#ifdef __cplusplus
extern "C" {
#endif

struct avrspi_session;

enum avrspi_stage {
    AVRSPI_STAGE_ERASE,
    AVRSPI_STAGE_READ,
    AVRSPI_STAGE_WRITE,
    AVRSPI_STAGE_VERIFY,
};

struct avrspi_progress {
    enum avrspi_stage stage;
    enum avrspi_memory memory;
    size_t done; /* bytes */
    size_t total;
};

struct avrspi_session_config {
    struct avrspi_link *link;         /* stays the caller's; must outlive the session */
    const struct avrspi_chips *chips; /* must outlive the session */
    const struct avrspi_chip *chip;   /* what the target has to be; NULL: any chip known */
    uint32_t sck_hz;                  /* SCK for the work; 0: chosen from the fuses */
    uint32_t fcpu_hz;                 /* clock or crystal at the chip's pins; 0: not known */
    /* go on with 'chip' whatever the signature; write fuses that end SPI access, and lock bits that
     * no datasheet defines */
    bool force;
    const volatile sig_atomic_t *interrupt; /* nonzero ends the work soon; may be NULL */
    void (*progress)(void *user, const struct avrspi_progress *progress); /* may be NULL */
    void *user;
};

/*
 * Puts the target into reset and enters programming mode at a low SCK. AVRSPI_ERR_NO_TARGET
 * when nothing answers, with a diagnosis of what MISO showed. *session is closed by the caller.
 */
int avrspi_session_open(struct avrspi_session **session, const struct avrspi_session_config *config,
                        struct avrspi_error *error);

/* Waits for a write that is still going on, leaves programming mode and lets RESET go. NULL is
 * allowed. */
void avrspi_session_close(struct avrspi_session *session);

/* The signature, read until two readings agree. */
int avrspi_session_signature(struct avrspi_session *session, uint8_t signature[3],
                             struct avrspi_error *error);

/*
 * Finds the chip, reads fuses and lock bits, and chooses SCK. AVRSPI_ERR_SIGNATURE when the
 * target is not the chip of the configuration, is of no kind known, or could be one of several
 * chips that need to be told apart. Where several chips share a signature and agree in all
 * that matters, the session works with waits that are long enough for each.
 */
int avrspi_session_identify(struct avrspi_session *session, struct avrspi_error *error);

/* The chip; NULL before avrspi_session_identify(). Belongs to the session. */
const struct avrspi_chip *avrspi_session_chip(const struct avrspi_session *session);

/* The n-th other chip that the target could be; NULL behind the last. */
const struct avrspi_chip *avrspi_session_candidate(const struct avrspi_session *session, size_t n);

/* SCK in Hz, and the CPU clock that the fuses select. */
uint32_t avrspi_session_sck(const struct avrspi_session *session);
struct avrspi_clock avrspi_session_clock(const struct avrspi_session *session);

/* Where the time of the session went so far, in nanoseconds. */
struct avrspi_timing {
    uint64_t total_ns;
    uint64_t wire_ns;  /* bits at their SCK */
    uint64_t wait_ns;  /* slept */
    uint64_t host_ns;  /* all else: system calls, this program */
    uint64_t limit_ns; /* what could not have been faster: needed bits, writes, RESET */
};
struct avrspi_timing avrspi_session_timing(const struct avrspi_session *session);

/* How often the target was lost and found again, each time at a lower SCK. */
unsigned avrspi_session_retries(const struct avrspi_session *session);

/* What the chip's fuses and lock bits are; those that the chip can't show are not given. */
struct avrspi_fuses avrspi_session_fuses(const struct avrspi_session *session);

/* Reads them again. */
int avrspi_session_read_fuses(struct avrspi_session *session, struct avrspi_error *error);

/*
 * Writes those given, in the order ext, high, low, lock, and reads each back. Equal values are
 * not written. AVRSPI_ERR_REFUSED, with nothing written, when one of them would end serial
 * programming or has lock bits that no datasheet defines (unless forced), would set a lock bit
 * back to 1, is locked, or can't be written at all (avrspi/rules.h).
 */
int avrspi_session_write_fuses(struct avrspi_session *session, const struct avrspi_fuses *fuses,
                               struct avrspi_error *error);

/* Refuses what avrspi_session_write_fuses() would refuse, without a target. */
int avrspi_fuses_check(const struct avrspi_chip *chip, const struct avrspi_fuses *now,
                       const struct avrspi_fuses *wanted, bool force, struct avrspi_error *error);

/* The same for every chip that the target may be: a bit that is harmless in one of those that
 * share a signature may end serial programming in another. */
int avrspi_session_check_fuses(const struct avrspi_session *session,
                               const struct avrspi_fuses *wanted, bool force,
                               struct avrspi_error *error);

/*
 * Raises a slow or divided internal clock for the time of the session, so that SCK can be faster:
 * by CKDIV8, or by the low byte of 'final', the fuses that the job is going to write in the end
 * (NULL: none), where that gives a faster internal clock. Never to a clock from outside the chip.
 * Does nothing where it would not help or is not possible. The chip's supply has to be good for the
 * faster clock.
 *
 * The end sets the low byte back, also after an interrupt; when it can't, the error says what is
 * left. A low byte that avrspi_session_write_fuses() has written since then stays; where it writes
 * lock bits without a low byte, the old one is set back first. Without a call to the end,
 * avrspi_session_close() tries it and stays silent.
 */
int avrspi_session_turbo_begin(struct avrspi_session *session, const struct avrspi_fuses *final,
                               struct avrspi_error *error);
int avrspi_session_turbo_end(struct avrspi_session *session, struct avrspi_error *error);
bool avrspi_session_turbo_active(const struct avrspi_session *session);

/* SCK in Hz that avrspi_session_turbo_begin() would reach; 0 where it would do nothing. */
uint32_t avrspi_session_turbo_sck(const struct avrspi_session *session,
                                  const struct avrspi_fuses *final);

/* Erases flash, lock bits, and EEPROM where EESAVE is not programmed. */
int avrspi_session_erase(struct avrspi_session *session, struct avrspi_error *error);

/* True when a chip erase leaves the EEPROM alone (EESAVE is programmed). */
bool avrspi_session_eeprom_survives(const struct avrspi_session *session);

/* Reads 'size' bytes from byte address 'address' on. AVRSPI_ERR_USAGE when that is not inside
 * the memory, AVRSPI_ERR_REFUSED when lock bits forbid it, or the chip can't show it. */
int avrspi_session_read(struct avrspi_session *session, enum avrspi_memory memory, uint32_t address,
                        uint8_t *data, size_t size, struct avrspi_error *error);

/* What a write did. */
struct avrspi_write_report {
    size_t bytes;         /* of the image */
    size_t bytes_written; /* in the pages written */
    size_t pages;         /* that the memory has (bytes, where it has no pages) */
    size_t pages_written;
    bool erased;
    bool verified;
};

struct avrspi_write_options {
    bool verify; /* read back every page that was written */
    bool erase;  /* flash: chip erase first; otherwise what is there must allow the write */
    bool update; /* flash: read first, write only pages that differ, erase only if needed */
    bool full;   /* flash, with erase or update: gaps are to be 0xFF, and are read back too */
};

/* Writes an image to flash. 'report' may be NULL. AVRSPI_ERR_INPUT, with nothing sent, unless the
 * image holds data and fits; AVRSPI_ERR_REFUSED, the flash untouched, when it can't be written
 * without an erase that was not asked for. */
int avrspi_session_write_flash(struct avrspi_session *session, const struct avrspi_image *image,
                               const struct avrspi_write_options *options,
                               struct avrspi_write_report *report, struct avrspi_error *error);

/* Writes an image to EEPROM: only bytes (or pages) that differ. 'erase' and 'update' do not
 * matter here. */
int avrspi_session_write_eeprom(struct avrspi_session *session, const struct avrspi_image *image,
                                const struct avrspi_write_options *options,
                                struct avrspi_write_report *report, struct avrspi_error *error);

/*
 * Compares a memory with an image: every byte of the image, and with 'full' every other byte
 * of the memory with 0xFF. AVRSPI_ERR_VERIFY names the first difference and how many there
 * are; *differences (may be NULL) is that number.
 */
int avrspi_session_verify(struct avrspi_session *session, enum avrspi_memory memory,
                          const struct avrspi_image *image, bool full, size_t *differences,
                          struct avrspi_error *error);

#ifdef __cplusplus
}
#endif
#endif
