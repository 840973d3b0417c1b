/* SPDX-License-Identifier: MIT */
/*
 * Errors of libavrspi.
 *
 * A function that can fail returns 0 or one of the negative codes below, and fills the
 * caller's struct avrspi_error with what was expected, what was found, and a hint that its
 * reader can act on. Passing NULL for the error is allowed everywhere.
 */
#ifndef AVRSPI_ERROR_H
#define AVRSPI_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

enum avrspi_err {
    AVRSPI_OK = 0,
    AVRSPI_ERR_FAILURE = -1,     /* none of the others: out of memory, a full disk */
    AVRSPI_ERR_USAGE = -2,       /* a call or a command line that makes no sense */
    AVRSPI_ERR_NO_TARGET = -3,   /* no answer from a target, or one that makes no sense */
    AVRSPI_ERR_SIGNATURE = -4,   /* a target, but not the one asked for, or an unknown one */
    AVRSPI_ERR_VERIFY = -5,      /* memory does not hold what it should */
    AVRSPI_ERR_DEVICE = -6,      /* spidev, GPIO line, permissions, line busy */
    AVRSPI_ERR_INPUT = -7,       /* bad image file or chip definition */
    AVRSPI_ERR_REFUSED = -8,     /* dangerous or impossible; the target was not touched */
    AVRSPI_ERR_INTERRUPTED = -9, /* the caller's interrupt flag was raised */
};

struct avrspi_error {
    enum avrspi_err code;
    int sys_errno;     /* errno of the system call that failed, or 0 */
    char message[384]; /* lower case, no full stop: what was expected, what was found */
    char hint[4096];   /* what to do about it, in one or several lines; may be empty */
};

/* The name of a code as JSON shows it: "ok", "no-target", "verify", ... Never NULL. */
const char *avrspi_err_name(enum avrspi_err code);

#ifdef __cplusplus
}
#endif
#endif
