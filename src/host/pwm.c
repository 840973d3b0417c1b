/* SPDX-License-Identifier: MIT */
/* Driving a PWM channel: export, period, duty cycle, enable, and all of it undone in reverse. */
#include "host/pwm.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "host/files.h"
#include "host/pwm_state.h"

enum {
    PATH = 128,
    UDEV_NS = 2000000000, /* how long udev may take to give a new channel's files to a group */
    RETRY_NS = 10000000,
    NS_PER_S = 1000000000,
    SLACK_NS = 40, /* of a half period: an odd number of cycles of 50 MHz, rounded */
};

struct avrspi_pwm {
    const char *root;
    struct avrspi_pwm_place place;
    struct avrspi_pwm_state before;
    int lock; /* an open file of the channel, locked */
};

/* The path of a channel's file, without the root. */
static void channel_path(const struct avrspi_pwm_place *place, const char *file, char path[PATH])
{
    (void)snprintf(path, PATH, "/sys/class/pwm/%s/pwm%u/%s", place->chip, place->channel, file);
}

static void chip_path(const struct avrspi_pwm_place *place, const char *file, char path[PATH])
{
    (void)snprintf(path, PATH, "/sys/class/pwm/%s/%s", place->chip, file);
}

/* --- what is there */

static uint32_t read_value(const char *root, const struct avrspi_pwm_place *place, const char *file)
{
    uint32_t value = 0;
    char path[PATH];

    channel_path(place, file, path);
    (void)avrspi_host_read_number(root, path, &value);
    return value;
}

static int open_file(const char *root, const char *path, int flags)
{
    char whole[PATH_MAX];

    (void)snprintf(whole, sizeof whole, "%s%s", root, path);
    return open(whole, flags | O_CLOEXEC);
}

