/* SPDX-License-Identifier: MIT */
#include "isp/isp.h"

#include <stdlib.h>

void avrspi_differences_add(struct avrspi_differences *differences, uint32_t address,
                            uint8_t expected, uint8_t found)
{
    if (differences->count++ == 0) {
        differences->address = address;
        differences->expected = expected;
        differences->found = found;
    }
}

int avrspi_differences_fail(const struct avrspi_differences *differences,
                            enum avrspi_memory memory, struct avrspi_error *error)
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

/* Reads what is asked of 'size' bytes and compares. Long gaps are not read. */
static int compare_run(struct avrspi_session *session, enum avrspi_memory memory,
                       const struct avrspi_image *image, uint32_t address, size_t size,
                       struct avrspi_differences *differences, struct avrspi_error *error)
{
    uint8_t *found = malloc(size), *expected = malloc(size);
    int result = 0;

    if (!found || !expected) {
        result = avrspi_fail_memory(error);
        goto out;
    }
    (void)avrspi_image_get(image, address, expected, size, 0xFF);
    result = avrspi_isp_read(session, AVRSPI_STAGE_VERIFY, memory, address, found, size, error);
    if (result < 0)
        goto out;
    for (size_t n = 0; n < size; n++)
        if (found[n] != expected[n])
            avrspi_differences_add(differences, address + (uint32_t)n, expected[n], found[n]);
out:
    free(found);
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
        int result = compare_run(session, memory, image, segment.address, segment.size,
                                 differences, error);

        if (result < 0)
            return result;
        address = segment.address + (uint32_t)segment.size;
    }
    return 0;
}

int avrspi_session_verify(struct avrspi_session *session, enum avrspi_memory memory,
                          const struct avrspi_image *image, bool full, size_t *different,
                          struct avrspi_error *error)
{
    struct avrspi_differences differences = {0};
    int result = avrspi_isp_identified(session, error);

    if (result == 0)
        result = avrspi_image_check(image, &session->chip, memory, "the image", error);
    if (result == 0)
        result = avrspi_isp_may_read(session, memory, error);
    if (result < 0)
        return result;
    if (full)
        result = compare_run(session, memory, image, avrspi_memory_start(&session->chip, memory),
                             avrspi_memory_size(&session->chip, memory), &differences, error);
    else
        result = compare_segments(session, memory, image, &differences, error);
    if (different)
        *different = differences.count;
    if (result == 0 && differences.count)
        result = avrspi_differences_fail(&differences, memory, error);
    return result;
}
