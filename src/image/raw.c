/* SPDX-License-Identifier: MIT */
/* Raw binary: bytes without addresses. */
#include "format.h"
#include "image.h"

#include <stdlib.h>

#include "base/error.h"
#include "records.h"

enum {
    LARGEST = 16 * 1024 * 1024, /* no AVR has more; a stray byte must not fill a disk with 0xFF */
    FILL = 0xFF,                /* what erased memory holds */
};

int avrspi_raw_read(struct avrspi_sink *sink, struct avrspi_source *source,
                    struct avrspi_error *error)
{
    uint32_t address = 0;
    int result;

    avrspi_sink_no_addresses(sink);
    while ((result = avrspi_source_want(source, 1, error)) == 0 && source->at < source->size) {
        result = avrspi_sink_emit(sink, address, source->data + source->at,
                                  source->size - source->at, NULL, error);
        if (result < 0)
            return result;
        address += (uint32_t)(source->size - source->at);
        source->at = source->size;
    }
    if (result == 0 && address == 0)
        return avrspi_fail_at(error, sink->name, 0,
                              "the program that should have written it failed",
                              "expected data, found an empty file");
    return result;
}

int avrspi_raw_write(const struct avrspi_image *image, char **data, size_t *size,
                     struct avrspi_error *error)
{
    uint64_t end = avrspi_image_end(image);

    if (end > LARGEST) {
        avrspi_fail(error, AVRSPI_ERR_INPUT,
                    "expected an image that ends at or below 0x%08X for raw binary, found its end "
                    "at 0x%08llX",
                    (unsigned)LARGEST, (unsigned long long)end);
        avrspi_hint(error, "Intel HEX keeps high addresses without what is below them");
        avrspi_advise(error, AVRSPI_ADVICE_FORMAT_HEX, NULL);
        return AVRSPI_ERR_INPUT;
    }
    *data = malloc((size_t)end + 1); /* never of 0 bytes, which may be NULL */
    if (!*data) {
        return avrspi_fail_memory(error);
    }
    *size = (size_t)end;
    (*data)[end] = '\0';
    (void)avrspi_image_get(image, 0, (uint8_t *)*data, *size, FILL);
    return 0;
}
