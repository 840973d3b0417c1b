/* SPDX-License-Identifier: MIT */
#include "cli/info.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "cli/fuse_text.h"
#include "cli/input.h"
#include "image/image.h"

enum {
    SHOWN_RANGES = 4,
    MOST_GAPS = 16 << 20, /* a checksum counts gaps as 0xFF: of so many bytes at most */
};

static void set(json_t *object, const char *key, json_t *value)
{
    (void)json_object_set_new(object, key, value);
}

static json_t *crc_json(uint32_t crc)
{
    char text[UI_TEXT];

    (void)snprintf(text, sizeof text, "%08X", (unsigned)crc);
    return ui_string(text);
}

/* --- the file */

static void show_checksums(struct cli *cli, struct info *info)
{
    uint8_t hash[AVRSPI_SHA256_SIZE];
    char hex[2 * AVRSPI_SHA256_SIZE + 1];
    const uint32_t crc = avrspi_crc32(0, info->data, info->size);

    avrspi_sha256(info->data, info->size, hash);
    for (size_t n = 0; n < sizeof hash; n++)
        (void)snprintf(hex + 2 * n, 3, "%02x", hash[n]);
    ui_line(&cli->ui, "sha256", "%s", hex);
    ui_line(&cli->ui, "crc32", "%08X of the file", (unsigned)crc);
    set(info->json, "sha256", ui_string(hex));
    set(info->json, "crc32", crc_json(crc));
}

void info_show_file(struct cli *cli, struct info *info)
{
    const enum avrspi_format format = avrspi_contents_format(info->contents);
    const char *device = avrspi_contents_device(info->contents);

    ui_line(&cli->ui, "file", "%s: %s, %zu B", avrspi_contents_name(info->contents),
            avrspi_format_title(format), info->size);
    set(info->json, "format", ui_string(avrspi_format_name(format)));
    set(info->json, "size", json_integer((json_int_t)info->size));
    show_checksums(cli, info);
    input_tell_remarks(cli, info->contents);
    if (device) {
        ui_line(&cli->ui, "device", "%s, named in the file", device);
        set(info->json, "device", ui_string(device));
    }
}

/* --- its memories */

void info_ranges(const struct avrspi_image *image, char *text, size_t size)
{
    struct avrspi_segment segment;
    uint64_t at = 0;
    size_t used = 0;

    *text = '\0';
    for (int n = 0; at <= UINT32_MAX && avrspi_image_next(image, (uint32_t)at, &segment); n++) {
        if (n == SHOWN_RANGES) {
            (void)snprintf(text + used, size - used, " ...");
            return;
        }
        at = (uint64_t)segment.address + segment.size;
        used += input_range_text(text + used, size - used, segment.address, at);
    }
}

static json_t *ranges_json(const struct avrspi_image *image)
{
    json_t *list = json_array();
    struct avrspi_segment segment;
    uint64_t at = 0;

    while (at <= UINT32_MAX && avrspi_image_next(image, (uint32_t)at, &segment)) {
        (void)json_array_append_new(list,
                                    json_pack("{s:I, s:I}", "address", (json_int_t)segment.address,
                                              "bytes", (json_int_t)segment.size));
        at = (uint64_t)segment.address + segment.size;
    }
    return list;
}

/* From the first byte to the last, gaps as the 0xFF that they are on a chip: the same for a program
 * in whatever format. False where the gaps are too large. */
static bool image_crc(const struct avrspi_image *image, uint32_t *crc)
{
    uint8_t bytes[4096];
    struct avrspi_segment first;
    uint64_t end = avrspi_image_end(image);

    *crc = 0;
    if (!avrspi_image_next(image, 0, &first) || end - first.address > MOST_GAPS)
        return false;
    for (uint64_t at = first.address; at < end; at += sizeof bytes) {
        const size_t size = end - at < sizeof bytes ? (size_t)(end - at) : sizeof bytes;

        (void)avrspi_image_get(image, (uint32_t)at, bytes, size, 0xFF);
        *crc = avrspi_crc32(*crc, bytes, size);
    }
    return true;
}

/* The pages that have a byte of the image. */
static uint32_t count_pages(const struct avrspi_image *image, uint32_t page)
{
    struct avrspi_segment segment;
    uint64_t at = 0, counted = 0; /* pages before this one are counted */
    uint32_t count = 0;

    while (at <= UINT32_MAX && avrspi_image_next(image, (uint32_t)at, &segment)) {
        uint64_t first = segment.address / page, last;

        at = (uint64_t)segment.address + segment.size;
        last = (at - 1) / page;
        first = first < counted ? counted : first;
        count += last >= first ? (uint32_t)(last - first + 1) : 0;
        counted = last + 1;
    }
    return count;
}

