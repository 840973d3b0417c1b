/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static void text_equal_in_any_case(void **state)
{
    (void)state;
    assert_true(avrspi_text_equal("ATmega8", "atMEGA8"));
    assert_true(avrspi_text_equal("", ""));
    assert_false(avrspi_text_equal("ATmega8", "ATmega88"));
    assert_false(avrspi_text_equal("ATmega88", "ATmega8"));
    assert_false(avrspi_text_equal("@[`{", "`{@["));
}

static void text_is_of_a_part(void **state)
{
    (void)state;
    assert_true(avrspi_text_is("SUT_CKSEL", 3, "sut"));
    assert_true(avrspi_text_is("x", 0, ""));
    assert_false(avrspi_text_is("SUT_CKSEL", 3, "su"));
    assert_false(avrspi_text_is("SUT_CKSEL", 3, "sut_"));
}

static void text_contains_in_any_case(void **state)
{
    (void)state;
    assert_true(avrspi_text_contains("ATmega328P", "328p"));
    assert_true(avrspi_text_contains("ATmega328P", ""));
    assert_true(avrspi_text_contains("", ""));
    assert_false(avrspi_text_contains("ATmega328P", "328pb"));
    assert_false(avrspi_text_contains("", "x"));
}

static void text_order_of_names(void **state)
{
    (void)state;
    assert_true(avrspi_text_order("ATmega8", "ATmega16") < 0);
    assert_true(avrspi_text_order("ATmega16", "ATmega8") > 0);
    assert_true(avrspi_text_order("ATmega8", "ATmega8A") < 0);
    assert_true(avrspi_text_order("atMEGA8", "ATmega8") == 0);
    assert_true(avrspi_text_order("ATmega008", "ATmega8") == 0);
    assert_true(avrspi_text_order("ATmega8", "ATmega008") == 0);
    assert_true(avrspi_text_order("AT90S2313", "ATmega8") < 0);
    assert_true(avrspi_text_order("ATmega88", "ATmega168") < 0);
    assert_true(avrspi_text_order("ATmega324", "ATmega325") < 0);
}

static void text_distance_counts_slips(void **state)
{
    static const char longest[] = "123456789012345678901234567890123456789012345678901234567890123";
    char longer[sizeof longest + 1];

    (void)state;
    assert_int_equal(avrspi_text_distance("mega8", "MEGA8"), 0);
    assert_int_equal(avrspi_text_distance("mega8", "mega88"), 1);
    assert_int_equal(avrspi_text_distance("mega16", "mega61"), 1);
    assert_int_equal(avrspi_text_distance("", "abc"), 3);
    assert_int_equal(avrspi_text_distance("kitten", "sitting"), 3);
    assert_int_equal(avrspi_text_distance(longest, longest), 0);
    (void)snprintf(longer, sizeof longer, "%s4", longest);
    assert_true(avrspi_text_distance(longer, longest) == SIZE_MAX);
}

static const char *nearest(const char *word)
{
    static const char *const names[] = {"sig", "erase", "flash", "fuses", "verify"};
    struct avrspi_nearest nearest = avrspi_nearest_begin(word);

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        (void)avrspi_nearest_offer(&nearest, names[i]);
    return nearest.name;
}

static void nearest_of_a_list(void **state)
{
    (void)state;
    assert_string_equal(nearest("Erase"), "erase");
    assert_string_equal(nearest("flahs"), "flash");
    assert_string_equal(nearest("varify"), "verify");
    assert_string_equal(nearest("fuse"), "fuses");
    assert_null(nearest("program"));
    assert_string_equal(nearest("sog"), "sig"); /* one letter in three may be wrong */
    assert_null(nearest("si"));
    assert_null(nearest(""));
}

static void nearest_of_two_is_the_first(void **state)
{
    struct avrspi_nearest nearest = avrspi_nearest_begin("lock");

    (void)state;
    assert_true(avrspi_nearest_offer(&nearest, "rock"));
    assert_false(avrspi_nearest_offer(&nearest, "sock"));
    assert_string_equal(nearest.name, "rock");
    assert_true(avrspi_nearest_offer(&nearest, "lock"));
    assert_string_equal(nearest.name, "lock");
}

static void text_word_by_word(void **state)
{
    const char *rest = "  AC\t53 0 ", *word;
    size_t size;

    (void)state;
    word = avrspi_text_word(&rest, &size);
    assert_memory_equal(word, "AC", size);
    assert_int_equal(size, 2);
    word = avrspi_text_word(&rest, &size);
    assert_memory_equal(word, "53", size);
    word = avrspi_text_word(&rest, &size);
    assert_memory_equal(word, "0", size);
    assert_int_equal(size, 1);
    assert_null(avrspi_text_word(&rest, &size));
    assert_null(avrspi_text_word(&rest, &size));
}

static void text_mark_size_of_a_mark_and_less(void **state)
{
    (void)state;
    assert_int_equal(avrspi_text_mark_size("\xEF\xBB\xBF!", 4), 3);
    assert_int_equal(avrspi_text_mark_size("\xEF\xBB\xBF", 2), 0);
    assert_int_equal(avrspi_text_mark_size("text", 4), 0);
}

static void text_letter_size_of_letters(void **state)
{
    static const struct {
        const char *text;
        size_t size;
    } rows[] = {
        {"a", 1},
        {"\x7F", 1},
        {"\xC2\x80", 2},
        {"\xC3\xA4rger", 2},
        {"\xDF\xBF", 2},
        {"\xE0\xA0\x80", 3},
        {"\xE2\x82\xAC", 3},
        {"\xED\x9F\xBF", 3},
        {"\xEE\x80\x80", 3},
        {"\xEF\xBF\xBF", 3},
        {"\xF0\x90\x80\x80", 4},
        {"\xF0\x9F\x98\x80", 4},
        {"\xF4\x8F\xBF\xBF", 4},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(avrspi_text_letter_size(rows[i].text), rows[i].size);
}

static void text_letter_size_of_other_bytes(void **state)
{
    static const char *const rows[] = {
        "",
        "\x80",
        "\xBF",
        "\xC0\x80", /* longer than needed */
        "\xC1\xBF",
        "\xE0\x9F\xBF",
        "\xF0\x8F\xBF\xBF",
        "\xED\xA0\x80",     /* a surrogate */
        "\xF4\x90\x80\x80", /* above U+10FFFF */
        "\xF5\x80\x80\x80",
        "\xFF",
        "\xC3", /* cut short */
        "\xC3(",
        "\xE2\x82",
        "\xE2\x82(",
        "\xF0\x9F\x98",
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(avrspi_text_letter_size(rows[i]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_equal_in_any_case),
        cmocka_unit_test(text_is_of_a_part),
        cmocka_unit_test(text_contains_in_any_case),
        cmocka_unit_test(text_order_of_names),
        cmocka_unit_test(text_distance_counts_slips),
        cmocka_unit_test(nearest_of_a_list),
        cmocka_unit_test(nearest_of_two_is_the_first),
        cmocka_unit_test(text_word_by_word),
        cmocka_unit_test(text_mark_size_of_a_mark_and_less),
        cmocka_unit_test(text_letter_size_of_letters),
        cmocka_unit_test(text_letter_size_of_other_bytes),
    };

    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
