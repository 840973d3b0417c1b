/* SPDX-License-Identifier: MIT */
#include "avrspi/contents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "image/check.h"
#include "image/format.h"
#include "image/image.h"
#include "image/split.h"

enum {
    MAKER = 0x1E, /* the first byte of every signature */
};

struct avrspi_contents {
    char *name;
    struct avrspi_facts facts;
    struct avrspi_image *images[AVRSPI_MEMORIES]; /* NULL: no bytes */
};

struct avrspi_contents *avrspi_contents_new(const char *name)
{
    struct avrspi_contents *contents = calloc(1, sizeof *contents);

    if (!contents)
        return NULL;
    contents->name = strdup(name);
    if (!contents->name) {
        free(contents);
        return NULL;
    }
    return contents;
}

void avrspi_contents_free(struct avrspi_contents *contents)
{
    if (!contents)
        return;
    for (size_t n = 0; n < AVRSPI_MEMORIES; n++)
        avrspi_image_free(contents->images[n]);
    avrspi_facts_free(&contents->facts);
    free(contents->name);
    free(contents);
}

int avrspi_contents_put(struct avrspi_contents *contents, enum avrspi_memory memory,
                        uint32_t address, const uint8_t *data, size_t size,
                        const struct avrspi_origin *origin, struct avrspi_error *error)
{
    static const struct avrspi_origin none = {0};

    if ((unsigned)memory >= AVRSPI_MEMORIES)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "no such memory: %d", (int)memory);
    if (!contents->images[memory])
        contents->images[memory] = avrspi_image_new();
    if (!contents->images[memory])
        return avrspi_fail_memory(error);
    return avrspi_image_put_from(contents->images[memory], address, data, size,
                                 origin ? origin : &none, error);
}

const struct avrspi_image *avrspi_contents_image(const struct avrspi_contents *contents,
                                                 enum avrspi_memory memory)
{
    const struct avrspi_image *image =
        (unsigned)memory < AVRSPI_MEMORIES ? contents->images[memory] : NULL;

    return image && avrspi_image_size(image) > 0 ? image : NULL;
}

/* The memories that have bytes: "flash, eeprom". */
static void list_memories(const struct avrspi_contents *contents, char *text, size_t size)
{
    size_t used = 0;

    text[0] = '\0';
    for (int n = 0; n < AVRSPI_MEMORIES && used < size; n++) {
        if (avrspi_contents_image(contents, (enum avrspi_memory)n))
            used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "",
                                     avrspi_memory_name((enum avrspi_memory)n));
    }
}

int avrspi_contents_require(const struct avrspi_contents *contents, enum avrspi_memory memory,
                            const struct avrspi_image **image, struct avrspi_error *error)
{
    char there[128];

    *image = avrspi_contents_image(contents, memory);
    if (*image)
        return 0;
    list_memories(contents, there, sizeof there);
    return avrspi_fail_named(error, AVRSPI_ERR_INPUT, contents->name,
                             " holds no data for %s; it has %s", avrspi_memory_name(memory),
                             *there ? there : "none at all");
}

void avrspi_contents_fuses(const struct avrspi_contents *contents, struct avrspi_fuses *fuses)
{
    for (int n = 0; n < AVRSPI_FUSES; n++) {
        bool lock = n == AVRSPI_FUSE_LOCK;
        const struct avrspi_image *image =
            contents->images[lock ? AVRSPI_MEMORY_LOCK : AVRSPI_MEMORY_FUSES];
        uint32_t address = lock ? 0 : (uint32_t)n;

        fuses->value[n] = 0xFF;
        fuses->given[n] = image && avrspi_image_get(image, address, &fuses->value[n], 1, 0xFF) == 1;
    }
}

/* --- reading */

/* Takes the bytes that were read. *file becomes NULL where it is one memory's image as it is. */
static int take(struct avrspi_contents *contents, const struct avrspi_read_options *options,
                struct avrspi_image **file, struct avrspi_error *error)
{
    bool placeable = avrspi_image_is_placeable(*file);
    uint32_t start;
    int result;

    if (options->has_at && !placeable) {
        avrspi_fail_named(error, AVRSPI_ERR_USAGE, contents->name,
                          " has addresses of its own: it is %s",
                          avrspi_format_title(contents->facts.format));
        avrspi_hint(error, "only raw binary and lists of numbers are put where one says");
        return AVRSPI_ERR_USAGE;
    }
    if (options->has_at)
        avrspi_image_settle(*file, options->at);
    if (!contents->facts.names_memories && (placeable || !avrspi_split_needed(*file))) {
        contents->images[options->memory] = *file;
        *file = NULL;
        return 0;
    }
    result = avrspi_split(*file, contents->name, contents, &contents->facts, error);
    if (result == 0 && avrspi_image_start(*file, &start) && contents->images[AVRSPI_MEMORY_FLASH])
        avrspi_image_set_start(contents->images[AVRSPI_MEMORY_FLASH], start);
    return result;
}

/* That a file is too large for the chip comes first: then two parts of it that meet are no wonder.
 */
static int check_overlap(struct avrspi_contents *contents,
                         const struct avrspi_read_options *options, struct avrspi_error *error)
{
    int result = 0;

    if (!contents->facts.overlaps)
        return 0;
    if (options->chip) {
        avrspi_contents_place(contents, options->chip);
        result = avrspi_contents_check(contents, options->chip, error);
    }
    if (result == 0 && error)
        *error = contents->facts.overlap;
    return result < 0 ? result : AVRSPI_ERR_INPUT;
}

