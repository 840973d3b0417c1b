/* SPDX-License-Identifier: MIT */
/* The second interface to GPIO lines. */
#include "gpio_abi.h"

#include <errno.h>
#include <string.h>

int64_t gpio_v2_line_info(struct gpio *gpio, const struct call *call)
{
    struct gpio_v2_line_info info;
    const struct line *line;
    uint32_t offset;

    if (!memory_read(call, call->arg[2], &info, sizeof info))
        return -EFAULT;
    offset = info.offset;
    for (size_t n = 0; n < sizeof info.padding / sizeof *info.padding; n++) {
        if (info.padding[n])
            return -EINVAL;
    }
    if (offset >= gpio->model->n_lines)
        return -EINVAL;
    line = &gpio->line[offset];
    memset(&info, 0, sizeof info);
    info.offset = offset;
    info.flags = line->flags;
    (void)strncpy(info.name, line->name, sizeof info.name - 1);
    memcpy(info.consumer, line->consumer, sizeof info.consumer);
    return memory_write(call, call->arg[2], &info, sizeof info) ? 0 : -EFAULT;
}

/* The attribute of that kind that concerns line 'n' of a request, or NULL. */
static const struct gpio_v2_line_attribute *attribute(const struct gpio_v2_line_config *config,
                                                      unsigned n, uint32_t id)
{
    for (unsigned i = 0; i < config->num_attrs; i++) {
        if (config->attrs[i].attr.id == id && config->attrs[i].mask & UINT64_C(1) << n)
            return &config->attrs[i].attr;
    }
    return NULL;
}

static uint64_t flags_of(const struct gpio_v2_line_config *config, unsigned n)
{
    const struct gpio_v2_line_attribute *own = attribute(config, n, GPIO_V2_LINE_ATTR_ID_FLAGS);

    return own ? own->flags : config->flags;
}

static bool value_of(const struct gpio_v2_line_config *config, unsigned n)
{
    const struct gpio_v2_line_attribute *values =
        attribute(config, n, GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES);

    return values && values->values & UINT64_C(1) << n;
}

static int check_config(const struct gpio_v2_line_config *config, unsigned n_lines)
{
    if (config->num_attrs > GPIO_V2_LINE_NUM_ATTRS_MAX)
        return -EINVAL;
    for (size_t n = 0; n < sizeof config->padding / sizeof *config->padding; n++) {
        if (config->padding[n])
            return -EINVAL;
    }
    for (unsigned n = 0; n < n_lines; n++) {
        uint64_t flags = flags_of(config, n);

        int error = gpio_check_flags(flags);

        if (error < 0)
            return error;
        if (attribute(config, n, GPIO_V2_LINE_ATTR_ID_DEBOUNCE) &&
            !(flags & GPIO_V2_LINE_FLAG_INPUT))
            return -EINVAL;
    }
    return 0;
}

int64_t gpio_v2_request(struct gpio *gpio, const struct call *call)
{
    struct wanted wanted = {.lines.kind = LINES_V2};
    struct gpio_v2_line_request request;
    int64_t result;
    int error;

    if (!memory_read(call, call->arg[2], &request, sizeof request))
        return -EFAULT;
    if (request.num_lines == 0 || request.num_lines > GPIO_V2_LINES_MAX)
        return -EINVAL;
    for (size_t n = 0; n < sizeof request.padding / sizeof *request.padding; n++) {
        if (request.padding[n])
            return -EINVAL;
    }
    error = check_config(&request.config, request.num_lines);
    if (error < 0)
        return error;
    wanted.lines.n = request.num_lines;
    for (unsigned n = 0; n < request.num_lines; n++) {
        wanted.lines.offset[n] = request.offsets[n];
        wanted.flags[n] = flags_of(&request.config, n);
        wanted.value[n] = value_of(&request.config, n);
    }
    gpio_name_consumer(&wanted, request.consumer);
    result = gpio_grant(gpio, call, &wanted, &request.fd);
    if (result == 0 && !memory_write(call, call->arg[2], &request, sizeof request))
        return -EFAULT;
    return result;
}

/* Those lines of a request that 'mask' has a bit for. */
static uint64_t mask_of(const struct lines *lines, uint64_t mask)
{
    return lines->n < GPIO_V2_LINES_MAX ? mask & ((UINT64_C(1) << lines->n) - 1) : mask;
}

static int64_t get_values(struct gpio *gpio, const struct call *call, const struct lines *lines)
{
    struct gpio_v2_line_values values;

    if (!memory_read(call, call->arg[2], &values, sizeof values))
        return -EFAULT;
    if (mask_of(lines, values.mask) == 0)
        return -EINVAL;
    values.bits = 0;
    for (unsigned n = 0; n < lines->n; n++) {
        if (values.mask & UINT64_C(1) << n && gpio_get(gpio, lines->offset[n]))
            values.bits |= UINT64_C(1) << n;
    }
    gpio_note_values(gpio, call, lines, "get");
    return memory_write(call, call->arg[2], &values, sizeof values) ? 0 : -EFAULT;
}

static int64_t set_values(struct gpio *gpio, const struct call *call, const struct lines *lines)
{
    struct gpio_v2_line_values values;

    if (!memory_read(call, call->arg[2], &values, sizeof values))
        return -EFAULT;
    for (unsigned n = 0; n < lines->n; n++) {
        if (values.mask & UINT64_C(1) << n &&
            !(gpio->line[lines->offset[n]].flags & GPIO_V2_LINE_FLAG_OUTPUT))
            return -EPERM;
    }
    if (mask_of(lines, values.mask) == 0)
        return -EINVAL;
    for (unsigned n = 0; n < lines->n; n++) {
        if (values.mask & UINT64_C(1) << n)
            gpio_set(gpio, lines->offset[n], values.bits & UINT64_C(1) << n);
    }
    gpio_note_values(gpio, call, lines, "set");
    return 0;
}

static int64_t set_config(struct gpio *gpio, const struct call *call, const struct lines *lines)
{
    struct gpio_v2_line_config config;
    int error;

    if (!memory_read(call, call->arg[2], &config, sizeof config))
        return -EFAULT;
    error = check_config(&config, lines->n);
    if (error < 0)
        return error;
    for (unsigned n = 0; n < lines->n; n++) {
        uint64_t flags = flags_of(&config, n);

        /* a line for which no direction is given stays as it is */
        if (flags & (GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_OUTPUT))
            gpio_configure(gpio, lines, n, flags, value_of(&config, n));
    }
    gpio_note_values(gpio, call, lines, "configure");
    return 0;
}

int64_t gpio_v2_lines_ioctl(struct gpio *gpio, const struct call *call, const struct lines *lines)
{
    switch ((uint32_t)call->arg[1]) {
    case GPIO_V2_LINE_GET_VALUES_IOCTL:
        return get_values(gpio, call, lines);
    case GPIO_V2_LINE_SET_VALUES_IOCTL:
        return set_values(gpio, call, lines);
    case GPIO_V2_LINE_SET_CONFIG_IOCTL:
        return set_config(gpio, call, lines);
    default:
        return -EINVAL;
    }
}
