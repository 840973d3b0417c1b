/* SPDX-License-Identifier: MIT */
/* The first interface to GPIO lines: translated to the second. */
#include "gpio_abi.h"

#include <errno.h>
#include <string.h>

/* Since Linux 5.5 there are flags of bias. */
#define FIRST_FLAGS                                                                                \
    (GPIOHANDLE_REQUEST_INPUT | GPIOHANDLE_REQUEST_OUTPUT | GPIOHANDLE_REQUEST_ACTIVE_LOW |        \
     GPIOHANDLE_REQUEST_OPEN_DRAIN | GPIOHANDLE_REQUEST_OPEN_SOURCE)
#define HANDLE_FLAGS                                                                               \
    (FIRST_FLAGS | GPIOHANDLE_REQUEST_BIAS_PULL_UP | GPIOHANDLE_REQUEST_BIAS_PULL_DOWN |           \
     GPIOHANDLE_REQUEST_BIAS_DISABLE)

struct pair {
    uint32_t v1;
    uint64_t v2;
};

static const struct pair request_flags[] = {
    {GPIOHANDLE_REQUEST_INPUT, GPIO_V2_LINE_FLAG_INPUT},
    {GPIOHANDLE_REQUEST_OUTPUT, GPIO_V2_LINE_FLAG_OUTPUT},
    {GPIOHANDLE_REQUEST_ACTIVE_LOW, GPIO_V2_LINE_FLAG_ACTIVE_LOW},
    {GPIOHANDLE_REQUEST_OPEN_DRAIN, GPIO_V2_LINE_FLAG_OPEN_DRAIN},
    {GPIOHANDLE_REQUEST_OPEN_SOURCE, GPIO_V2_LINE_FLAG_OPEN_SOURCE},
    {GPIOHANDLE_REQUEST_BIAS_PULL_UP, GPIO_V2_LINE_FLAG_BIAS_PULL_UP},
    {GPIOHANDLE_REQUEST_BIAS_PULL_DOWN, GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN},
    {GPIOHANDLE_REQUEST_BIAS_DISABLE, GPIO_V2_LINE_FLAG_BIAS_DISABLED},
};

static const struct pair info_flags[] = {
    {GPIOLINE_FLAG_KERNEL, GPIO_V2_LINE_FLAG_USED},
    {GPIOLINE_FLAG_IS_OUT, GPIO_V2_LINE_FLAG_OUTPUT},
    {GPIOLINE_FLAG_ACTIVE_LOW, GPIO_V2_LINE_FLAG_ACTIVE_LOW},
    {GPIOLINE_FLAG_OPEN_DRAIN, GPIO_V2_LINE_FLAG_OPEN_DRAIN},
    {GPIOLINE_FLAG_OPEN_SOURCE, GPIO_V2_LINE_FLAG_OPEN_SOURCE},
    {GPIOLINE_FLAG_BIAS_PULL_UP, GPIO_V2_LINE_FLAG_BIAS_PULL_UP},
    {GPIOLINE_FLAG_BIAS_PULL_DOWN, GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN},
    {GPIOLINE_FLAG_BIAS_DISABLE, GPIO_V2_LINE_FLAG_BIAS_DISABLED},
};

/* The flags of version 2 that a request means, or 0 with *error set. */
static uint64_t translate(const struct gpio *gpio, uint32_t flags, int *error)
{
    uint32_t known = gpio->options->kernel->first_interface_only ? FIRST_FLAGS : HANDLE_FLAGS;
    uint64_t result = 0;

    for (size_t n = 0; n < sizeof request_flags / sizeof *request_flags; n++) {
        if (flags & request_flags[n].v1)
            result |= request_flags[n].v2;
    }
    *error = flags & ~known ? -EINVAL : gpio_check_flags(result);
    return result;
}

int64_t gpio_v1_line_info(struct gpio *gpio, const struct call *call)
{
    struct gpioline_info info;
    const struct line *line;
    uint32_t offset;

    if (!memory_read(call, call->arg[2], &info, sizeof info))
        return -EFAULT;
    offset = info.line_offset;
    if (offset >= gpio->model->n_lines)
        return -EINVAL;
    line = &gpio->line[offset];
    memset(&info, 0, sizeof info);
    info.line_offset = offset;
    for (size_t n = 0; n < sizeof info_flags / sizeof *info_flags; n++) {
        if (line->flags & info_flags[n].v2)
            info.flags |= info_flags[n].v1;
    }
    (void)strncpy(info.name, line->name, sizeof info.name - 1);
    memcpy(info.consumer, line->consumer, sizeof info.consumer);
    return memory_write(call, call->arg[2], &info, sizeof info) ? 0 : -EFAULT;
}

