/* SPDX-License-Identifier: MIT */
/* What a line is called, and what is said when it can't be had. */
#include "link/line.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "host/host.h"

static int parse_option(struct avrspi_line_words *words, const char *option,
                        struct avrspi_error *error)
{
    if (strcmp(option, "active-high") == 0) {
        words->active_high = true;
    } else if (strcmp(option, "active-low") == 0) {
        words->active_high = false;
    } else if (strcmp(option, "open-drain") == 0) {
        words->open_drain = true;
    } else {
        avrspi_fail(error, AVRSPI_ERR_USAGE,
                    "expected 'active-high', 'active-low' or 'open-drain' after the reset "
                    "line, found '%s'",
                    option);
        return AVRSPI_ERR_USAGE;
    }
    return 0;
}

static int parse_offset(struct avrspi_line_words *words, const char *text,
                        struct avrspi_error *error)
{
    uint32_t offset;

    if (!avrspi_number_parse_within(text, strlen(text), 0, 65535, &offset))
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "expected the offset of a line after '%s:', found '%s'", words->chip,
                           text);
    words->offset = offset;
    return 0;
}

int avrspi_line_parse(struct avrspi_line_words *words, const char *text, struct avrspi_error *error)
{
    char copy[192], *rest = copy, *word, *colon;

    memset(words, 0, sizeof *words);
    if (strlen(text) >= sizeof copy)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "the name of the reset line is too long");
    strcpy(copy, text);
    word = strsep(&rest, ",");
    if (strncmp(word, "/dev/", 5) == 0)
        word += 5;
    colon = strchr(word, ':');
    if (colon)
        *colon = '\0';
    if (!*word || strlen(word) >= sizeof words->name) {
        avrspi_fail(error, AVRSPI_ERR_USAGE, "expected the name of a reset line, found '%s'", text);
        avrspi_hint(error, "a line's name, as in 'GPIO25', or chip and offset, as in "
                           "'gpiochip0:25'");
        return AVRSPI_ERR_USAGE;
    }
    strcpy(colon ? words->chip : words->name, word);
    if (colon && parse_offset(words, colon + 1, error) < 0)
        return AVRSPI_ERR_USAGE;
    while ((word = strsep(&rest, ",")) != NULL)
        if (parse_option(words, word, error) < 0)
            return AVRSPI_ERR_USAGE;
    return 0;
}

bool avrspi_line_on_header(struct avrspi_line_at *at, const char *name, const char *root)
{
    struct avrspi_host host;
    int sys_errno = errno;
    bool found = (sys_errno == 0 || sys_errno == ENOENT) &&
                 avrspi_host_detect(&host, root, NULL) == 0 &&
                 avrspi_host_model_line(host.known, name, &at->offset);

    if (found)
        at->label = host.known->soc->gpio_label;
    errno = sys_errno;
    return found;
}

void avrspi_line_say_place(char place[AVRSPI_LINE_PLACE], const struct avrspi_line_at *at)
{
    (void)snprintf(place, AVRSPI_LINE_PLACE, "%s:%u", at->label, at->offset);
}

static const char *describe(const struct avrspi_line_words *words, char *buffer, size_t size)
{
    if (*words->chip)
        (void)snprintf(buffer, size, "%s:%u", words->chip, words->offset);
    else
        (void)snprintf(buffer, size, "%s", words->name);
    return buffer;
}

static void hint_for_errno(int sys_errno, struct avrspi_error *error)
{
    if (sys_errno == EACCES || sys_errno == EPERM) {
        avrspi_hint(error, "join the group that owns /dev/gpiochip*, usually 'gpio': "
                           "sudo usermod -aG gpio $USER, then log in again");
        return;
    }
    avrspi_hint(error, "'gpioinfo' lists every line");
    avrspi_advise(error, AVRSPI_ADVICE_RESET_LINE, NULL);
}

int avrspi_line_fail_find(const struct avrspi_line_words *words, struct avrspi_error *error)
{
    char name[160];
    int sys_errno = errno;

    describe(words, name, sizeof name);
    if (*words->name && (sys_errno == 0 || sys_errno == ENOENT)) {
        avrspi_fail(error, AVRSPI_ERR_DEVICE, "no GPIO chip has a line named '%s'", name);
    } else {
        errno = sys_errno;
        avrspi_fail_errno(error, AVRSPI_ERR_DEVICE, "can't open the reset line '%s'", name);
    }
    hint_for_errno(sys_errno, error);
    return AVRSPI_ERR_DEVICE;
}

int avrspi_line_fail_request(const struct avrspi_line_words *words, const char *consumer,
                             struct avrspi_error *error)
{
    char name[160];
    int sys_errno = errno;

    describe(words, name, sizeof name);
    if (sys_errno == EBUSY) {
        avrspi_fail(error, AVRSPI_ERR_DEVICE, "the reset line '%s' is held by '%s'", name,
                    consumer && *consumer ? consumer : "another driver or program");
        avrspi_hint(error, "wait for it to end");
        avrspi_advise(error, AVRSPI_ADVICE_RESET_LINE, NULL);
        return AVRSPI_ERR_DEVICE;
    }
    avrspi_fail_errno(error, AVRSPI_ERR_DEVICE, "can't use the reset line '%s' as an output", name);
    hint_for_errno(sys_errno, error);
    return AVRSPI_ERR_DEVICE;
}
