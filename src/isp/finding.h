/* SPDX-License-Identifier: MIT */
/*
 * Why a target does not answer, as data: what was seen, what can be told from it, and what can have
 * caused it, the likeliest first. Words for all of them, which name the reset line as %s.
 *
 * What can be told is little: a MISO that nobody drives reads as its pull-up or pull-down, and so
 * it does without power, with a wire missing, with the wrong wire and without a clock. Whether a
 * chip that is held in reset drives MISO before Programming Enable was not measured on silicon, so
 * that nothing is concluded from its silence alone.
 */
#ifndef AVRSPI_SRC_ISP_FINDING_H
#define AVRSPI_SRC_ISP_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "avrspi/link.h"
#include "chips/record.h"

/* What MISO read all the time. */
enum avrspi_isp_level {
    AVRSPI_LEVEL_UNKNOWN, /* nobody looked */
    AVRSPI_LEVEL_ONES,
    AVRSPI_LEVEL_ZEROS,
    AVRSPI_LEVEL_MIXED,
    AVRSPI_LEVELS,
};

/* What was seen. */
struct avrspi_isp_evidence {
    enum avrspi_isp_level low;  /* the answers to Programming Enable, RESET low, at each speed */
    enum avrspi_isp_level high; /* the answer to zeros, RESET high */
    enum avrspi_isp_level pull; /* of a MISO that nobody drives, as far as the board is known */
    bool looped;                /* an answer was what was sent */
    bool shifted;               /* an answer was an echo in the wrong place */
    bool other_level;           /* an echo, the reset line at its other level */
    bool active_high;           /* the reset line is */
    enum avrspi_reset_pull reset;
};

/* What can be told. */
enum avrspi_isp_finding {
    AVRSPI_FINDING_INVERTED, /* the target seems to be in reset while it should not */
    AVRSPI_FINDING_NOT_INVERTED,
    AVRSPI_FINDING_FOLLOWS_RESET, /* MISO has one level with RESET low, another one with it high */
    AVRSPI_FINDING_HELD_HIGH,     /* against the board's pull-down */
    AVRSPI_FINDING_HELD_LOW,
    AVRSPI_FINDING_ONES,
    AVRSPI_FINDING_ZEROS,
    AVRSPI_FINDING_LOOPED,
    AVRSPI_FINDING_SHIFTED,
    AVRSPI_FINDING_ONLY_IN_RESET, /* MISO moves, but not while RESET is high */
    AVRSPI_FINDING_JUNK,
    AVRSPI_FINDINGS,
};

/* What can be the matter. */
enum avrspi_isp_cause {
    AVRSPI_CAUSE_NONE,
    AVRSPI_CAUSE_POWER,
    AVRSPI_CAUSE_RESET_WIRE,
    AVRSPI_CAUSE_MISO_WIRE, /* open, or exchanged with MOSI */
    AVRSPI_CAUSE_MOSI_WIRE,
    AVRSPI_CAUSE_SCK_WIRE,
    AVRSPI_CAUSE_CLOCK,       /* a crystal or clock signal is missing */
    AVRSPI_CAUSE_SLOW_CLOCK,  /* the clock is too slow for SCK */
    AVRSPI_CAUSE_RESET_FUSES, /* RSTDISBL, DWEN */
    AVRSPI_CAUSE_MISO_HIGH,   /* MISO touches VCC */
    AVRSPI_CAUSE_MISO_LOW,    /* MISO touches GND */
    AVRSPI_CAUSE_OTHER_DEVICE,
    AVRSPI_CAUSE_BRIDGE, /* MOSI touches MISO */
    AVRSPI_CAUSE_NOISE,
    AVRSPI_CAUSE_INVERTED,
    AVRSPI_CAUSE_NOT_INVERTED,
    AVRSPI_CAUSE_PINS, /* PDI and PDO in place of MOSI and MISO */
    AVRSPI_CAUSES,
};

enum {
    AVRSPI_MOST_CAUSES = 10, /* of a finding */
};

struct avrspi_isp_diagnosis {
    enum avrspi_isp_finding finding;
    enum avrspi_isp_cause causes[AVRSPI_MOST_CAUSES]; /* the likeliest first */
    size_t n_causes;
    bool by_reset; /* what pulls RESET has changed their order */
};

/* What the evidence says of a target that should be 'chip' (NULL: any). */
void avrspi_isp_conclude(struct avrspi_isp_diagnosis *diagnosis,
                         const struct avrspi_isp_evidence *evidence,
                         const struct avrspi_chip *chip);

/* Words of a finding and of a cause; "" for none. What is to be done stands in those of a cause. */
const char *avrspi_isp_finding_words(enum avrspi_isp_finding finding);
const char *avrspi_isp_cause_words(enum avrspi_isp_cause cause);

#endif
