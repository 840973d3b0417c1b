/* SPDX-License-Identifier: MIT */
/*
 * What a file holds for a chip, by memory: an image each for flash, EEPROM, fuses, lock bits,
 * signature and user row.
 *
 * The address says which memory is meant, by the convention of avr-gcc's linker scripts:
 *
 *     0x000000    flash
 *     0x810000    EEPROM
 *     0x820000    fuses: low, high, extended
 *     0x830000    lock bits
 *     0x840000    signature
 *     0x840003    calibration
 *     0x850000    user row
 *
 * In the images each memory begins at its own address, 0 for all but the flash of some chips.
 */
#ifndef AVRSPI_CONTENTS_H
#define AVRSPI_CONTENTS_H

#include "avrspi/api.h"
#include "avrspi/chip.h"
#include "avrspi/error.h"
#include "avrspi/image.h"

#ifdef __cplusplus
extern "C" {
#endif

struct avrspi_contents;

/* Makes contents that hold nothing; NULL when out of memory. 'name' (copied) is what they are
 * called in messages. The caller frees them. */
AVRSPI_API struct avrspi_contents *avrspi_contents_new(const char *name);

/* Frees contents and their images; NULL is allowed. */
AVRSPI_API void avrspi_contents_free(struct avrspi_contents *contents);

/* Puts 'size' bytes into a memory, from byte address 'address' on. 'origin' says where they came
 * from; NULL: not known. AVRSPI_ERR_INPUT as avrspi_image_put() has it. */
AVRSPI_API int avrspi_contents_put(struct avrspi_contents *contents, enum avrspi_memory memory,
                                   uint32_t address, const uint8_t *data, size_t size,
                                   const struct avrspi_origin *origin, struct avrspi_error *error);

/* The bytes of a memory, or NULL when there are none. Belongs to the contents. */
AVRSPI_API const struct avrspi_image *avrspi_contents_image(const struct avrspi_contents *contents,
                                                            enum avrspi_memory memory);

/* Stores the same in *image; where there are none, AVRSPI_ERR_INPUT, and the message says which
 * memories there are. */
AVRSPI_API int avrspi_contents_require(const struct avrspi_contents *contents,
                                       enum avrspi_memory memory, const struct avrspi_image **image,
                                       struct avrspi_error *error);

/* Stores the fuses and lock bits that the contents give; the others are not given. */
AVRSPI_API void avrspi_contents_fuses(const struct avrspi_contents *contents,
                                      struct avrspi_fuses *fuses);

struct avrspi_read_options {
    enum avrspi_format format;
    /* where addresses below 0x800000 belong: to this memory, or to flash where the file has higher
     * ones too, or is ELF */
    enum avrspi_memory memory;
    /* the chip that it is for; may be NULL. What is too large for it is said before parts of the
     * file that contradict each other */
    const struct avrspi_chip *chip;
    bool first_image;  /* of several that were joined in one file, only the first */
    bool may_be_empty; /* a file without data is contents without bytes */
    bool has_at;       /* the first byte of a file without addresses is for 'at' */
    uint32_t at;
};

/*
 * Reads a whole file that is in memory, as avrspi_image_parse() does, and separates the
 * memories. On success *contents hold at least one byte, or a remark says what was left out (or
 * they may be empty), and the caller frees them; on failure they are NULL. AVRSPI_ERR_INPUT also
 * where an address belongs to no memory that is known, AVRSPI_ERR_USAGE where 'at' is for a file
 * that has addresses.
 */
AVRSPI_API int avrspi_contents_parse(struct avrspi_contents **contents,
                                     const struct avrspi_read_options *options, const char *name,
                                     const void *data, size_t size, struct avrspi_error *error);

/* The same for a file; "-" is standard input. AVRSPI_ERR_INPUT also when it can't be read. */
AVRSPI_API int avrspi_contents_read(struct avrspi_contents **contents,
                                    const struct avrspi_read_options *options, const char *path,
                                    struct avrspi_error *error);

/* The format that was found. */
AVRSPI_API enum avrspi_format avrspi_contents_format(const struct avrspi_contents *contents);

/* The chip that the file says it is for, as avr-gcc names it; NULL where it does not. */
AVRSPI_API const char *avrspi_contents_device(const struct avrspi_contents *contents);

/* What they are called in messages. */
AVRSPI_API const char *avrspi_contents_name(const struct avrspi_contents *contents);

/* A line about the file for its user: what was left out, or, a warning, what looks wrong. NULL
 * after the last. */
AVRSPI_API const char *avrspi_contents_remark(const struct avrspi_contents *contents, size_t n,
                                              bool *warning);

/* AVRSPI_ERR_INPUT where two files have different bytes for one address; the message names both. */
AVRSPI_API int avrspi_contents_agree(const struct avrspi_contents *first,
                                     const struct avrspi_contents *second,
                                     struct avrspi_error *error);

/* Adds what other contents, which agree, have of a memory from 'start' up to, not including,
 * 'end'. */
AVRSPI_API int avrspi_contents_add(struct avrspi_contents *contents,
                                   const struct avrspi_contents *other, enum avrspi_memory memory,
                                   uint64_t start, uint64_t end, struct avrspi_error *error);

/* One image of all memories, each from the address on that a file has for it (see above). The
 * caller frees *image. */
AVRSPI_API int avrspi_contents_join(const struct avrspi_contents *contents,
                                    struct avrspi_image **image, struct avrspi_error *error);

/* The signature in the file, in the order in which a chip shows it; false when there is none. */
AVRSPI_API bool avrspi_contents_signature(const struct avrspi_contents *contents,
                                          uint8_t signature[3]);

/* Moves data without addresses, as raw binary is, to where its memory of the chip begins. */
AVRSPI_API void avrspi_contents_place(struct avrspi_contents *contents,
                                      const struct avrspi_chip *chip);

/* AVRSPI_ERR_INPUT unless every byte that can be programmed is inside its memory of the chip; the
 * message names the file and the line or section. */
AVRSPI_API int avrspi_contents_check(const struct avrspi_contents *contents,
                                     const struct avrspi_chip *chip, struct avrspi_error *error);

/* What speaks against an image being a program. */
enum avrspi_doubt {
    AVRSPI_DOUBT_NONE,
    AVRSPI_DOUBT_NO_VECTOR,       /* no jump at the reset vector */
    AVRSPI_DOUBT_ONE_BYTE,        /* one byte in all, as a fuse has */
    AVRSPI_DOUBT_LOCKED_READ_OUT, /* what a locked chip shows as its flash */
};

/* Looks at an image for the flash of a chip. */
AVRSPI_API enum avrspi_doubt avrspi_program_doubt(const struct avrspi_image *image,
                                                  const struct avrspi_chip *chip);

#ifdef __cplusplus
}
#endif
#endif
