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

#include "avrspi/api.h"

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

/* What to do about an error, for a program to say in its own words: options, a button. */
enum avrspi_advice {
    AVRSPI_ADVICE_NONE,
    AVRSPI_ADVICE_ERASE,            /* erase the chip: that clears the lock bits too */
    AVRSPI_ADVICE_ERASE_HIDDEN,     /* erase it as the chip 'subject', in spite of its signature */
    AVRSPI_ADVICE_FORCE,            /* insist */
    AVRSPI_ADVICE_SLOWER,           /* a lower SCK */
    AVRSPI_ADVICE_NAME_CHIP,        /* say which chip it is */
    AVRSPI_ADVICE_ANY_CHIP,         /* do not say which chip it must be */
    AVRSPI_ADVICE_DESCRIBE_CHIP,    /* insist on a chip that is similar, or describe it in a file */
    AVRSPI_ADVICE_LIST_CHIPS,       /* look at the list of chips */
    AVRSPI_ADVICE_RESTORE_LOW_FUSE, /* write the low fuse byte back: 'subject' */
    AVRSPI_ADVICE_FUSE_BYTES,       /* give whole fuse bytes */
    AVRSPI_ADVICE_ALLOW_ERASE,      /* let the job erase the chip */
    AVRSPI_ADVICE_WRITE_INSTEAD,    /* write, where it was only compared */
    AVRSPI_ADVICE_RESET_LINE,       /* choose another reset line */
    AVRSPI_ADVICE_PORT,             /* choose another port */
    AVRSPI_ADVICE_FORMAT_RAW,       /* say that the file is raw binary */
    AVRSPI_ADVICE_FORMAT_HEX,       /* write Intel HEX */
    AVRSPI_ADVICE_REPLACE_BOOT,     /* do not keep the boot section */
    AVRSPI_ADVICE_NOTES_FOLDER,     /* choose another folder for notes */
    AVRSPI_ADVICE_READ_SLOWLY,      /* read the signature at 10 kHz */
    AVRSPI_ADVICE_NO_ECHO_CHIP,     /* name a chip that never echoes */
    AVRSPI_ADVICE_RESET_INVERTED,   /* choose the reset line 'subject' */
    AVRSPI_ADVICE_FIRST_IMAGE,      /* of several images in a file take the first */
    AVRSPI_ADVICE_TWO_FILES,        /* give the files that were joined one by one */
    AVRSPI_ADVICE_INSIST_ON_CHIP,   /* name the connected chip: 'subject' */
    AVRSPI_ADVICE_FUSE_FILE,        /* write a fuse, not flash */
    AVRSPI_ADVICE_LIST_BOARDS,      /* look at the list of boards */
    AVRSPI_ADVICE_OTHER_FILE,       /* give another file for the bootloader */
    AVRSPI_ADVICE_CLOCK,            /* feed XTAL1, and choose the clock 'subject' */
    AVRSPI_ADVICE_CLOCK_OFF,        /* end the clock that was left running */
    AVRSPI_ADVICE_DOCTOR,           /* look at computer, port and target, check by check */
    AVRSPI_ADVICE_ENABLE_SPI,       /* switch SPI on */
    AVRSPI_ADVICE_RESTART,          /* restart the computer */
    AVRSPI_ADVICE_REMOVE_SETTING,   /* take 'subject' out of config.txt */
    AVRSPI_ADVICE_RAISE_BUFSIZ,     /* a larger buffer of spidev */
    AVRSPI_ADVICE_FIX_CORE_CLOCK,   /* keep the clock of the SPI controllers at one frequency */
    AVRSPI_ADVICE_NAME_SUPPLY,      /* say what the supply is */
    AVRSPI_ADVICE_SPEED,            /* an SCK of 'subject' Hz at most */
    AVRSPI_ADVICES,
};

struct avrspi_error {
    enum avrspi_err code;
    int sys_errno;             /* errno of the system call that failed, or 0 */
    enum avrspi_advice advice; /* in addition to the hint */
    char subject[32];          /* what the advice is about, such as "0x62"; may be empty */
    char message[384];         /* lower case, no full stop: what was expected, what was found */
    char hint[8192];           /* what to do about it, in one or several lines; may be empty */
};

/* The name of a code as JSON shows it: "ok", "no-target", "verify", ... Never NULL. */
AVRSPI_API const char *avrspi_err_name(enum avrspi_err code);

#ifdef __cplusplus
}
#endif
#endif
