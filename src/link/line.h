/* SPDX-License-Identifier: MIT */
/* One GPIO line, by libgpiod: line_v1.c for its 1.x, line_v2.c for its 2.x. */
#ifndef AVRSPI_SRC_LINK_LINE_H
#define AVRSPI_SRC_LINK_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "avrspi/link.h"

struct avrspi_line;

enum {
    AVRSPI_LINE_TEXT = 192,           /* a text of that many characters is too long */
    AVRSPI_LINE_SETTLE_NS = 20000000, /* four times 100 nF by 50 kOhm, the bias of a pin */
};

/* What a line is for. */
struct avrspi_line_use {
    const char *name; /* "reset line", for messages */
    bool active_high; /* where its user does not say */
    bool input;
    enum avrspi_advice advice; /* where it can't be had */
};

extern const struct avrspi_line_use avrspi_line_reset;

/* A line as its user describes it. */
struct avrspi_line_words {
    const struct avrspi_line_use *use; /* NULL: the reset line */
    char chip[64];                     /* "gpiochip0", or "" to look for the name on every chip */
    char name[64];                     /* "GPIO25", or "" when it is given by its offset */
    long number;     /* 25, where the name is "25", "GPIO25" or "gpio25"; else -1 */
    unsigned offset; /* used when 'chip' is given */
    bool active_high;
    bool open_drain;
};

/* Parses "GPIO25", "25" or "gpiochip0:25", with ",active-high" and ",open-drain" after it.
 * AVRSPI_ERR_USAGE when it is neither. */
int avrspi_line_parse(struct avrspi_line_words *words, const char *text,
                      struct avrspi_error *error);

/* The same of a line that is for something else; 'use' must outlive the line. */
int avrspi_line_parse_for(struct avrspi_line_words *words, const struct avrspi_line_use *use,
                          const char *text, struct avrspi_error *error);

/* The same without words after it. */
int avrspi_line_parse_place(struct avrspi_line_words *words, const struct avrspi_line_use *use,
                            const char *text, struct avrspi_error *error);

/* Requests the line as an output, inactive, or as an input, with the bias that lets RESET rise when
 * nobody drives the line: pull-up, or pull-down for an active-high one; none where the kernel
 * refuses it. AVRSPI_ERR_DEVICE when the line does not exist, it is held by somebody (who is
 * named), or not permitted. The caller closes *line. */
int avrspi_line_open(struct avrspi_line **line, const struct avrspi_line_words *words,
                     struct avrspi_error *error);

/* What the line is called, "GPIO25" also where that was written as "25". Belongs to the line. */
const char *avrspi_line_name(const struct avrspi_line *line);

/* The chip's label and the offset by which a line was found whose name no chip has, as in
 * "pinctrl-bcm2711:8"; "" for any other line. Belongs to the line. */
const char *avrspi_line_place(const struct avrspi_line *line);

/* Chip and offset, "gpiochip0:25", however the line was written. Belongs to the line. */
const char *avrspi_line_key(const struct avrspi_line *line);

/* Whether nobody held the line when it was opened, and it was an output at its active level all the
 * same: a program that was killed left it so, and the kernel keeps the level of a closed line. */
bool avrspi_line_was_active(const struct avrspi_line *line);

/* Says so, a sentence; "" where it was not. Returns its length. */
size_t avrspi_line_say_left(const struct avrspi_line *line, char *text, size_t size);

int avrspi_line_set(struct avrspi_line *line, bool active, struct avrspi_error *error);

/* Whether an input is active. */
int avrspi_line_get(struct avrspi_line *line, bool *active, struct avrspi_error *error);

/*
 * Lets go of an output that is low when active, for twice AVRSPI_LINE_SETTLE_NS, and tells what
 * pulls it, by its level with the pin's bias up and down; then it is an output again, inactive.
 * With 'held_only' the bias is up, and it ends as soon as the line is high, which is not
 * PULLED_DOWN. AVRSPI_RESET_PULL_UNKNOWN where the pin's bias is not known to work: Linux does not
 * tell of one that its driver ignores. AVRSPI_ERR_DEVICE when it can't be driven any more.
 */
