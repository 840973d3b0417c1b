/* SPDX-License-Identifier: MIT */
/* What a line is called, and what is said when it can't be had. */
#include "link/line.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "host/absent.h"
#include "host/access.h"
#include "host/gpio.h"
#include "host/host.h"
#include "host/wires.h"

const struct avrspi_line_use avrspi_line_reset = {
    .name = "reset line",
    .advice = AVRSPI_ADVICE_RESET_LINE,
};

const struct avrspi_line_use *avrspi_line_use(const struct avrspi_line_words *words)
{
    return words->use ? words->use : &avrspi_line_reset;
}

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
                    "expected 'active-high', 'active-low' or 'open-drain' after the %s, found '%s'",
                    words->use->name, option);
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

/* 25 of "25", "GPIO25" and "gpio25"; -1 for any other name. */
static long number_of(const char *name)
{
    const char *digits = avrspi_text_is(name, strnlen(name, 4), "gpio") ? name + 4 : name;
    uint64_t number;

    return avrspi_number_parse_digits(digits, strlen(digits), 10, &number) && number <= UINT16_MAX
               ? (long)number
               : -1;
}

int avrspi_line_parse(struct avrspi_line_words *words, const char *text, struct avrspi_error *error)
{
    return avrspi_line_parse_for(words, &avrspi_line_reset, text, error);
}

/* A name, or chip and offset, taken apart in place; 'text' is what its user has written. */
static int parse_place(struct avrspi_line_words *words, char *word, const char *text,
                       struct avrspi_error *error)
{
    char *colon;

    if (strncmp(word, "/dev/", 5) == 0)
        word += 5;
    colon = strchr(word, ':');
    if (colon)
        *colon = '\0';
    if (!*word || strlen(word) >= sizeof words->name) {
        avrspi_fail(error, AVRSPI_ERR_USAGE, "expected the name of a %s, found '%s'",
                    words->use->name, text);
        avrspi_hint(error, "a line's name, as in 'GPIO25', or chip and offset, as in "
                           "'gpiochip0:25'");
        return AVRSPI_ERR_USAGE;
    }
    strcpy(colon ? words->chip : words->name, word);
    words->number = colon ? -1 : number_of(word);
    return colon ? parse_offset(words, colon + 1, error) : 0;
}

/* The words of a line of that use, and a copy of the text to be taken apart. */
static int begin(struct avrspi_line_words *words, const struct avrspi_line_use *use,
                 char copy[AVRSPI_LINE_TEXT], const char *text, struct avrspi_error *error)
{
    *words = (struct avrspi_line_words){.use = use, .active_high = use->active_high};
    if (strlen(text) >= AVRSPI_LINE_TEXT)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "the name of the %s is too long", use->name);
    strcpy(copy, text);
    return 0;
}

int avrspi_line_parse_place(struct avrspi_line_words *words, const struct avrspi_line_use *use,
                            const char *text, struct avrspi_error *error)
{
    char copy[AVRSPI_LINE_TEXT] = "";
    int result = begin(words, use, copy, text, error);

    return result < 0 ? result : parse_place(words, copy, text, error);
}

int avrspi_line_parse_for(struct avrspi_line_words *words, const struct avrspi_line_use *use,
                          const char *text, struct avrspi_error *error)
{
    char copy[AVRSPI_LINE_TEXT], *rest = copy, *word;
    int result = begin(words, use, copy, text, error);

    if (result == 0)
        result = parse_place(words, strsep(&rest, ","), text, error);
    if (result < 0)
        return result;
    while ((word = strsep(&rest, ",")) != NULL)
        if (parse_option(words, word, error) < 0)
            return AVRSPI_ERR_USAGE;
    return 0;
}

/* --- where it may be */

static bool by_name(struct avrspi_line_at *at, const struct avrspi_line_words *words,
                    const char *root)
{
    (void)root;
    (void)snprintf(at->name, sizeof at->name, "%s", words->name);
    return true;
}

/* "25" and "gpio25" are what others call GPIO25. */
static bool by_usual_name(struct avrspi_line_at *at, const struct avrspi_line_words *words,
                          const char *root)
{
    (void)root;
    (void)snprintf(at->name, sizeof at->name, "GPIO%ld", words->number);
    return words->number >= 0 && strcmp(at->name, words->name) != 0;
}

static bool on_header(struct avrspi_line_at *at, const struct avrspi_line_words *words,
                      const char *root)
{
    struct avrspi_host host;

    (void)snprintf(at->name, sizeof at->name, "GPIO%ld", words->number);
    if (words->number < 0 || avrspi_host_detect(&host, root, NULL) < 0 ||
        !avrspi_host_model_line(host.known, at->name, &at->offset))
        return false;
    (void)snprintf(at->label, sizeof at->label, "%s", host.known->soc->gpio_label);
    return true;
}

