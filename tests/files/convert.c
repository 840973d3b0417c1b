/* SPDX-License-Identifier: MIT */
/*
 * Reads a firmware file of any format by libavrspi, and writes one of its memories in another: what
 * the judges of the readers and writers compare.
 *
 *     convert [-c CHIP] [-m MEMORY] [-f FORMAT] [-t FORMAT] IN [OUT]
 *
 * -c also checks that it fits that chip. Without OUT only the number of bytes is printed; OUT is
 * "-" for standard output. The exit status is that of avrspi: 7 for a file that is refused.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "avrspi/avrspi.h"

enum {
    EXIT_USAGE = 2,
    EXIT_INPUT = 7,
};

struct request {
    const char *chip, *in;
    char *const *out; /* NULL after the last */
    struct avrspi_read_options read;
};

static int usage(void)
{
    (void)fputs("usage: convert [-c CHIP] [-m MEMORY] [-f FORMAT] IN [OUT...]\n", stderr);
    return EXIT_USAGE;
}

static bool find_memory(const char *name, enum avrspi_memory *memory)
{
    for (int n = 0; n < AVRSPI_MEMORIES; n++) {
        const char *other = avrspi_memory_name((enum avrspi_memory)n);

        if (other && strcmp(other, name) == 0) {
            *memory = (enum avrspi_memory)n;
            return true;
        }
    }
    return false;
}

static bool parse(struct request *request, int argc, char **argv)
{
    bool good = true;
    int option;

    while (good && (option = getopt(argc, argv, "c:m:f:")) != -1) {
        if (option == 'c')
            request->chip = optarg;
        else if (option == 'm')
            good = find_memory(optarg, &request->read.memory);
        else
            good = option == 'f' && avrspi_format_by_name(optarg, &request->read.format);
    }
    if (!good || optind >= argc)
        return false;
    request->in = argv[optind];
    request->out = argv + optind + 1;
    return true;
}

/* AVRSPI_ERR_USAGE for a chip that is not known. */
static int open_chip(const struct request *request, struct avrspi_chips **chips,
                     const struct avrspi_chip **chip, struct avrspi_error *error)
{
    int result = request->chip ? avrspi_chips_open(chips, error) : 0;

    if (result < 0 || !request->chip)
        return result;
    *chip = avrspi_chips_find(*chips, request->chip);
    if (*chip)
        return 0;
    (void)snprintf(error->message, sizeof error->message, "unknown chip '%s'", request->chip);
    return AVRSPI_ERR_USAGE;
}

static int write_file(const struct avrspi_image *image, const char *path,
                      struct avrspi_error *error)
{
    char *data;
    size_t size;
    int result = avrspi_image_format(image, avrspi_format_by_path(path), &data, &size, error);
    FILE *out;

    if (result < 0)
        return result;
    out = fopen(path, "wb");
    if (!out || fwrite(data, 1, size, out) != size || fclose(out) != 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    free(data);
    return 0;
}

static int convert(const struct request *request, struct avrspi_error *error)
{
    struct avrspi_read_options options = request->read;
    struct avrspi_contents *contents = NULL;
    struct avrspi_chips *chips = NULL;
    const struct avrspi_chip *chip = NULL;
    const struct avrspi_image *image;
    int result = open_chip(request, &chips, &chip, error);

    options.chip = chip;
    if (result == 0)
        result = avrspi_contents_read(&contents, &options, request->in, error);
    if (result == 0 && chip)
        result = avrspi_contents_check(contents, chip, error);
    if (result == 0)
        result = avrspi_contents_require(contents, request->read.memory, &image, error);
    if (result == 0)
        (void)printf("%zu\n", avrspi_image_size(image));
    for (char *const *out = request->out; result == 0 && *out; out++)
        result = write_file(image, *out, error);
    avrspi_contents_free(contents);
    avrspi_chips_close(chips);
    return result;
}

int main(int argc, char **argv)
{
    struct request request = {.read.memory = AVRSPI_MEMORY_FLASH};
    struct avrspi_error error;
    int result;

    if (!parse(&request, argc, argv))
        return usage();
    result = convert(&request, &error);
    if (result == 0)
        return EXIT_SUCCESS;
    (void)fprintf(stderr, "%s\n", error.message);
    return result == AVRSPI_ERR_INPUT   ? EXIT_INPUT
           : result == AVRSPI_ERR_USAGE ? EXIT_USAGE
                                        : EXIT_FAILURE;
}
