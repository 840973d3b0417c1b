/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/ini.h"

/* What was taken, as lines "SECTION@LINE KEY=VALUE@LINE". */
static char taken[2048];

/* Refuses the key 'bad'. */
static int take(void *user, const struct avrspi_ini_entry *entry, struct avrspi_error *error)
{
    size_t used = strlen(taken);

    assert_string_equal(user, "user");
    if (strcmp(entry->key, "bad") == 0)
        return avrspi_fail(error, AVRSPI_ERR_REFUSED, "refused in line %u", entry->line);
    (void)snprintf(taken + used, sizeof taken - used, "%s@%u %s=%s@%u\n", entry->section,
                   entry->section_line, entry->key, entry->value, entry->line);
    return 0;
}

static int read_text(const char *text, size_t size, bool flat, struct avrspi_error *error)
{
    const struct avrspi_ini ini = {.name = "x.conf", .flat = flat, .take = take, .user = "user"};

    taken[0] = '\0';
    return avrspi_ini_read(&ini, text, size, error);
}

static void assert_taken(const char *text, const char *expected)
{
    struct avrspi_error error = {.message = ""};
    int result = read_text(text, strlen(text), false, &error);

    assert_string_equal(error.message, "");
    assert_int_equal(result, 0);
    assert_string_equal(taken, expected);
}

static void assert_refused(const char *text, size_t size, bool flat, const char *message)
{
    struct avrspi_error error = {.hint = "old"};

    assert_int_equal(read_text(text, size, flat, &error), AVRSPI_ERR_INPUT);
    assert_int_equal(error.code, AVRSPI_ERR_INPUT);
    assert_string_equal(error.message, message);
    assert_string_equal(error.hint, "");
}

static void read_of_nothing(void **state)
{
    (void)state;
    assert_taken("", "");
    assert_taken("\n\n", "");
    assert_taken("\xEF\xBB\xBF", "");
    assert_taken("# words\n; words", "");
}

static void read_of_entries(void **state)
{
    (void)state;
    assert_taken("a = 1\nb=2\nc : 3\n", "@0 a=1@1\n@0 b=2@2\n@0 c=3@3\n");
    assert_taken("[A]\na = x y\n\n[B]\nb =\n= c", "A@1 a=x y@2\nB@4 b=@5\nB@4 =c@6\n");
    assert_taken("[A]\na = 1\n[A]\na = 2\n", "A@1 a=1@2\nA@3 a=2@4\n");
    assert_taken("a = 1 ; words\nb = 1;2 # 3\n", "@0 a=1@1\n@0 b=1;2 # 3@2\n");
    assert_taken("[A] ; words\na = 1\n[B]\t # words\nb = 1\n", "A@1 a=1@2\nB@3 b=1@4\n");
}

static void read_of_any_line_end(void **state)
{
    (void)state;
    assert_taken("[A]\r\na = 1\r\nb = 2", "A@1 a=1@2\nA@1 b=2@3\n");
}

/* To inih alone, an indented line goes on with the value above it. */
static void read_of_indented_lines(void **state)
{
    (void)state;
    assert_taken("[A]\na = 1\n  b = 2\n\t[B]\n\t# words\n \tc = 3\n",
                 "A@1 a=1@2\nA@1 b=2@3\nB@4 c=3@6\n");
}

static void read_behind_a_byte_order_mark(void **state)
{
    (void)state;
    assert_taken("\xEF\xBB\xBF[A]\na = 1\n", "A@1 a=1@2\n");
    assert_taken("\xEF\xBB\xBF  a = 1\n", "@0 a=1@1\n");
}

static void read_of_long_lines(void **state)
{
    char text[1024], expected[1024];

    (void)state;
    (void)snprintf(text, sizeof text, "a = %0186d\n", 1);
    (void)snprintf(expected, sizeof expected, "@0 a=%0186d@1\n", 1);
    assert_taken(text, expected);

    (void)snprintf(text, sizeof text, "#%0500d\n  ;%0300d = 1\na = 1", 1, 1);
    assert_taken(text, "@0 a=1@3\n");

    (void)snprintf(text, sizeof text, "\na = %0187d\n", 1);
    (void)snprintf(expected, sizeof expected,
                   "x.conf:2: expected a line of at most 190 characters, found 'a = %076d'", 0);
    assert_refused(text, strlen(text), false, expected);
}

static void read_of_long_section_names(void **state)
{
    char text[256], expected[256];

    (void)state;
    (void)snprintf(text, sizeof text, "[%049d]\na = 1\n", 1);
    (void)snprintf(expected, sizeof expected, "%049d@1 a=1@2\n", 1);
    assert_taken(text, expected);
    (void)snprintf(text, sizeof text, "[%050d]\na = 1\n", 1);
    (void)snprintf(expected, sizeof expected,
                   "x.conf:1: expected a section's name of at most 49 characters, found '%050d'",
                   1);
    assert_refused(text, strlen(text), false, expected);
}

