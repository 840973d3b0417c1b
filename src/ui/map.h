/* SPDX-License-Identifier: MIT */
/*
 * A map of a chip's flash: what each page holds, or what a job does with it.
 *
 *     map.c       what each page is; the map as text, a cell for one page or several
 *     map_svg.c   the map as a picture
 *     live.c      the map of a job, redrawn while the job goes on
 */
#ifndef AVRSPI_SRC_UI_MAP_H
#define AVRSPI_SRC_UI_MAP_H

#include "avrspi/chip.h"
#include "avrspi/image.h"
#include "ui/ui.h"

/* What a page is; where several share a cell, the cell is the last of these. */
enum ui_page {
    /* of a file */
    UI_PAGE_EMPTY,
    UI_PAGE_BOOT_EMPTY, /* in the boot section */
    UI_PAGE_DATA,
    UI_PAGE_BOOT, /* data in the boot section */
    UI_PAGE_VECTORS,
    /* of a job */
    UI_PAGE_SKIPPED,
    UI_PAGE_VERIFIED,
    UI_PAGE_WRITTEN,
    UI_PAGE_PLANNED,
    UI_PAGES,
};

/* All zero when it begins. */
struct ui_map {
    uint32_t start; /* byte address of the first page */
    uint32_t page;  /* bytes; of a flash without pages, as many as one cell shows */
    uint32_t count; /* pages */
    uint8_t *pages; /* of enum ui_page */
};

/* How it is drawn. */
struct ui_map_look {
    int columns; /* of the terminal */
    bool utf8;
    bool color;
};

/* A map of a chip's flash, every page the same; false when out of memory. The caller frees it. */
bool ui_map_begin(struct ui_map *map, const struct avrspi_chip *chip, enum ui_page page);
void ui_map_free(struct ui_map *map);

/* Marks the pages that have one of 'size' bytes from an address on; those outside of the flash are
 * ignored. */
void ui_map_mark(struct ui_map *map, uint32_t address, uint64_t size, enum ui_page page);

/* Marks the pages that hold bytes of an image: UI_PAGE_DATA, from 'boot' (0: no boot section) on
 * UI_PAGE_BOOT. */
void ui_map_mark_image(struct ui_map *map, const struct avrspi_image *image, uint32_t boot);

/* What the terminal at standard output takes. */
struct ui_map_look ui_map_look(const struct ui *ui);

/* Prints it, with a legend; returns how many lines that takes. */
int ui_map_print(FILE *out, const struct ui_map *map, const struct ui_map_look *look);

/* The same on standard output, not with JSON or --quiet. */
void ui_map_show(struct ui *ui, const struct ui_map *map);

/* A picture as SVG, with a title above it. AVRSPI_ERR_FAILURE when the file can't be written. */
int ui_map_svg(const struct ui_map *map, const char *title, const char *path,
               struct avrspi_error *error);

/* What a page is called in a legend: "data", "vectors". */
const char *ui_page_name(enum ui_page page);

/* Whether the map has such a page. */
bool ui_map_has(const struct ui_map *map, enum ui_page page);

/* How many pages share a cell where a row has so many cells and there are so many rows at most. */
uint32_t ui_map_share(const struct ui_map *map, uint32_t cells, uint32_t rows);

#endif