/* A lock that can't be had is held by the process that runs the clock. */
static bool is_held(const char *root, const struct avrspi_pwm_place *place)
{
    char path[PATH];
    bool held;
    int file;

    channel_path(place, "enable", path);
    file = open_file(root, path, O_RDONLY);
    if (file < 0)
        return false;
    held = flock(file, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK;
    (void)close(file);
    return held;
}

struct avrspi_pwm_state avrspi_pwm_state(const char *root, const struct avrspi_pwm_place *place)
{
    struct avrspi_pwm_state state = {0};
    char path[PATH], whole[PATH_MAX];

    channel_path(place, "", path);
    (void)snprintf(whole, sizeof whole, "%s%s", root, path);
    state.exported = access(whole, F_OK) == 0;
    if (!state.exported)
        return state;
    state.enabled = read_value(root, place, "enable") != 0;
    state.period_ns = read_value(root, place, "period");
    state.high_ns = read_value(root, place, "duty_cycle");
    state.held = is_held(root, place);
    return state;
}

bool avrspi_pwm_is_clock(const struct avrspi_pwm_state *state)
{
    const int64_t off_half = 2 * (int64_t)state->high_ns - state->period_ns;

    return state->enabled && state->period_ns && off_half <= 0 && off_half >= -SLACK_NS &&
           state->period_ns <= NS_PER_S / AVRSPI_PWM_LEAST_HZ + 1;
}

/* --- writing */

/* Writes a number to a file of the kernel; errno tells what it said. */
static bool try_write(const char *root, const char *path, uint32_t value)
{
    const int file = open_file(root, path, O_WRONLY);
    char text[16];
    int length = snprintf(text, sizeof text, "%u", value), saved;
    bool done;

    if (file < 0)
        return false;
    done = write(file, text, (size_t)length) == length;
    saved = errno;
    (void)close(file);
    errno = saved;
    return done;
}

/* Raspberry Pi OS gives /sys/class/pwm to the group gpio by a rule of udev; others to nobody. */
static void hint_access(const char *root, const char *path, struct avrspi_error *error)
{
    char whole[PATH_MAX];
    struct stat status;

    (void)snprintf(whole, sizeof whole, "%s%s", root, path);
    if (stat(whole, &status) == 0 && status.st_gid != 0 && status.st_mode & S_IWGRP)
        avrspi_hint(error, "its group may write it, on Raspberry Pi OS 'gpio': sudo usermod -aG "
                           "gpio $USER, then log in again");
    else
        avrspi_hint(error,
                    "only root may write it: run avrspi with sudo, or let udev give it to a group "
                    "that you can join:\n"
                    "sudo groupadd -f gpio; sudo usermod -aG gpio $USER\n"
                    "echo 'SUBSYSTEM==\"pwm\", ACTION!=\"remove\", RUN+=\"/bin/chgrp -R gpio "
                    "/sys%%p\", RUN+=\"/bin/chmod -R g=u /sys%%p\"' | "
                    "sudo tee /etc/udev/rules.d/90-pwm.rules\n"
                    "then restart the computer");
}

static int fail_write(const char *root, const char *path, uint32_t value,
                      struct avrspi_error *error)
{
    const int why = errno;

    avrspi_fail_errno(error, AVRSPI_ERR_DEVICE, "can't write %u to '%s'", value, path);
    if (why == EACCES || why == EPERM)
        hint_access(root, path, error);
    else if (why == EROFS)
        avrspi_hint(error, "/sys is read-only here, as in a container: run avrspi outside of it");
    return AVRSPI_ERR_DEVICE;
}

static int write_value(const char *root, const struct avrspi_pwm_place *place, const char *file,
                       uint32_t value, struct avrspi_error *error)
{
    char path[PATH];

    channel_path(place, file, path);
    return try_write(root, path, value) ? 0 : fail_write(root, path, value, error);
}

/* --- export */

/* Drivers that take a PWM from a chip are linked to its device. */
static void hint_consumers(const char *root, const struct avrspi_pwm_place *place,
                           struct avrspi_error *error)
{
    char path[PATH], pattern[PATH_MAX];
    glob_t found;

    chip_path(place, "device/consumer:*", path);
    (void)snprintf(pattern, sizeof pattern, "%s%s", root, path);
    if (glob(pattern, 0, NULL, &found) != 0) {
        avrspi_hint(error, "as root, /sys/kernel/debug/pwm names the driver; another pin has "
                           "another channel (--xtal-pin)");
        return;
    }
    avrspi_hint(error,
                "'%s' of the device tree uses this PWM chip: take its overlay out, or use "
                "the other channel (--xtal-pin)",
                strrchr(found.gl_pathv[0], ':') + 1);
    globfree(&found);
}

static int export_channel(const char *root, const struct avrspi_pwm_place *place,
                          struct avrspi_error *error)
{
    char path[PATH];

    chip_path(place, "export", path);
    if (try_write(root, path, place->channel))
        return 0;
    if (errno != EBUSY)
        return fail_write(root, path, place->channel, error);
    avrspi_fail(error, AVRSPI_ERR_DEVICE, "PWM channel %u of %s is held by a driver of the kernel",
                place->channel, place->chip);
    hint_consumers(root, place, error);
    return AVRSPI_ERR_DEVICE;
}

static void unexport_channel(const char *root, const struct avrspi_pwm_place *place)
{
    char path[PATH];

    chip_path(place, "unexport", path);
    (void)try_write(root, path, place->channel);
}

/* Opens and locks the channel. Its files are root's until udev was there. */
static int lock_channel(struct avrspi_pwm *pwm, struct avrspi_error *error)
{
    const uint64_t last = avrspi_clock_now() + UDEV_NS;
    char path[PATH];

    channel_path(&pwm->place, "enable", path);
    while ((pwm->lock = open_file(pwm->root, path, O_RDWR)) < 0 && errno == EACCES &&
           !pwm->before.exported && avrspi_clock_now() < last)
        avrspi_clock_sleep_until(avrspi_clock_now() + RETRY_NS);
    if (pwm->lock < 0) {
        const int why = errno;

        avrspi_fail_errno(error, AVRSPI_ERR_DEVICE, "can't open '%s'", path);
        if (why == EACCES)
            hint_access(pwm->root, path, error);
        return AVRSPI_ERR_DEVICE;
    }
    if (flock(pwm->lock, LOCK_EX | LOCK_NB) == 0)
        return 0;
    avrspi_fail(error, AVRSPI_ERR_DEVICE, "the clock at %s is run by another avrspi",
                pwm->place.name);
    avrspi_hint(error, "wait for it, or end it: where 'avrspi clock' runs, by Ctrl-C");
    return AVRSPI_ERR_DEVICE;
}

/* --- starting */

/* What another program has set up there may move a servo. */
static int check_free(const struct avrspi_pwm *pwm, bool force, struct avrspi_error *error)
{
    const struct avrspi_pwm_state *before = &pwm->before;

    if (force || !before->enabled || avrspi_pwm_is_clock(before))
        return 0;
    avrspi_fail(error, AVRSPI_ERR_DEVICE,
                "PWM channel %u of %s is in use: another program has set it to %u ns of %u ns",
                pwm->place.channel, pwm->place.chip, before->high_ns, before->period_ns);
    avrspi_hint(error,
                "sysfs does not tell which; end it, or: echo %u | sudo tee "
                "/sys/class/pwm/%s/unexport; --force takes the channel as it is",
                pwm->place.channel, pwm->place.chip);
    return AVRSPI_ERR_DEVICE;
}

/* The kernel refuses a period below the duty cycle, and a duty cycle above the period. */
static int set_wave(const char *root, const struct avrspi_pwm_place *place, uint32_t period_ns,
                    uint32_t high_ns, bool on, struct avrspi_error *error)
{
    int result = 0;

    if (read_value(root, place, "enable"))
        result = write_value(root, place, "enable", 0, error);
    if (result == 0 && read_value(root, place, "duty_cycle"))
        result = write_value(root, place, "duty_cycle", 0, error);
    if (result == 0)
        result = write_value(root, place, "period", period_ns, error);
    if (result == 0)
        result = write_value(root, place, "duty_cycle", high_ns, error);
    if (result == 0 && on)
        result = write_value(root, place, "enable", 1, error);
    return result;
}

static int begin(struct avrspi_pwm *pwm, const struct avrspi_pwm_rate *rate,
                 struct avrspi_error *error)
{
    int result = set_wave(pwm->root, &pwm->place, rate->period_ns, rate->high_ns, true, error);

    if (result == 0 || !error || (error->sys_errno != EINVAL && error->sys_errno != ERANGE))
        return result;
    avrspi_fail(error, AVRSPI_ERR_DEVICE, "'%s' refuses a period of %u ns",
                *pwm->place.device ? pwm->place.device : pwm->place.chip, rate->period_ns);
    avrspi_hint(error, "its counter can't make %u Hz; a slower clock has a longer period: 1M",
                rate->wanted_hz);
    return AVRSPI_ERR_DEVICE;
}

/* Whoever exported the channel before finds it as it was. */
static int restore(const struct avrspi_pwm *pwm, struct avrspi_error *error)
{
    const struct avrspi_pwm_state *before = &pwm->before;
    int result;

    if (before->exported && before->period_ns)
        return set_wave(pwm->root, &pwm->place, before->period_ns, before->high_ns, before->enabled,
                        error);
    result = write_value(pwm->root, &pwm->place, "enable", 0, error);
    if (!before->exported)
        unexport_channel(pwm->root, &pwm->place);
    return result;
}

static bool is_same(const struct avrspi_pwm_state *state, const struct avrspi_pwm_rate *rate)
{
    return state->enabled && state->period_ns == rate->period_ns && state->high_ns == rate->high_ns;
}

static void free_pwm(struct avrspi_pwm *pwm)
{
    if (pwm->lock >= 0)
        (void)close(pwm->lock);
    free(pwm);
}

int avrspi_pwm_start(struct avrspi_pwm **started, const char *root,
                     const struct avrspi_pwm_place *place, const struct avrspi_pwm_rate *rate,
                     bool force, struct avrspi_error *error)
{
    struct avrspi_pwm *pwm = calloc(1, sizeof *pwm);
    int result = 0;

    if (!pwm)
        return avrspi_fail_memory(error);
    *pwm = (struct avrspi_pwm){.root = root, .place = *place, .lock = -1};
    pwm->before = avrspi_pwm_state(root, place);
    if (!pwm->before.exported)
        result = export_channel(root, place, error);
    if (result < 0)
        goto free_it;
    result = lock_channel(pwm, error);
    if (result == 0)
        result = check_free(pwm, force, error);
    if (result < 0)
        goto give_back;
    if (!is_same(&pwm->before, rate))
        result = begin(pwm, rate, error);
    if (result < 0)
        goto undo;
    *started = pwm;
    return 0;
undo:
    (void)restore(pwm, NULL);
    goto free_it;
give_back:
    if (!pwm->before.exported)
        unexport_channel(root, place);
free_it:
    free_pwm(pwm);
    return result;
}

/* --- ending */

int avrspi_pwm_stop(struct avrspi_pwm *pwm, struct avrspi_error *error)
{
    int result;

    if (!pwm)
        return 0;
    result = restore(pwm, error);
    free_pwm(pwm);
    return result;
}

void avrspi_pwm_keep(struct avrspi_pwm *pwm)
{
    if (pwm)
        free_pwm(pwm);
}

int avrspi_pwm_off(const char *root, const struct avrspi_pwm_place *place,
                   struct avrspi_error *error)
{
    struct avrspi_pwm pwm = {.root = root, .place = *place, .lock = -1};
    int result;

    pwm.before = avrspi_pwm_state(root, place);
    if (!pwm.before.exported)
        return 0;
    result = lock_channel(&pwm, error);
    if (result == 0)
        result = write_value(root, place, "enable", 0, error);
    if (pwm.lock >= 0)
        (void)close(pwm.lock);
    if (result == 0)
        unexport_channel(root, place);
    return result;
}
