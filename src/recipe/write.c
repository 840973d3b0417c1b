/* SPDX-License-Identifier: MIT */
#include "recipe/write.h"

static void print_fuses(FILE *out, const struct avrspi_fuses *fuses, const char *section, int first,
                        int last)
{
    bool begun = false;

    for (int n = first; n <= last; n++) {
        if (!fuses->given[n])
            continue;
        if (!begun)
            (void)fprintf(out, "\n[%s]\n", section);
        begun = true;
        (void)fprintf(out, "%s = 0x%02X\n", avrspi_fuse_name((enum avrspi_fuse)n), fuses->value[n]);
    }
}

void avrspi_recipe_print(FILE *out, const struct avrspi_recipe_text *text)
{
    if (text->title)
        (void)fprintf(out, "# %s\n", text->title);
    if (text->remark)
        (void)fprintf(out, "# %s\n", text->remark);
    (void)fprintf(out, "[unit]\nchip = %s\n", text->chip);
    if (text->signature)
        (void)fprintf(out, "signature = %02X %02X %02X\n", text->signature[0], text->signature[1],
                      text->signature[2]);
    if (text->erase)
        (void)fprintf(out, "erase = yes\n");
    if (text->flash)
        (void)fprintf(out, "\n[flash]\nfile = %s\n", text->flash);
    if (text->eeprom)
        (void)fprintf(out, "\n[eeprom]\nfile = %s\n", text->eeprom);
    print_fuses(out, &text->fuses, "fuses", AVRSPI_FUSE_LOW, AVRSPI_FUSE_EXT);
    print_fuses(out, &text->fuses, "lock", AVRSPI_FUSE_LOCK, AVRSPI_FUSE_LOCK);
}
