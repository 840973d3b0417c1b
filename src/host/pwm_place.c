/* SPDX-License-Identifier: MIT */
/* Which PWM channel a clock comes from, and what of a wish it can make. */
#include "host/pwm.h"

#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/number.h"
#include "host/files.h"
#include "host/pwm_state.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

enum {
    NS_PER_S = 1000000000,
    PPM = 1000000,
    PATH = 128,
};

/* --- the frequency */

static double absolute(double value)
{
    return value < 0 ? -value : value;
}

static double error_of(uint32_t counter, uint32_t cycles, uint32_t wanted)
{
    return (double)counter / cycles / wanted - 1;
}

static bool is_nearer(uint32_t counter, uint32_t a, uint32_t b, uint32_t wanted)
{
    return absolute(error_of(counter, a, wanted)) < absolute(error_of(counter, b, wanted));
}

int avrspi_pwm_check(uint32_t wanted_hz, struct avrspi_error *error)
{
    if (wanted_hz >= AVRSPI_PWM_LEAST_HZ && wanted_hz <= AVRSPI_PWM_MOST_HZ)
        return 0;
    avrspi_fail(error, AVRSPI_ERR_USAGE,
                "expected a clock from 32.768 kHz to 12.5 MHz, found %u Hz", wanted_hz);
    avrspi_hint(error, "1M serves every chip at every supply; a PWM has nothing faster that is "
                       "high for half of the time");
    return AVRSPI_ERR_USAGE;
}

int avrspi_pwm_rate(struct avrspi_pwm_rate *rate, uint32_t wanted_hz, uint32_t counter_hz,
                    struct avrspi_error *error)
{
    const uint32_t counter = counter_hz ? counter_hz : NS_PER_S;
    double off;
    uint32_t cycles;

    if (avrspi_pwm_check(wanted_hz, error) < 0)
        return AVRSPI_ERR_USAGE;
    cycles = counter / wanted_hz;
    if (is_nearer(counter, cycles + 1, cycles, wanted_hz))
        cycles++;
    off = error_of(counter, cycles, wanted_hz);
    *rate = (struct avrspi_pwm_rate){
        .wanted_hz = wanted_hz,
        .made_hz = counter / cycles,
        .error_ppm = (int32_t)(off * PPM + (off < 0 ? -0.5 : 0.5)),
        .period_ns = (uint32_t)((uint64_t)cycles * NS_PER_S / counter),
        .high_ns = (uint32_t)((uint64_t)(cycles / 2) * NS_PER_S / counter),
        .counter_hz = counter_hz,
    };
    return 0;
}

/* --- pins of a Raspberry Pi's header */

/* The function is that of the overlay's parameter, the same numbers for every model. */
static const struct pin {
    unsigned gpio;
    unsigned channel;      /* of two */
    unsigned channel_each; /* where each pin has its own */
    const char *overlay;
} pins[] = {
    {18, 0, 2, "dtoverlay=pwm,pin=18,func=2"},
    {12, 0, 0, "dtoverlay=pwm,pin=12,func=4"},
    {13, 1, 1, "dtoverlay=pwm,pin=13,func=4"},
    {19, 1, 3, "dtoverlay=pwm,pin=19,func=2"},
};

static unsigned channel_of(const struct avrspi_host_soc *soc, const struct pin *pin)
{
    return soc->pwm_of_each ? pin->channel_each : pin->channel;
}

/* --- chips in /sys/class/pwm */

/* What a chip's device link leads to. */
static void read_device(struct avrspi_pwm_place *place, const char *root)
{
    char path[PATH];

    (void)snprintf(path, sizeof path, "/sys/class/pwm/%s/device", place->chip);
    avrspi_host_read_link(root, path, place->device, sizeof place->device);
}

/* The n-th chip; false after the last. */
static bool nth_chip(struct avrspi_pwm_place *place, const char *root, size_t n)
{
    char pattern[PATH_MAX];
    glob_t found;
    bool there;

    (void)snprintf(pattern, sizeof pattern, "%s/sys/class/pwm/pwmchip*", root);
    if (glob(pattern, 0, NULL, &found) != 0)
        return false;
    there = n < found.gl_pathc;
    if (there)
        (void)snprintf(place->chip, sizeof place->chip, "%s", strrchr(found.gl_pathv[n], '/') + 1);
    globfree(&found);
    if (there)
        read_device(place, root);
    return there;
}

