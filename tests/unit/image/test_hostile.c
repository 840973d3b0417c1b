/* SPDX-License-Identifier: MIT */
/* Files that are odd: time and memory grow with their length only, and nothing is lost. */
#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "avrspi/contents.h"

enum {
    PARTS = 6,
    TOO_MANY = 5000, /* segments */
};

static struct avrspi_image *parse(enum avrspi_format format, const void *data, size_t size)
{
    struct avrspi_image *image;
    struct avrspi_error error = {.message = ""};
    int result = avrspi_image_parse(&image, format, "f", data, size, &error);

    assert_string_equal(error.message, "");
    assert_int_equal(result, 0);
    return image;
}

static void assert_refused(enum avrspi_format format, const void *data, size_t size,
                           const char *message)
{
    struct avrspi_image *image;
    struct avrspi_error error;

    assert_int_equal(avrspi_image_parse(&image, format, "f", data, size, &error), AVRSPI_ERR_INPUT);
    assert_null(image);
    assert_string_equal(error.message, message);
    assert_true(error.hint[0] != '\0');
}

static void assert_text_refused(enum avrspi_format format, const char *text, const char *message)
{
    assert_refused(format, text, strlen(text), message);
}

/* --- end records */

static void ihex_parse_two_ends_then_another_image(void **state)
{
    (void)state;
    assert_text_refused(AVRSPI_FORMAT_IHEX,
                        ":01000000619E\n:00000001FF\n:00000001FF\n:01000100629C\n:00000001FF\n",
                        "f:4: expected one image, found 2: lines 1 to 2, and lines 4 to 5");
}

static void ihex_parse_three_ends(void **state)
{
    static const char text[] = ":01000000619E\n:00000001FF\n:00000001FF\n:00000001FF\n";
    struct avrspi_image *image = parse(AVRSPI_FORMAT_IHEX, text, strlen(text));

    (void)state;
    assert_int_equal(avrspi_image_size(image), 1);
    avrspi_image_free(image);
}

static void srec_parse_three_ends(void **state)
{
    static const char text[] = "S1040000619A\nS9030000FC\nS9030000FC\nS9030000FC\n";
    struct avrspi_image *image = parse(AVRSPI_FORMAT_SREC, text, strlen(text));

    (void)state;
    assert_int_equal(avrspi_image_size(image), 1);
    avrspi_image_free(image);
}

/* A warning about the count is no data. */
static void srec_read_count_without_data(void **state)
{
    static const char text[] = "S0030000FC\nS5030001FB\nS9030000FC\n";
    const struct avrspi_read_options options = {.memory = AVRSPI_MEMORY_FLASH};
    struct avrspi_contents *contents;
    struct avrspi_error error;

    (void)state;
    assert_int_equal(avrspi_contents_parse(&contents, &options, "f", text, strlen(text), &error),
                     AVRSPI_ERR_INPUT);
    assert_string_equal(error.message, "f: expected data records, found none");
}

/* As srec_cat writes it. */
static void srec_parse_count_at_the_end(void **state)
{
    static const char text[] = "S1040000619A\nS5030001FB\n";
    struct avrspi_image *image = parse(AVRSPI_FORMAT_SREC, text, strlen(text));

    (void)state;
    assert_int_equal(avrspi_image_size(image), 1);
    avrspi_image_free(image);
}

static void srec_parse_cut_off_after_count(void **state)
{
    static const char message[] =
        "f:3: expected an end record (S7, S8 or S9), found the end of the file";

    (void)state;
    assert_text_refused(AVRSPI_FORMAT_SREC, "S1040000619A\nS5030001FB\nS10400016298\n", message);
    assert_text_refused(AVRSPI_FORMAT_SREC, "S1040000619A\nS10400016298\nS5030001FB\n", message);
    assert_text_refused(AVRSPI_FORMAT_SREC, "S0030000FC\n\nS5030000FC\n", message);
}

/* --- hex dumps */

static void dump_parse_repeated_byte(void **state)
{
    static const char text[] = "000000  5A\n*\n020001  00\n";
    struct avrspi_image *image = parse(AVRSPI_FORMAT_DUMP, text, strlen(text));
    struct avrspi_segment segment;

    (void)state;
    assert_true(avrspi_image_next(image, 0, &segment));
    assert_int_equal(segment.size, 0x20002);
    for (size_t n = 0; n <= 0x20000; n++)
        assert_int_equal(segment.data[n], 0x5A);
    assert_int_equal(segment.data[0x20001], 0);
    assert_int_equal(avrspi_image_origin(image, 0x10000).line, 2);
    avrspi_image_free(image);
}

