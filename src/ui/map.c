/* SPDX-License-Identifier: MIT */
#include "ui/map.h"

#include <stdlib.h>
#include <string.h>

enum {
    NO_PAGES = 32,     /* bytes a cell of a flash that is written byte by byte */
    ADDRESS_WIDTH = 8, /* as that of a label, with its blank */
    MOST_CELLS = 64,   /* of a row */
    LEAST_CELLS = 8,
    MOST_ROWS = 16,
};

static const struct {
    const char *name;
    const char *sign, *ascii; /* each one column wide */
    enum ui_style style;
} looks[UI_PAGES] = {
    [UI_PAGE_EMPTY] = {"empty", "·", ".", UI_FAINT},
    [UI_PAGE_BOOT_EMPTY] = {"boot section, empty", "░", "-", UI_FAINT},
    [UI_PAGE_DATA] = {"data", "█", "#", UI_DATA},
    [UI_PAGE_BOOT] = {"boot section, data", "▓", "B", UI_BOOT},
    [UI_PAGE_VECTORS] = {"vectors", "V", "V", UI_LABEL},
    [UI_PAGE_SKIPPED] = {"skipped", "·", ".", UI_FAINT},
    [UI_PAGE_VERIFIED] = {"verified", "█", "#", UI_NEW},
    [UI_PAGE_WRITTEN] = {"written", "▓", "+", UI_DATA},
    [UI_PAGE_PLANNED] = {"to write", "░", "-", UI_PLAIN},
};

const char *ui_page_name(enum ui_page page)
{
    return looks[page].name;
}

/* --- what each page is */

bool ui_map_begin(struct ui_map *map, const struct avrspi_chip *chip, enum ui_page page)
{
    const uint32_t unit = avrspi_memory_page(chip, AVRSPI_MEMORY_FLASH);

    *map = (struct ui_map){
        .start = avrspi_memory_start(chip, AVRSPI_MEMORY_FLASH),
        .page = unit ? unit : NO_PAGES,
    };
    map->count = avrspi_memory_size(chip, AVRSPI_MEMORY_FLASH) / map->page;
    map->pages = malloc((size_t)map->count + 1);
    if (map->pages)
        memset(map->pages, (int)page, map->count);
    return map->pages != NULL;
}

void ui_map_free(struct ui_map *map)
{
    free(map->pages);
    *map = (struct ui_map){0};
}

void ui_map_mark(struct ui_map *map, uint32_t address, uint64_t size, enum ui_page page)
{
    const uint64_t begin = map->start, end = begin + (uint64_t)map->count * map->page;
    uint64_t from = address > begin ? address : begin;
    uint64_t to = address + size < end ? address + size : end;

    for (; from < to; from = (from / map->page + 1) * map->page)
        map->pages[(from - begin) / map->page] = (uint8_t)page;
}

void ui_map_mark_image(struct ui_map *map, const struct avrspi_image *image, uint32_t boot)
{
    struct avrspi_segment segment;
    uint64_t at = 0;

    while (at <= UINT32_MAX && avrspi_image_next(image, (uint32_t)at, &segment)) {
        at = (uint64_t)segment.address + segment.size;
        ui_map_mark(map, segment.address, segment.size, UI_PAGE_DATA);
        if (boot && at > boot) {
            const uint32_t from = segment.address > boot ? segment.address : boot;

            ui_map_mark(map, from, at - from, UI_PAGE_BOOT);
        }
    }
}

bool ui_map_has(const struct ui_map *map, enum ui_page page)
{
    return memchr(map->pages, (int)page, map->count) != NULL;
}

/* --- text */

uint32_t ui_map_share(const struct ui_map *map, uint32_t cells, uint32_t rows)
{
    uint32_t share = 1;

    while ((map->count + share - 1) / share > cells * rows)
        share *= 2;
    return share;
}

struct ui_map_look ui_map_look(const struct ui *ui)
{
    return (struct ui_map_look){ui_columns(), ui_is_utf8(), ui->color};
}

static const char *sign_of(const struct ui_map_look *look, enum ui_page page)
{
    return look->utf8 ? looks[page].sign : looks[page].ascii;
}

/* What the cell of 'share' pages from page n on is. */
static enum ui_page cell_at(const struct ui_map *map, uint32_t n, uint32_t share)
{
    uint8_t most = 0;

    for (uint32_t i = n; i < n + share && i < map->count; i++)
        most = map->pages[i] > most ? map->pages[i] : most;
    return (enum ui_page)most;
}

/* "0x0000  V███····" from page n on. */
static void print_row(FILE *out, const struct ui_map *map, const struct ui_map_look *look,
                      uint32_t n, uint32_t cells, uint32_t share)
{
    enum ui_page shown = UI_PAGES;
    char address[16];

    (void)snprintf(address, sizeof address, "0x%04X", (unsigned)(map->start + n * map->page));
    (void)fprintf(out, "%s%-*s%s", ui_style_begin(look->color, UI_LABEL), ADDRESS_WIDTH, address,
                  ui_style_end(look->color));
    for (uint32_t i = 0; i < cells && n < map->count; i++, n += share) {
        enum ui_page page = cell_at(map, n, share);

        if (page != shown) {
            if (shown != UI_PAGES)
                (void)fputs(ui_style_end(look->color), out);
            (void)fputs(ui_style_begin(look->color, looks[page].style), out);
        }
        shown = page;
        (void)fputs(sign_of(look, page), out);
    }
    (void)fprintf(out, "%s\n", ui_style_end(look->color));
}

/* The kinds of pages that there are, in as many lines as they take; returns how many. */
static int print_legend(FILE *out, const struct ui_map *map, const struct ui_map_look *look,
                        const char *scale)
{
    int column = ADDRESS_WIDTH + (int)strlen(scale), lines = 1;

    (void)fprintf(out, "%*s%s", ADDRESS_WIDTH, "", scale);
    for (int n = 0; n < UI_PAGES; n++) {
        const enum ui_page page = (enum ui_page)n;
        const int width = (int)strlen(looks[page].name) + 5; /* with "   # " before it */

        if (!ui_map_has(map, page))
            continue;
        if (column + width > look->columns) {
            (void)fprintf(out, "\n%*s", ADDRESS_WIDTH, "");
            column = ADDRESS_WIDTH - 3; /* without the blanks */
            lines++;
        } else {
            (void)fputs("   ", out);
        }
        (void)fprintf(out, "%s%s%s %s", ui_style_begin(look->color, looks[page].style),
                      sign_of(look, page), ui_style_end(look->color), looks[page].name);
        column += width;
    }
    (void)fputc('\n', out);
    return lines;
}

int ui_map_print(FILE *out, const struct ui_map *map, const struct ui_map_look *look)
{
    uint32_t cells = MOST_CELLS, share;
    char scale[UI_TEXT];
    int lines = 0;

    while (cells > LEAST_CELLS && (int)cells + ADDRESS_WIDTH >= look->columns)
        cells /= 2;
    share = ui_map_share(map, cells, MOST_ROWS);
    for (uint32_t n = 0; n < map->count; n += cells * share, lines++)
        print_row(out, map, look, n, cells, share);
    (void)snprintf(scale, sizeof scale, "1 cell: %u B", (unsigned)(share * map->page));
    return lines + print_legend(out, map, look, scale);
}

void ui_map_show(struct ui *ui, const struct ui_map *map)
{
    const struct ui_map_look look = ui_map_look(ui);

    if (ui_is_json(ui) || ui->quiet || ui->plain)
        return;
    ui_progress_end(ui);
    (void)ui_map_print(stdout, map, &look);
    ui_flush(ui);
}
