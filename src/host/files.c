/* SPDX-License-Identifier: MIT */
#include "host/files.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/number.h"

int avrspi_host_read_file(const char *root, const char *path, char **data, size_t *size,
                          struct avrspi_error *error)
{
    char *whole = NULL;
    int result;

    *data = NULL;
    *size = 0;
    if (asprintf(&whole, "%s%s", root, path) < 0)
        return avrspi_fail_memory(error);
    result = avrspi_file_read(whole, data, size, NULL);
    free(whole);
    if (result == AVRSPI_ERR_INPUT)
        return 0;
    return result < 0 ? avrspi_fail_memory(error) : 0;
}

int avrspi_host_read_line(const char *root, const char *path, char *line, size_t room,
                          struct avrspi_error *error)
{
    char *data;
    size_t size;
    int result = avrspi_host_read_file(root, path, &data, &size, error);

    *line = '\0';
    if (data)
        (void)snprintf(line, room, "%.*s", (int)strcspn(data, "\n"), data);
    free(data);
    return result;
}

bool avrspi_host_read_number(const char *root, const char *path, uint32_t *number)
{
    char line[32];

    (void)avrspi_host_read_line(root, path, line, sizeof line, NULL);
    return avrspi_number_parse_within(line, strlen(line), 0, UINT32_MAX, number);
}

void avrspi_host_read_link(const char *root, const char *path, char *name, size_t room)
{
    char whole[PATH_MAX], target[PATH_MAX];
    const char *slash;
    ssize_t length;

    *name = '\0';
    (void)snprintf(whole, sizeof whole, "%s%s", root, path);
    length = readlink(whole, target, sizeof target - 1);
    if (length < 0)
        return;
    target[length] = '\0';
    slash = strrchr(target, '/');
    (void)snprintf(name, room, "%.*s", (int)room - 1, slash ? slash + 1 : target);
}
