/* SPDX-License-Identifier: MIT */
/* The state file of a simulated chip; its format is described in simhost.h. */
#include "simhost/simhost.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"

enum {
    LINE_BYTES = 32, /* of memory in a line */
    SHOWN = 40,      /* characters of a bad word that a message shows */
};

static const char first_line[] = "avrspi simulated chip, version 1";

/* The line being read, and the file around it. */
struct reader {
    const struct avrspi_chip *chip;
    const char *name;
    const char *next; /* the line after this one */
    const char *end;
    const char *at; /* what is left of this line */
    const char *line_end;
    unsigned line;
    struct avrspi_error *error;
};

/* How many characters of the rest of the line a message can show. */
static int shown(const struct reader *reader)
{
    int count = 0;

    while (count < SHOWN && reader->at + count < reader->line_end && reader->at[count] >= ' ' &&
           reader->at[count] <= '~')
        count++;
    return count;
}

/* 'expected' against what the line has where reading stopped. */
static int bad(struct reader *reader, const char *expected)
{
    avrspi_fail(reader->error, AVRSPI_ERR_INPUT, "'%s' line %u: expected %s, found '%.*s'",
                reader->name, reader->line, expected, shown(reader), reader->at);
    avrspi_hint(reader->error, "it is not the state of a simulated chip, or was damaged; it is "
                               "left as it is: name another file, or delete it");
    return AVRSPI_ERR_INPUT;
}

static int next_line(struct reader *reader)
{
    const char *end = memchr(reader->next, '\n', (size_t)(reader->end - reader->next));

    reader->line++;
    reader->at = reader->next;
    reader->line_end = end ? end : reader->end;
    if (!end)
        return bad(reader, reader->at == reader->end ? "more lines, up to 'end'" : "a whole line");
    reader->next = end + 1;
    return 0;
}

/* Skips a word and the space after it; false, and nothing skipped, when the line goes on with
 * another. */
static bool take_word(struct reader *reader, const char *word)
{
    size_t length = strlen(word), left = (size_t)(reader->line_end - reader->at);

    if (left < length || memcmp(reader->at, word, length) != 0)
        return false;
    if (left > length && reader->at[length] != ' ')
        return false;
    reader->at += left > length ? length + 1 : length;
    return true;
}

/* Whether the line is those words and no more. */
static bool line_is(const struct reader *reader, const char *words)
{
    size_t length = strlen(words);

    return (size_t)(reader->line_end - reader->at) == length &&
           memcmp(reader->at, words, length) == 0;
}

static bool at_line_end(const struct reader *reader)
{
    return reader->at == reader->line_end;
}

/* A number of exactly so many hex digits. */
static bool take_hex(struct reader *reader, unsigned digits, uint32_t *number)
{
    uint64_t any;

    if ((size_t)(reader->line_end - reader->at) < digits ||
        !avrspi_number_parse_digits(reader->at, digits, 16, &any))
        return false;
    *number = (uint32_t)any;
    reader->at += digits;
    return true;
}

static bool take_space(struct reader *reader)
{
    if (at_line_end(reader) || *reader->at != ' ')
        return false;
    reader->at++;
    return true;
}

/* A line of a word and so many bytes. */
static int read_bytes(struct reader *reader, const char *word, uint8_t *bytes, size_t count)
{
    char expected[64];

    if (next_line(reader) < 0)
        return AVRSPI_ERR_INPUT;
    (void)snprintf(expected, sizeof expected, "'%s' and %zu bytes", word, count);
    if (!take_word(reader, word))
        return bad(reader, expected);
    for (size_t i = 0; i < count; i++) {
        uint32_t byte;

        if ((i > 0 && !take_space(reader)) || !take_hex(reader, 2, &byte))
            return bad(reader, expected);
        bytes[i] = (uint8_t)byte;
    }
    return at_line_end(reader) ? 0 : bad(reader, "the end of the line");
}

static int take_count(struct reader *reader, uint64_t *count)
{
    size_t size = (size_t)(reader->line_end - reader->at);

    if (!avrspi_number_parse_digits(reader->at, size, 10, count))
        return bad(reader, "a decimal number of at most 64 bits");
    reader->at = reader->line_end;
    return 0;
}

