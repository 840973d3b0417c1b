/* SPDX-License-Identifier: MIT */
/* The whole of a flash job: erase or not, which pages, write, read back. */
#include "isp/isp.h"

#include <stdlib.h>
#include <string.h>

/* A job under way. */
struct job {
    struct avrspi_session *session;
    const struct avrspi_chip *chip;
    uint8_t *wanted;  /* the whole flash, 0xFF in the gaps */
    uint8_t *current; /* the whole flash as it was read; NULL when it is known to be erased */
    bool *write;      /* by unit */
    bool *check;      /* by unit: to be read back when all is written */
    uint32_t unit, units;
};

static const uint8_t *wanted_at(const struct job *job, uint32_t n)
{
    return job->wanted + (size_t)n * job->unit;
}

static bool is_blank(const uint8_t *data, size_t size)
{
    for (size_t n = 0; n < size; n++)
        if (data[n] != 0xFF)
            return false;
    return true;
}

static int start_job(struct job *job, struct avrspi_session *session,
                     const struct avrspi_image *image, struct avrspi_error *error)
{
    *job = (struct job){.session = session, .chip = &session->chip};
    job->unit = avrspi_unit_size(job->chip, AVRSPI_MEMORY_FLASH);
    job->units = job->chip->flash_size / job->unit;
    job->wanted = calloc(1, job->chip->flash_size);
    job->write = calloc(job->units, sizeof *job->write);
    job->check = calloc(job->units, sizeof *job->check);
    if (!job->wanted || !job->write || !job->check)
        return avrspi_fail_memory(error);
    (void)avrspi_image_get(image, job->chip->flash_start, job->wanted, job->chip->flash_size, 0xFF);
    return 0;
}

static void end_job(struct job *job)
{
    free(job->wanted);
    free(job->current);
    free(job->write);
    free(job->check);
}

static int read_all(struct job *job, struct avrspi_error *error)
{
    return avrspi_isp_read(job->session, AVRSPI_STAGE_READ, AVRSPI_MEMORY_FLASH,
                           job->chip->flash_start, job->current, job->chip->flash_size, error);
}

/* Reads the units that the image touches; the others count as they should be. */
static int read_touched(struct job *job, const struct avrspi_image *image,
                        struct avrspi_error *error)
{
    struct avrspi_segment segment;
    uint32_t address = 0, start = job->chip->flash_start;

    memcpy(job->current, job->wanted, job->chip->flash_size);
    while (avrspi_image_next(image, address, &segment)) {
        uint32_t first = (segment.address - start) / job->unit * job->unit;
        uint32_t end = segment.address - start + (uint32_t)segment.size;
        int result;

        end = (end + job->unit - 1) / job->unit * job->unit;
        result = avrspi_isp_read(job->session, AVRSPI_STAGE_READ, AVRSPI_MEMORY_FLASH,
                                 start + first, job->current + first, end - first, error);
        if (result < 0)
            return result;
        if ((uint64_t)start + end > UINT32_MAX)
            break;
        address = start + end;
    }
    return 0;
}

/* Without an erase what the image does not name stays as it is. */
static void keep_gaps(struct job *job, const struct avrspi_image *image)
{
    for (uint32_t n = 0; n < job->chip->flash_size; n++)
        if (job->wanted[n] != job->current[n] &&
            avrspi_image_count(image, job->chip->flash_start + n, 1) == 0)
            job->wanted[n] = job->current[n];
}

/* What is there; unless gaps are to be blank, they are to stay as they are. */
static int read_current(struct job *job, const struct avrspi_image *image,
                        const struct avrspi_write_options *options, struct avrspi_error *error)
{
    int result;

    job->current = calloc(1, job->chip->flash_size);
    if (!job->current)
        return avrspi_fail_memory(error);
    if (options->update && options->full)
        return read_all(job, error);
    result = read_touched(job, image, error);
    if (result == 0)
        keep_gaps(job, image);
    return result;
}

/* Marks the units that differ; false when one of them would need an erase, at *address. */
static bool mark_different(struct job *job, uint32_t *address)
{
    bool possible = true;

    for (uint32_t n = 0; n < job->chip->flash_size; n++) {
        if (job->wanted[n] == job->current[n])
            continue;
        job->write[n / job->unit] = true;
        if (possible && (job->wanted[n] & job->current[n]) != job->wanted[n]) {
            *address = job->chip->flash_start + n;
            possible = false;
        }
    }
    return possible;
}

static size_t count_marked(const struct job *job)
{
    size_t count = 0;

    for (uint32_t n = 0; n < job->units; n++)
        count += job->write[n];
    return count;
}

/* After an erase what is blank need not be written, nor, unless asked for, read back. */
static void mark_not_blank(struct job *job, bool full)
{
    for (uint32_t n = 0; n < job->units; n++) {
        job->write[n] = !is_blank(wanted_at(job, n), job->unit);
        job->check[n] = full && !job->write[n];
    }
}

