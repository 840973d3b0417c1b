/* SPDX-License-Identifier: MIT */
/* What is in a file, as lines and as JSON: the parts of 'info'. */
#ifndef AVRSPI_SRC_CLI_INFO_H
#define AVRSPI_SRC_CLI_INFO_H

#include "cli/cli.h"
#include "ui/map.h"

/* A file, and the chip that it is looked at for. */
struct info {
    const char *name; /* as it was given */
    char *data;       /* the file */
    size_t size;
    struct avrspi_contents *contents;
    const struct avrspi_chip *chip; /* NULL: not known */
    bool by_file;                   /* it is the file that names the chip */
    json_t *json;
};

/* --- info_file.c */

/* "0x0000-0x01FF 0x7E00-0x7E7F ..." for the runs of bytes of an image; "" for none. */
void info_ranges(const struct avrspi_image *image, char *text, size_t size);

/* Format, checksums and device; then each memory with its size, ranges and checksum, and the
 * sections that an ELF file has them from. */
void info_show_file(struct cli *cli, struct info *info);
void info_show_memories(struct cli *cli, struct info *info);

/* --- info_program.c */

/* Where the boot section begins by the fuses of the file, or where it has none by those of the
 * factory; 0: there is none. */
uint32_t info_boot_start(const struct info *info);

/* The reset vector, where it leads, the vector table, the boot section, and whether the fuses in
 * the file agree. Marks the vectors on the map. Only for a file with flash and a chip. */
void info_show_program(struct cli *cli, struct info *info, struct ui_map *map);

#endif
