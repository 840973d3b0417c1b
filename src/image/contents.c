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

struct avrspi_contents {
    char *name;
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

/* Takes what was read. *file becomes NULL where it is one memory's image as it is. */
static int take(struct avrspi_contents *contents, enum avrspi_memory plain,
                struct avrspi_image **file, struct avrspi_error *error)
{
    uint32_t start;
    int result;

    if (avrspi_image_is_placeable(*file) || !avrspi_split_needed(*file)) {
        contents->images[plain] = *file;
        *file = NULL;
        return 0;
    }
    result = avrspi_split(*file, contents->name, contents, error);
    if (result == 0 && avrspi_image_start(*file, &start) && contents->images[AVRSPI_MEMORY_FLASH])
        avrspi_image_set_start(contents->images[AVRSPI_MEMORY_FLASH], start);
    return result;
}

/* Makes contents of a file that was read, and frees it. */
static int make(struct avrspi_contents **contents, enum avrspi_memory plain, const char *name,
                struct avrspi_image *file, struct avrspi_error *error)
{
    struct avrspi_contents *new = avrspi_contents_new(name);
    int result = new ? take(new, plain, &file, error) : avrspi_fail_memory(error);

    avrspi_image_free(file);
    if (result < 0) {
        avrspi_contents_free(new);
        return result;
    }
    *contents = new;
    return 0;
}

static int check_options(const struct avrspi_read_options *options, struct avrspi_error *error)
{
    if ((unsigned)options->memory >= AVRSPI_MEMORIES)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "no such memory: %d", (int)options->memory);
    return 0;
}

int avrspi_contents_parse(struct avrspi_contents **contents,
                          const struct avrspi_read_options *options, const char *name,
                          const void *data, size_t size, struct avrspi_error *error)
{
    struct avrspi_image *file = NULL;
    int result = check_options(options, error);

    *contents = NULL;
    if (result == 0)
        result = avrspi_image_parse(&file, options->format, name, data, size, error);
    return result < 0 ? result : make(contents, options->memory, name, file, error);
}

int avrspi_contents_read(struct avrspi_contents **contents,
                         const struct avrspi_read_options *options, const char *path,
                         struct avrspi_error *error)
{
    struct avrspi_image *file = NULL;
    int result = check_options(options, error);

    *contents = NULL;
    if (result == 0)
        result = avrspi_image_read(&file, options->format, path, error);
    return result < 0 ? result
                      : make(contents, options->memory, avrspi_file_title(path), file, error);
}

void avrspi_contents_place(struct avrspi_contents *contents, const struct avrspi_chip *chip)
{
    for (int n = 0; n < AVRSPI_MEMORIES; n++) {
        if (contents->images[n])
            avrspi_image_place(contents->images[n],
                               avrspi_memory_start(chip, (enum avrspi_memory)n));
    }
}

int avrspi_contents_check(const struct avrspi_contents *contents, const struct avrspi_chip *chip,
                          struct avrspi_error *error)
{
    for (int n = 0; n < AVRSPI_MEMORIES; n++) {
        const struct avrspi_image *image = avrspi_contents_image(contents, (enum avrspi_memory)n);
        int result =
            image ? avrspi_image_check(image, chip, (enum avrspi_memory)n, contents->name, error)
                  : 0;

        if (result < 0)
            return result;
    }
    return 0;
}
