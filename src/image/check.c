/* SPDX-License-Identifier: MIT */
#include "image/check.h"

#include "base/error.h"
#include "image/origin.h"

/* Addresses from 'begin' up to, not including, 'end'. */
struct range {
    uint64_t begin, end;
};

static struct range range_of(const struct avrspi_chip *chip, enum avrspi_memory memory)
{
    uint32_t start = avrspi_memory_start(chip, memory);

    return (struct range){start, (uint64_t)start + avrspi_memory_size(chip, memory)};
}

static bool is_inside(const struct range *inner, const struct range *outer)
{
    return inner->begin >= outer->begin && inner->end <= outer->end;
}

/* The origin of the first byte of the image that is not inside the range. */
static struct avrspi_origin origin_of_misfit(const struct avrspi_image *image,
                                             const struct range *data, const struct range *room)
{
    struct avrspi_segment segment = {.address = (uint32_t)data->begin};

    if (data->begin >= room->begin && room->end <= UINT32_MAX)
        (void)avrspi_image_next(image, (uint32_t)room->end, &segment);
    return avrspi_image_origin(image, segment.address);
}

static int fail_before(const struct avrspi_image *image, const struct avrspi_chip *chip,
                       enum avrspi_memory memory, const char *name, const struct range *data,
                       struct avrspi_error *error)
{
    const struct range room = range_of(chip, memory);
    const struct avrspi_origin origin = origin_of_misfit(image, data, &room);

    return avrspi_fail_from(error, name, &origin, "is it a file for another chip?",
                            "data from 0x%llX to 0x%llX begins before 0x%llX, where the %s of the "
                            "%s begins",
                            (unsigned long long)data->begin, (unsigned long long)data->end - 1,
                            (unsigned long long)room.begin, avrspi_memory_name(memory),
                            avrspi_chip_name(chip));
}

static int fail_beyond(const struct avrspi_image *image, const struct avrspi_chip *chip,
                       enum avrspi_memory memory, const char *name, const struct range *data,
                       struct avrspi_error *error)
{
    const struct range room = range_of(chip, memory), flash = range_of(chip, AVRSPI_MEMORY_FLASH);
    const struct avrspi_origin origin = origin_of_misfit(image, data, &room);
    uint32_t size = avrspi_memory_size(chip, memory);

    struct avrspi_segment first = {.address = (uint32_t)data->begin};
    size_t beyond;

    if (data->begin < room.end && room.end <= UINT32_MAX)
        (void)avrspi_image_next(image, (uint32_t)room.end, &first);
    beyond = avrspi_image_count(image, first.address, SIZE_MAX);
    return avrspi_fail_from(
        error, name, &origin,
        memory == AVRSPI_MEMORY_EEPROM && is_inside(data, &flash)
            ? "is it a file for another chip, or for another memory? it would fit flash"
            : "is it a file for another chip?",
        "%zu byte%s too many: 0x%X is the first beyond the %u byte%s of %s of the %s", beyond,
        beyond == 1 ? "" : "s", (unsigned)first.address, size, size == 1 ? "" : "s",
        avrspi_memory_name(memory), avrspi_chip_name(chip));
}

int avrspi_image_check(const struct avrspi_image *image, const struct avrspi_chip *chip,
                       enum avrspi_memory memory, const char *name, struct avrspi_error *error)
{
    const struct range room = range_of(chip, memory);
    struct avrspi_segment first;
    struct range data;

    if (!avrspi_image_next(image, 0, &first))
        return avrspi_fail_named(error, AVRSPI_ERR_INPUT, name, " holds no data");
    data = (struct range){first.address, avrspi_image_end(image)};
    if (room.begin == room.end) {
        const struct avrspi_origin origin = avrspi_image_origin(image, first.address);

        return avrspi_fail_from(error, name, &origin, "is it a file for another chip?",
                                "the %s has no %s to write", avrspi_chip_name(chip),
                                avrspi_memory_name(memory));
    }
    if (is_inside(&data, &room))
        return 0;
    return data.begin < room.begin ? fail_before(image, chip, memory, name, &data, error)
                                   : fail_beyond(image, chip, memory, name, &data, error);
}
