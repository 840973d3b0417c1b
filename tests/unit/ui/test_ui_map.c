/* SPDX-License-Identifier: MIT */
/* The map of flash: what a page is, what a cell of several pages is, and how wide it may be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chips/record.h"
#include "ui/map.h"

static const struct avrspi_chip chip = {.name = "ATtest", .flash_size = 0x1000, .flash_page = 64};
static const struct avrspi_chip above_rom = {
    .name = "ATrom", .flash_size = 0x1000, .flash_start = 0x8000, .flash_page = 64};
static const struct avrspi_chip bytewise = {.name = "AT90", .flash_size = 1024};

/* The map as it is printed; the caller frees it. */
static char *text_of(const struct ui_map *map, int columns, int *lines)
{
    const struct ui_map_look look = {.columns = columns};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    *lines = ui_map_print(out, map, &look);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void assert_map(const struct ui_map *map, int columns, const char *expected)
{
    int lines, found = 0;
    char *text = text_of(map, columns, &lines);

    assert_string_equal(text, expected);
    for (const char *at = text; *at; at++)
        found += *at == '\n';
    assert_int_equal(lines, found);
    free(text);
}

static void map_of_an_image(void **state)
{
    static const uint8_t bytes[200];
    struct avrspi_image *image = avrspi_image_new();
    struct ui_map map;

    (void)state;
    assert_non_null(image);
    assert_int_equal(avrspi_image_put(image, 0, bytes, 130, NULL), 0);
    assert_int_equal(avrspi_image_put(image, 0xE00 - 1, bytes, 2, NULL), 0);
    assert_true(ui_map_begin(&map, &chip, UI_PAGE_EMPTY));
    ui_map_mark(&map, 0xE00, UINT32_MAX, UI_PAGE_BOOT_EMPTY);
    ui_map_mark_image(&map, image, 0xE00);
    ui_map_mark(&map, 0, 52, UI_PAGE_VECTORS);
    assert_map(&map, 100,
               "0x0000  V##....................................................#B-------\n"
               "        1 cell: 64 B   . empty   - boot section, empty   # data   B boot section, "
               "data   V vectors\n");
    assert_map(&map, 41,
               "0x0000  V##.............................\n"
               "0x0800  .......................#B-------\n"
               "        1 cell: 64 B   . empty\n"
               "        - boot section, empty   # data\n"
               "        B boot section, data   V vectors\n");
    ui_map_free(&map);
    avrspi_image_free(image);
}

static void map_of_pages_that_share_a_cell(void **state)
{
    static const struct avrspi_chip large = {
        .name = "large", .flash_size = 0x40000, .flash_page = 256};
    struct ui_map map;
    int lines;
    char *text;

    (void)state;
    assert_true(ui_map_begin(&map, &large, UI_PAGE_SKIPPED));
    assert_int_equal(ui_map_share(&map, 64, 16), 1);
    assert_int_equal(ui_map_share(&map, 32, 16), 2);
    assert_int_equal(ui_map_share(&map, 8, 16), 8);
    ui_map_mark(&map, 0x100, 0x100, UI_PAGE_PLANNED); /* the second page of eight */
    ui_map_mark(&map, 0x000, 0x100, UI_PAGE_VERIFIED);
    ui_map_mark(&map, 0x800, 0x100, UI_PAGE_VERIFIED);
    text = text_of(&map, 10, &lines);
    assert_memory_equal(text, "0x0000  -#......\n", 17);
    assert_int_equal(lines, 16 + 4);
    free(text);
    ui_map_free(&map);
}

static void marks_outside_of_the_flash(void **state)
{
    struct ui_map map;

    (void)state;
    assert_true(ui_map_begin(&map, &above_rom, UI_PAGE_EMPTY));
    ui_map_mark(&map, 0, 0x8001, UI_PAGE_DATA);
    ui_map_mark(&map, 0x8FFF, 0x10000, UI_PAGE_BOOT);
    ui_map_mark(&map, 0xFFFFFFFF, 1, UI_PAGE_VECTORS);
    assert_int_equal(map.pages[0], UI_PAGE_DATA);
    assert_int_equal(map.pages[1], UI_PAGE_EMPTY);
    assert_int_equal(map.pages[map.count - 1], UI_PAGE_BOOT);
    assert_false(ui_map_has(&map, UI_PAGE_VECTORS));
    ui_map_free(&map);
}

static void map_of_a_flash_without_pages(void **state)
{
    struct ui_map map;

    (void)state;
    assert_true(ui_map_begin(&map, &bytewise, UI_PAGE_EMPTY));
    ui_map_mark(&map, 33, 1, UI_PAGE_DATA);
    assert_map(&map, 80,
               "0x0000  .#..............................\n"
               "        1 cell: 32 B   . empty   # data\n");
    ui_map_free(&map);
}

/* A name of a file may hold anything. */
static void picture_with_any_title(void **state)
{
    char path[] = "/tmp/map-XXXXXX", text[20000] = "";
    const int fd = mkstemp(path);
    struct ui_map map;
    FILE *file;

    (void)state;
    assert_true(fd >= 0);
    assert_true(ui_map_begin(&map, &bytewise, UI_PAGE_EMPTY));
    assert_int_equal(ui_map_svg(&map, "<a&b>\x01.hex", path, NULL), 0);
    file = fdopen(fd, "r");
    assert_non_null(file);
    (void)fclose(file);
    file = fopen(path, "r"); /* it was replaced */
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    (void)fclose(file);
    (void)remove(path);
    assert_non_null(strstr(text, ">&lt;a&amp;b&gt;?.hex</text>"));
    ui_map_free(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(map_of_an_image),
        cmocka_unit_test(map_of_pages_that_share_a_cell),
        cmocka_unit_test(marks_outside_of_the_flash),
        cmocka_unit_test(map_of_a_flash_without_pages),
        cmocka_unit_test(picture_with_any_title),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