/* A chip by its name or by that of its device: numbers change from kernel to kernel. */
static bool find_chip(struct avrspi_pwm_place *place, const char *root, const char *name,
                      size_t length)
{
    for (size_t n = 0; nth_chip(place, root, n); n++)
        if ((strncmp(place->chip, name, length) == 0 && !place->chip[length]) ||
            (strncmp(place->device, name, length) == 0 && !place->device[length]))
            return true;
    return false;
}

static void list_chips(const char *root, struct avrspi_error *error)
{
    struct avrspi_pwm_place place;
    size_t n = 0;

    for (; nth_chip(&place, root, n); n++)
        avrspi_hint_add(error, "%s%s (%s)", n ? ", " : "; the kernel shows ", place.chip,
                        *place.device ? place.device : "no device");
    if (n == 0)
        avrspi_hint_add(error, "; the kernel shows none");
}

/* --- the place */

/* CHIP:CHANNEL. */
static int find_named(struct avrspi_pwm_place *place, const char *root, const char *text,
                      struct avrspi_error *error)
{
    const char *colon = strrchr(text, ':');
    uint32_t channels, channel;
    char path[PATH];

    if (!find_chip(place, root, text, (size_t)(colon - text))) {
        avrspi_fail(error, AVRSPI_ERR_DEVICE, "no PWM chip '%.*s' is in /sys/class/pwm",
                    (int)(colon - text), text);
        avrspi_hint(error, "a chip is called as there, or as its device is");
        list_chips(root, error);
        return AVRSPI_ERR_DEVICE;
    }
    (void)snprintf(path, sizeof path, "/sys/class/pwm/%s/npwm", place->chip);
    if (!avrspi_host_read_number(root, path, &channels))
        channels = 1;
    if (!avrspi_number_parse_within(colon + 1, strlen(colon + 1), 0, channels - 1, &channel))
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "expected a channel from 0 to %u of %s, found '%.40s'", channels - 1,
                           place->chip, colon + 1);
    place->channel = channel;
    (void)snprintf(place->name, sizeof place->name, "%.20s:%u", place->chip, channel);
    return 0;
}

/* GPIO18, or 18. */
static const struct pin *find_pin(const struct avrspi_host_model *model, const char *text)
{
    unsigned offset;
    uint32_t number;

    if (!text)
        return &pins[0];
    if (!avrspi_host_model_line(model, text, &offset)) {
        if (!avrspi_number_parse_within(text, strlen(text), 0, UINT8_MAX, &number))
            return NULL;
        offset = number;
    }
    for (size_t n = 0; n < LENGTH(pins); n++)
        if (pins[n].gpio == offset)
            return &pins[n];
    return NULL;
}

static int fail_unknown_board(const char *root, const char *pin, struct avrspi_error *error)
{
    if (pin)
        avrspi_fail(error, AVRSPI_ERR_USAGE,
                    "it is not known which PWM channel '%.40s' of this "
                    "computer has",
                    pin);
    else
        avrspi_fail(error, AVRSPI_ERR_USAGE,
                    "it is not known which pin of this computer gives a clock");
    avrspi_hint(error, "--xtal-pin CHIP:CHANNEL names a PWM channel, as in pwmchip0:1");
    list_chips(root, error);
    return AVRSPI_ERR_USAGE;
}

static int fail_pin(const char *pin, struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_USAGE,
                "expected GPIO12, GPIO13, GPIO18 or GPIO19 for --xtal-pin, found '%.40s'", pin);
    avrspi_hint(error, "only these pins of the header have a PWM; GPIO4 has a clock (GPCLK0) that "
                       "the kernel gives to no program");
    return AVRSPI_ERR_USAGE;
}

int avrspi_pwm_line(int *line, const struct avrspi_host_model *model, const char *pin,
                    struct avrspi_error *error)
{
    const struct pin *known = find_pin(model, pin);

    *line = -1;
    if (strchr(pin, ':') || !model || !model->header_pins)
        return 0;
    if (!known)
        return fail_pin(pin, error);
    *line = (int)known->gpio;
    return 0;
}

