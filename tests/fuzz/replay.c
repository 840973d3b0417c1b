/* SPDX-License-Identifier: MIT */
/*
 * Gives files to a fuzz target, one after the other, without a fuzzer: to see what a corpus covers,
 * and to go through the seeds in every build.
 *
 *     replay_TARGET FILE...
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
    for (int n = 1; n < argc; n++) {
        struct avrspi_error error;
        char *data;
        size_t size;

        if (avrspi_file_read(argv[n], &data, &size, &error) < 0) {
            (void)fprintf(stderr, "%s\n", error.message);
            return EXIT_FAILURE;
        }
        (void)LLVMFuzzerTestOneInput((const uint8_t *)data, size);
        free(data);
    }
    (void)printf("%d files\n", argc - 1);
    return EXIT_SUCCESS;
}