static int read_count(struct reader *reader, const char *word, uint64_t *count)
{
    char expected[64];

    if (next_line(reader) < 0)
        return AVRSPI_ERR_INPUT;
    (void)snprintf(expected, sizeof expected, "'%s' and a number", word);
    return take_word(reader, word) ? take_count(reader, count) : bad(reader, expected);
}

static int read_head(struct reader *reader)
{
    if (next_line(reader) < 0)
        return AVRSPI_ERR_INPUT;
    if (!line_is(reader, first_line))
        return bad(reader, "'avrspi simulated chip, version 1'");
    if (next_line(reader) < 0)
        return AVRSPI_ERR_INPUT;
    if (!take_word(reader, "chip") || at_line_end(reader))
        return bad(reader, "'chip' and a name");
    if (line_is(reader, reader->chip->name))
        return 0;
    avrspi_fail(reader->error, AVRSPI_ERR_USAGE,
                "'%s' is the state of an '%.*s', expected that of an '%s'", reader->name,
                shown(reader), reader->at, reader->chip->name);
    avrspi_hint(reader->error, "give each simulated chip a state file of its own");
    return AVRSPI_ERR_USAGE;
}

static int read_fuses(struct reader *reader, uint8_t fuses[AVRSPI_FUSES])
{
    if (read_bytes(reader, "fuses", fuses, AVRSPI_FUSES) < 0)
        return AVRSPI_ERR_INPUT;
    for (unsigned fuse = 0; fuse < AVRSPI_FUSES; fuse++) {
        uint8_t missing = (uint8_t)~reader->chip->fuse[fuse].mask;

        if ((fuses[fuse] & missing) != missing) {
            return avrspi_fail(reader->error, AVRSPI_ERR_INPUT,
                               "'%s' line %u: expected the bits 0x%02X of the %s byte of an "
                               "'%s' to be 1, found 0x%02X",
                               reader->name, reader->line, missing,
                               avrspi_fuse_name((enum avrspi_fuse)fuse), reader->chip->name,
                               fuses[fuse]);
        }
    }
    return 0;
}

/* Of the lines after the counts the first word says which they are: the next line is read, and
 * stays for the next kind when it is not of this one. */
static int read_violations(struct reader *reader, uint64_t violations[AVRSPI_VIOLATIONS])
{
    unsigned kind = 0;

    memset(violations, 0, AVRSPI_VIOLATIONS * sizeof *violations);
    /* "breach" is what 0.1 called a violation */
    while (take_word(reader, "violation") || take_word(reader, "breach")) {
        while (kind < AVRSPI_VIOLATIONS &&
               !take_word(reader, avrspi_sim_violation_name((enum avrspi_sim_violation)kind)))
            kind++;
        if (kind == AVRSPI_VIOLATIONS)
            return bad(reader, "a kind of violation, in order");
        if (take_count(reader, &violations[kind++]) < 0 || next_line(reader) < 0)
            return AVRSPI_ERR_INPUT;
    }
    return 0;
}

static uint32_t line_size(uint32_t at, uint32_t size)
{
    return size - at < LINE_BYTES ? size - at : (uint32_t)LINE_BYTES;
}

static int read_memory(struct reader *reader, const char *word, uint8_t *memory, uint32_t size)
{
    uint32_t least = 0;

    while (take_word(reader, word)) {
        const char *start = reader->at;
        uint32_t at;

        if (!take_hex(reader, 5, &at) || !take_space(reader))
            return bad(reader, "an address of 5 hex digits, and bytes");
        if (at < least || at >= size || at % LINE_BYTES) {
            reader->at = start;
            return bad(reader, "an address in the memory, a multiple of 32, above the last one");
        }
        for (uint32_t i = 0; i < line_size(at, size); i++) {
            uint32_t byte;

            if (!take_hex(reader, 2, &byte))
                return bad(reader, "a byte of 2 hex digits");
            memory[at + i] = (uint8_t)byte;
        }
        if (!at_line_end(reader))
            return bad(reader, "the end of the line");
        least = at + LINE_BYTES;
        if (next_line(reader) < 0)
            return AVRSPI_ERR_INPUT;
    }
    return 0;
}

/* What the simulation holds of a memory. */
static uint32_t at_most(uint32_t size, size_t limit)
{
    return size < limit ? size : (uint32_t)limit;
}

