/* SPDX-License-Identifier: MIT */
/* The state file of a simulated chip. */
#include "sim_rig.h"

#include <stdio.h>

#include "base/error.h"
#include "simhost/simhost.h"

static const char blank[] = "avrspi simulated chip, version 1\n"
                            "chip ATmega328P\n"
                            "fuses 62 D9 FF FF\n"
                            "calibration A1 A2 A3 A4\n"
                            "erases 0\n"
                            "page-writes 0\n"
                            "failed-enables 0\n"
                            "end\n";

static struct avrspi_sim_silicon *new_silicon(void)
{
    struct avrspi_sim_silicon *silicon = calloc(1, sizeof *silicon);

    assert_non_null(silicon);
    return silicon;
}

static void format_blank(void **state)
{
    struct rig rig = rig_of(&mega328p);
    char *data;
    size_t size;

    (void)state;
    assert_int_equal(avrspi_sim_file_format(silicon(&rig), &mega328p, &data, &size, NULL), 0);
    assert_string_equal(data, blank);
    assert_int_equal(size, strlen(blank));
    free(data);
    rig_close(&rig);
}

#define FF_10 "FFFFFFFFFFFFFFFFFFFF"

static void format_memories(void **state)
{
    struct rig rig = rig_of(&mega328p);
    char *data;
    size_t size;

    (void)state;
    silicon(&rig)->flash[0x21] = 0x12;
    silicon(&rig)->eeprom[0x3FF] = 0xAB;
    silicon(&rig)->violations[AVRSPI_VIOLATION_LOCKED] = UINT64_MAX;
    assert_int_equal(avrspi_sim_file_format(silicon(&rig), &mega328p, &data, &size, NULL), 0);
    assert_non_null(strstr(data, "\nfailed-enables 0\n"
                                 "violation locked 18446744073709551615\n"
                                 "flash 00020 FF12" FF_10 FF_10 FF_10 "\n"
                                 "eeprom 003E0 " FF_10 FF_10 FF_10 "FFAB\n"
                                 "end\n"));
    free(data);
    rig_close(&rig);
}

static void parse_round_trip(void **state)
{
    struct rig rig = rig_of(&mega2560);
    struct avrspi_sim_silicon *before = silicon(&rig), *after = new_silicon();
    char *data;
    size_t size;

    (void)state;
    for (size_t i = 0; i < mega2560.flash_size; i += 7)
        before->flash[i] = (uint8_t)(i * 31 >> 3);
    for (size_t i = 0; i < mega2560.eeprom_size; i += 501)
        before->eeprom[i] = (uint8_t)i;
    memcpy(before->fuse, ((uint8_t[]){0xE2, 0xD1, 0xFD, 0xCC}), 4);
    memcpy(before->calibration, "abcd", 4);
    for (unsigned kind = 0; kind < AVRSPI_VIOLATIONS; kind++)
        before->violations[kind] = kind * 3;
    before->erases = 5;
    before->page_writes = 123456789012;
    before->failed_enables = 7;
    memcpy(after->signature, before->signature, 3);
    assert_int_equal(avrspi_sim_file_format(before, &mega2560, &data, &size, NULL), 0);
    assert_int_equal(avrspi_sim_file_parse(after, &mega2560, "x", data, size, NULL), 0);
    assert_memory_equal(after, before, sizeof *after);
    free(data);
    free(after);
    rig_close(&rig);
}

/* A memory that is not a multiple of a line's 32 bytes. */
static void parse_short_line(void **state)
{
    struct avrspi_chip chip = mega328p;
    struct rig rig;
    struct avrspi_sim_silicon *after = new_silicon();
    char *data;
    size_t size;

    (void)state;
    chip.eeprom_size = 35;
    rig = rig_of(&chip);
    silicon(&rig)->eeprom[34] = 1;
    assert_int_equal(avrspi_sim_file_format(silicon(&rig), &chip, &data, &size, NULL), 0);
    assert_non_null(strstr(data, "eeprom 00020 FFFF01\nend\n"));
    assert_int_equal(avrspi_sim_file_parse(after, &chip, "x", data, size, NULL), 0);
    assert_int_equal(after->eeprom[34], 1);
    free(data);
    free(after);
    rig_close(&rig);
}

