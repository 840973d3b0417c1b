/* SPDX-License-Identifier: MIT */
/*
 * A clock for a chip without its crystal: a PWM channel, driven through the kernel's files below
 * /sys/class/pwm. A PWM counts a clock of its own, so that only its whole fractions can be made.
 *
 * Each function takes a root: the path before /proc and /sys, "" for the real ones. A process that
 * runs a clock holds a lock (flock) on a file of the channel, which the kernel lets go with the
 * process: a clock without the lock was left running.
 */
#ifndef AVRSPI_SRC_HOST_PWM_H
#define AVRSPI_SRC_HOST_PWM_H

#include <stdbool.h>
#include <stdint.h>

#include "avrspi/error.h"
#include "host/host.h"

enum {
    AVRSPI_PWM_LEAST_HZ = 32768,   /* below, it would look like the PWM of a fan or a servo */
    AVRSPI_PWM_MOST_HZ = 12500000, /* above, 50 MHz has no half period of even length */
    AVRSPI_PWM_USUAL_HZ = 1000000, /* no chip has a supply at which that is too fast */
    AVRSPI_PWM_HIGH_MV = 3300,     /* the level of a header's outputs */
    AVRSPI_PWM_SUPPLY_MV = 4700,   /* the highest supply at which XTAL1 takes 3.3 V for high:
                                        0.7 VCC (DC characteristics of the ATmega328PB) */
};

/* A clock as it can be made. */
struct avrspi_pwm_rate {
    uint32_t wanted_hz;
    uint32_t made_hz;  /* rounded down */
    int32_t error_ppm; /* what is made beside what is wanted */
    uint32_t period_ns, high_ns;
    uint32_t counter_hz; /* what the PWM counts, as far as the board is known; 0: not known */
};

/* Where a clock comes out. */
struct avrspi_pwm_place {
    char name[32];   /* "GPIO18"; "pwmchip0:1" where the pin is not known */
    unsigned pin;    /* of a Raspberry Pi's header; 0: not known */
    char chip[32];   /* "pwmchip0" */
    char device[64]; /* what drives it, "fe20c000.pwm" */
    unsigned channel;
    uint32_t counter_hz;
};

/* A clock that is there: its place, what the kernel says it is, and whether a process runs it. */
struct avrspi_pwm_found {
    struct avrspi_pwm_place place;
    uint32_t hz;
    bool held;
};

/* AVRSPI_ERR_USAGE for a wish outside AVRSPI_PWM_LEAST_HZ to AVRSPI_PWM_MOST_HZ. */
int avrspi_pwm_check(uint32_t wanted_hz, struct avrspi_error *error);

/* The nearest to a wish from AVRSPI_PWM_LEAST_HZ to AVRSPI_PWM_MOST_HZ that a PWM counting
 * 'counter_hz' (0: not known) makes; AVRSPI_ERR_USAGE outside. */
int avrspi_pwm_rate(struct avrspi_pwm_rate *rate, uint32_t wanted_hz, uint32_t counter_hz,
                    struct avrspi_error *error);

/*
 * Finds the PWM channel of a pin: "GPIO18" or "18" on a Raspberry Pi's header, or a channel by its
 * chip ("pwmchip0:1", "fe20c000.pwm:1"); NULL: the usual pin of the board. AVRSPI_ERR_USAGE for a
 * pin that has none; AVRSPI_ERR_DEVICE where the kernel shows no such PWM, with the overlay for it.
 */
int avrspi_pwm_find(struct avrspi_pwm_place *place, const char *root, const char *pin,
                    struct avrspi_error *error);

/* The number of the line that a pin of a model's header is written as: 18 for "GPIO18" and "18"; -1
 * where it is not known, as for a channel by its chip. AVRSPI_ERR_USAGE for a pin of a Raspberry
 * Pi's header that has no PWM. */
int avrspi_pwm_line(int *line, const struct avrspi_host_model *model, const char *pin,
                    struct avrspi_error *error);

struct avrspi_pwm;

/*
 * Lets a clock run. What is in its way is AVRSPI_ERR_DEVICE: a channel that another process drives
 * as a clock, that a driver of the kernel has, or that gives something other than a clock (not with
 * 'force'), a period that is refused, a file that may not be written. Then nothing is changed.
 */
int avrspi_pwm_start(struct avrspi_pwm **started, const char *root,
                     const struct avrspi_pwm_place *place, const struct avrspi_pwm_rate *rate,
                     bool force, struct avrspi_error *error);

/* Undoes what starting did, the last thing first; a clock that ran before runs as it did. NULL is
 * allowed. */
int avrspi_pwm_stop(struct avrspi_pwm *pwm, struct avrspi_error *error);

/* Forgets a clock, which goes on. NULL is allowed. */
void avrspi_pwm_keep(struct avrspi_pwm *pwm);

/* The n-th channel that runs as a clock of this tool does: high for half of a period of at most
 * 1 / AVRSPI_PWM_LEAST_HZ. False after the last. */
bool avrspi_pwm_running(struct avrspi_pwm_found *found, const char *root, size_t n);

/* Switches a channel off and gives it back, whatever it did. AVRSPI_ERR_DEVICE as in starting. */
int avrspi_pwm_off(const char *root, const struct avrspi_pwm_place *place,
                   struct avrspi_error *error);

#endif
