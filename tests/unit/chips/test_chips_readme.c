/* SPDX-License-Identifier: MIT */
/* The examples of chips/README.md: indented blocks that begin with a section. Each is read as it
 * stands, as a file of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "avrspi/chips.h"
#include "base/file.h"

enum {
    INDENT = 4,
};

/* Lines of the next indented block from *rest on, without the indent; false after the last. */
static bool next_block(char **rest, char *block, size_t size)
{
    size_t used = 0;
    char *line;

    *block = '\0';
    while ((line = strsep(rest, "\n")) != NULL) {
        const bool indented = strncmp(line, "    ", INDENT) == 0;

        if (!indented && *line && used > 0)
            break;
        if (!indented)
            continue;
        used += (size_t)snprintf(block + used, size - used, "%s\n", line + INDENT);
        assert_true(used < size);
    }
    return used > 0;
}

static void load(const char *block)
{
    struct avrspi_error error = {0};
    struct avrspi_chips *chips;

    if (*block != '[')
        fail_msg("no section: '%s'", block);
    assert_int_equal(avrspi_chips_open(&chips, NULL), 0);
    if (avrspi_chips_add_text(chips, "README.md", block, strlen(block), &error) < 0)
        fail_msg("%s in\n%s", error.message, block);
    avrspi_chips_close(chips);
}

static void examples_load(void **state)
{
    char *text, *rest, block[2048];
    size_t size, count = 0;

    (void)state;
    assert_int_equal(avrspi_file_read(CHIPS_README, &text, &size, NULL), 0);
    rest = text;
    for (; next_block(&rest, block, sizeof block); count++)
        load(block);
    free(text);
    assert_int_equal(count, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_load),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