static void parse_by_hand(void **state)
{
    struct avrspi_sim_silicon *after = new_silicon();
    static const char text[] = "avrspi simulated chip, version 1\nchip ATmega328P\n"
                               "fuses e2 d9 ff ff\ncalibration 00 00 00 00\nerases 01\n"
                               "page-writes 0\nfailed-enables 0\nviolation busy 0\n"
                               "eeprom 003e0 00112233445566778899aabbccddeeff"
                               "00112233445566778899aabbccddeeff\nend\n";

    (void)state;
    assert_int_equal(avrspi_sim_file_parse(after, &mega328p, "x", text, strlen(text), NULL), 0);
    assert_int_equal(after->eeprom[0x3FF], 0xFF);
    assert_int_equal(after->eeprom[0x3FE], 0xEE);
    assert_int_equal(after->fuse[0], 0xE2);
    assert_int_equal(after->erases, 1);
    free(after);
}

/* The blank file with one part of it replaced, and what is said of it. */
struct bad {
    const char *part, *by, *message;
};

static const struct bad of_another_chip[] = {
    {"ATmega328P", "ATmega8", "'x' is the state of an 'ATmega8', expected that of an 'ATmega328P'"},
    {"ATmega328P", "ATmega328PB", "'ATmega328PB'"},
    {"ATmega328P", "ATmega328p", "'ATmega328p'"},
    {"ATmega328P", "\x01", "of an ''"},
};

static const struct bad malformed[] = {
    {"avrspi", "AVRSPI",
     "'x' line 1: expected 'avrspi simulated chip, version 1', found 'AVRSPI simulated chip, "
     "version 1'"},
    {"version 1", "version 2", "found 'avrspi simulated chip, version 2'"},
    {"version 1\n", "version 1\r\n", "line 1: expected"},
    {"chip ATm", "clip ATm", "line 2: expected 'chip' and a name"},
    {"chip ATmega328P", "chip", "line 2: expected 'chip' and a name"},
    {"fuses", "fusses", "line 3: expected 'fuses' and 4 bytes, found 'fusses 62 D9 FF FF'"},
    {"fuses 62 D9 FF FF", "fuses", "line 3: expected 'fuses' and 4 bytes"},
    {"D9 FF FF", "D9 FF", "line 3: expected 'fuses' and 4 bytes, found ''"},
    {"D9 FF", "D9  FF", "found ' FF FF'"},
    {"D9 FF", "D9-FF", "found '-FF FF'"},
    {"62", "6G", "found '6G D9 FF FF'"},
    {"62", "6", "found '6 D9 FF FF'"},
    {"FF FF\n", "FF FF 00\n", "line 3: expected the end of the line"},
    {"FF FF\n", "07 FF\n",
     "line 3: expected the bits 0xF8 of the ext byte of an 'ATmega328P' to be 1, found 0x07"},
    {"FF\ncal", "3F\ncal", "the bits 0xC0 of the lock byte"},
    {"A3 A4", "A3", "line 4: expected 'calibration' and 4 bytes"},
    {"erases", "erased", "line 5: expected 'erases' and a number"},
    {"erases 0", "erases", "line 5: expected a decimal number of at most 64 bits, found ''"},
    {"erases 0", "erases -1", "found '-1'"},
    {"erases 0", "erases 0x1", "found '0x1'"},
    {"page-writes 0", "page-writes 18446744073709551616",
     "line 6: expected a decimal number of at most 64 bits, found '18446744073709551616'"},
    {"failed-enables 0\n", "", "line 7: expected 'failed-enables'"},
    {"end", "violation none 1\nend",
     "line 8: expected a kind of violation, in order, found 'none 1'"},
    {"end", "violation locked 1\nviolation busy 1\nend", "line 9: expected a kind"},
    {"end", "violation busy 1\nviolation busy 1\nend", "line 9: expected a kind"},
    {"end", "violation busy\nend", "line 8: expected a decimal number"},
    {"end", "flash 0 00\nend", "line 8: expected an address of 5 hex digits"},
    {"end", "flash 00000\nend", "line 8: expected an address of 5 hex digits"},
    {"end", "flash 00001 00\nend",
     "line 8: expected an address in the memory, a multiple of 32, above the last one, found "
     "'00001 00'"},
    {"end", "flash 08000 00\nend", "found '08000 00'"},
    {"end", "flash FFFFF 00\nend", "found 'FFFFF 00'"},
    {"end", "flash 00000 00\nend", "line 8: expected a byte of 2 hex digits"},
    {"end", "eeprom 00400 00\nend", "found '00400 00'"},
#define BYTES_32 "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF"
    {"end", "flash 00000 " BYTES_32 "00\nend", "line 8: expected the end of the line, found '00'"},
    {"end", "flash 00020 " BYTES_32 "\nflash 00000 " BYTES_32 "\nend",
     "line 9: expected an address in the memory"},
    {"end", "flash 00020 " BYTES_32 "\nflash 00020 " BYTES_32 "\nend",
     "line 9: expected an address in the memory"},
    {"end", "eeprom 00000 " BYTES_32 "\nflash 00000 " BYTES_32 "\nend",
     "line 9: expected 'violation', 'flash', 'eeprom' or 'end', in that order, found 'flash"},
    {"end", "flash 00000 " BYTES_32 "\nviolation busy 1\nend",
     "line 9: expected 'violation', 'flash'"},
    {"end", "end.", "line 8: expected 'violation'"},
    {"end", "end ", "found 'end '"},
    {"end\n", "end\n\n", "line 9: expected the end of the file"},
    {"end\n", "end\nmore", "line 9: expected the end of the file, found 'more'"},
    {"end\n", "end", "line 8: expected a whole line, found 'end'"},
};

