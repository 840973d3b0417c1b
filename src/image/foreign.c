/* SPDX-License-Identifier: MIT */
#include "image/foreign.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "image/records.h"

static const char unpack[] = "unpack it, and name the file that is in it";
static const char link_it[] = "link it first: avr-gcc makes an ELF file of it";
static const char of_a_computer[] = "it is not for a microcontroller";
static const char not_firmware[] = "name the file that the compiler or linker wrote";

/* Magic numbers as the formats' own documents have them. */
static const struct magic {
    struct avrspi_foreign foreign;
    size_t at, size;
    const char *bytes;
} magics[] = {
    {{"a gzip archive", unpack}, 0, 2, "\x1F\x8B"},
    {{"a zip archive", unpack}, 0, 4, "PK\x03\x04"},
    {{"an xz archive", unpack},
     0,
     6,
     "\xFD"
     "7zXZ\0"},
    {{"a bzip2 archive", unpack}, 0, 3, "BZh"},
    {{"a zstd archive", unpack}, 0, 4, "\x28\xB5\x2F\xFD"},
    {{"a 7z archive", unpack}, 0, 6, "7z\xBC\xAF\x27\x1C"},
    {{"a rar archive", unpack}, 0, 4, "Rar!"},
    {{"a tar archive", unpack}, 257, 5, "ustar"},
    {{"a library of object files", link_it}, 0, 8, "!<arch>\n"},
    {{"UF2", "UF2 is for boards with a USB drive: an AVR takes Intel HEX or ELF"}, 0, 4, "UF2\n"},
    {{"a DFU file", "make Intel HEX of the program instead"}, 0, 5, "DfuSe"},
    {{"a program for Windows", of_a_computer}, 0, 2, "MZ"},
    {{"a program for macOS", of_a_computer}, 0, 4, "\xCF\xFA\xED\xFE"},
    {{"a program for macOS", of_a_computer}, 0, 4, "\xCE\xFA\xED\xFE"},
    {{"a Java class or a program for macOS", of_a_computer}, 0, 4, "\xCA\xFE\xBA\xBE"},
    {{"a PDF document", not_firmware}, 0, 5, "%PDF-"},
    {{"a picture", not_firmware}, 0, 8, "\x89PNG\r\n\x1A\n"},
    {{"a picture", not_firmware}, 0, 4, "GIF8"},
    {{"a picture", not_firmware}, 0, 3, "\xFF\xD8\xFF"},
    {{"an SQLite database", not_firmware}, 0, 16, "SQLite format 3"},
};

static const struct avrspi_foreign page = {
    "a web page",
    "the download brought the page instead of the file: take the link to the raw file"};
static const struct avrspi_foreign pointer = {
    "a Git LFS pointer", "the file itself was not fetched: 'git lfs pull' brings it"};
static const struct avrspi_foreign wide = {"text in UTF-16",
                                           "save it as UTF-8 or ASCII, and read it again"};
static const struct avrspi_foreign coff = {"COFF, an object file",
                                           "link it with a tool that writes Intel HEX or ELF"};

static bool begins(const char *data, size_t size, const char *word)
{
    return size >= strlen(word) && strncasecmp(data, word, strlen(word)) == 0;
}

static bool is_page(const char *data, size_t size)
{
    static const char *const starts[] = {"<!doctype", "<html", "<?xml", "<head", "<body", "<!--"};

    for (size_t n = 0; n < sizeof starts / sizeof *starts; n++)
        if (begins(data, size, starts[n]))
            return true;
    return false;
}

/* Letters of Latin text, of which every other byte is 0; a few alone could be numbers. */
static bool is_wide(const char *data, size_t size)
{
    const uint8_t *bytes = (const uint8_t *)data;
    size_t skip =
        size >= 2 && (memcmp(data, "\xFF\xFE", 2) == 0 || memcmp(data, "\xFE\xFF", 2) == 0) ? 2 : 0;
    size_t end = size < 64 ? size / 2 * 2 : 64;
    bool low = true, high = true;

    for (size_t n = skip; n < end; n += 2) {
        low = low && avrspi_foreign_is_text(data + n, 1) && bytes[n + 1] == 0;
        high = high && avrspi_foreign_is_text(data + n + 1, 1) && bytes[n] == 0;
    }
    return end >= (skip ? skip + 4U : 32U) && (low || high);
}

/* The header of COFF: machine, sections, time, place and number of symbols, size of a second
 * header. AVR, x86 and x86-64. */
static bool is_coff(const char *data, size_t size)
{
    const uint8_t *b = (const uint8_t *)data;
    unsigned machine, sections, optional;

    if (size < 60)
        return false;
    machine = b[0] | (unsigned)b[1] << 8;
    sections = b[2] | (unsigned)b[3] << 8;
    optional = b[16] | (unsigned)b[17] << 8;
    return (machine == 0x0A12 || machine == 0x014C || machine == 0x8664) && sections > 0 &&
           sections < 100 && (optional == 0 || optional == 28) &&
           avrspi_foreign_is_text(data + 20 + optional, 2);
}

/* Whether bytes at the end may be the beginning of a letter: who looks at the first bytes of a file
 * cuts one off. */
static bool may_go_on(const uint8_t *bytes, size_t size)
{
    size_t at = 1;

    while (at < size && (bytes[at] & 0xC0) == 0x80)
        at++;
    return size < 4 && at == size && bytes[0] >= 0xC2 && bytes[0] <= 0xF4;
}

bool avrspi_foreign_is_text(const char *data, size_t size)
{
    size_t at = 0;

    while (at < size) {
        char letter[5] = {0};
        size_t length;

        if (data[at] && strchr("\t\n\r\f", data[at])) {
            at++;
            continue;
        }
        memcpy(letter, data + at, size - at < 4 ? size - at : 4);
        length = avrspi_text_letter_size(letter);
        if (length == 0)
            return at > 0 && may_go_on((const uint8_t *)data + at, size - at);
        if (length == 1 && (data[at] < ' ' || data[at] == 0x7F))
            return false;
        at += length;
    }
    return size > 0;
}

const struct avrspi_foreign *avrspi_foreign_find(const char *data, size_t size)
{
    size_t begin = avrspi_text_begin(data, size);

    for (size_t n = 0; n < sizeof magics / sizeof *magics; n++) {
        const struct magic *magic = &magics[n];

        if (size >= magic->at + magic->size &&
            memcmp(data + magic->at, magic->bytes, magic->size) == 0)
            return &magic->foreign;
    }
    if (is_page(data + begin, size - begin))
        return &page;
    if (begins(data + begin, size - begin, "version https://git-lfs"))
        return &pointer;
    if (is_wide(data, size))
        return &wide;
    return is_coff(data, size) ? &coff : NULL;
}
