/* SPDX-License-Identifier: MIT */
#include "ui/svg.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/file.h"

void ui_svg_text(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '&')
            (void)fputs("&amp;", out);
        else if (*text == '<')
            (void)fputs("&lt;", out);
        else if (*text == '>')
            (void)fputs("&gt;", out);
        else
            (void)fputc((unsigned char)*text < ' ' ? '?' : *text, out);
    }
}

int ui_svg_write(const char *path, void (*draw)(FILE *out, const void *what), const void *what,
                 struct avrspi_error *error)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    int result;

    if (!out)
        return avrspi_fail_memory(error);
    draw(out, what);
    result =
        fclose(out) == 0 ? avrspi_file_write(path, text, size, error) : avrspi_fail_memory(error);
    free(text);
    return result;
}
