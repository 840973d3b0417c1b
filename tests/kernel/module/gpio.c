/* SPDX-License-Identifier: MIT */
/* The lines of a Raspberry Pi 4, as drivers/pinctrl/bcm/pinctrl-bcm2835.c has them. */
#include "target.h"

#include <linux/err.h>
#include <linux/gpio/consumer.h>
#include <linux/gpio/driver.h>
#include <linux/gpio/machine.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pinctrl/pinconf-generic.h>
#include <linux/version.h>

enum {
    LINES = 58,
    RESET = 25,
    SCK = 11, /* lines of the SPI controller, which any program may move here */
    MOSI = 10,
    MISO = 9,
    CE1 = 7,
    CE0 = 8,
    LAST_PULLED_UP = 8, /* after power-up; the others pull down */
};

enum pull {
    PULL_OFF,
    PULL_UP,
    PULL_DOWN,
};

struct line {
    bool output;
    bool value;
    enum pull pull;
};

static DEFINE_MUTEX(lock);
static struct line lines[LINES];
static bool keep_level;
static char names[LINES][8];
static const char *name_list[LINES];
static struct gpio_desc *chip_select[2];

/* RESET has the pull-up of the AVR, which wins. */
static bool level(unsigned offset)
{
    const struct line *line = &lines[offset];

    bool high;

    if (offset == MISO && !line->output && target_drives_miso(&high))
        return high;
    return line->output ? line->value : offset == RESET || line->pull == PULL_UP;
}

/* The level at RESET, or at SCK and MOSI, after a change of a line. */
static void changed(unsigned offset)
{
    if (offset == RESET)
        target_set_reset(!level(offset));
    else if (offset == SCK || offset == MOSI)
        target_set_pins(level(SCK), level(MOSI));
}

static int line_get_direction(struct gpio_chip *chip, unsigned offset)
{
    return lines[offset].output ? GPIO_LINE_DIRECTION_OUT : GPIO_LINE_DIRECTION_IN;
}

static int line_get(struct gpio_chip *chip, unsigned offset)
{
    return level(offset);
}

static void set_line(unsigned offset, bool output, bool value)
{
    mutex_lock(&lock);
    lines[offset].output = output;
    lines[offset].value = value;
    changed(offset);
    mutex_unlock(&lock);
}

static int line_direction_input(struct gpio_chip *chip, unsigned offset)
{
    set_line(offset, false, lines[offset].value);
    return 0;
}

static int line_direction_output(struct gpio_chip *chip, unsigned offset, int value)
{
    set_line(offset, true, value);
    return 0;
}

static void set_value(unsigned offset, bool value)
{
    set_line(offset, lines[offset].output, value);
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 17, 0)
static int line_set(struct gpio_chip *chip, unsigned offset, int value)
{
    set_value(offset, value);
    return 0;
}
#else
static void line_set(struct gpio_chip *chip, unsigned offset, int value)
{
    set_value(offset, value);
}
#endif

/* A line that is given back becomes an input: bcm2835_pmx_free(). */
static void line_free(struct gpio_chip *chip, unsigned offset)
{
    if (offset == RESET && !level(offset))
        target_count_let_go();
    if (!keep_level)
        (void)line_direction_input(chip, offset);
}

/* An open drain this hardware has not: gpiolib makes one out of input and output. */
static int line_set_config(struct gpio_chip *chip, unsigned offset, unsigned long config)
{
    enum pull pull;

    switch (pinconf_to_config_param(config)) {
    case PIN_CONFIG_BIAS_PULL_UP:
        pull = PULL_UP;
        break;
    case PIN_CONFIG_BIAS_PULL_DOWN:
        pull = PULL_DOWN;
        break;
    case PIN_CONFIG_BIAS_DISABLE:
        pull = PULL_OFF;
        break;
    default:
        return -ENOTSUPP;
    }
    mutex_lock(&lock);
    lines[offset].pull = pull;
    changed(offset);
    mutex_unlock(&lock);
    return 0;
}

static struct gpio_chip chip = {
    .label = "pinctrl-bcm2711",
    .owner = THIS_MODULE,
    .base = -1,
    .ngpio = LINES,
    .names = name_list,
    .can_sleep = true, /* the simulation is behind a mutex */
    .get_direction = line_get_direction,
    .direction_input = line_direction_input,
    .direction_output = line_direction_output,
    .get = line_get,
    .set = line_set,
    .free = line_free,
    .set_config = line_set_config,
};

static void pull_as_after_power_up(void)
{
    for (unsigned n = 0; n < LINES; n++)
        lines[n].pull = n <= LAST_PULLED_UP ? PULL_UP : PULL_DOWN;
}

void target_gpio_choose(const struct target_words *words)
{
    mutex_lock(&lock);
    keep_level = words->keep_level;
    lines[RESET].output = false; /* whatever the run before has left */
    pull_as_after_power_up();
    mutex_unlock(&lock);
}

bool target_gpio_reset_is_low(void)
{
    return !level(RESET);
}

const char *target_gpio_reset_pull(void)
{
    static const char *const pulls[] = {
        [PULL_OFF] = "off",
        [PULL_UP] = "up",
        [PULL_DOWN] = "down",
    };

    return pulls[lines[RESET].pull];
}

/* Chip select is a GPIO line that the SPI driver holds. */
static int request_chip_selects(void)
{
    static const unsigned offsets[] = {CE0, CE1};
    static const char *const labels[] = {"spi0 CS0", "spi0 CS1"};

    for (unsigned n = 0; n < ARRAY_SIZE(offsets); n++) {
        chip_select[n] =
            gpiochip_request_own_desc(&chip, offsets[n], labels[n], GPIO_ACTIVE_LOW, GPIOD_OUT_LOW);
        if (IS_ERR(chip_select[n]))
            return PTR_ERR(chip_select[n]);
    }
    return 0;
}

int target_gpio_init(struct device *parent)
{
    int error;

    for (unsigned n = 0; n < LINES; n++) {
        (void)snprintf(names[n], sizeof names[n], "GPIO%u", n);
        name_list[n] = names[n];
    }
    pull_as_after_power_up();
    chip.parent = parent;
    error = gpiochip_add_data(&chip, NULL);
    if (error)
        return error;
    error = request_chip_selects();
    if (error)
        gpiochip_remove(&chip);
    return error;
}

void target_gpio_exit(void)
{
    for (unsigned n = 0; n < ARRAY_SIZE(chip_select); n++)
        gpiochip_free_own_desc(chip_select[n]);
    gpiochip_remove(&chip);
}
