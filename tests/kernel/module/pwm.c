/* SPDX-License-Identifier: MIT */
/* A PWM with two channels, as drivers/pwm/pwm-bcm2835.c has them: it counts 50 MHz. Nothing is
 * wired to its pins. */
#include "target.h"

#include <linux/err.h>
#include <linux/module.h>
#include <linux/pwm.h>
#include <linux/version.h>

enum {
    CHANNELS = 2,
    CYCLE_NS = 20,
    LEAST_CYCLES = 2,
};

static u64 period_ns[CHANNELS]; /* 0: off */

static int apply(struct pwm_chip *chip, struct pwm_device *pwm, const struct pwm_state *state)
{
    const u64 cycles = div_u64(state->period + CYCLE_NS / 2, CYCLE_NS);

    if (state->polarity != PWM_POLARITY_NORMAL || cycles < LEAST_CYCLES || cycles > U32_MAX)
        return -EINVAL;
    period_ns[pwm->hwpwm] = state->enabled ? cycles * CYCLE_NS : 0;
    return 0;
}

static const struct pwm_ops operations = {
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
    .owner = THIS_MODULE,
#endif
    .apply = apply,
};

u32 target_pwm_hz(void)
{
    return period_ns[0] ? (u32)div64_u64(NSEC_PER_SEC, period_ns[0]) : 0;
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)

static struct pwm_chip pwm_chip = {
    .ops = &operations,
    .npwm = CHANNELS,
};

int target_pwm_init(struct device *parent)
{
    pwm_chip.dev = parent;
    return pwmchip_add(&pwm_chip);
}

void target_pwm_exit(void)
{
    pwmchip_remove(&pwm_chip);
}

#else

static struct pwm_chip *pwm_chip;

int target_pwm_init(struct device *parent)
{
    int error;

    pwm_chip = pwmchip_alloc(parent, CHANNELS, 0);
    if (IS_ERR(pwm_chip))
        return PTR_ERR(pwm_chip);
    pwm_chip->ops = &operations;
    error = pwmchip_add(pwm_chip);
    if (error)
        pwmchip_put(pwm_chip);
    return error;
}

void target_pwm_exit(void)
{
    pwmchip_remove(pwm_chip);
    pwmchip_put(pwm_chip);
}

#endif