static void read_names_the_first_error(void **state)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"[A]\nrubbish\n",
         "x.conf:2: expected [SECTION], 'key = value' or a comment, found 'rubbish'"},
        {"rubbish\r\n[A]\n",
         "x.conf:1: expected [SECTION], 'key = value' or a comment, found 'rubbish'"},
        {"\xEF\xBB\xBF rubbish",
         "x.conf:1: expected [SECTION], 'key = value' or a comment, found 'rubbish'"},
        {"[A\na = 1\n", "x.conf:1: expected [SECTION], 'key = value' or a comment, found '[A'"},
        {"rubbish\nbad = 1\n",
         "x.conf:1: expected [SECTION], 'key = value' or a comment, found 'rubbish'"},
        {"rubbish\na = \x01\n",
         "x.conf:1: expected [SECTION], 'key = value' or a comment, found 'rubbish'"},
        {"a = \x01\nrubbish\n", "x.conf:1: expected a line of text, found 'byte 0x01'"},
        {"a = 1\n# \x7F\n", "x.conf:2: expected a line of text, found 'byte 0x7F'"},
        {"a = 1\rb = 1\n", "x.conf:1: expected a line of text, found 'byte 0x0D'"},
        {" \xEF\xBB\xBF[A]\na = 1\n",
         "x.conf:1: expected a line of text, found 'a byte order mark'"},
        {"\xEF\xBB\xBF\xEF\xBB\xBF[A]\na = 1\n",
         "x.conf:1: expected a line of text, found 'a byte order mark'"},
        {"[A]\n[B]\nb = 1\n", "x.conf:1: expected keys below the section header, found nothing"},
        {"[A]\na = 1\n[B]\n", "x.conf:3: expected keys below the section header, found nothing"},
        {"[A] a = 1\n",
         "x.conf:1: expected the end of the line after a section header, found 'a = 1'"},
    };

    (void)state;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++)
        assert_refused(rows[n].text, strlen(rows[n].text), false, rows[n].message);
    assert_refused("a = \0x\n", 7, false, "x.conf:1: expected a line of text, found 'byte 0x00'");
}

static void read_names_what_is_wrong_behind_a_long_path(void **state)
{
    struct avrspi_ini ini = {.flat = true, .take = take, .user = "user"};
    struct avrspi_error error;
    char name[1000];

    (void)state;
    memset(name, 'x', sizeof name);
    memcpy(name + sizeof name - 8, "/x.conf", 8);
    ini.name = name;
    assert_int_equal(avrspi_ini_read(&ini, "[A]\n", 4, &error), AVRSPI_ERR_INPUT);
    assert_non_null(
        strstr(error.message, "/x.conf:1: expected 'name = value' or a comment, found "));
}

static void read_of_a_flat_file(void **state)
{
    static const char header[] = "a = 1\n [A]\nb = 1\n", words[] = "just words\n";

    (void)state;
    assert_int_equal(read_text("a = 1\n", 6, true, NULL), 0);
    assert_string_equal(taken, "@0 a=1@1\n");
    assert_refused(header, strlen(header), true,
                   "x.conf:2: expected 'name = value' or a comment, found '[A]'");
    assert_refused(words, strlen(words), true,
                   "x.conf:1: expected 'name = value' or a comment, found 'just words'");
}

static void read_ends_with_what_take_returns(void **state)
{
    static const char text[] = "a = 1\nbad = 2\nc = 3\nrubbish\n";
    struct avrspi_error error;

    (void)state;
    assert_int_equal(read_text(text, strlen(text), false, &error), AVRSPI_ERR_REFUSED);
    assert_string_equal(error.message, "refused in line 2");
    assert_string_equal(taken, "@0 a=1@1\n");
}

static void read_without_error_struct(void **state)
{
    (void)state;
    assert_int_equal(read_text("rubbish", 7, false, NULL), AVRSPI_ERR_INPUT);
    assert_int_equal(read_text("bad = 1", 7, false, NULL), AVRSPI_ERR_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_of_nothing),
        cmocka_unit_test(read_of_entries),
        cmocka_unit_test(read_of_any_line_end),
        cmocka_unit_test(read_of_indented_lines),
        cmocka_unit_test(read_behind_a_byte_order_mark),
        cmocka_unit_test(read_of_long_lines),
        cmocka_unit_test(read_of_long_section_names),
        cmocka_unit_test(read_names_the_first_error),
        cmocka_unit_test(read_names_what_is_wrong_behind_a_long_path),
        cmocka_unit_test(read_of_a_flat_file),
        cmocka_unit_test(read_ends_with_what_take_returns),
        cmocka_unit_test(read_without_error_struct),
    };

    return cmocka_run_group_tests_name("ini", tests, NULL, NULL);
}