int avrspi_line_sense(struct avrspi_line *line, bool held_only, enum avrspi_reset_pull *pull,
                      struct avrspi_error *error);

/* What that is made of, for each version of libgpiod. False with errno. */

/* Makes it an input, pulled up or down. */
bool avrspi_line_let_go(struct avrspi_line *line, bool up);
/* The level of such an input. */
bool avrspi_line_is_high(struct avrspi_line *line, bool *high);
/* Makes it an output again, as it was opened, inactive. */
bool avrspi_line_take(struct avrspi_line *line);
/* Whether its bias was taken, and is known to work. */
bool avrspi_line_has_bias(const struct avrspi_line *line);

/* Drives an output inactive, makes it an input (a kernel that keeps a closed line's level would go
 * on driving it) with the bias of avrspi_line_open(), and releases it. NULL is allowed. The line is
 * gone in any case; AVRSPI_ERR_DEVICE when it could not be driven. That it could not be made an
 * input is no failure: kernels before Linux 5.5 can't do that. */
int avrspi_line_close(struct avrspi_line *line, struct avrspi_error *error);

/* Where a line may be: a name on any chip, or an offset of the chip with a label. */
struct avrspi_line_at {
    char name[64];  /* "GPIO25": what it is called */
    char label[64]; /* "" for any chip that has the name */
    unsigned offset;
};

/*
 * The places where a line with a name may be, one after the other while errno says that it is not
 * at the one before: begin with *next 0; errno stays as it is. False when there is none left.
 *
 * Some kernels give the lines of a Raspberry Pi's header other names than GPIOn, or none: where the
 * board below 'root' ("" for the real one) is known, its model tells which line is meant. Other
 * numbers are those of /sys/class/gpio.
 */
bool avrspi_line_next(struct avrspi_line_at *at, size_t *next,
                      const struct avrspi_line_words *words, const char *root);

/* What a line that was found is called, by its words and the place where it was. */
struct avrspi_line_names {
    const struct avrspi_line_use *use;
    char name[80], place[80], key[80];
    int default_pull; /* of its pin, as host/wires.h has it */
};

/* 'at' is the place of a line with a name, else not used; 'chip' is the chip's own name, 'label'
 * what its driver calls it. */
void avrspi_line_say(struct avrspi_line_names *names, const struct avrspi_line_words *words,
                     const struct avrspi_line_at *at, const char *chip, const char *label,
                     unsigned offset);

/* Who holds a line, and which one it is. */
struct avrspi_line_holder {
    const char *consumer; /* NULL: not known */
    const char *label;    /* of the chip */
    unsigned offset;
};

/* What a line is for. */
const struct avrspi_line_use *avrspi_line_use(const struct avrspi_line_words *words);

const struct avrspi_line_names *avrspi_line_names(const struct avrspi_line *line);

/* AVRSPI_ERR_DEVICE for a line that is SCK, MOSI or MISO of an SPI bus that is enabled: once it is
 * requested it is no longer the controller's. The line is given by the label of its chip and its
 * offset there. */
int avrspi_line_check_bus(const struct avrspi_line_names *names, const char *label, unsigned offset,
                          struct avrspi_error *error);

/* The errors that both versions of libgpiod share. errno is that of the failed call. */
int avrspi_line_fail_find(const struct avrspi_line_words *words, struct avrspi_error *error);
int avrspi_line_fail_request(const struct avrspi_line_words *words,
                             const struct avrspi_line_holder *holder, struct avrspi_error *error);
int avrspi_line_fail_drive(const struct avrspi_line_names *names, struct avrspi_error *error);
int avrspi_line_fail_read(const struct avrspi_line_names *names, struct avrspi_error *error);

/* The name by which the line is requested, and which others see. */
#define AVRSPI_LINE_CONSUMER "avrspi"

#endif
