/* SPDX-License-Identifier: MIT */
/*
 * The link to a target: an SPI controller and a reset line, real or simulated, four GPIO lines, or
 * one that a program provides.
 *
 * A link belongs to one thread at a time; see avrspi.h.
 */
#ifndef AVRSPI_LINK_H
#define AVRSPI_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "avrspi/api.h"
#include "avrspi/chips.h"
#include "avrspi/error.h"

#ifdef __cplusplus
extern "C" {
#endif

struct avrspi_link;
struct avrspi_bus;

/*
 * The wires SCK, MOSI and MISO, which several targets may share, each with a reset line of its
 * own. A bus belongs to one process at a time: /dev/spidev0.0 and /dev/spidev0.1 are two chip
 * selects of one bus, so that every /dev/spidev0.* is locked by flock(2), where it can be opened.
 * GPIO lines have one owner, which the kernel sees to.
 *
 * A program that has several targets on a bus opens it once and gives it to their links. A target
 * takes every byte on the bus for its own while its RESET is low, and a session holds RESET low
 * from its first entry until it is closed: have one session at a time on a bus. A target that is
 * not in reset ignores what it hears, but its program runs, and may drive MISO or answer as an SPI
 * slave. Links of one bus may be used in different threads; each transfer is one piece on the
 * wires.
 */

/*
 * Opens, and locks, the bus that a port is on. AVRSPI_ERR_DEVICE when the device can't be opened,
 * or another process, or another bus object of this one, holds a device of the bus (which is
 * named). The lock is that of an open file: a child of fork() has it too. A simulated bus,
 * "sim:bus=NAME" or the port of a target on it, belongs to the object alone: another of the same
 * name is another bus.
 *
 * The caller closes *bus; it stays open until its last link is closed too.
 */
AVRSPI_API int avrspi_bus_open(struct avrspi_bus **bus, const char *port,
                               struct avrspi_error *error);

/* Gives the bus up, once its links are closed. NULL is allowed. */
AVRSPI_API void avrspi_bus_close(struct avrspi_bus *bus);

/* True when a port is on a bus, so that a link to it can be given that bus. */
AVRSPI_API bool avrspi_bus_has(struct avrspi_bus *bus, const char *port);

struct avrspi_link_config {
    /* "/dev/spidev0.0" or "spidev0.0", with or without "spi:" before it,
     * "gpio:sck=LINE,mosi=LINE,miso=LINE" with lines as that of RESET, without options, or
     * "sim:CHIP[,key=value...]". A device may have its reset line after it, as avrdude has it:
     * "/dev/spidev0.0:/dev/gpiochip0:25", or the chip of the line alone. */
    const char *port;
    /* a line's name on any GPIO chip ("GPIO25"), its number ("25"), or "gpiochip0:25";
     * ",active-high" and ",open-drain" after it. NULL: that of the port. Not used by a simulated
     * target. */
    const char *reset;
    /* where "sim:" finds its chip; must outlive the link */
    const struct avrspi_chips *chips;
    /* the bus of the port; NULL: the link opens it, and closes it again */
    struct avrspi_bus *bus;
};

/* What a link did since it was opened. */
struct avrspi_link_counts {
    uint64_t transfers; /* calls that moved data: one ioctl each on spidev */
    uint64_t bytes;
    uint64_t waits;   /* sleeps */
    uint64_t wire_ns; /* bytes at the speed in force: the time the wire itself needed */
    uint64_t wait_ns; /* time slept */
};

/*
 * Opens a port. The reset line is requested, and driven inactive; that it was active though nobody
 * held it is told by avrspi_link_note(). AVRSPI_ERR_DEVICE when the device is absent, not
 * permitted, busy (who holds it is named) or unfit; AVRSPI_ERR_USAGE when port or reset line are
 * not written as above, or the port is not on 'bus'; AVRSPI_ERR_INPUT when a simulated target's
 * state file is damaged. The caller closes *link, which is NULL after a failure.
 */
AVRSPI_API int avrspi_link_open(struct avrspi_link **link, const struct avrspi_link_config *config,
                                struct avrspi_error *error);

/* Drives the reset line inactive, releases it as an input whose bias lets RESET rise, and gives the
 * bus back as it was found. NULL is allowed. The link is gone in any case; the result and the error
 * tell what could not be done: a reset line that can't be driven, a simulated target's state file
 * that can't be written. */
AVRSPI_API int avrspi_link_close(struct avrspi_link *link, struct avrspi_error *error);

/* What a reset line is pulled to, stronger than by the bias of its own pin. */
enum avrspi_reset_pull {
    AVRSPI_RESET_PULL_UNKNOWN, /* it can't be told */
    AVRSPI_RESET_PULLED_UP,    /* by a resistor at the target, or at a level shifter before it */
    AVRSPI_RESET_PULLED_DOWN,  /* it touches GND, a button is pressed, or the target has no power */
    AVRSPI_RESET_NOT_PULLED,   /* nothing is there, or no more than the pull-up inside an AVR */
};

/*
 * What a kind of link does. The table is copied when a link is made of it, up to 'size' bytes: a
 * program that was compiled with a shorter one goes on working, as all that is added later may be
 * missing. 'self' is what was given to avrspi_link_new().
 *
 * A function that can fail returns 0, or a negative enum avrspi_err with *error filled; 'error'
 * may be NULL.
 */
struct avrspi_link_ops {
    size_t size; /* sizeof(struct avrspi_link_ops) */

    /* sends 'size' bytes, at most max_transfer, and stores as many in 'in', which may be 'out' */
    int (*transfer)(void *self, const uint8_t *out, uint8_t *in, size_t size,
                    struct avrspi_error *error);
    /* sets SCK to at most 'hz', and stores in *actual what the controller will really do, at least
     * 1; what a failure stores is not used */
    int (*set_speed)(void *self, uint32_t hz, uint32_t *actual, struct avrspi_error *error);
    /* drives RESET: true is active, the target in reset */
    int (*set_reset)(void *self, bool active, struct avrspi_error *error);
    /* lets at least 'ns' nanoseconds pass */
    void (*wait)(void *self, uint64_t ns);
    /* a monotonic clock in nanoseconds, the one that 'wait' goes by */
    uint64_t (*now)(const void *self);
    /* lets RESET rise, and frees 'self' also when it fails */
    int (*close)(void *self, struct avrspi_error *error);

    /* of a simulated target only, else NULL: see avrspi_link_violations() */
    uint64_t (*violations)(const void *self, char *text, size_t size);

    /* lets RESET go for at most 100 ms, and drives it inactive again; NULL where that can't be done
     */
    int (*sense_reset)(void *self, bool held_only, enum avrspi_reset_pull *pull,
                       struct avrspi_error *error);
};

/* What there is to know of a link. The texts are copied; NULL stands for "". */
struct avrspi_link_info {
    size_t size;         /* sizeof(struct avrspi_link_info) */
    size_t max_transfer; /* bytes that one transfer carries; a session wants at least 4 */
    const char *port;    /* for avrspi_link_port(), and so on */
    const char *reset;
    const char *name;
    const char *note;
    const char *identity;
    bool active_high;    /* the reset line is high while the target is in reset */
    bool open_drain;     /* it is never driven high */
    int miso_pull;       /* a MISO that nobody drives: 1 is pulled up, -1 down; 0: not known */
    uint32_t slowest_hz; /* the slowest SCK that the controller makes, Hz; 0: not known */
    uint32_t fastest_hz; /* whatever it is asked for, SCK is no faster, Hz; 0: not known */
    bool keeps_sck; /* SCK is never faster than asked for: what set_speed() says is an estimate */
};

/*
 * Makes a link of a program's own transport, with RESET inactive and SCK set to 100 kHz. On
 * success the link owns 'self', and avrspi_link_close() closes it; on failure it stays the
 * caller's. AVRSPI_ERR_USAGE when 'ops' or 'info' lacks what is needed, or what the transport says
 * of the speed.
 */
AVRSPI_API int avrspi_link_new(struct avrspi_link **link, const struct avrspi_link_ops *ops,
                               void *self, const struct avrspi_link_info *info,
                               struct avrspi_error *error);

/* The port as avrspi_link_config.port takes it, without "spi:" and line: "/dev/spidev0.0",
 * "gpio:sck=GPIO11,mosi=GPIO10,miso=GPIO9", "sim:ATmega328P". Belongs to the link. */
AVRSPI_API const char *avrspi_link_port(const struct avrspi_link *link);

/* The reset line as avrspi_link_config.reset takes it, without options: "GPIO25". That of a
 * simulated target is the word "reset" of its port, "" without one. Belongs to the link. */
AVRSPI_API const char *avrspi_link_reset(const struct avrspi_link *link);

/* What it is connected to, for people: "spidev0.0 + GPIO25". Belongs to the link. */
AVRSPI_API const char *avrspi_link_name(const struct avrspi_link *link);

/* Port and reset line in one spelling, by which two names of one place are the same:
 * "/dev/spidev0.0 gpiochip0:25"; "" where they have one spelling only. Belongs to the link. */
AVRSPI_API const char *avrspi_link_identity(const struct avrspi_link *link);

/* What its user should know of it, a sentence; "" for nothing. Belongs to the link. */
AVRSPI_API const char *avrspi_link_note(const struct avrspi_link *link);

/* Sets SCK to the highest frequency at or below 'hz' (Hz, at least 1) that the controller can make,
 * as far as it is known, or to the slowest; AVRSPI_ERR_USAGE for 0, and for a transport that says
 * it makes 0. After a failure SCK is taken to be what it was. A link begins at 100 kHz. The second
 * function returns SCK in force, Hz. */
AVRSPI_API int avrspi_link_set_speed(struct avrspi_link *link, uint32_t hz,
                                     struct avrspi_error *error);
AVRSPI_API uint32_t avrspi_link_speed(const struct avrspi_link *link);

/* The frequency that SCK in force was set by, Hz; avrspi_link_speed() is what the controller makes
 * of it: mostly the same or a little less, more where it can't go so slow. */
AVRSPI_API uint32_t avrspi_link_asked_speed(const struct avrspi_link *link);

/* The slowest SCK that the controller makes, Hz; 0: not known. */
AVRSPI_API uint32_t avrspi_link_slowest_speed(const struct avrspi_link *link);

/*
 * SCK in Hz as the clock of this computer saw it: the bits of the fastest transfer of 2 ms and
 * more at the speed in force, over its time; 0 when there was none yet. Calls and gaps between
 * bytes make it a few per cent less than the controller's own frequency. What is clearly below
 * avrspi_link_speed() is a divider too coarse or a driver that is slow; what is above it is a
 * controller whose clock runs faster than its driver assumes.
 */
AVRSPI_API uint32_t avrspi_link_measured_speed(const struct avrspi_link *link);

/* The largest number of bytes that one transfer carries. */
AVRSPI_API size_t avrspi_link_max_transfer(const struct avrspi_link *link);

/* Sends 'size' bytes, at most avrspi_link_max_transfer(), and receives as many to 'in', which may
 * be 'out'. AVRSPI_ERR_DEVICE when the device fails. */
AVRSPI_API int avrspi_link_transfer(struct avrspi_link *link, const uint8_t *out, uint8_t *in,
                                    size_t size, struct avrspi_error *error);

/* Drives the reset line: true puts the target into reset. AVRSPI_ERR_DEVICE when it can't. */
AVRSPI_API int avrspi_link_set_reset(struct avrspi_link *link, bool active,
                                     struct avrspi_error *error);

/*
 * Lets go of the reset line, which must be inactive, for at most 100 ms, and tells by its level
 * what pulls it; then it is driven inactive again. The target may be in reset meanwhile. With
 * 'held_only' it ends as soon as the line has risen, and all that it tells is PULLED_DOWN or
 * UNKNOWN. AVRSPI_RESET_PULL_UNKNOWN for a line that is active high, on a link that has no such
 * operation, and on a board whose pins are not known to have a bias. AVRSPI_ERR_DEVICE when the
 * line can't be driven any more.
 */
AVRSPI_API int avrspi_link_sense_reset(struct avrspi_link *link, bool held_only,
                                       enum avrspi_reset_pull *pull, struct avrspi_error *error);

/* "pulled up", "pulled down", "not pulled", "not known". Static. */
AVRSPI_API const char *avrspi_reset_pull_name(enum avrspi_reset_pull pull);

/* Since when the reset line is inactive (avrspi_link_now); 0: since before the link was opened, as
 * far as it knows; UINT64_MAX: it is active. */
AVRSPI_API uint64_t avrspi_link_inactive_since(const struct avrspi_link *link);

/* Lets time pass, nanoseconds; never less. Virtual time on a simulated target. How late it may
 * end is a matter of the thread's timer slack (prctl(2)), 50 us by default, which the library
 * leaves as it is. */
AVRSPI_API void avrspi_link_wait(struct avrspi_link *link, uint64_t ns);

/* A monotonic clock in nanoseconds; virtual on a simulated target. */
AVRSPI_API uint64_t avrspi_link_now(const struct avrspi_link *link);

/* What it did since it was opened. */
AVRSPI_API struct avrspi_link_counts avrspi_link_counts(const struct avrspi_link *link);

/* True for a simulated target. */
AVRSPI_API bool avrspi_link_is_simulated(const struct avrspi_link *link);

/* Of a simulated target: how often the datasheet was violated in this and all earlier runs
 * with the same state file; 0 on hardware, which can't tell. 'text' (may be NULL) receives
 * "KIND N, ..." of at most 'size' bytes. */
AVRSPI_API uint64_t avrspi_link_violations(const struct avrspi_link *link, char *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif
