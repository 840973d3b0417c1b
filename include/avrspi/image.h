/* SPDX-License-Identifier: MIT */
/*
 * A sparse memory image, and the files it is read from and written to.
 *
 * An image knows for every address whether it holds a byte, so that a gap in a file stays a
 * gap: an image that was read and written again names the same bytes and no others.
 */
#ifndef AVRSPI_IMAGE_H
#define AVRSPI_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "avrspi/api.h"
#include "avrspi/error.h"

#ifdef __cplusplus
extern "C" {
#endif

struct avrspi_image;

enum avrspi_format {
    /* by what the file holds when reading (raw binary: what is no text and nothing that is known,
     * in a file named .bin or .raw), Intel HEX when writing: a caller that knows a name asks
     * avrspi_format_by_path() */
    AVRSPI_FORMAT_AUTO,
    AVRSPI_FORMAT_IHEX,    /* Intel HEX */
    AVRSPI_FORMAT_SREC,    /* Motorola S-record */
    AVRSPI_FORMAT_ELF,     /* as avr-gcc links it; only read */
    AVRSPI_FORMAT_RAW,     /* raw binary, which has no addresses */
    AVRSPI_FORMAT_GENERIC, /* Atmel generic, word addresses and words; only read */
    AVRSPI_FORMAT_LIST,    /* numbers with commas or blanks between them, no addresses; only read */
    AVRSPI_FORMAT_C,       /* an array in C; only written */
    AVRSPI_FORMAT_DUMP,    /* a hex dump, as 'avrspi read' prints it */
};

/* A run of bytes without a gap. 'data' belongs to the image and is valid until the image changes.
 */
struct avrspi_segment {
    uint32_t address;
    size_t size;
    const uint8_t *data;
};

/* The part of a file that bytes came from, for messages. */
enum avrspi_origin_kind {
    AVRSPI_ORIGIN_NONE, /* not known, or the file has no parts */
    AVRSPI_ORIGIN_LINE,
    AVRSPI_ORIGIN_SECTION,
};
struct avrspi_origin {
    enum avrspi_origin_kind kind;
    size_t line;      /* from 1 on; 0 unless it is a line */
    const char *name; /* ".eeprom"; NULL unless it is a section */
};

/* Makes an empty image; NULL when out of memory. The caller frees it. */
AVRSPI_API struct avrspi_image *avrspi_image_new(void);

/* Frees an image; NULL is allowed. */
AVRSPI_API void avrspi_image_free(struct avrspi_image *image);

/*
 * Puts 'size' bytes at 'address' (their end at most 2^32). Bytes that the image holds already
 * must be equal: otherwise AVRSPI_ERR_INPUT, the image unchanged, and the message names the
 * first address that differs. Bytes that begin where the last run ends are the fastest to put;
 * many pieces in descending order are slow (the readers here sort a file's records first).
 */
AVRSPI_API int avrspi_image_put(struct avrspi_image *image, uint32_t address, const uint8_t *data,
                                size_t size, struct avrspi_error *error);

/* Copies 'size' bytes from 'address' on to 'out', with 'fill' in the gaps and after the last
 * address; returns how many of them the image holds. */
AVRSPI_API size_t avrspi_image_get(const struct avrspi_image *image, uint32_t address, uint8_t *out,
                                   size_t size, uint8_t fill);

/* How many of the 'size' bytes from 'address' on the image holds; 'size' may reach beyond the
 * last address. */
AVRSPI_API size_t avrspi_image_count(const struct avrspi_image *image, uint32_t address,
                                     size_t size);

/*
 * The first run of bytes at or after 'address' (which may be inside it: the run then begins
 * at 'address'). False when there is none. Adjacent runs are always one, so that a caller may
 * count on a gap after each. A run may end with the last address, so a loop over all needs:
 *
 *     uint64_t at = 0;
 *     while (at <= UINT32_MAX && avrspi_image_next(image, (uint32_t)at, &segment)) {
 *         at = (uint64_t)segment.address + segment.size;
 *     }
 */
AVRSPI_API bool avrspi_image_next(const struct avrspi_image *image, uint32_t address,
                                  struct avrspi_segment *segment);

/* Data without addresses, as raw binary is, begins at 0 until it is told where; an image that has
 * addresses stays as it is. */
AVRSPI_API void avrspi_image_place(struct avrspi_image *image, uint32_t address);

/* How many bytes the image holds. */
AVRSPI_API size_t avrspi_image_size(const struct avrspi_image *image);

/* The address after the last byte, 0 for an empty image. */
AVRSPI_API uint64_t avrspi_image_end(const struct avrspi_image *image);

/* Where a byte came from. The name belongs to the image. */
AVRSPI_API struct avrspi_origin avrspi_image_origin(const struct avrspi_image *image,
                                                    uint32_t address);

/* The address where a program is to start (Intel HEX records 03 and 05), kept as information:
 * an AVR starts where its fuses say. False when there is none. */
AVRSPI_API bool avrspi_image_start(const struct avrspi_image *image, uint32_t *address);
AVRSPI_API void avrspi_image_set_start(struct avrspi_image *image, uint32_t address);

/* Stores the format of a name ("hex", "raw", ...); false when there is none of that name. */
AVRSPI_API bool avrspi_format_by_name(const char *name, enum avrspi_format *format);
/* The name of a format, NULL when it is not one; the n-th name for a list of choices ("auto"
 * is the first), NULL after the last. */
AVRSPI_API const char *avrspi_format_name(enum avrspi_format format);
AVRSPI_API const char *avrspi_format_choice(size_t n);
/* The format that goes with the end of a file's name, in either case, or AUTO: .hex .ihx .ihex .eep
 * .a90 .lock .fuse, .srec .s19 .s28 .s37 .mot .sre .sx, .elf .axf .out, .bin .raw, .rom .gen, .list
 * .csv, .c .h .inc, .dump .txt. */
AVRSPI_API enum avrspi_format avrspi_format_by_path(const char *path);

/* What a format is called in messages; "" for AUTO. */
AVRSPI_API const char *avrspi_format_title(enum avrspi_format format);

/* Whether files of a format can be written, or read. */
AVRSPI_API bool avrspi_format_can(enum avrspi_format format, bool write);

/*
 * Reads a whole file that is in memory. 'name' is used in messages, and its ending tells raw
 * binary when 'format' is AUTO. On success *image is a new image that the caller frees, and that
 * holds at least one byte; on failure it is NULL and the error names file, line, what was
 * expected and what was found (AVRSPI_ERR_INPUT).
 */
AVRSPI_API int avrspi_image_parse(struct avrspi_image **image, enum avrspi_format format,
                                  const char *name, const void *data, size_t size,
                                  struct avrspi_error *error);

/* Reads a file; "-" is standard input. As avrspi_image_parse, and AVRSPI_ERR_INPUT when the
 * file can't be read. */
AVRSPI_API int avrspi_image_read(struct avrspi_image **image, enum avrspi_format format,
                                 const char *path, struct avrspi_error *error);

/*
 * The text (or bytes) of an image as a file, in memory from malloc() that the caller frees; a
 * NUL follows its 'size' bytes. AVRSPI_FORMAT_AUTO is Intel HEX. Raw binary fills gaps
 * with 0xFF and begins at address 0; AVRSPI_ERR_INPUT when it would be larger than 16 MiB.
 */
AVRSPI_API int avrspi_image_format(const struct avrspi_image *image, enum avrspi_format format,
                                   char **data, size_t *size, struct avrspi_error *error);

#ifdef __cplusplus
}
#endif
#endif
