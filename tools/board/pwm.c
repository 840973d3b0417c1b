/* SPDX-License-Identifier: MIT */
/*
 * The PWM of the header, as the kernel's drivers/pwm/sysfs.c has it: two channels, whose files are
 * there once they are exported. GPIO18, the pin of the first, is wired to XTAL1 of the first chip.
 */
#include "board.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "avrspi/chip.h"

enum {
    LEAST_NS = 40, /* two cycles of 50 MHz */
};

struct channel {
    bool exported, enabled;
    uint32_t period_ns, high_ns;
};

struct pwm {
    struct tree *tree;
    struct wires *wires;
    struct trace *trace;
    struct channel channel[MODEL_PWMS];
};

struct pwm *pwm_open(struct tree *tree, struct wires *wires, struct trace *trace)
{
    struct pwm *pwm = calloc(1, sizeof *pwm);

    if (pwm)
        *pwm = (struct pwm){.tree = tree, .wires = wires, .trace = trace};
    return pwm;
}

void pwm_close(struct pwm *pwm)
{
    free(pwm);
}

uint32_t pwm_hz(const struct pwm *pwm)
{
    const struct channel *channel = &pwm->channel[0];

    return channel->enabled && channel->period_ns ? NS_PER_S / channel->period_ns : 0;
}

bool pwm_exported(const struct pwm *pwm)
{
    return pwm->channel[0].exported;
}

/* --- the files of a channel */

static void show_number(struct pwm *pwm, unsigned n, const char *file, uint32_t value)
{
    char path[128], text[16];

    (void)snprintf(path, sizeof path, MODEL_PWM_FOLDER "/pwm%u/%s", n, file);
    (void)snprintf(text, sizeof text, "%u\n", value);
    tree_write(pwm->tree, path, text);
}

static void show(struct pwm *pwm, unsigned n)
{
    const struct channel *channel = &pwm->channel[n];

    show_number(pwm, n, "period", channel->period_ns);
    show_number(pwm, n, "duty_cycle", channel->high_ns);
    show_number(pwm, n, "enable", channel->enabled);
    wires_clock(pwm->wires, pwm_hz(pwm));
}

static int64_t export(struct pwm *pwm, uint32_t n, bool wanted)
{
    char path[128];

    if (n >= MODEL_PWMS)
        return -ENODEV;
    if (pwm->channel[n].exported == wanted)
        return wanted ? -EBUSY : -ENODEV;
    pwm->channel[n] = (struct channel){.exported = wanted};
    (void)snprintf(path, sizeof path, MODEL_PWM_FOLDER "/pwm%u", n);
    if (!wanted)
        show(pwm, n);
    tree_show(pwm->tree, path, wanted);
    if (wanted)
        show(pwm, n);
    return 0;
}

/* --- writing */

static int64_t set(struct pwm *pwm, unsigned n, const char *file, uint32_t value)
{
    struct channel wanted = pwm->channel[n];

    if (strcmp(file, "period") == 0)
        wanted.period_ns = value;
    else if (strcmp(file, "duty_cycle") == 0)
        wanted.high_ns = value;
    else if (value > 1)
        return -EINVAL;
    else
        wanted.enabled = value;
    if (!wanted.period_ns || wanted.high_ns > wanted.period_ns || wanted.period_ns < LEAST_NS)
        return -EINVAL;
    pwm->channel[n] = wanted;
    show(pwm, n);
    return 0;
}

static int64_t take(struct pwm *pwm, const char *file, uint32_t value)
{
    unsigned n;
    char name[16];

    if (strcmp(file, "export") == 0)
        return export(pwm, value, true);
    if (strcmp(file, "unexport") == 0)
        return export(pwm, value, false);
    if (sscanf(file, "pwm%u/%15s", &n, name) != 2)
        return -EIO;
    return set(pwm, n, name, value);
}

int64_t pwm_write(struct pwm *pwm, const struct call *call, const struct node *node)
{
    const char *file = node->path + sizeof MODEL_PWM_FOLDER;
    const size_t size = (size_t)call->arg[2];
    char text[16] = "", *end;
    unsigned long value;
    int64_t result;

    if (size == 0 || size >= sizeof text || !memory_read(call, call->arg[1], text, size))
        return -EINVAL;
    value = strtoul(text, &end, 10);
    if (end == text || (*end && *end != '\n') || value > UINT32_MAX)
        return -EINVAL;
    result = take(pwm, file, (uint32_t)value);
    trace_call(pwm->trace, call, result, "pwm %s %lu", file, value);
    return result < 0 ? result : (int64_t)size;
}
