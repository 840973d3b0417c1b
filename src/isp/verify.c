/* SPDX-License-Identifier: MIT */
#include "isp/isp.h"

#include <stdlib.h>
#include <string.h>

enum {
    JUDGED = 256, /* bytes: few enough to pass unharmed even over a bad wire */
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

int avrspi_differences_fail(const struct avrspi_differences *differences, enum avrspi_memory memory,
                            struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_VERIFY,
                "%s differs at 0x%04X: expected 0x%02X, found 0x%02X (%zu byte%s in all)",
                avrspi_memory_name(memory), differences->address, differences->expected,
                differences->found, differences->count, differences->count == 1 ? "" : "s");
    if ((differences->found & differences->expected) == differences->expected)
        avrspi_hint(error, "bits that should be 0 are 1: not written, or a worn cell");
    else if ((differences->found & differences->expected) == differences->found)
        avrspi_hint(error, "bits that should be 1 are 0: only an erase brings them back");
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

static int read_run(struct avrspi_session *session, const struct run *run, uint8_t *data,
                    struct avrspi_error *error)
{
    return avrspi_isp_read(session, AVRSPI_STAGE_VERIFY, run->memory, run->address, data, run->size,
                           error);
}

/* Another reading; when that differs too, a third has to agree with it. */
static int read_again(struct avrspi_session *session, void *context, struct avrspi_error *error)
{
    const struct run *run = context;
    uint8_t again[JUDGED];
    int result = read_run(session, run, run->found, error);

    if (result < 0 || memcmp(run->found, run->expected, run->size) == 0)
        return result;
    result = read_run(session, run, again, error);
    if (result == 0 && memcmp(run->found, again, run->size) != 0)
        result = avrspi_isp_lost(session, error, "two readings of the same bytes differ");
    return result;
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
                       const uint8_t *expected, size_t size, struct avrspi_differences *differences,
                       struct avrspi_error *error)
{
    struct run run = {
        .memory = memory,
        .address = address,
        .expected = expected,
        .found = malloc(size),
        .size = size,
    };
    int result;

    if (!run.found)
        return avrspi_fail_memory(error);
    result = read_run(session, &run, run.found, error);
    if (result == 0)
        result = judge(session, &run, error);
    for (size_t n = 0; result == 0 && n < size; n++)
        if (run.found[n] != expected[n])
            avrspi_differences_add(differences, address + (uint32_t)n, expected[n], run.found[n]);
    free(run.found);
    return result;
}

/* The whole memory, with 0xFF where the image has nothing. */
static int compare_all(struct avrspi_session *session, enum avrspi_memory memory,
                       const struct avrspi_image *image, struct avrspi_differences *differences,
                       struct avrspi_error *error)
{
    uint32_t start = avrspi_memory_start(&session->chip, memory);
    uint32_t size = avrspi_memory_size(&session->chip, memory);
    uint8_t *expected = malloc(size);
    int result;

    if (!expected)
        return avrspi_fail_memory(error);
    (void)avrspi_image_get(image, start, expected, size, 0xFF);
    result = avrspi_isp_compare(session, memory, start, expected, size, differences, error);
    free(expected);
    return result;
}

static int compare_segments(struct avrspi_session *session, enum avrspi_memory memory,
                            const struct avrspi_image *image,
                            struct avrspi_differences *differences, struct avrspi_error *error)
{
    struct avrspi_segment segment;
    uint32_t address = 0;

    while (avrspi_image_next(image, address, &segment)) {
        int result = avrspi_isp_compare(session, memory, segment.address, segment.data,
                                        segment.size, differences, error);

        if (result < 0)
            return result;
        address = segment.address + (uint32_t)segment.size;
    }
    return 0;
}

int avrspi_session_verify(struct avrspi_session *session, enum avrspi_memory memory,
                          const struct avrspi_image *image, bool full, size_t *differences,
                          struct avrspi_error *error)
{
    struct avrspi_differences found = {0};
    int result = avrspi_isp_identified(session, error);

    if (result == 0)
        result = avrspi_image_check(image, &session->chip, memory, "the image", error);
    if (result == 0)
        result = avrspi_isp_may_read(session, memory, error);
    if (result < 0)
        return result;
    if (full)
        result = compare_all(session, memory, image, &found, error);
    else
        result = compare_segments(session, memory, image, &found, error);
    if (differences)
        *differences = found.count;
    if (result == 0 && found.count)
        result = avrspi_differences_fail(&found, memory, error);
    return result;
}
