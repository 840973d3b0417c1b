/* SPDX-License-Identifier: MIT */
/* The table of file formats, and reading and writing by it. */
#include "format.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/file.h"
#include "foreign.h"
#include "records.h"

enum {
    FIRST_LOOK = 4096, /* enough to tell formats apart */
};

/* A row without 'read' is a format that is only written. */
static const struct format {
    enum avrspi_format id;
    const char *names[4];      /* for --format, NULL after the last */
    const char *title;         /* in messages */
    const char *extensions[8]; /* of files' names; NULL after the last */
    bool (*recognise)(const char *data, size_t size);
    int (*read)(struct avrspi_sink *sink, struct avrspi_source *source, struct avrspi_error *error);
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
        .extensions = {".hex", ".ihx", ".ihex", ".eep", ".a90", ".lock", ".fuse"},
        .recognise = avrspi_ihex_recognise,
        .read = avrspi_ihex_read,
        .write = avrspi_ihex_write,
    },
    {
        .id = AVRSPI_FORMAT_SREC,
        .names = {"srec", "s19", "motorola"},
        .title = "S-record",
        .extensions = {".srec", ".s19", ".s28", ".s37", ".mot", ".sre", ".sx"},
        .recognise = avrspi_srec_recognise,
        .read = avrspi_srec_read,
        .write = avrspi_srec_write,
    },
    {
        .id = AVRSPI_FORMAT_ELF,
        .names = {"elf"},
        .title = "ELF",
        .extensions = {".elf", ".axf", ".out"},
        .recognise = avrspi_elf_recognise,
        .read = avrspi_elf_read,
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
        .id = AVRSPI_FORMAT_GENERIC,
        .names = {"generic"},
        .title = "Atmel generic",
        .extensions = {".rom", ".gen"},
        .recognise = avrspi_generic_recognise,
        .read = avrspi_generic_read,
    },
    {
        .id = AVRSPI_FORMAT_LIST,
        .names = {"list"},
        .title = "a list of numbers",
        .extensions = {".list", ".csv"},
        .recognise = avrspi_list_recognise,
        .read = avrspi_list_read,
    },
    {
        .id = AVRSPI_FORMAT_C,
        .names = {"c"},
        .title = "a C array",
        .extensions = {".c", ".h", ".inc"},
        .write = avrspi_array_write,
    },
    {
        .id = AVRSPI_FORMAT_DUMP,
        .names = {"dump"},
        .title = "a hex dump",
        .extensions = {".dump", ".txt"},
        .recognise = avrspi_dump_recognise,
        .read = avrspi_dump_read,
        .write = avrspi_dump_write,
    },
};

enum {
    FORMATS = sizeof formats / sizeof *formats,
};

static const struct format *find_format(enum avrspi_format id)
{
    for (size_t i = 0; i < FORMATS; i++) {
        if (formats[i].id == id) {
            return &formats[i];
        }
    }
    return NULL;
}

const char *avrspi_format_choice(size_t n)
{
    for (size_t i = 0; i < FORMATS; i++) {
        if (n-- == 0) {
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
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    const struct format *row = find_extension(path);

    if (row ? row->write != NULL : !dot || dot == name)
        return 0;
    if (row)
        avrspi_fail(error, AVRSPI_ERR_USAGE,
                    "expected the name of a file that can be written, found '%.200s', one for %s",
                    path, row->title);
    else
        avrspi_fail(error, AVRSPI_ERR_USAGE,
                    "expected a name whose ending says the format, found '%.200s'", path);
    avrspi_hint(error, "name it .hex, .srec, .bin, .c or .dump");
    avrspi_advise(error, AVRSPI_ADVICE_FORMAT_HEX, NULL);
    return AVRSPI_ERR_USAGE;
}

bool avrspi_format_can(enum avrspi_format format, bool write)
{
    const struct format *row = find_format(format);

    return row && (write ? row->write != NULL : row->read != NULL);
}

const char *avrspi_format_title(enum avrspi_format format)
{
    const struct format *row = find_format(format);

    return row && row->title ? row->title : "";
}

/* --- reading */

static const struct format *recognise(const char *data, size_t size)
{
    for (size_t i = 0; i < FORMATS; i++)
        if (formats[i].recognise && formats[i].recognise(data, size))
            return &formats[i];
    return NULL;
}

static void fail_text(const char *name, char first, struct avrspi_error *error)
{
    (void)avrspi_fail_at(error, name, 0,
                         "Intel HEX, S-record, ELF, Atmel generic, number lists and hex dumps are "
                         "recognized by what they hold",
                         "expected a firmware file, found text that begins with %s",
                         avrspi_show(first).text);
}

/* Any file that is not understood would be taken for a program otherwise. */
static void fail_binary(const char *name, char first, struct avrspi_error *error)
{
    (void)avrspi_fail_at(
        error, name, 0, "raw binary is recognized by the name's ending, '.bin' or '.raw'",
        "expected Intel HEX, S-record or ELF, found %s at the start", avrspi_show(first).text);
    avrspi_advise(error, AVRSPI_ADVICE_FORMAT_RAW, NULL);
}

/*
 * The format of a file by its first bytes; NULL with the error filled when it can't be read. Raw
 * binary is what is no text and nothing that is known, in a file that is named so.
 */
static const struct format *guess(const struct avrspi_format_options *options, const char *name,
                                  const char *data, size_t size, struct avrspi_error *error)
{
    const struct format *row = recognise(data, size), *raw = find_format(AVRSPI_FORMAT_RAW);
    const struct avrspi_foreign *foreign = row ? NULL : avrspi_foreign_find(data, size);
    bool text = avrspi_foreign_is_text(data, size);
    size_t begin = avrspi_text_begin(data, size);

    if (row)
        return row;
    if (foreign)
        (void)avrspi_fail_at(error, name, 0, foreign->hint, "expected a firmware file, found %s",
                             foreign->title);
    else if (begin == size)
        (void)avrspi_fail_at(error, name, 0, "the program that should have written it failed",
                             "expected Intel HEX, found an empty file");
    else if (avrspi_format_by_path(name) == AVRSPI_FORMAT_RAW && (!text || options->take_text))
        return raw;
    else if (text)
        fail_text(name, data[begin], error);
    else
        fail_binary(name, data[begin], error);
    return NULL;
}

static int choose(const struct format **row, const struct avrspi_format_options *options,
                  const char *name, struct avrspi_source *source, struct avrspi_error *error)
{
    int result = avrspi_source_want(source, FIRST_LOOK, error);

    if (result < 0)
        return result;
    *row = find_format(options->format);
    if (options->format == AVRSPI_FORMAT_AUTO)
        *row = guess(options, name, source->data, source->size, error);
    else if (!*row)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "no such image format: %d",
                           (int)options->format);
    else if (!(*row)->read)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "%s can't be read, only written",
                           (*row)->title);
    return *row ? 0 : AVRSPI_ERR_INPUT;
}