static int read_source(struct avrspi_contents *contents, const struct avrspi_read_options *options,
                       struct avrspi_source *source, struct avrspi_error *error)
{
    const struct avrspi_format_options format = {
        .format = options->format,
        .first_image = options->first_image,
        .take_text = options->memory == AVRSPI_MEMORY_EEPROM,
    };
    struct avrspi_image *file;
    int result =
        avrspi_format_read(&file, &contents->facts, &format, contents->name, source, error);
    bool empty = result == 0 && avrspi_image_size(file) == 0;

    if (result == 0)
        result = take(contents, options, &file, error);
    avrspi_image_free(file);
    if (result == 0)
        result = check_overlap(contents, options, error);
    if (result == 0 && empty && !options->may_be_empty)
        result = avrspi_fail_empty(contents->name, error);
    return result;
}

/* Reads a source, and closes it. */
static int make(struct avrspi_contents **contents, const struct avrspi_read_options *options,
                const char *name, struct avrspi_source *source, struct avrspi_error *error)
{
    struct avrspi_contents *new = avrspi_contents_new(name);
    int result = new ? 0 : avrspi_fail_memory(error);

    if (result == 0 && (unsigned)options->memory >= AVRSPI_MEMORIES)
        result = avrspi_fail(error, AVRSPI_ERR_USAGE, "no such memory: %d", (int)options->memory);
    if (result == 0)
        result = read_source(new, options, source, error);
    avrspi_source_close(source);
    if (result < 0) {
        avrspi_contents_free(new);
        return result;
    }
    *contents = new;
    return 0;
}

int avrspi_contents_parse(struct avrspi_contents **contents,
                          const struct avrspi_read_options *options, const char *name,
                          const void *data, size_t size, struct avrspi_error *error)
{
    struct avrspi_source source;

    *contents = NULL;
    avrspi_source_of_memory(&source, data, size);
    return make(contents, options, name, &source, error);
}

int avrspi_contents_read(struct avrspi_contents **contents,
                         const struct avrspi_read_options *options, const char *path,
                         struct avrspi_error *error)
{
    struct avrspi_source source;
    int result = avrspi_source_open(&source, path, error);

    *contents = NULL;
    return result < 0 ? result : make(contents, options, avrspi_file_title(path), &source, error);
}

/* --- what a file says beside its bytes */

const char *avrspi_contents_name(const struct avrspi_contents *contents)
{
    return contents->name;
}

enum avrspi_format avrspi_contents_format(const struct avrspi_contents *contents)
{
    return contents->facts.format;
}

const char *avrspi_contents_device(const struct avrspi_contents *contents)
{
    return contents->facts.device;
}

const char *avrspi_contents_remark(const struct avrspi_contents *contents, size_t n, bool *warning)
{
    const struct avrspi_facts *facts = &contents->facts;

    if (n >= facts->n_remarks)
        return NULL;
    *warning = facts->remarks[n].warning;
    return facts->remarks[n].text;
}

int avrspi_contents_take_remarks(struct avrspi_contents *contents,
                                 const struct avrspi_contents *file, const char *name,
                                 struct avrspi_error *error)
{
    int result = 0;

    for (size_t n = 0; result == 0 && n < file->facts.n_remarks; n++) {
        const struct avrspi_remark *remark = &file->facts.remarks[n];

        result = (remark->warning ? avrspi_facts_warn : avrspi_facts_remark)(
            &contents->facts, error, "%s: %s", name, remark->text);
    }
    return result;
}

/* avr-libc's <avr/signature.h> has the last byte first, avrdude and chips the first one: that is
 * 0x1E, the maker's. */
bool avrspi_contents_signature(const struct avrspi_contents *contents, uint8_t signature[3])
{
    const struct avrspi_image *image = avrspi_contents_image(contents, AVRSPI_MEMORY_SIGNATURE);
    uint8_t bytes[3];

    if (!image || avrspi_image_get(image, 0, bytes, sizeof bytes, 0) < sizeof bytes)
        return false;
    for (size_t n = 0; n < sizeof bytes; n++)
        signature[n] = bytes[0] == MAKER || bytes[2] != MAKER ? bytes[n] : bytes[2 - n];
    return true;
}

/* --- checks against a chip */

void avrspi_contents_place(struct avrspi_contents *contents, const struct avrspi_chip *chip)
{
    for (int n = 0; n < AVRSPI_MEMORIES; n++) {
        if (contents->images[n])
            avrspi_image_place(contents->images[n],
                               avrspi_memory_start(chip, (enum avrspi_memory)n));
    }
}

/* Signature and calibration are only compared, and SPI does not reach a user row. */
static bool is_programmed(enum avrspi_memory memory)
{
    return memory <= AVRSPI_MEMORY_LOCK;
}

int avrspi_contents_check(const struct avrspi_contents *contents, const struct avrspi_chip *chip,
                          struct avrspi_error *error)
{
    for (int n = 0; n < AVRSPI_MEMORIES; n++) {
        const struct avrspi_image *image = avrspi_contents_image(contents, (enum avrspi_memory)n);
        int result =
            image && is_programmed((enum avrspi_memory)n)
                ? avrspi_image_check(image, chip, (enum avrspi_memory)n, contents->name, error)
                : 0;

        if (result < 0)
            return result;
    }
    return 0;
}
