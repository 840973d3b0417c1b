/* SPDX-License-Identifier: MIT */
/* The table of file formats, and reading and writing by it. */
#include "format.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/file.h"
#include "records.h"

static bool is_elf(const char *data, size_t size)
{
    return size >= 4 && memcmp(data,
                               "\x7F"
                               "ELF",
                               4) == 0;
}

static bool is_srec(const char *data, size_t size)
{
    size_t at = avrspi_text_begin(data, size);

    return size - at >= 4 && data[at] == 'S' && isdigit((unsigned char)data[at + 1]) &&
           isxdigit((unsigned char)data[at + 2]) && isxdigit((unsigned char)data[at + 3]);
}

/* A row without a name is a format that is recognised, but can't be read yet. */
static const struct format {
    enum avrspi_format id;
    const char *names[3];      /* for --format, NULL after the last */
    const char *title;         /* in messages */
    const char *extensions[5]; /* of files' names; NULL after the last */
    const char *hint;          /* what to do with a file of a format that can't be read */
    bool (*recognise)(const char *data, size_t size);
    int (*read)(struct avrspi_sink *sink, const char *data, size_t size,
                struct avrspi_error *error);
    int (*write)(const struct avrspi_image *image, char **data, size_t *size,
                 struct avrspi_error *error);
} formats[] = {
    {
        .id = AVRSPI_FORMAT_AUTO,
        .names = {"auto"},
    },
    {
        .id = AVRSPI_FORMAT_IHEX,
        .names = {"hex", "ihex"},
        .title = "Intel HEX",
        .extensions = {".hex", ".ihx", ".ihex", ".eep"},
        .recognise = avrspi_ihex_recognise,
        .read = avrspi_ihex_read,
        .write = avrspi_ihex_write,
    },
    {
        .id = AVRSPI_FORMAT_RAW,
        .names = {"raw", "bin"},
        .title = "raw binary",
        .extensions = {".bin", ".raw"},
        .read = avrspi_raw_read,
        .write = avrspi_raw_write,
    },
    {
        .title = "ELF",
        .extensions = {".elf", ".axf"},
        .hint = "make Intel HEX of it: avr-objcopy -O ihex -R .eeprom IN.elf OUT.hex",
        .recognise = is_elf,
    },
    {
        .title = "S-record",
        .extensions = {".srec", ".s19", ".s28", ".s37"},
        .hint = "make Intel HEX of it: avr-objcopy -I srec -O ihex IN.srec OUT.hex",
        .recognise = is_srec,
    },
};

enum {
    FORMATS = sizeof formats / sizeof *formats,
};

static const struct format *find_format(enum avrspi_format id)
{
    for (size_t i = 0; i < FORMATS; i++) {
        if (formats[i].names[0] && formats[i].id == id) {
            return &formats[i];
        }
    }
    return NULL;
}

const char *avrspi_format_choice(size_t n)
{
    for (size_t i = 0; i < FORMATS; i++) {
        if (formats[i].names[0] && n-- == 0) {
            return formats[i].names[0];
        }
    }
    return NULL;
}

bool avrspi_format_by_name(const char *name, enum avrspi_format *format)
{
    for (size_t i = 0; i < FORMATS; i++) {
        for (size_t j = 0; formats[i].names[j]; j++) {
            if (strcmp(formats[i].names[j], name) == 0) {
                *format = formats[i].id;
                return true;
            }
        }
    }
    return false;
}

const char *avrspi_format_name(enum avrspi_format format)
{
    const struct format *row = find_format(format);

    return row ? row->names[0] : NULL;
}

/* The format that a name's extension belongs to, or NULL. */
static const struct format *find_extension(const char *path)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');

    for (size_t i = 0; dot && i < FORMATS; i++) {
        for (size_t j = 0; formats[i].extensions[j]; j++) {
            if (strcasecmp(formats[i].extensions[j], dot) == 0) {
                return &formats[i];
            }
        }
    }
    return NULL;
}

enum avrspi_format avrspi_format_by_path(const char *path)
{
    const struct format *row = find_extension(path);

    return row ? row->id : AVRSPI_FORMAT_AUTO;
}

