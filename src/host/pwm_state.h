/* SPDX-License-Identifier: MIT */
/* What the kernel's files say of a PWM channel. */
#ifndef AVRSPI_SRC_HOST_PWM_STATE_H
#define AVRSPI_SRC_HOST_PWM_STATE_H

#include "host/pwm.h"

struct avrspi_pwm_state {
    bool exported; /* it has files; without them nothing of the rest is known */
    bool enabled;
    bool held; /* a process runs it as a clock */
    uint32_t period_ns, high_ns;
};

struct avrspi_pwm_state avrspi_pwm_state(const char *root, const struct avrspi_pwm_place *place);

/* Whether it runs as a clock: high for half of a short period. */
bool avrspi_pwm_is_clock(const struct avrspi_pwm_state *state);

#endif
