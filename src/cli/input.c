/* SPDX-License-Identifier: MIT */
#include "cli/input.h"

#include <stdio.h>

/* What the file has beside the memory that is asked for is named, not dropped in silence. */
static void report_left_out(struct cli *cli, enum avrspi_memory taken,
                            const struct avrspi_contents *contents)
{
    char text[UI_TEXT * 2] = "";
    json_t *sizes = json_object();
    size_t used = 0;

    for (int n = 0; n < AVRSPI_MEMORIES && used < sizeof text; n++) {
        enum avrspi_memory memory = (enum avrspi_memory)n;
        const struct avrspi_image *image = avrspi_contents_image(contents, memory);

        if (!image || memory == taken)
            continue;
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s %zu B", used ? ", " : "",
                                 avrspi_memory_name(memory), avrspi_image_size(image));
        (void)json_object_set_new(sizes, avrspi_memory_name(memory),
                                  json_integer((json_int_t)avrspi_image_size(image)));
    }
    if (used) {
        ui_line(&cli->ui, "file", "%s left out", text);
        ui_fact(&cli->ui, "left_out", json_incref(sizes));
    }
    json_decref(sizes);
}

int input_fit(const struct avrspi_chip *chip, enum avrspi_memory memory,
              struct avrspi_contents *contents, const struct avrspi_image **image,
              struct avrspi_error *error)
{
    int result = avrspi_contents_require(contents, memory, image, error);

    if (result < 0)
        return result;
    avrspi_contents_place(contents, chip);
    return avrspi_contents_check(contents, chip, error);
}

int input_read(struct cli *cli, enum avrspi_memory memory, struct avrspi_contents **contents,
               struct avrspi_error *error)
{
    const struct avrspi_read_options options = {.format = cli->config.format, .memory = memory};
    const struct avrspi_image *image;
    const char *path = cli->arguments[0];
    int result = avrspi_contents_read(contents, &options, path, error);

    if (result < 0)
        return result;
    result = avrspi_contents_require(*contents, memory, &image, error);
    if (result == 0 && cli->chip)
        result = input_fit(cli->chip, memory, *contents, &image, error);
    if (result < 0) {
        avrspi_contents_free(*contents);
        *contents = NULL;
        return result;
    }
    ui_fact(&cli->ui, "file", ui_string(path));
    report_left_out(cli, memory, *contents);
    return 0;
}