int avrspi_sim_file_parse(struct avrspi_sim_silicon *silicon, const struct avrspi_chip *chip,
                          const char *name, const char *data, size_t size,
                          struct avrspi_error *error)
{
    struct reader reader = {
        .chip = chip, .name = name, .next = data, .end = data + size, .error = error};
    int result = read_head(&reader);

    if (result < 0)
        return result;
    memset(silicon->flash, 0xFF, sizeof silicon->flash);
    memset(silicon->eeprom, 0xFF, sizeof silicon->eeprom);
    if (read_fuses(&reader, silicon->fuse) < 0 ||
        read_bytes(&reader, "calibration", silicon->calibration, sizeof silicon->calibration) < 0 ||
        read_count(&reader, "erases", &silicon->erases) < 0 ||
        read_count(&reader, "page-writes", &silicon->page_writes) < 0 ||
        read_count(&reader, "failed-enables", &silicon->failed_enables) < 0 ||
        next_line(&reader) < 0 || read_violations(&reader, silicon->violations) < 0 ||
        read_memory(&reader, "flash", silicon->flash,
                    at_most(chip->flash_size, sizeof silicon->flash)) < 0 ||
        read_memory(&reader, "eeprom", silicon->eeprom,
                    at_most(chip->eeprom_size, sizeof silicon->eeprom)) < 0)
        return AVRSPI_ERR_INPUT;
    if (!line_is(&reader, "end"))
        return bad(&reader, "'violation', 'flash', 'eeprom' or 'end', in that order");
    if (reader.next == reader.end)
        return 0;
    (void)next_line(&reader);
    return bad(&reader, "the end of the file");
}

static void write_memory(FILE *file, const char *word, const uint8_t *memory, uint32_t size)
{
    static const uint8_t blank[LINE_BYTES] = {
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    };

    for (uint32_t at = 0; at < size; at += LINE_BYTES) {
        uint32_t count = line_size(at, size);

        if (memcmp(memory + at, blank, count) == 0)
            continue;
        (void)fprintf(file, "%s %05X ", word, (unsigned)at);
        for (uint32_t i = 0; i < count; i++)
            (void)fprintf(file, "%02X", memory[at + i]);
        (void)fputc('\n', file);
    }
}

static void write_silicon(FILE *file, const struct avrspi_sim_silicon *silicon,
                          const struct avrspi_chip *chip)
{
    (void)fprintf(file, "%s\nchip %s\nfuses", first_line, chip->name);
    for (unsigned i = 0; i < AVRSPI_FUSES; i++)
        (void)fprintf(file, " %02X", silicon->fuse[i]);
    (void)fprintf(file, "\ncalibration");
    for (unsigned i = 0; i < sizeof silicon->calibration; i++)
        (void)fprintf(file, " %02X", silicon->calibration[i]);
    (void)fprintf(file, "\nerases %" PRIu64 "\npage-writes %" PRIu64 "\nfailed-enables %" PRIu64,
                  silicon->erases, silicon->page_writes, silicon->failed_enables);
    (void)fputc('\n', file);
    for (unsigned kind = 0; kind < AVRSPI_VIOLATIONS; kind++) {
        if (silicon->violations[kind]) {
            (void)fprintf(file, "violation %s %" PRIu64 "\n",
                          avrspi_sim_violation_name((enum avrspi_sim_violation)kind),
                          silicon->violations[kind]);
        }
    }
    write_memory(file, "flash", silicon->flash, at_most(chip->flash_size, sizeof silicon->flash));
    write_memory(file, "eeprom", silicon->eeprom,
                 at_most(chip->eeprom_size, sizeof silicon->eeprom));
    (void)fprintf(file, "end\n");
}

int avrspi_sim_file_format(const struct avrspi_sim_silicon *silicon, const struct avrspi_chip *chip,
                           char **data, size_t *size, struct avrspi_error *error)
{
    FILE *file = open_memstream(data, size);
    bool failed;

    if (!file)
        return avrspi_fail_memory(error);
    write_silicon(file, silicon, chip);
    failed = ferror(file);
    if (fclose(file) != 0 || failed) {
        free(*data);
        return avrspi_fail_memory(error);
    }
    return 0;
}
