/* SPDX-License-Identifier: MIT */
/* What differs between two images, written as text: "= OLD at ADDRESS". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "image/changes.h"

/* An image of a text's characters from an address on; '.' is a gap. */
static struct avrspi_image *image_of(uint32_t address, const char *text)
{
    struct avrspi_image *image = avrspi_image_new();

    assert_non_null(image);
    for (uint32_t n = 0; text[n]; n++)
        if (text[n] != '.')
            assert_int_equal(
                avrspi_image_put(image, address + n, (const uint8_t *)text + n, 1, NULL), 0);
    return image;
}

static void changes_of_each_kind(void **state)
{
    static const struct {
        const char *first, *second, *changes;
    } rows[] = {
        {"", "", ""},
        {"abcd", "abcd", ""},
        {"abcd", "axyd", " 1+2!"},
        {"abcd", "xbcx", " 0+1! 3+1!"},
        {"ab..", "..cd", " 0+2< 2+2>"},
        {"abcd", ".bc.", " 0+1< 3+1<"},
        {".bc.", "xbyz", " 0+1> 2+1! 3+1>"},
        {"ab.de", "ab.de", ""},
        {"", "..c", " 2+1>"},
    };

    (void)state;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        struct avrspi_image *first = image_of(0, rows[n].first);
        struct avrspi_image *second = image_of(0, rows[n].second);
        struct avrspi_change change;
        char text[100] = "";
        size_t used = 0;

        for (uint64_t at = 0; avrspi_image_next_change(first, second, at, &change);
             at = (uint64_t)change.address + change.size)
            used += (size_t)snprintf(text + used, sizeof text - used, " %u+%zu%c",
                                     (unsigned)change.address, change.size, "!<>"[change.kind]);
        assert_string_equal(text, rows[n].changes);
        avrspi_image_free(first);
        avrspi_image_free(second);
    }
}

static void changes_up_to_the_last_address(void **state)
{
    struct avrspi_image *image = image_of(0xFFFFFFFE, "ab");
    struct avrspi_change change;

    (void)state;
    assert_true(avrspi_image_next_change(image, NULL, 0, &change));
    assert_int_equal(change.address, 0xFFFFFFFE);
    assert_int_equal(change.size, 2);
    assert_false(avrspi_image_next_change(image, NULL, UINT64_C(1) << 32, &change));
    avrspi_image_free(image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_of_each_kind),
        cmocka_unit_test(changes_up_to_the_last_address),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
