/* SPDX-License-Identifier: MIT */
#include "every_chip.h"

#include <stdarg.h>
#include <stdio.h>

bool fail(struct run *run, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(run->failure, sizeof run->failure, format, arguments);
    va_end(arguments);
    return false;
}

bool ends(struct run *run, int result, int expected, const char *what)
{
    if (result == expected)
        return true;
    if (result == 0)
        return fail(run, "%s: expected error %d, but it went well", what, expected);
    return fail(run, "%s: expected result %d, found %d: %s", what, expected, result,
                run->error.message);
}

bool target_open(struct run *run, bool force)
{
    const struct avrspi_session_config config = {
        .link = run->link,
        .chips = run->chips,
        .chip = run->chip,
        .force = force,
    };
    int result = avrspi_session_open(&run->session, &config, &run->error);

    if (!ends(run, result, 0, "enter"))
        return false;
    result = avrspi_session_identify(run->session, &run->error);
    return ends(run, result, 0, "identify");
}

void target_close(struct run *run)
{
    (void)avrspi_session_close(run->session, NULL);
    run->session = NULL;
}

/* Xorshift: G. Marsaglia, 'Xorshift RNGs', Journal of Statistical Software 8 (2003). */
uint32_t next_random(struct run *run)
{
    run->random ^= run->random << 13;
    run->random ^= run->random >> 17;
    run->random ^= run->random << 5;
    return run->random;
}

struct avrspi_image *image_of(uint32_t start, const uint8_t *data, const bool *held, size_t size)
{
    struct avrspi_image *image = avrspi_image_new();

    for (size_t at = 0, end; image && at < size; at = end) {
        for (end = at; end < size && held[end] == held[at]; end++)
            continue;
        if (held[at] &&
            avrspi_image_put(image, start + (uint32_t)at, data + at, end - at, NULL) < 0) {
            avrspi_image_free(image);
            return NULL;
        }
    }
    return image;
}

struct avrspi_image *image_of_run(uint32_t start, const uint8_t *data, size_t size)
{
    struct avrspi_image *image = avrspi_image_new();

    if (image && avrspi_image_put(image, start, data, size, NULL) == 0)
        return image;
    avrspi_image_free(image);
    return NULL;
}

size_t units_not_blank(const uint8_t *data, size_t size, size_t unit)
{
    size_t count = 0;

    for (size_t at = 0; at < size; at += unit) {
        size_t n = 0;

        while (n < unit && data[at + n] == 0xFF)
            n++;
        count += n < unit;
    }
    return count;
}

bool can_read_fuse(const struct avrspi_chip *chip, enum avrspi_fuse fuse)
{
    return chip->fuse[fuse].mask && chip->instruction[avrspi_fuse_read_id(fuse)].defined;
}

bool can_write_fuse(const struct avrspi_chip *chip, enum avrspi_fuse fuse)
{
    return chip->fuse[fuse].mask && chip->instruction[avrspi_fuse_write_id(fuse)].defined;
}

int write_fuse(struct run *run, enum avrspi_fuse fuse, uint8_t value)
{
    struct avrspi_fuses fuses = {0};

    fuses.given[fuse] = true;
    fuses.value[fuse] = value;
    return avrspi_session_write_fuses(run->session, &fuses, &run->error);
}