int64_t gpio_v1_request(struct gpio *gpio, const struct call *call)
{
    struct wanted wanted = {.lines.kind = LINES_V1};
    struct gpiohandle_request request;
    int64_t result;
    uint64_t flags;
    int error;

    if (!memory_read(call, call->arg[2], &request, sizeof request))
        return -EFAULT;
    if (request.lines == 0 || request.lines > GPIOHANDLES_MAX)
        return -EINVAL;
    flags = translate(gpio, request.flags, &error);
    if (error)
        return error;
    wanted.lines.n = request.lines;
    for (unsigned n = 0; n < request.lines; n++) {
        wanted.lines.offset[n] = request.lineoffsets[n];
        wanted.flags[n] = flags;
        wanted.value[n] = request.default_values[n];
    }
    gpio_name_consumer(&wanted, request.consumer_label);
    result = gpio_grant(gpio, call, &wanted, &request.fd);
    if (result == 0 && !memory_write(call, call->arg[2], &request, sizeof request))
        return -EFAULT;
    return result;
}

/* An event never comes: the lines of the board move only by who holds them. */
int64_t gpio_v1_request_event(struct gpio *gpio, const struct call *call)
{
    struct wanted wanted = {.lines = {.kind = LINES_V1_EVENT, .n = 1}};
    struct gpioevent_request request;
    int64_t result;
    int error;

    if (!memory_read(call, call->arg[2], &request, sizeof request))
        return -EFAULT;
    if (request.handleflags & GPIOHANDLE_REQUEST_OUTPUT ||
        request.eventflags & ~(uint32_t)GPIOEVENT_REQUEST_BOTH_EDGES)
        return -EINVAL;
    wanted.lines.offset[0] = request.lineoffset;
    wanted.flags[0] = translate(gpio, request.handleflags | GPIOHANDLE_REQUEST_INPUT, &error);
    if (error)
        return error;
    gpio_name_consumer(&wanted, request.consumer_label);
    result = gpio_grant(gpio, call, &wanted, &request.fd);
    if (result == 0 && !memory_write(call, call->arg[2], &request, sizeof request))
        return -EFAULT;
    return result;
}

static int64_t get_values(struct gpio *gpio, const struct call *call, const struct lines *lines)
{
    struct gpiohandle_data data;

    memset(&data, 0, sizeof data);
    for (unsigned n = 0; n < lines->n; n++)
        data.values[n] = gpio_get(gpio, lines->offset[n]);
    gpio_note_values(gpio, call, lines, "get");
    return memory_write(call, call->arg[2], &data, sizeof data) ? 0 : -EFAULT;
}

static int64_t set_values(struct gpio *gpio, const struct call *call, const struct lines *lines)
{
    struct gpiohandle_data data;

    if (!(gpio->line[lines->offset[0]].flags & GPIO_V2_LINE_FLAG_OUTPUT))
        return -EPERM;
    if (!memory_read(call, call->arg[2], &data, sizeof data))
        return -EFAULT;
    for (unsigned n = 0; n < lines->n; n++)
        gpio_set(gpio, lines->offset[n], data.values[n]);
    gpio_note_values(gpio, call, lines, "set");
    return 0;
}

static int64_t set_config(struct gpio *gpio, const struct call *call, const struct lines *lines)
{
    struct gpiohandle_config config;
    uint64_t flags;
    int error;

    if (gpio->options->kernel->first_interface_only)
        return -EINVAL; /* since Linux 5.5 */
    if (!memory_read(call, call->arg[2], &config, sizeof config))
        return -EFAULT;
    flags = translate(gpio, config.flags, &error);
    if (error)
        return error;
    if (!(flags & (GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_OUTPUT)))
        return -EINVAL; /* unlike a request, which may leave the direction as it is */
    for (unsigned n = 0; n < lines->n; n++)
        gpio_configure(gpio, lines, n, flags, config.default_values[n]);
    gpio_note_values(gpio, call, lines, "configure");
    return 0;
}

int64_t gpio_v1_lines_ioctl(struct gpio *gpio, const struct call *call, const struct lines *lines)
{
    switch ((uint32_t)call->arg[1]) {
    case GPIOHANDLE_GET_LINE_VALUES_IOCTL:
        return get_values(gpio, call, lines);
    case GPIOHANDLE_SET_LINE_VALUES_IOCTL:
        return lines->kind == LINES_V1 ? set_values(gpio, call, lines) : -EINVAL;
    case GPIOHANDLE_SET_CONFIG_IOCTL:
        return lines->kind == LINES_V1 ? set_config(gpio, call, lines) : -EINVAL;
    default:
        return -EINVAL;
    }
}