/* A line is cut where the next address says so. */
static void dump_parse_repeated_part(void **state)
{
    static const char text[] = "000000  01 02 03\n*\n000007  09\n";
    static const uint8_t expected[] = {1, 2, 3, 1, 2, 3, 1, 9};
    struct avrspi_image *image = parse(AVRSPI_FORMAT_DUMP, text, strlen(text));
    struct avrspi_segment segment;

    (void)state;
    assert_true(avrspi_image_next(image, 0, &segment));
    assert_int_equal(segment.size, sizeof expected);
    assert_memory_equal(segment.data, expected, sizeof expected);
    avrspi_image_free(image);
}

static void dump_parse_repeats_beyond_16_mib(void **state)
{
    (void)state;
    assert_text_refused(AVRSPI_FORMAT_DUMP, "000000  5A\n*\n01000002  00\n",
                        "f:3: expected an address behind the repeated line, 16 MiB in all at most "
                        "in column 1, found '0'");
    assert_text_refused(AVRSPI_FORMAT_DUMP, "000000  5A\n*\n800000  00\n*\n01000003  00\n",
                        "f:5: expected an address behind the repeated line, 16 MiB in all at most "
                        "in column 1, found '0'");
}

/* --- ELF */

/* A file whose sections, or segments, all hold the same bytes: its own first ones. */
struct elf_file {
    Elf32_Ehdr header;
    Elf32_Shdr sections[PARTS];
    char names[8];
};

static struct elf_file make_elf(void)
{
    struct elf_file file = {
        .header =
            {
                .e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB,
                            EV_CURRENT},
                .e_type = ET_EXEC,
                .e_machine = EM_AVR,
                .e_version = EV_CURRENT,
                .e_ehsize = sizeof(Elf32_Ehdr),
                .e_shoff = offsetof(struct elf_file, sections),
                .e_shentsize = sizeof(Elf32_Shdr),
                .e_shnum = PARTS,
                .e_shstrndx = PARTS - 1,
            },
        .names = "\0.text",
    };

    for (unsigned n = 1; n < PARTS - 1; n++)
        file.sections[n] = (Elf32_Shdr){
            .sh_name = 1,
            .sh_type = SHT_PROGBITS,
            .sh_flags = SHF_ALLOC,
            .sh_addr = n * 0x1000,
            .sh_size = 100,
        };
    file.sections[PARTS - 1] = (Elf32_Shdr){
        .sh_type = SHT_STRTAB,
        .sh_offset = offsetof(struct elf_file, names),
        .sh_size = sizeof file.names,
    };
    return file;
}

static void elf_parse_sections_with_the_same_bytes(void **state)
{
    struct elf_file file = make_elf();

    (void)state;
    assert_refused(AVRSPI_FORMAT_ELF, &file, sizeof file,
                   "f: section .text: expected a part of the file of its own, found bytes that "
                   "others have too");
}

static void elf_parse_too_many_segments(void **state)
{
    static struct {
        struct elf_file file;
        Elf32_Phdr segments[TOO_MANY];
    } large;

    (void)state;
    large.file = make_elf();
    large.file.header.e_phoff = sizeof large.file;
    large.file.header.e_phentsize = sizeof(Elf32_Phdr);
    large.file.header.e_phnum = TOO_MANY;
    assert_refused(AVRSPI_FORMAT_ELF, &large, sizeof large,
                   "f: expected at most 4096 sections and segments, found 6 and 5000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ihex_parse_two_ends_then_another_image),
        cmocka_unit_test(ihex_parse_three_ends),
        cmocka_unit_test(srec_parse_three_ends),
        cmocka_unit_test(srec_read_count_without_data),
        cmocka_unit_test(srec_parse_count_at_the_end),
        cmocka_unit_test(srec_parse_cut_off_after_count),
        cmocka_unit_test(dump_parse_repeated_byte),
        cmocka_unit_test(dump_parse_repeated_part),
        cmocka_unit_test(dump_parse_repeats_beyond_16_mib),
        cmocka_unit_test(elf_parse_sections_with_the_same_bytes),
        cmocka_unit_test(elf_parse_too_many_segments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
