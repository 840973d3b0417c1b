/* SPDX-License-Identifier: MIT */
/* The ioctls of a GPIO chip: what both interfaces have in common. */
#include "gpio_abi.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define EDGE_FLAGS  (GPIO_V2_LINE_FLAG_EDGE_RISING | GPIO_V2_LINE_FLAG_EDGE_FALLING)
#define DRIVE_FLAGS (GPIO_V2_LINE_FLAG_OPEN_DRAIN | GPIO_V2_LINE_FLAG_OPEN_SOURCE)
#define BIAS_FLAGS                                                                                 \
    (GPIO_V2_LINE_FLAG_BIAS_PULL_UP | GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN |                           \
     GPIO_V2_LINE_FLAG_BIAS_DISABLED)
#define DIRECTION_FLAGS (GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_OUTPUT)
#define KNOWN_FLAGS                                                                                \
    (GPIO_V2_LINE_FLAG_ACTIVE_LOW | DIRECTION_FLAGS | DRIVE_FLAGS | EDGE_FLAGS | BIAS_FLAGS |      \
     GPIO_V2_LINE_FLAG_EVENT_CLOCK_REALTIME)

static bool more_than_one(uint64_t flags)
{
    return (flags & (flags - 1)) != 0;
}

/* Events stamped by a hardware timestamp engine, which a Pi does not have; newer headers name it.
 */
#define EVENT_CLOCK_HTE (UINT64_C(1) << 12)

int gpio_check_flags(uint64_t flags)
{
    if (flags & EVENT_CLOCK_HTE)
        return -EOPNOTSUPP;
    if (flags & ~(uint64_t)KNOWN_FLAGS)
        return -EINVAL;
    if (more_than_one(flags & DIRECTION_FLAGS) || more_than_one(flags & DRIVE_FLAGS) ||
        more_than_one(flags & BIAS_FLAGS))
        return -EINVAL;
    if (flags & EDGE_FLAGS && !(flags & GPIO_V2_LINE_FLAG_INPUT))
        return -EINVAL;
    if (flags & DRIVE_FLAGS && !(flags & GPIO_V2_LINE_FLAG_OUTPUT))
        return -EINVAL;
    if (flags & BIAS_FLAGS && !(flags & DIRECTION_FLAGS))
        return -EINVAL;
    return 0;
}

void gpio_name_consumer(struct wanted *wanted, const char consumer[GPIO_MAX_NAME_SIZE])
{
    memcpy(wanted->consumer, consumer, sizeof wanted->consumer);
    wanted->consumer[sizeof wanted->consumer - 1] = '\0';
    if (wanted->consumer[0] == '\0')
        wanted->consumer[0] = '?';
}

/* The lines as "GPIO25=0,GPIO24=1 (input)"; one that the chip does not have by its offset alone. */
static void list_lines(const struct gpio *gpio, const struct lines *lines, char *text, size_t size)
{
    size_t length = 0;

    *text = '\0';
    for (unsigned n = 0; n < lines->n && length + 1 < size; n++) {
        unsigned offset = lines->offset[n];

        if (offset >= gpio->model->n_lines) {
            length += (size_t)snprintf(text + length, size - length, "%s%u", n ? "," : "", offset);
        } else {
            length += (size_t)snprintf(
                text + length, size - length, "%s%s=%d%s", n ? "," : "", gpio->line[offset].name,
                gpio_get(gpio, offset),
                gpio->line[offset].flags & GPIO_V2_LINE_FLAG_OUTPUT ? "" : " (input)");
        }
    }
}

void gpio_note_values(struct gpio *gpio, const struct call *call, const struct lines *lines,
                      const char *what)
{
    char text[512];

    if (!trace_wanted(gpio->trace))
        return;
    list_lines(gpio, lines, text, sizeof text);
    trace_call(gpio->trace, call, 0, "%s %s", what, text);
}

int64_t gpio_grant(struct gpio *gpio, const struct call *call, const struct wanted *wanted,
                   int32_t *fd)
{
    struct object *object;
    char text[512];
    int own = gpio_request(gpio, wanted, &object), there = own;

    if (own >= 0) {
        there = call_give(call, own);
        /* where the program got none the last copy goes here, and the lines with it */
        (void)close(own);
        *fd = there;
    }
    if (trace_wanted(gpio->trace)) {
        list_lines(gpio, &wanted->lines, text, sizeof text);
        trace_call(gpio->trace, call, there < 0 ? there : 0, "request v%d %s for %s",
                   wanted->lines.kind == LINES_V2 ? 2 : 1, text, wanted->consumer);
    }
    return there < 0 ? there : 0;
}

static int64_t chip_info(const struct gpio *gpio, const struct call *call)
{
    struct gpiochip_info info = {.lines = gpio->model->n_lines};

    (void)snprintf(info.name, sizeof info.name, "gpiochip%u", gpio->number);
    (void)snprintf(info.label, sizeof info.label, "%s", gpio->model->label);
    return memory_write(call, call->arg[2], &info, sizeof info) ? 0 : -EFAULT;
}

/* Since Linux 5.10. */
static int64_t second_interface(struct gpio *gpio, const struct call *call)
{
    if (gpio->options->kernel->first_interface_only)
        return -EINVAL;
    switch ((uint32_t)call->arg[1]) {
    case GPIO_V2_GET_LINEINFO_IOCTL:
        return gpio_v2_line_info(gpio, call);
    case GPIO_V2_GET_LINE_IOCTL:
        return gpio_v2_request(gpio, call);
    default: /* watching lines, too: nothing here needs it */
        return -EINVAL;
    }
}

int64_t gpio_chip_ioctl(struct gpio *gpio, struct call *call)
{
    trace_count_gpio(gpio->trace);
    wires_catch_up(gpio->wires);
    switch ((uint32_t)call->arg[1]) {
    case GPIO_GET_CHIPINFO_IOCTL:
        return chip_info(gpio, call);
    case GPIO_GET_LINEINFO_IOCTL:
        return gpio_v1_line_info(gpio, call);
    case GPIO_GET_LINEHANDLE_IOCTL:
        return gpio_v1_request(gpio, call);
    case GPIO_GET_LINEEVENT_IOCTL:
        return gpio_v1_request_event(gpio, call);
    default:
        return second_interface(gpio, call);
    }
}

static bool is_interrupted(struct gpio *gpio)
{
    if (gpio->options->interrupts == 0 || ++gpio->calls < gpio->options->interrupts)
        return false;
    gpio->calls = 0;
    return true;
}

int64_t gpio_lines_ioctl(struct gpio *gpio, struct call *call, struct object *object)
{
    const struct lines *lines = object->data;

    trace_count_gpio(gpio->trace);
    wires_catch_up(gpio->wires);
    if (is_interrupted(gpio))
        return -EINTR;
    if (lines->kind == LINES_V2)
        return gpio_v2_lines_ioctl(gpio, call, lines);
    return gpio_v1_lines_ioctl(gpio, call, lines);
}