int avrspi_format_read(struct avrspi_image **image, struct avrspi_facts *facts,
                       const struct avrspi_format_options *options, const char *name,
                       struct avrspi_source *source, struct avrspi_error *error)
{
    const struct format *row;
    struct avrspi_sink sink = {.name = name, .first_only = options->first_image};
    int result = choose(&row, options, name, source, error);

    *image = NULL;
    *facts = (struct avrspi_facts){0};
    if (result < 0)
        return result;
    sink.image = avrspi_image_new();
    if (!sink.image)
        return avrspi_fail_memory(error);
    sink.facts.format = row->id;
    if (row->id == AVRSPI_FORMAT_RAW && options->format == AVRSPI_FORMAT_AUTO &&
        avrspi_foreign_is_text(source->data, source->size))
        result = avrspi_facts_remark(&sink.facts, error, "text, taken byte for byte as it is");
    if (result == 0)
        result = row->read(&sink, source, error);
    if (result == 0)
        result = avrspi_sink_finish(&sink, error);
    avrspi_sink_free(&sink);
    if (result < 0) {
        avrspi_image_free(sink.image);
        avrspi_facts_free(&sink.facts);
        return result;
    }
    *image = sink.image;
    *facts = sink.facts;
    return 0;
}

/* What a caller who wants an image alone gets: bytes without contradictions. */
static int take(struct avrspi_image **image, struct avrspi_facts *facts, const char *name,
                struct avrspi_error *error)
{
    int result = 0;

    if (facts->overlaps) {
        if (error)
            *error = facts->overlap;
        result = AVRSPI_ERR_INPUT;
    } else if (avrspi_image_size(*image) == 0) {
        result = avrspi_fail_empty(name, error);
    }
    avrspi_facts_free(facts);
    if (result == 0)
        return 0;
    avrspi_image_free(*image);
    *image = NULL;
    return result;
}

int avrspi_fail_empty(const char *name, struct avrspi_error *error)
{
    return avrspi_fail_at(error, name, 0,
                          "the section that it was made of is empty, or has another name",
                          "expected data records, found none");
}

int avrspi_image_parse(struct avrspi_image **image, enum avrspi_format format, const char *name,
                       const void *data, size_t size, struct avrspi_error *error)
{
    const struct avrspi_format_options options = {.format = format};
    struct avrspi_source source;
    struct avrspi_facts facts;
    int result;

    avrspi_source_of_memory(&source, data, size);
    result = avrspi_format_read(image, &facts, &options, name, &source, error);
    return result < 0 ? result : take(image, &facts, name, error);
}

int avrspi_image_read(struct avrspi_image **image, enum avrspi_format format, const char *path,
                      struct avrspi_error *error)
{
    const struct avrspi_format_options options = {.format = format};
    const char *name = avrspi_file_title(path);
    struct avrspi_source source;
    struct avrspi_facts facts;
    int result = avrspi_source_open(&source, path, error);

    *image = NULL;
    if (result < 0)
        return result;
    result = avrspi_format_read(image, &facts, &options, name, &source, error);
    avrspi_source_close(&source);
    return result < 0 ? result : take(image, &facts, name, error);
}

/* --- writing */

int avrspi_text_out_begin(struct avrspi_text_out *text, char **data, size_t *size,
                          struct avrspi_error *error)
{
    *text = (struct avrspi_text_out){.out = open_memstream(data, size), .data = data};
    return text->out ? 0 : avrspi_fail_memory(error);
}

int avrspi_text_out_end(struct avrspi_text_out *text, struct avrspi_error *error)
{
    bool failed = ferror(text->out) != 0;

    failed = fclose(text->out) != 0 || failed;
    if (!failed)
        return 0;
    free(*text->data);
    *text->data = NULL;
    return avrspi_fail_memory(error);
}

int avrspi_image_format(const struct avrspi_image *image, enum avrspi_format format, char **data,
                        size_t *size, struct avrspi_error *error)
{
    const struct format *row =
        find_format(format == AVRSPI_FORMAT_AUTO ? AVRSPI_FORMAT_IHEX : format);

    *data = NULL;
    *size = 0;
    if (!row)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "no such image format: %d", (int)format);
    if (!row->write)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "%s can't be written, only read", row->title);
    return row->write(image, data, size, error);
}
