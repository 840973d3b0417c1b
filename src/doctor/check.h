/* SPDX-License-Identifier: MIT */
/* What the checks have in common. */
#ifndef AVRSPI_SRC_DOCTOR_CHECK_H
#define AVRSPI_SRC_DOCTOR_CHECK_H

#include "doctor/doctor.h"
#include "host/boot_config.h"
#include "host/host.h"
#include "link/port.h"

/* What is known so far. */
struct avrspi_doctor {
    const struct avrspi_doctor_config *config;
    struct avrspi_doctor_report *report;
    struct avrspi_port port;
    bool has_port; /* it is written as a port is */
    struct avrspi_host host;
    struct avrspi_host_boot_config boot;
    struct avrspi_host_spi spi;     /* SPIDEV: of the device */
    bool has_device;                /* SPIDEV: its node is there */
    bool has_lines;                 /* they are there, and nobody has them */
    struct avrspi_bus *bus;         /* open; NULL: it could not be opened */
    struct avrspi_link *link;       /* open; the caller's. NULL also after a call that failed */
    enum avrspi_reset_pull pull;    /* of RESET, let go */
    struct avrspi_session *session; /* the target echoes */
    size_t room;                    /* of the session's transfers, where they may be long */
};

/*
 * A check. It says in 'seen' what was seen, and what to do about it. Returns one of the values
 * below, or a negative enum avrspi_err: the code that a command would fail with. What ends the run
 * is AVRSPI_ERR_INTERRUPTED.
 */
typedef int avrspi_doctor_look(struct avrspi_doctor *doctor, struct avrspi_error *seen);

enum {
    AVRSPI_LOOK_OK = 0,
    AVRSPI_LOOK_WARN = 1,
    AVRSPI_LOOK_NOTHING = 2, /* there is nothing to say */
};

/* Says what was seen, where that is right; returns AVRSPI_LOOK_OK. */
#define AVRSPI_LOOKS_RIGHT(seen, ...) avrspi_fail((seen), AVRSPI_OK, __VA_ARGS__)

enum {
    AVRSPI_DOCTOR_ROOM = 4, /* an instruction in a transfer: its echo is seen before the next */
};

/* A frequency as people write it. */
struct avrspi_doctor_hz {
    char text[32];
};

struct avrspi_doctor_hz avrspi_doctor_hz(uint32_t hz);

/* computer.c */
avrspi_doctor_look avrspi_look_at_model, avrspi_look_at_boot_config, avrspi_look_at_overlays,
    avrspi_look_at_device, avrspi_look_at_controller, avrspi_look_at_core_clock,
    avrspi_look_at_bufsiz, avrspi_look_at_pwm_clock;

/* port.c */
avrspi_doctor_look avrspi_look_at_lines, avrspi_look_at_bus, avrspi_look_at_port,
    avrspi_look_at_link;

/* answer.c */
avrspi_doctor_look avrspi_look_at_pull, avrspi_look_at_miso, avrspi_look_at_echo,
    avrspi_look_at_reset, avrspi_look_at_signature, avrspi_look_at_chip;

/* chip.c */
avrspi_doctor_look avrspi_look_at_lock_bits, avrspi_look_at_clock, avrspi_look_at_supply;

/* sck.c */
avrspi_doctor_look avrspi_look_at_sck;

/* wires.c */
avrspi_doctor_look avrspi_look_at_wires;

#endif