static bool in_sysfs(struct avrspi_line_at *at, const struct avrspi_line_words *words,
                     const char *root)
{
    (void)snprintf(at->name, sizeof at->name, "%s", words->name);
    return words->number >= 0 &&
           avrspi_host_gpio_find(root, (uint32_t)words->number, at->label, &at->offset) &&
           *at->label;
}

bool avrspi_line_next(struct avrspi_line_at *at, size_t *next,
                      const struct avrspi_line_words *words, const char *root)
{
    static bool (*const places[])(struct avrspi_line_at * at, const struct avrspi_line_words *words,
                                  const char *root) = {by_name, by_usual_name, on_header, in_sysfs};
    int sys_errno = errno;
    bool found = false;

    while (!found && *next < sizeof places / sizeof *places &&
           (sys_errno == 0 || sys_errno == ENOENT)) {
        *at = (struct avrspi_line_at){.name = ""};
        found = places[(*next)++](at, words, root);
    }
    errno = sys_errno;
    return found;
}

size_t avrspi_line_say_left(const struct avrspi_line *line, char *text, size_t size)
{
    *text = '\0';
    if (!avrspi_line_was_active(line))
        return 0;
    return (size_t)snprintf(text, size,
                            "%s was left holding the target in reset, as by a run that was killed: "
                            "it is released now",
                            avrspi_line_name(line));
}

void avrspi_line_say(struct avrspi_line_names *names, const struct avrspi_line_words *words,
                     const struct avrspi_line_at *at, const char *chip, const char *label,
                     unsigned offset)
{
    names->default_pull = avrspi_host_default_pull("", label, offset);
    (void)snprintf(names->key, sizeof names->key, "%.60s:%u", chip, offset);
    names->use = avrspi_line_use(words);
    if (*words->chip)
        (void)snprintf(names->name, sizeof names->name, "%s:%u", words->chip, words->offset);
    else
        (void)snprintf(names->name, sizeof names->name, "%s", at->name);
    if (*at->label)
        (void)snprintf(names->place, sizeof names->place, "%s:%u", at->label, offset);
}

/* --- why it can't be had */

/* On a Raspberry Pi SPI would fail from then on, without a word about it. */
int avrspi_line_check_bus(const struct avrspi_line_names *names, const char *label, unsigned offset,
                          struct avrspi_error *error)
{
    const int bus = avrspi_host_bus_on("", label, offset);

    if (bus < 0)
        return 0;
    avrspi_fail(error, AVRSPI_ERR_DEVICE, "the %s '%s' is a wire of SPI bus %d, which is enabled",
                names->use->name, names->name, bus);
    avrspi_hint(error,
                "taken for that, it would be lost to the bus (port /dev/spidev%d.0) until the next "
                "restart; to have it free, disable the bus: %s config.txt, and restart",
                bus, bus == 0 ? "put 'dtparam=spi=off' into" : "take its 'dtoverlay' out of");
    avrspi_advise(error, names->use->advice, NULL);
    return AVRSPI_ERR_DEVICE;
}

static const char *describe(const struct avrspi_line_words *words, char *buffer, size_t size)
{
    if (*words->chip)
        (void)snprintf(buffer, size, "%s:%u", words->chip, words->offset);
    else
        (void)snprintf(buffer, size, "%s", words->name);
    return buffer;
}

/* The node of the chip; where it is not known, the first that may not be opened. */
static void find_node(const struct avrspi_line_words *words, char *path, size_t size)
{
    glob_t found;

    (void)snprintf(path, size, "/dev/%s", words->chip);
    if (*words->chip || glob("/dev/gpiochip*", 0, NULL, &found) != 0)
        return;
    for (size_t n = found.gl_pathc; n > 0; n--)
        if (n == 1 || access(found.gl_pathv[n - 1], R_OK | W_OK) < 0)
            (void)snprintf(path, size, "%s", found.gl_pathv[n - 1]);
    globfree(&found);
}

static void hint_for_errno(const struct avrspi_line_words *words, int sys_errno,
                           struct avrspi_error *error)
{
    char path[80];

    find_node(words, path, sizeof path);
    if (sys_errno == EACCES || sys_errno == EPERM) {
        avrspi_host_hint_access(&avrspi_host_gpiochip_nodes, path, error);
        return;
    }
    if (avrspi_host_without_sys("")) /* libgpiod looks there whether a node is a GPIO chip */
        avrspi_hint(error, "/sys is empty, as in a container: give it /sys and %s", path);
    else
        avrspi_hint(error, "'gpioinfo' lists every line");
    avrspi_advise(error, avrspi_line_use(words)->advice, NULL);
}

