/* SPDX-License-Identifier: MIT */
/* Writing marked units of a memory, with each one's read-back. */
#include "isp/isp.h"

struct writer {
    struct avrspi_session *session;
    const struct avrspi_write *write;
    uint32_t start, unit, units;
    size_t written, total; /* units */
};

static size_t count_marked(const struct writer *writer)
{
    size_t count = 0;

    for (uint32_t n = 0; n < writer->units; n++)
        count += writer->write->units[n];
    return count;
}

static struct avrspi_unit unit_at(const struct writer *writer, uint32_t n)
{
    const struct avrspi_write *write = writer->write;
    size_t offset = (size_t)n * writer->unit;

    return (struct avrspi_unit){
        .memory = write->memory,
        .address = writer->start + n * writer->unit,
        .size = writer->unit,
        .data = write->wanted + offset,
        .old = write->current ? write->current + offset : NULL,
    };
}

static bool reads_back_at_once(const struct writer *writer)
{
    return writer->write->verify &&
           avrspi_unit_reads_back_at_once(&writer->session->chip, writer->write->memory);
}

/* Each unit's read-back travels with the next unit; the last is read on its own. */
static int write_units(struct writer *writer, struct avrspi_error *error)
{
    struct avrspi_session *session = writer->session;
    struct avrspi_progress progress = {
        .stage = AVRSPI_STAGE_WRITE,
        .total = writer->total * writer->unit,
    };
    struct avrspi_unit previous = {0};
    bool pending = false;

    for (uint32_t n = 0; n < writer->units; n++) {
        struct avrspi_unit unit = unit_at(writer, n);
        int result;

        if (!writer->write->units[n])
            continue;
        result = avrspi_unit_write(session, &unit, pending ? &previous : NULL, error);
        if (result < 0)
            return result;
        previous = unit;
        pending = reads_back_at_once(writer);
        writer->written++;
        avrspi_isp_advance(session, &progress, writer->write->memory, writer->unit);
    }
    return pending ? avrspi_unit_verify(session, &previous, error) : 0;
}

static int compare_written(struct writer *writer, struct avrspi_progress *progress,
                           struct avrspi_differences *differences, struct avrspi_error *error)
{
    const struct avrspi_write *write = writer->write;
    uint32_t end;

    for (uint32_t n = 0; n < writer->units; n = end) {
        int result;

        for (end = n; end < writer->units && write->units[end]; end++)
            continue;
        if (end == n) {
            end++;
            continue;
        }
        result =
            avrspi_isp_compare(writer->session, write->memory, writer->start + n * writer->unit,
                               write->wanted + (size_t)n * writer->unit,
                               (size_t)(end - n) * writer->unit, progress, differences, error);
        if (result < 0)
            return result;
    }
    return 0;
}

static int look(struct avrspi_session *session, void *context,
                struct avrspi_differences *differences, struct avrspi_error *error)
{
    (void)session; /* the writer has it */
    return compare_written(context, NULL, differences, error);
}

static int read_back(struct writer *writer, struct avrspi_error *error)
{
    struct avrspi_progress progress = {
        .stage = AVRSPI_STAGE_VERIFY,
        .total = writer->total * writer->unit,
    };
    struct avrspi_differences differences = {0};
    int result = compare_written(writer, &progress, &differences, error);

    if (result == 0 && differences.count)
        result = avrspi_isp_look_again(writer->session, writer->write->memory, &differences, look,
                                       writer, error);
    return result;
}

static int run(struct writer *writer, struct avrspi_error *error)
{
    int result = write_units(writer, error);

    if (result < 0 || reads_back_at_once(writer))
        return result;
    return writer->write->verify ? read_back(writer, error)
                                 : avrspi_isp_check_presence(writer->session, error);
}

int avrspi_session_write(struct avrspi_session *session, const struct avrspi_write *write,
                         size_t *written, struct avrspi_error *error)
{
    struct writer writer = {.session = session, .write = write};
    int result = avrspi_isp_identified(session, error);

    if (result == 0) {
        writer.start = avrspi_memory_start(&session->chip, write->memory);
        writer.unit = avrspi_unit_size(&session->chip, write->memory);
        writer.units = avrspi_memory_size(&session->chip, write->memory) / writer.unit;
        writer.total = count_marked(&writer);
    }
    if (result == 0 && writer.total)
        result = avrspi_guard_write(&session->chip, &session->fuses, write->memory, error);
    if (result == 0 && writer.total)
        result = avrspi_isp_learn_echo(session, error);
    if (result == 0)
        result = run(&writer, error);
    if (written)
        *written = writer.written;
    return result;
}