/* config.txt moved in 2023; the old path holds a note then. */
static const char *config_path(const char *root)
{
    static const char now[] = "/boot/firmware/config.txt", before[] = "/boot/config.txt";
    char whole[PATH_MAX];

    (void)snprintf(whole, sizeof whole, "%s%s", root, before);
    if (access(whole, F_OK) != 0)
        return now;
    (void)snprintf(whole, sizeof whole, "%s%s", root, now);
    return access(whole, F_OK) == 0 ? now : before;
}

static int fail_disabled(const struct avrspi_host_soc *soc, const struct pin *pin, const char *root,
                         struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_DEVICE,
                "the PWM of GPIO%u is not enabled: '%s' has no chip in /sys/class/pwm", pin->gpio,
                soc->pwm);
    avrspi_hint(error, "'%s' in %s, outside sections such as [cm5], and a restart enable it",
                pin->overlay, config_path(root));
    if (!soc->pwm_of_each && soc->spi_hz != 500000000)
        avrspi_hint_add(error, "; analogue sound needs the same PWM: 'dtparam=audio=off'");
    return AVRSPI_ERR_DEVICE;
}

int avrspi_pwm_find(struct avrspi_pwm_place *place, const char *root, const char *pin,
                    struct avrspi_error *error)
{
    const struct avrspi_host_soc *soc;
    const struct avrspi_host_pin *header;
    const struct pin *known;
    struct avrspi_host host;
    int result = avrspi_host_detect(&host, root, error);

    *place = (struct avrspi_pwm_place){0};
    if (result < 0)
        return result;
    if (pin && strchr(pin, ':'))
        return find_named(place, root, pin, error);
    soc = host.known ? host.known->soc : NULL;
    if (!soc || !soc->pwm)
        return fail_unknown_board(root, pin, error);
    known = find_pin(host.known, pin);
    if (!known)
        return fail_pin(pin, error);
    if (!find_chip(place, root, soc->pwm, strlen(soc->pwm)))
        return fail_disabled(soc, known, root, error);
    header = avrspi_host_model_gpio(host.known, known->gpio);
    place->pin = header ? header->pin : 0;
    place->channel = channel_of(soc, known);
    place->counter_hz = soc->counter_hz;
    (void)snprintf(place->name, sizeof place->name, "GPIO%u", known->gpio);
    return 0;
}

/* --- clocks that run */

/* The name of a channel's pins: of a Raspberry Pi up to 4 each channel has two. */
static void name_channel(struct avrspi_pwm_place *place, const struct avrspi_host *host)
{
    const struct avrspi_host_soc *soc = host->known ? host->known->soc : NULL;
    size_t used = 0;

    (void)snprintf(place->name, sizeof place->name, "%.20s:%u", place->chip, place->channel);
    if (!soc || !soc->pwm || strcmp(soc->pwm, place->device) != 0)
        return;
    place->counter_hz = soc->counter_hz;
    for (size_t n = 0; n < LENGTH(pins) && used < sizeof place->name; n++)
        if (channel_of(soc, &pins[n]) == place->channel)
            used += (size_t)snprintf(place->name + used, sizeof place->name - used, "%sGPIO%u",
                                     used ? " or " : "", pins[n].gpio);
}

static bool runs_as_clock(struct avrspi_pwm_found *found, const char *root)
{
    const struct avrspi_pwm_state state = avrspi_pwm_state(root, &found->place);

    if (!avrspi_pwm_is_clock(&state))
        return false;
    found->hz = (uint32_t)((NS_PER_S + state.period_ns / 2) / state.period_ns);
    found->held = state.held;
    return true;
}

bool avrspi_pwm_running(struct avrspi_pwm_found *found, const char *root, size_t n)
{
    struct avrspi_host host;

    if (avrspi_host_detect(&host, root, NULL) < 0)
        return false;
    *found = (struct avrspi_pwm_found){0};
    for (size_t chip = 0; nth_chip(&found->place, root, chip); chip++) {
        uint32_t channels = 0;
        char path[PATH];

        (void)snprintf(path, sizeof path, "/sys/class/pwm/%s/npwm", found->place.chip);
        (void)avrspi_host_read_number(root, path, &channels);
        for (uint32_t channel = 0; channel < channels; channel++) {
            found->place.channel = channel;
            if (runs_as_clock(found, root) && n-- == 0) {
                name_channel(&found->place, &host);
                return true;
            }
        }
    }
    return false;
}
