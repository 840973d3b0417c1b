/* SPDX-License-Identifier: MIT */
/*
 * What can be told of a computer, a port and a target, check by check, as data. Nothing is ever
 * written to the target: it is sent zeros, Programming Enable and, once that was echoed, reading
 * instructions, each at an SCK that its clock allows.
 *
 *     doctor.c   the table of checks, and the run over it
 *     computer.c board, config.txt, device, controller
 *     port.c     bus, reset line
 *     answer.c   MISO, echo, signature, chip
 *     chip.c     lock bits, clock, supply
 *     wires.c    readings by the hundred
 */
#ifndef AVRSPI_SRC_DOCTOR_DOCTOR_H
#define AVRSPI_SRC_DOCTOR_DOCTOR_H

#include "avrspi/session.h"
#include "isp/isp.h"

enum avrspi_doctor_severity {
    AVRSPI_DOCTOR_OK,
    AVRSPI_DOCTOR_WARN, /* it works, but not as it should */
    AVRSPI_DOCTOR_FAIL, /* a command would fail by it, with the code of 'seen' */
    AVRSPI_DOCTOR_SEVERITIES,
};

struct avrspi_doctor_finding {
    const char *check; /* "device": the name of the check; static */
    enum avrspi_doctor_severity severity;
    struct avrspi_error seen; /* what was seen, and what to do: hint, advice and its subject */
};

enum {
    AVRSPI_DOCTOR_SPEEDS = 4, /* at which readings are made */
    AVRSPI_DOCTOR_FASTER = 2, /* at which Programming Enable alone is sent */
};

struct avrspi_doctor_report {
    struct avrspi_doctor_finding *findings;
    size_t n_findings;
    struct avrspi_isp_readings readings[AVRSPI_DOCTOR_SPEEDS]; /* the slowest first */
    size_t n_readings;
    /* above the SCK that the clock allows: one that is not echoed may be the chip's doing, not the
     * wires' */
    struct avrspi_isp_readings enables[AVRSPI_DOCTOR_FASTER];
    size_t n_enables;
};

struct avrspi_doctor_config {
    const char *root;  /* before /proc, /sys and /dev; "" for the real ones */
    const char *port;  /* as its user writes it */
    const char *reset; /* the same; of use where it is GPIOn */
    /* opens the link of the port, on a bus that is open (NULL for none); the caller closes it,
     * after the run */
    int (*open_link)(void *user, struct avrspi_bus *bus, struct avrspi_link **link,
                     struct avrspi_error *error);
    /* each finding as it is made; may be NULL */
    void (*found)(void *user, const struct avrspi_doctor_finding *finding);
    void *user;
    struct avrspi_session_config session; /* without its link */
};

/*
 * Makes all checks that make sense; those that need what is not there are left out. What is found
 * wrong is no failure of the run: that is AVRSPI_ERR_INTERRUPTED, or AVRSPI_ERR_FAILURE when out of
 * memory. The caller frees the report in any case.
 */
int avrspi_doctor_run(struct avrspi_doctor_report *report,
                      const struct avrspi_doctor_config *config, struct avrspi_error *error);

void avrspi_doctor_free(struct avrspi_doctor_report *report);

/* What is the matter: the first failure, or else the first warning; NULL where there is none. */
const struct avrspi_doctor_finding *
avrspi_doctor_verdict(const struct avrspi_doctor_report *report);

/* "ok", "warn", "fail" */
const char *avrspi_doctor_severity_name(enum avrspi_doctor_severity severity);

#endif
