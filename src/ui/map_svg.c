/* SPDX-License-Identifier: MIT */
#include "ui/map.h"

#include <string.h>

#include "ui/svg.h"

enum {
    CELL = 12, /* pixels, with the gap to the next */
    GAP = 2,
    CELLS = 64, /* of a row */
    ROWS = 32,  /* at most */
    LEFT = 76,  /* of the first cell */
    TOP = 44,
    LEGEND = 52, /* height below the cells */
    WIDTH = LEFT + CELLS * CELL + 20,
};

static const char *const colors[UI_PAGES] = {
    [UI_PAGE_EMPTY] = "#e8ecef",    [UI_PAGE_BOOT_EMPTY] = "#e6d8ee", [UI_PAGE_DATA] = "#2980b9",
    [UI_PAGE_BOOT] = "#8e44ad",     [UI_PAGE_VECTORS] = "#c0392b",    [UI_PAGE_SKIPPED] = "#e8ecef",
    [UI_PAGE_VERIFIED] = "#27ae60", [UI_PAGE_WRITTEN] = "#2980b9",    [UI_PAGE_PLANNED] = "#f0c674",
};

/* A cell, with what is in it for whoever points at it. */
static void print_cell(FILE *out, const struct ui_map *map, uint32_t n, uint32_t share,
                       uint32_t index)
{
    const uint32_t address = map->start + n * map->page;
    enum ui_page page = UI_PAGE_EMPTY;

    for (uint32_t i = n; i < n + share && i < map->count; i++)
        page = map->pages[i] > page ? (enum ui_page)map->pages[i] : page;
    (void)fprintf(out,
                  "<rect x=\"%u\" y=\"%u\" width=\"%d\" height=\"%d\" rx=\"2\" fill=\"%s\">"
                  "<title>0x%04X-0x%04X %s</title></rect>\n",
                  LEFT + index % CELLS * CELL, TOP + index / CELLS * CELL, CELL - GAP, CELL - GAP,
                  colors[page], (unsigned)address, (unsigned)(address + share * map->page - 1),
                  ui_page_name(page));
}

static void print_cells(FILE *out, const struct ui_map *map, uint32_t share)
{
    uint32_t index = 0;

    for (uint32_t n = 0; n < map->count; n += share, index++) {
        if (index % CELLS == 0)
            (void)fprintf(out, "<text x=\"%d\" y=\"%u\" text-anchor=\"end\">0x%04X</text>\n",
                          LEFT - 8, TOP + index / CELLS * CELL + CELL - GAP,
                          (unsigned)(map->start + n * map->page));
        print_cell(out, map, n, share, index);
    }
}

static void print_legend(FILE *out, const struct ui_map *map, uint32_t share, uint32_t y)
{
    uint32_t x = LEFT;

    for (int n = 0; n < UI_PAGES; n++) {
        const char *name = ui_page_name((enum ui_page)n);

        if (!ui_map_has(map, (enum ui_page)n))
            continue;
        (void)fprintf(out,
                      "<rect x=\"%u\" y=\"%u\" width=\"%d\" height=\"%d\" rx=\"2\" "
                      "fill=\"%s\"/><text x=\"%u\" y=\"%u\">%s</text>\n",
                      x, y, CELL - GAP, CELL - GAP, colors[n], x + CELL + 2, y + CELL - GAP, name);
        x += 40 + 7 * (uint32_t)strlen(name);
    }
    (void)fprintf(out, "<text x=\"%d\" y=\"%u\" text-anchor=\"end\">1 cell: %u B</text>\n",
                  WIDTH - 20, y + CELL - GAP, (unsigned)(share * map->page));
}

struct picture {
    const struct ui_map *map;
    const char *title;
};

static void draw(FILE *out, const void *what)
{
    const struct picture *picture = what;
    const struct ui_map *map = picture->map;
    const uint32_t share = ui_map_share(map, CELLS, ROWS);
    const uint32_t cells = (map->count + share - 1) / share;
    const uint32_t bottom = TOP + (cells + CELLS - 1) / CELLS * CELL;

    (void)fprintf(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%u\" "
                  "viewBox=\"0 0 %d %u\" font-family=\"sans-serif\" font-size=\"11\">\n"
                  "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n"
                  "<text x=\"%d\" y=\"26\" font-size=\"15\" font-weight=\"bold\">",
                  WIDTH, bottom + LEGEND, WIDTH, bottom + LEGEND, LEFT);
    ui_svg_text(out, picture->title);
    (void)fputs("</text>\n", out);
    print_cells(out, map, share);
    print_legend(out, map, share, bottom + 16);
    (void)fputs("</svg>\n", out);
}

int ui_map_svg(const struct ui_map *map, const char *title, const char *path,
               struct avrspi_error *error)
{
    const struct picture picture = {map, title};

    return ui_svg_write(path, draw, &picture, error);
}
