/* SPDX-License-Identifier: MIT */
#include "isp/isp.h"

#include <stdlib.h>
#include <string.h>

enum {
    JUDGED = 256, /* bytes: few enough to pass unharmed even over a bad wire */
    READINGS = 2, /* of those, beside the one that showed a difference */
};

void avrspi_differences_add(struct avrspi_differences *differences, uint32_t address,
                            uint8_t expected, uint8_t found)
{
    if (differences->count++ == 0) {
        differences->address = address;
        differences->expected = expected;
        differences->found = found;
    }
}

int avrspi_differences_error(const struct avrspi_differences *differences,
                             enum avrspi_memory memory, struct avrspi_error *error)
{
    if (differences->count == 0)
        return 0;
    avrspi_fail(error, AVRSPI_ERR_VERIFY,
                "%s differs at 0x%04X: expected 0x%02X, found 0x%02X (%zu byte%s in all)",
                avrspi_memory_name(memory), differences->address, differences->expected,
                differences->found, differences->count, differences->count == 1 ? "" : "s");
    if ((differences->found & differences->expected) == differences->expected)
        avrspi_hint(error, "bits that should be 0 are 1: not written, or a worn cell");
    else if ((differences->found & differences->expected) == differences->found)
        avrspi_hint(error, "bits that should be 1 are 0: only an erase sets them");
    return AVRSPI_ERR_VERIFY;
}

/* A stretch of memory, as it should be and as it was found. */
struct run {
    enum avrspi_memory memory;
    uint32_t address;
    const uint8_t *expected;
    uint8_t *found;
    size_t size;
};

/* More readings, which are no progress, until two in a row agree: whether with what is expected, or
 * in a difference. */
static int read_again(struct avrspi_session *session, void *context, struct avrspi_error *error)
{
    const struct run *run = context;
    uint8_t before[JUDGED];

    for (int n = 0; n < READINGS; n++) {
        int result;

        memcpy(before, run->found, run->size);
        result =
            avrspi_isp_read(session, run->memory, run->address, run->found, run->size, NULL, error);
        if (result < 0 || memcmp(before, run->found, run->size) == 0)
            return result;
    }
    return avrspi_isp_lost(session, error, "two readings of the same bytes differ");
}

/* What differs may be a wrong bit on the wire: it is read again in small pieces. */
static int judge(struct avrspi_session *session, const struct run *run, struct avrspi_error *error)
{
    int result = 0;

    for (size_t n = 0; result == 0 && n < run->size; n += JUDGED) {
        struct run piece = {
            .memory = run->memory,
            .address = run->address + (uint32_t)n,
            .expected = run->expected + n,
            .found = run->found + n,
            .size = run->size - n < JUDGED ? run->size - n : JUDGED,
        };

        if (memcmp(piece.found, piece.expected, piece.size) != 0)
            result = avrspi_isp_with_resync(session, read_again, &piece, error);
    }
    return result;
}

int avrspi_isp_compare(struct avrspi_session *session, enum avrspi_memory memory, uint32_t address,
                       const uint8_t *expected, size_t size, struct avrspi_progress *progress,
                       struct avrspi_differences *differences, struct avrspi_error *error)
{
    struct run run = {
        .memory = memory,
        .address = address,
        .expected = expected,
        .size = size,
    };
    int result = avrspi_isp_identified(session, error);

    if (result == 0)
        result = avrspi_guard_range(&session->chip, memory, address, size, error);
    if (result < 0)
        return result;
    run.found = malloc(size);
    if (!run.found)
        return avrspi_fail_memory(error);
    result = avrspi_isp_read(session, memory, address, run.found, size, progress, error);
    if (result == 0)
        result = judge(session, &run, error);
    for (size_t n = 0; result == 0 && n < size; n++)
        if (run.found[n] != expected[n])
            avrspi_differences_add(differences, address + (uint32_t)n, expected[n], run.found[n]);
    free(run.found);
    return result;
}

int avrspi_session_compare(struct avrspi_session *session, enum avrspi_memory memory,
                           uint32_t address, const uint8_t *expected, size_t size,
                           struct avrspi_differences *differences, struct avrspi_error *error)
{
    struct avrspi_progress progress = {.stage = AVRSPI_STAGE_VERIFY, .total = size};

    return avrspi_isp_compare(session, memory, address, expected, size, &progress, differences,
                              error);
}