/* A number that no chip here has; the old interface begins at 512 since Linux 6.6. */
static void hint_for_number(const struct avrspi_line_words *words, struct avrspi_error *error)
{
    const long number = words->number;

    enum {
        BASE = 512
    };

    if (number >= BASE && number < BASE + 64)
        avrspi_hint(error,
                    "a number of the old interface /sys/class/gpio: base of the chip plus offset; "
                    "with base %d it is line %ld, on a Raspberry Pi GPIO%ld",
                    BASE, number - BASE, number - BASE);
    else
        avrspi_hint(error,
                    "a number alone does not say on which chip: write gpiochip0:%ld, for "
                    "example; 'gpioinfo' lists every line",
                    number);
    avrspi_advise(error, avrspi_line_use(words)->advice, NULL);
}

int avrspi_line_fail_find(const struct avrspi_line_words *words, struct avrspi_error *error)
{
    char name[160];
    int sys_errno = errno;
    bool not_there = *words->name && (sys_errno == 0 || sys_errno == ENOENT);

    describe(words, name, sizeof name);
    if (not_there) {
        avrspi_fail(error, AVRSPI_ERR_DEVICE, "no GPIO chip has a line named '%s'", name);
    } else {
        errno = sys_errno;
        avrspi_fail_errno(error, AVRSPI_ERR_DEVICE, "can't open the %s '%s'",
                          avrspi_line_use(words)->name, name);
    }
    if (not_there && words->number >= 0)
        hint_for_number(words, error);
    else
        hint_for_errno(words, sys_errno, error);
    return AVRSPI_ERR_DEVICE;
}

/* A line that was exported by its number stays so until it is unexported. */
static void hint_for_sysfs(const struct avrspi_line_holder *holder, struct avrspi_error *error)
{
    uint32_t number;

    if (avrspi_host_gpio_number("", holder->label, holder->offset, &number))
        avrspi_hint(error,
                    "a program exported it by its number: 'echo %u | sudo tee "
                    "/sys/class/gpio/unexport' releases it",
                    number);
    else
        avrspi_hint(error, "a program exported it by its number: 'echo NUMBER | sudo tee "
                           "/sys/class/gpio/unexport' releases it; /sys/class/gpio has the NUMBER "
                           "as gpioNUMBER");
}

/* The kernel's name of a chip select: "spi0 CS0". */
static bool is_chip_select(const char *consumer, uint32_t *bus, uint32_t *select)
{
    const char *gap = strstr(consumer, " CS"), *number = consumer + strlen("spi");

    if (strncmp(consumer, "spi", strlen("spi")) != 0 || !gap || gap < number)
        return false;
    return avrspi_number_parse_within(number, (size_t)(gap - number), 0, UINT16_MAX, bus) &&
           avrspi_number_parse_within(gap + 3, strlen(gap + 3), 0, UINT16_MAX, select);
}

static void hint_for_chip_select(uint32_t bus, uint32_t select, struct avrspi_error *error)
{
    const char *setting = avrspi_host_frees_select(bus, select);

    if (setting)
        avrspi_hint(error,
                    "it is chip select CE%u of that bus; on a Raspberry Pi '%s' in config.txt "
                    "frees it",
                    select, setting);
    else
        avrspi_hint(error, "it is a chip select of that bus");
}

static void hint_for_holder(const struct avrspi_line_words *words,
                            const struct avrspi_line_holder *holder, struct avrspi_error *error)
{
    const char *consumer = holder->consumer ? holder->consumer : "";
    uint32_t bus, select;

    if (strcmp(consumer, "sysfs") == 0)
        hint_for_sysfs(holder, error);
    else if (is_chip_select(consumer, &bus, &select))
        hint_for_chip_select(bus, select, error);
    else
        avrspi_hint(error, "wait for it to end");
    avrspi_advise(error, avrspi_line_use(words)->advice, NULL);
}

int avrspi_line_fail_request(const struct avrspi_line_words *words,
                             const struct avrspi_line_holder *holder, struct avrspi_error *error)
{
    char name[160];
    int sys_errno = errno;

    describe(words, name, sizeof name);
    if (sys_errno == EBUSY) {
        avrspi_fail(error, AVRSPI_ERR_DEVICE, "the %s '%s' is held by '%s'",
                    avrspi_line_use(words)->name, name,
                    holder->consumer && *holder->consumer ? holder->consumer
                                                          : "another driver or program");
        hint_for_holder(words, holder, error);
        return AVRSPI_ERR_DEVICE;
    }
    avrspi_fail_errno(error, AVRSPI_ERR_DEVICE, "can't use the %s '%s' as an %s",
                      avrspi_line_use(words)->name, name,
                      avrspi_line_use(words)->input ? "input" : "output");
    hint_for_errno(words, sys_errno, error);
    return AVRSPI_ERR_DEVICE;
}

int avrspi_line_fail_drive(const struct avrspi_line_names *names, struct avrspi_error *error)
{
    return avrspi_fail_errno(error, AVRSPI_ERR_DEVICE, "can't drive the %s", names->use->name);
}

int avrspi_line_fail_read(const struct avrspi_line_names *names, struct avrspi_error *error)
{
    return avrspi_fail_errno(error, AVRSPI_ERR_DEVICE, "can't read the %s", names->use->name);
}
