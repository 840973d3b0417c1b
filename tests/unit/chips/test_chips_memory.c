/* SPDX-License-Identifier: MIT */
/* A chip file read while memory runs out, at every place where it can. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "avrspi/chips.h"
#include "chips/record.h"
#include "chips/arena.h"

/* How many more allocations succeed. */
static unsigned allowance = UINT32_MAX;

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_realloc(void *data, size_t size);
void *__wrap_realloc(void *data, size_t size);
void *__real_avrspi_arena_alloc(struct avrspi_arena *arena, size_t size);
void *__wrap_avrspi_arena_alloc(struct avrspi_arena *arena, size_t size);
void *__real_avrspi_arena_copy(struct avrspi_arena *arena, const void *data, size_t size);
void *__wrap_avrspi_arena_copy(struct avrspi_arena *arena, const void *data, size_t size);
char *__real_avrspi_arena_text(struct avrspi_arena *arena, const char *text, size_t size);
char *__wrap_avrspi_arena_text(struct avrspi_arena *arena, const char *text, size_t size);

static bool allowed(void)
{
    if (allowance == 0)
        return false;
    allowance--;
    return true;
}

void *__wrap_calloc(size_t count, size_t size)
{
    return allowed() ? __real_calloc(count, size) : NULL;
}

void *__wrap_realloc(void *data, size_t size)
{
    return allowed() ? __real_realloc(data, size) : NULL;
}

void *__wrap_avrspi_arena_alloc(struct avrspi_arena *arena, size_t size)
{
    return allowed() ? __real_avrspi_arena_alloc(arena, size) : NULL;
}

void *__wrap_avrspi_arena_copy(struct avrspi_arena *arena, const void *data, size_t size)
{
    return allowed() ? __real_avrspi_arena_copy(arena, data, size) : NULL;
}

char *__wrap_avrspi_arena_text(struct avrspi_arena *arena, const char *text, size_t size)
{
    return allowed() ? __real_avrspi_arena_text(arena, text, size) : NULL;
}

static const char text[] = "[values level]\n"
                           "0 = on : words\n"
                           "[Some]\n"
                           "signature = 1E 01 02\n"
                           "flash_size = 1024\n"
                           "flash_page = 32\n"
                           "fuse_masks = FF 00 00 03\n"
                           "note = words\n"
                           "low.X = 0x01 level\n"
                           "[Other]\n"
                           "like = Some\n"
                           "low.X = none\n";

static void add_text_without_memory(void **state)
{
    struct avrspi_chips *chips;
    struct avrspi_error error;
    unsigned needed = 0;
    size_t count;
    int result;

    (void)state;
    assert_int_equal(avrspi_chips_open(&chips, &error), 0);
    count = avrspi_chips_count(chips);
    do {
        allowance = needed++;
        result = avrspi_chips_add_text(chips, "my.conf", text, sizeof text - 1, &error);
        allowance = UINT32_MAX;
        if (result < 0) {
            assert_int_equal(result, AVRSPI_ERR_FAILURE);
            assert_string_equal(error.message, "out of memory");
            assert_int_equal(avrspi_chips_count(chips), count);
            assert_null(avrspi_chips_find(chips, "Some"));
        }
    } while (result < 0);
    assert_true(needed > 20);
    assert_int_equal(avrspi_chips_count(chips), count + 2);
    avrspi_chips_close(chips);
}

static void open_without_memory(void **state)
{
    struct avrspi_chips *chips = (struct avrspi_chips *)state;
    struct avrspi_error error;

    for (allowance = 0; allowance < 3; allowance++) {
        unsigned again = allowance;

        assert_int_equal(avrspi_chips_open(&chips, &error), AVRSPI_ERR_FAILURE);
        assert_null(chips);
        allowance = again;
    }
    allowance = UINT32_MAX;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(add_text_without_memory),
        cmocka_unit_test(open_without_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
