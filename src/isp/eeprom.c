/* SPDX-License-Identifier: MIT */
/* EEPROM: what is right already is not written again; it wears out sooner than flash. */
#include "isp/isp.h"

#include <stdlib.h>
#include <string.h>

/* Reads the stretch of EEPROM that the image spans, in whole units. */
static int read_span(struct avrspi_session *session, const struct avrspi_image *image,
                     uint8_t *current, struct avrspi_error *error)
{
    uint32_t unit = avrspi_unit_size(&session->chip, AVRSPI_MEMORY_EEPROM);
    uint32_t end = (uint32_t)avrspi_image_end(image);
    struct avrspi_segment first;

    (void)avrspi_image_next(image, 0, &first);
    first.address = first.address / unit * unit;
    end = (end + unit - 1) / unit * unit;
    return avrspi_isp_read(session, AVRSPI_STAGE_READ, AVRSPI_MEMORY_EEPROM, first.address,
                           current + first.address, end - first.address, error);
}

static void overlay(const struct avrspi_image *image, uint8_t *wanted)
{
    struct avrspi_segment segment;
    uint32_t address = 0;

    while (avrspi_image_next(image, address, &segment)) {
        memcpy(wanted + segment.address, segment.data, segment.size);
        address = segment.address + (uint32_t)segment.size;
    }
}

static size_t count_different(const uint8_t *wanted, const uint8_t *current, uint32_t size,
                              uint32_t unit)
{
    size_t count = 0;

    for (uint32_t n = 0; n < size; n += unit)
        count += memcmp(wanted + n, current + n, unit) != 0;
    return count;
}

static int write_different(struct avrspi_session *session, const uint8_t *wanted,
                           const uint8_t *current, bool verify, struct avrspi_write_report *report,
                           struct avrspi_error *error)
{
    uint32_t unit = avrspi_unit_size(&session->chip, AVRSPI_MEMORY_EEPROM);
    uint32_t size = session->chip.eeprom_size;
    size_t total = count_different(wanted, current, size, unit) * unit;
    struct avrspi_unit previous = {0};
    bool pending = false;

    for (uint32_t n = 0; n < size; n += unit) {
        struct avrspi_unit now = {
            .memory = AVRSPI_MEMORY_EEPROM,
            .address = n,
            .size = unit,
            .data = wanted + n,
            .old = current + n,
        };
        int result;

        if (memcmp(now.data, now.old, unit) == 0)
            continue;
        result = avrspi_unit_write(session, &now, pending ? &previous : NULL, error);
        if (result < 0)
            return result;
        previous = now;
        pending = verify;
        report->pages_written++;
        report->bytes_written += unit;
        avrspi_isp_progress(session, AVRSPI_STAGE_WRITE, AVRSPI_MEMORY_EEPROM,
                            report->bytes_written, total);
    }
    return pending ? avrspi_unit_verify(session, &previous, error) : 0;
}

int avrspi_session_write_eeprom(struct avrspi_session *session, const struct avrspi_image *image,
                                const struct avrspi_write_options *options,
                                struct avrspi_write_report *report, struct avrspi_error *error)
{
    struct avrspi_write_report unused;
    uint8_t *wanted = NULL, *current = NULL;
    int result = avrspi_isp_identified(session, error);

    if (!report)
        report = &unused;
    *report = (struct avrspi_write_report){.bytes = avrspi_image_size(image)};
    if (result == 0)
        result =
            avrspi_image_check(image, &session->chip, AVRSPI_MEMORY_EEPROM, "the image", error);
    if (result == 0)
        result = avrspi_isp_may_write(session, AVRSPI_MEMORY_EEPROM, error);
    if (result < 0)
        return result;
    report->pages =
        session->chip.eeprom_size / avrspi_unit_size(&session->chip, AVRSPI_MEMORY_EEPROM);
    wanted = calloc(1, session->chip.eeprom_size);
    current = calloc(1, session->chip.eeprom_size);
    if (!wanted || !current) {
        result = avrspi_fail_memory(error);
        goto out;
    }
    result = read_span(session, image, current, error);
    if (result < 0)
        goto out;
    memcpy(wanted, current, session->chip.eeprom_size);
    overlay(image, wanted);
    result = write_different(session, wanted, current, options->verify, report, error);
    if (result == 0 && !options->verify)
        result = avrspi_isp_check_presence(session, error);
    report->verified = result == 0 && options->verify;
out:
    free(wanted);
    free(current);
    return result;
}