static char *replaced(const char *part, const char *by)
{
    const char *at = strstr(blank, part);
    char *text = malloc(strlen(blank) + strlen(by) + 1);

    assert_non_null(at);
    assert_non_null(text);
    (void)sprintf(text, "%.*s%s%s", (int)(at - blank), blank, by, at + strlen(part));
    return text;
}

static void assert_each(const struct bad *bad, size_t count, enum avrspi_err code)
{
    struct avrspi_sim_silicon *silicon = new_silicon();

    for (size_t i = 0; i < count; i++) {
        char *text = replaced(bad[i].part, bad[i].by);
        struct avrspi_error error = {0};
        int result = avrspi_sim_file_parse(silicon, &mega328p, "x", text, strlen(text), &error);

        if (result != code || !strstr(error.message, bad[i].message))
            fail_msg("%zu '%s': %d '%s'", i, bad[i].by, result, error.message);
        free(text);
    }
    free(silicon);
}

static void parse_each_bad_file(void **state)
{
    (void)state;
    assert_each(of_another_chip, LENGTH(of_another_chip), AVRSPI_ERR_USAGE);
    assert_each(malformed, LENGTH(malformed), AVRSPI_ERR_INPUT);
}

/* Cut off anywhere: never a whole file, and no reading beyond its end. */
static void parse_each_truncation(void **state)
{
    struct avrspi_sim_silicon *silicon = new_silicon();
    char *text = replaced("end", "violation busy 12\nflash 00000 " BYTES_32 "\nend");
    size_t size = strlen(text);

    (void)state;
    assert_int_equal(avrspi_sim_file_parse(silicon, &mega328p, "x", text, size, NULL), 0);
    for (size_t cut = 0; cut < size; cut++) {
        char *exact = malloc(cut + 1); /* so that ASan sees the end */
        struct avrspi_error error = {0};

        assert_non_null(exact);
        memcpy(exact + 1, text, cut);
        assert_int_not_equal(avrspi_sim_file_parse(silicon, &mega328p, "x", exact + 1, cut, &error),
                             0);
        assert_non_null(strstr(error.message, "'x' line"));
        free(exact);
    }
    free(text);
    free(silicon);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(format_blank),          cmocka_unit_test(format_memories),
        cmocka_unit_test(parse_round_trip),      cmocka_unit_test(parse_short_line),
        cmocka_unit_test(parse_by_hand),         cmocka_unit_test(parse_each_bad_file),
        cmocka_unit_test(parse_each_truncation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