/* "924 B, 0x0000-0x039B, CRC-32 1A2B3C4D, 8 of 256 pages" */
static void show_memory(struct cli *cli, const struct info *info, enum avrspi_memory memory,
                        json_t *object)
{
    const struct avrspi_image *image = avrspi_contents_image(info->contents, memory);
    const uint32_t page = info->chip ? avrspi_memory_page(info->chip, memory) : 0;
    const size_t size = avrspi_image_size(image);
    char ranges[160], crc_text[UI_TEXT] = "", pages[UI_TEXT] = "";
    uint32_t crc;

    info_ranges(image, ranges, sizeof ranges);
    set(object, "ranges", ranges_json(image));
    if (image_crc(image, &crc)) {
        (void)snprintf(crc_text, sizeof crc_text, ", CRC-32 %08X", (unsigned)crc);
        set(object, "crc32", crc_json(crc));
    }
    if (page && memory == AVRSPI_MEMORY_FLASH) {
        const uint32_t count = count_pages(image, page);
        const uint32_t total = avrspi_memory_size(info->chip, memory) / page;

        (void)snprintf(pages, sizeof pages, ", %u of %u pages", (unsigned)count, (unsigned)total);
        set(object, "pages", json_integer(count));
        set(object, "total_pages", json_integer(total));
    }
    ui_line(&cli->ui, avrspi_memory_name(memory), "%zu B,%s%s%s", size, ranges, pages, crc_text);
}

/* "low 0xFF, high 0xDE", of fuses or lock bits. */
static void show_fuses(struct cli *cli, const struct info *info, enum avrspi_memory memory,
                       json_t *object)
{
    const bool lock = memory == AVRSPI_MEMORY_LOCK;
    struct avrspi_fuses fuses;
    char text[UI_TEXT] = "";
    size_t used = 0;

    avrspi_contents_fuses(info->contents, &fuses);
    for (int n = 0; n < AVRSPI_FUSES; n++) {
        const char *name = avrspi_fuse_name((enum avrspi_fuse)n);

        if (!fuses.given[n] || lock != (n == AVRSPI_FUSE_LOCK))
            continue;
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s%s0x%02X", used ? ", " : "",
                                 lock ? "" : name, lock ? "" : " ", fuses.value[n]);
        set(object, name, json_integer(fuses.value[n]));
    }
    ui_line(&cli->ui, avrspi_memory_name(memory), "%s", text);
}

static void show_signature(struct cli *cli, const struct info *info, json_t *object)
{
    uint8_t signature[3];
    char text[UI_TEXT];

    if (!avrspi_contents_signature(info->contents, signature))
        return;
    ui_line(&cli->ui, avrspi_memory_name(AVRSPI_MEMORY_SIGNATURE), "%s",
            ui_signature(signature, text));
    set(object, "signature", ui_string(text));
}

/* What the fuses in the file make of the chip. */
static void show_sentence(struct cli *cli, const struct info *info)
{
    struct avrspi_fuses fuses;
    char text[512];

    avrspi_contents_fuses(info->contents, &fuses);
    if (!info->chip || !avrspi_fuses_any(&fuses))
        return;
    fuse_sentence(info->chip, &fuses, text, sizeof text);
    if (*text)
        ui_line(&cli->ui, "", "%s", text);
}

/* The sections of an ELF file, by the bytes that are from them. */
static void show_sections(struct cli *cli, enum avrspi_memory memory,
                          const struct avrspi_image *image, json_t *list)
{
    struct avrspi_segment segment;
    char range[UI_TEXT];
    uint64_t at = 0;

    while (at <= UINT32_MAX && avrspi_image_next(image, (uint32_t)at, &segment)) {
        const uint64_t end = (uint64_t)segment.address + segment.size;
        uint64_t until;

        for (at = segment.address; at < end; at = until) {
            const struct avrspi_origin origin =
                avrspi_image_origin_until(image, (uint32_t)at, &until);

            until = until < end ? until : end;
            if (origin.kind != AVRSPI_ORIGIN_SECTION)
                continue;
            (void)input_range_text(range, sizeof range, (uint32_t)at, until);
            ui_line(&cli->ui, "section", "%-12s %s%s, %llu B", origin.name,
                    avrspi_memory_name(memory), range, (unsigned long long)(until - at));
            (void)json_array_append_new(
                list, json_pack("{s:o, s:s, s:I, s:I}", "name", ui_string(origin.name), "memory",
                                avrspi_memory_name(memory), "address", (json_int_t)at, "bytes",
                                (json_int_t)(until - at)));
        }
    }
}

void info_show_memories(struct cli *cli, struct info *info)
{
    json_t *memories = json_object(), *sections = json_array();

    for (int n = 0; n < AVRSPI_MEMORIES; n++) {
        const enum avrspi_memory memory = (enum avrspi_memory)n;
        const struct avrspi_image *image = avrspi_contents_image(info->contents, memory);
        json_t *object;

        if (!image)
            continue;
        object = json_object();
        set(object, "bytes", json_integer((json_int_t)avrspi_image_size(image)));
        if (memory == AVRSPI_MEMORY_FUSES || memory == AVRSPI_MEMORY_LOCK)
            show_fuses(cli, info, memory, object);
        else if (memory == AVRSPI_MEMORY_SIGNATURE)
            show_signature(cli, info, object);
        else
            show_memory(cli, info, memory, object);
        set(memories, avrspi_memory_name(memory), object);
    }
    show_sentence(cli, info);
    for (int n = 0; n < AVRSPI_MEMORIES; n++) {
        const struct avrspi_image *image =
            avrspi_contents_image(info->contents, (enum avrspi_memory)n);

        if (image)
            show_sections(cli, (enum avrspi_memory)n, image, sections);
    }
    set(info->json, "memories", memories);
    if (json_array_size(sections) > 0)
        set(info->json, "sections", json_incref(sections));
    json_decref(sections);
}