int avrspi_format_check_path(const char *path, struct avrspi_error *error)
{
    const struct format *row = find_extension(path);

    if (!row || row->write) {
        return 0;
    }
    avrspi_fail(error, AVRSPI_ERR_USAGE,
                "expected a name for Intel HEX or raw binary, found '%.200s', one for %s", path,
                row->title);
    avrspi_hint(error, "name it .hex or .bin");
    avrspi_advise(error, AVRSPI_ADVICE_FORMAT_HEX, NULL);
    return AVRSPI_ERR_USAGE;
}

/*
 * The format of a file by its first bytes; NULL with the error filled when it can't be read. Raw
 * binary can't be recognised by its first bytes: only the name of the file, or the caller, says so.
 * Any file that is not understood would be taken for a program otherwise.
 */
static const struct format *guess(const char *name, const char *data, size_t size,
                                  struct avrspi_error *error)
{
    size_t begin = avrspi_text_begin(data, size);

    for (size_t i = 0; i < FORMATS; i++) {
        const struct format *row = &formats[i];

        if (!row->recognise || !row->recognise(data, size)) {
            continue;
        }
        if (row->read) {
            return row;
        }
        avrspi_fail_at(error, name, 0, row->hint, "expected Intel HEX or raw binary, found %s",
                       row->title);
        return NULL;
    }
    if (avrspi_format_by_path(name) == AVRSPI_FORMAT_RAW) {
        return find_format(AVRSPI_FORMAT_RAW);
    }
    if (begin == size) {
        avrspi_fail_at(error, name, 0, "the program that should have written it failed",
                       "expected Intel HEX, found an empty file");
        return NULL;
    }
    avrspi_fail_at(error, name, 0,
                   "raw binary is recognized by the name's ending, '.bin' or '.raw'",
                   "expected Intel HEX, found %s at the start", avrspi_show(data[begin]).text);
    avrspi_advise(error, AVRSPI_ADVICE_FORMAT_RAW, NULL);
    return NULL;
}

static int fill(struct avrspi_image *image, const struct format *row, const char *name,
                const char *data, size_t size, struct avrspi_error *error)
{
    struct avrspi_sink sink = {.name = name};
    int result = row->read(&sink, data, size, error);

    if (result == 0) {
        result = avrspi_sink_put(&sink, image, error);
    }
    avrspi_sink_free(&sink);
    return result;
}

int avrspi_image_parse(struct avrspi_image **image, enum avrspi_format format, const char *name,
                       const void *data, size_t size, struct avrspi_error *error)
{
    const char *text = data ? data : "";
    const struct format *row = find_format(format);
    struct avrspi_image *new;
    int result;

    *image = NULL;
    if (!row) {
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "no such image format: %d", (int)format);
    }
    if (format == AVRSPI_FORMAT_AUTO) {
        row = guess(name, text, size, error);
        if (!row) {
            return AVRSPI_ERR_INPUT;
        }
    }
    new = avrspi_image_new();
    if (!new) {
        return avrspi_fail_memory(error);
    }
    result = fill(new, row, name, text, size, error);
    if (result < 0) {
        avrspi_image_free(new);
        return result;
    }
    *image = new;
    return 0;
}

const char *avrspi_file_title(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

int avrspi_image_read(struct avrspi_image **image, enum avrspi_format format, const char *path,
                      struct avrspi_error *error)
{
    char *data;
    size_t size;
    int result;

    *image = NULL;
    result = avrspi_file_read(path, &data, &size, error);
    if (result < 0) {
        return result;
    }
    result = avrspi_image_parse(image, format, avrspi_file_title(path), data, size, error);
    free(data);
    return result;
}

int avrspi_image_format(const struct avrspi_image *image, enum avrspi_format format, char **data,
                        size_t *size, struct avrspi_error *error)
{
    const struct format *row =
        find_format(format == AVRSPI_FORMAT_AUTO ? AVRSPI_FORMAT_IHEX : format);

    *data = NULL;
    *size = 0;
    if (!row) {
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "no such image format: %d", (int)format);
    }
    return row->write(image, data, size, error);
}
