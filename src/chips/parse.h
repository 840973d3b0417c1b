/* SPDX-License-Identifier: MIT */
/* From the text of a chip file to definitions. chips/README.md describes the format. */
#ifndef AVRSPI_SRC_CHIPS_PARSE_H
#define AVRSPI_SRC_CHIPS_PARSE_H

#include "set.h"

enum {
    AVRSPI_MAX_FIELDS = 8 * AVRSPI_FUSES, /* fields do not overlap */
    AVRSPI_MAX_VALUES = 256,
    AVRSPI_MAX_NAME = 40, /* of a chip, a field, a value, a list */
    AVRSPI_MAX_PACKAGES = 8,
};

enum avrspi_section {
    AVRSPI_SECTION_NONE,
    AVRSPI_SECTION_CHIP,
    AVRSPI_SECTION_VALUES,
};

/* A key that the current section has had. */
struct avrspi_key_seen {
    const char *key;
    struct avrspi_key_seen *next;
};

struct avrspi_parser {
    const struct avrspi_chips *known; /* what was there before this file */
    struct avrspi_chip_file *file;    /* what this file adds */
    struct avrspi_error *error;       /* may be NULL */
    enum avrspi_err failure;          /* AVRSPI_OK while all is well */

    const char *name;      /* of the file, for messages */
    unsigned line;         /* of the current key, from 1 */
    unsigned section_line; /* of the header of the current section */

    enum avrspi_section section;
    char section_name[AVRSPI_MAX_NAME + 1];
    struct avrspi_key_seen *seen;
    struct avrspi_definition *definition;
    struct avrspi_field fields[AVRSPI_MAX_FIELDS];
    size_t n_fields;
    struct avrspi_field parts[AVRSPI_MAX_FIELDS];
    size_t n_parts;
    bool own_fields;             /* they differ from those of the chip that this one is like */
    struct avrspi_pinout pinout; /* 'packages' is below */
    struct avrspi_package packages[AVRSPI_MAX_PACKAGES];
    struct avrspi_value values[AVRSPI_MAX_VALUES];
    size_t n_values;
    uint32_t value_seen[AVRSPI_MAX_VALUES / 32];

    struct avrspi_instruction standard[AVRSPI_INSTRUCTIONS];
};

/* Reads a file's text into an empty file. 0 or a negative code; the caller frees the file. */
int avrspi_chips_parse(const struct avrspi_chips *known, struct avrspi_chip_file *file,
                       const char *name, const char *text, size_t size, struct avrspi_error *error);

/* Fills in the file's first error, "FILE:LINE: expected ..., found '...'" ('found' NULL: found
 * nothing); returns false. */
__attribute__((format(printf, 4, 5))) bool avrspi_parse_expected(struct avrspi_parser *parser,
                                                                 unsigned line, const char *found,
                                                                 const char *format, ...);

/* Notes that there is no memory left; returns false. */
bool avrspi_parse_memory(struct avrspi_parser *parser);

/* Whether a name may be a chip's, a field's, a value's or a list's: letters, digits and
 * "+-._", at most AVRSPI_MAX_NAME. */
bool avrspi_parse_is_name(const char *text, size_t size);

/* The definition and the value list of a name, first from this file; NULL for none. */
const struct avrspi_definition *avrspi_parse_definition(const struct avrspi_parser *parser,
                                                        const char *name);
const struct avrspi_list *avrspi_parse_list(const struct avrspi_parser *parser, const char *name);

/* Chip sections (section_chip.c): begun, fed key by key, finished with a check of the whole. */
bool avrspi_chip_section_begin(struct avrspi_parser *parser);
bool avrspi_chip_section_key(struct avrspi_parser *parser, const char *key, const char *value,
                             bool first);
bool avrspi_chip_section_end(struct avrspi_parser *parser);

/* A key "FUSE.NAME" of a chip section (fields.c). */
bool avrspi_field_key(struct avrspi_parser *parser, const char *key, const char *value);

/* Puts a field after those of its byte, low, high, ext, lock; adds a part of one, or replaces the
 * part of that name. */
bool avrspi_field_insert(struct avrspi_parser *parser, const struct avrspi_field *field);
bool avrspi_part_add(struct avrspi_parser *parser, const struct avrspi_field *part);

/* Gives the fields of the section their parts where those are certain, and checks names. */
bool avrspi_fields_end(struct avrspi_parser *parser);

/* Packages of a chip section (packages.c): the keys "ports", "pin.PACKAGE" and "pins_of"; then
 * whether they go together, and a sentence about the first where the section has none. */
void avrspi_packages_begin(struct avrspi_parser *parser);
bool avrspi_packages_ports(struct avrspi_parser *parser, const char *value);
bool avrspi_packages_key(struct avrspi_parser *parser, const char *package, const char *value);
bool avrspi_packages_of(struct avrspi_parser *parser, const char *name);
bool avrspi_packages_end(struct avrspi_parser *parser);

/* The same for sections of values (section_values.c). */
bool avrspi_values_section_begin(struct avrspi_parser *parser);
bool avrspi_values_section_key(struct avrspi_parser *parser, const char *key, const char *value,
                               bool first);
bool avrspi_values_section_end(struct avrspi_parser *parser);

/* Instructions (encoding.c): the datasheets' standard set; one instruction from its text, false
 * with *wrong at the first wrong word; those of a chip that its file does not give. */
void avrspi_encoding_standard(struct avrspi_instruction standard[AVRSPI_INSTRUCTIONS]);
bool avrspi_encoding_parse(const char *text, struct avrspi_instruction *instruction,
                           const char **wrong);
void avrspi_encoding_derive(const struct avrspi_instruction standard[AVRSPI_INSTRUCTIONS],
                            struct avrspi_definition *definition);

/* What a user's definition leaves out, from the built-in chips of its signature (complete.c): facts
 * and fields (parser->own_fields: there are more now) once all keys were read, instructions once
 * the others were derived. */
bool avrspi_complete_facts(struct avrspi_parser *parser);
void avrspi_complete_instructions(struct avrspi_parser *parser);

/* Checks a finished definition (check.c). */
bool avrspi_definition_check(struct avrspi_parser *parser,
                             const struct avrspi_definition *definition);

#endif