static int erase_first(struct job *job, const struct avrspi_image *image,
                       const struct avrspi_write_options *options,
                       struct avrspi_write_report *report, struct avrspi_error *error)
{
    int result = avrspi_session_erase(job->session, error);

    if (result < 0)
        return result;
    report->erased = true;
    (void)avrspi_image_get(image, job->chip->flash_start, job->wanted, job->chip->flash_size, 0xFF);
    mark_not_blank(job, options->full);
    return 0;
}

/* Decides what to write, and erases where that is wanted or needed. */
static int prepare(struct job *job, const struct avrspi_image *image,
                   const struct avrspi_write_options *options, struct avrspi_write_report *report,
                   struct avrspi_error *error)
{
    uint32_t address = 0;
    int result;

    if (options->erase && !options->update)
        return erase_first(job, image, options, report, error);
    result = avrspi_isp_may_read(job->session, AVRSPI_MEMORY_FLASH, error);
    if (result == 0)
        result = read_current(job, image, options, error);
    if (result != 0)
        return result;
    if (mark_different(job, &address) &&
        (count_marked(job) == 0 || avrspi_isp_lock_mode(job->session) == AVRSPI_LOCK_MODE_NONE))
        return 0;
    if (options->update)
        return erase_first(job, image, options, report, error);
    avrspi_fail(error, AVRSPI_ERR_REFUSED,
                "flash at 0x%04X holds 0x%02X, which can't become 0x%02X without an erase", address,
                job->current[address - job->chip->flash_start],
                job->wanted[address - job->chip->flash_start]);
    avrspi_hint(error, "nothing was written; leave out --no-erase, or use --update");
    return AVRSPI_ERR_REFUSED;
}

static struct avrspi_unit unit_at(const struct job *job, uint32_t n)
{
    return (struct avrspi_unit){
        .memory = AVRSPI_MEMORY_FLASH,
        .address = job->chip->flash_start + n * job->unit,
        .size = job->unit,
        .data = wanted_at(job, n),
    };
}

/* Pages: each one's read-back travels with the next; the last is read on its own. Bytes: not
 * before all are written, since a read between the two bytes of a word may spoil it on an
 * AT90S1200. */
static int write_marked(struct job *job, bool verify, struct avrspi_write_report *report,
                        struct avrspi_error *error)
{
    struct avrspi_unit previous = {0};
    bool pending = false;
    size_t total = count_marked(job) * job->unit;

    for (uint32_t n = 0; n < job->units; n++) {
        struct avrspi_unit unit = unit_at(job, n);
        int result;

        if (!job->write[n])
            continue;
        result = avrspi_unit_write(job->session, &unit, pending ? &previous : NULL, error);
        if (result < 0)
            return result;
        previous = unit;
        pending = verify && job->unit > 1;
        job->check[n] = job->unit == 1;
        report->pages_written++;
        report->bytes_written += job->unit;
        avrspi_isp_progress(job->session, AVRSPI_STAGE_WRITE, AVRSPI_MEMORY_FLASH,
                            report->bytes_written, total);
    }
    return pending ? avrspi_unit_verify(job->session, &previous, error) : 0;
}

static int check_marked(struct job *job, struct avrspi_error *error)
{
    struct avrspi_differences differences = {0};
    uint32_t end;

    for (uint32_t n = 0; n < job->units; n = end) {
        int result;

        for (end = n; end < job->units && job->check[end]; end++)
            continue;
        if (end == n) {
            end++;
            continue;
        }
        result = avrspi_isp_compare(job->session, AVRSPI_MEMORY_FLASH,
                                    job->chip->flash_start + n * job->unit, wanted_at(job, n),
                                    (size_t)(end - n) * job->unit, &differences, error);
        if (result < 0)
            return result;
    }
    if (differences.count)
        return avrspi_differences_fail(&differences, AVRSPI_MEMORY_FLASH, error);
    return 0;
}

int avrspi_session_write_flash(struct avrspi_session *session, const struct avrspi_image *image,
                               const struct avrspi_write_options *options,
                               struct avrspi_write_report *report, struct avrspi_error *error)
{
    struct avrspi_write_report unused;
    struct job job = {0};
    int result = avrspi_isp_identified(session, error);

    if (!report)
        report = &unused;
    *report = (struct avrspi_write_report){.bytes = avrspi_image_size(image)};
    if (result == 0)
        result = avrspi_image_check(image, &session->chip, AVRSPI_MEMORY_FLASH, "the image", error);
    if (result == 0 && !options->erase && !options->update)
        result = avrspi_isp_may_write(session, AVRSPI_MEMORY_FLASH, error);
    if (result < 0)
        return result;
    result = start_job(&job, session, image, error);
    if (result == 0)
        result = prepare(&job, image, options, report, error);
    report->pages = job.units;
    if (result == 0)
        result = write_marked(&job, options->verify, report, error);
    if (result == 0)
        result =
            options->verify ? check_marked(&job, error) : avrspi_isp_check_presence(session, error);
    report->verified = result == 0 && options->verify;
    end_job(&job);
    return result;
}
