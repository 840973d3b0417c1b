/* SPDX-License-Identifier: MIT */
#include "every_chip.h"

#include <stdlib.h>
#include <string.h>

enum {
    WHOLE = 512, /* bytes of EEPROM up to which all of it is written */
    STRETCH = 67,
};

/* What the EEPROM is to hold, and what of it is in the image. */
struct content {
    uint8_t *data;
    bool *held;
    size_t written; /* units that the image changes */
};

static bool in_image(const struct avrspi_chip *chip, uint32_t at)
{
    uint32_t size = chip->eeprom_size, middle = size / 2;

    if (size <= WHOLE)
        return at % 29 != 11;
    return at < STRETCH || size - at <= STRETCH || (at >= middle - 5 && at < middle + STRETCH);
}

/* New bytes for all that is in the image. */
static void fill(struct run *run, struct content *content)
{
    uint32_t unit = run->chip->eeprom_page ? run->chip->eeprom_page : 1;

    content->written = 0;
    for (uint32_t at = 0; at < run->chip->eeprom_size; at += unit) {
        bool changed = false;

        for (uint32_t n = at; n < at + unit; n++) {
            uint8_t byte = (uint8_t)(next_random(run) >> 8);

            if (!in_image(run->chip, n))
                continue;
            changed = changed || byte != content->data[n];
            content->data[n] = byte;
            content->held[n] = true;
        }
        content->written += changed;
    }
}

static bool write_it(struct run *run, const struct content *content, size_t units)
{
    const struct avrspi_request options = {.verify = true};
    struct avrspi_image *image = image_of(0, content->data, content->held, run->chip->eeprom_size);
    struct avrspi_job_result job = {0};
    int result;

    NEED(run, image, "no image");
    result = work_eeprom(run->session, image, &options, &job, &run->error);
    if (result == 0)
        result = work_verify(run->session, AVRSPI_MEMORY_EEPROM, image, false, NULL, &run->error);
    avrspi_image_free(image);
    if (!ends(run, result, 0, "write EEPROM"))
        return false;
    NEED(run, job.eeprom.verified, "EEPROM was written, but not verified");
    NEED(run, job.eeprom.pages_written == units,
         "EEPROM: expected %zu pages to be written, found %zu", units, job.eeprom.pages_written);
    return true;
}

static bool check_reading(struct run *run, const struct content *content)
{
    uint32_t size = run->chip->eeprom_size;
    uint8_t *found = malloc(size);
    int result;
    bool good;

    NEED(run, found, "out of memory");
    result = avrspi_session_read(run->session, AVRSPI_MEMORY_EEPROM, 0, found, size, &run->error);
    good = ends(run, result, 0, "read EEPROM");
    for (uint32_t n = 0; good && n < size; n++)
        if (found[n] != content->data[n])
            good = fail(run, "EEPROM at 0x%04X: expected 0x%02X, found 0x%02X", n, content->data[n],
                        found[n]);
    free(found);
    return good;
}

/* A chip without EEPROM refuses all, by definition. */
static bool check_none(struct run *run)
{
    static const uint8_t byte = 0x00;
    const struct avrspi_request options = {0};
    struct avrspi_image *image = image_of_run(0, &byte, 1);
    int result;

    NEED(run, image, "no image");
    result = work_eeprom(run->session, image, &options, NULL, &run->error);
    avrspi_image_free(image);
    NEED(run, !run->chip->instruction[AVRSPI_READ_EEPROM].defined,
         "there is no EEPROM, but an instruction that reads it");
    return ends(run, result, AVRSPI_ERR_INPUT, "write the EEPROM of a chip that has none");
}

/* Into an erased EEPROM, once more the same, then over what is there. */
static bool check_content(struct run *run, struct content *content)
{
    fill(run, content);
    if (!write_it(run, content, content->written) || !write_it(run, content, 0))
        return false;
    fill(run, content);
    return write_it(run, content, content->written) && check_reading(run, content);
}

bool check_eeprom(struct run *run)
{
    uint32_t size = run->chip->eeprom_size;
    struct content content = {0};
    bool good;

    if (size == 0)
        return check_none(run);
    content.data = malloc(size);
    content.held = calloc(size, sizeof *content.held);
    if (content.data && content.held) {
        memset(content.data, 0xFF, size);
        good = check_content(run, &content);
    } else {
        good = fail(run, "out of memory");
    }
    free(content.held);
    free(content.data);
    return good;
}
