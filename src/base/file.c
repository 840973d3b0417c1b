/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FIRST_READ = 65536, /* grows by doubling: input may be a pipe of unknown length */
    LARGEST_FILE = 256 * 1024 * 1024,
    MOST_ATTEMPTS = 100, /* to find a name that no file has */
};

int avrspi_file_open(const char *path, int *fd, struct avrspi_error *error)
{
    *fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (*fd < 0)
        return avrspi_fail_errno(error, AVRSPI_ERR_INPUT, "can't open '%s'", path);
    return 0;
}

void avrspi_file_close(int fd)
{
    if (fd != STDIN_FILENO)
        (void)close(fd);
}

const char *avrspi_file_title(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

int avrspi_file_read_more(int fd, const char *path, struct avrspi_buffer *buffer, bool *ended,
                          struct avrspi_error *error)
{
    ssize_t got;

    if (buffer->size + 1 >= buffer->room) {
        size_t room = buffer->room ? 2 * buffer->room : FIRST_READ;
        char *larger;

        if (buffer->room >= LARGEST_FILE)
            return avrspi_fail(error, AVRSPI_ERR_INPUT, "'%s' is too large: more than %d MiB",
                               avrspi_file_title(path), LARGEST_FILE / 1024 / 1024);
        larger = realloc(buffer->data, room);
        if (!larger)
            return avrspi_fail_memory(error);
        buffer->data = larger;
        buffer->room = room;
    }
    do
        got = read(fd, buffer->data + buffer->size, buffer->room - buffer->size - 1);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return avrspi_fail_errno(error, AVRSPI_ERR_INPUT, "can't read '%s'",
                                 avrspi_file_title(path));
    buffer->size += (size_t)got;
    buffer->data[buffer->size] = '\0';
    *ended = got == 0;
    return 0;
}

int avrspi_file_read(const char *path, char **data, size_t *size, struct avrspi_error *error)
{
    struct avrspi_buffer buffer = {0};
    bool ended = false;
    int fd, result = avrspi_file_open(path, &fd, error);

    if (result < 0)
        return result;
    while (result == 0 && !ended)
        result = avrspi_file_read_more(fd, path, &buffer, &ended, error);
    avrspi_file_close(fd);
    if (result < 0) {
        free(buffer.data);
        return result;
    }
    *data = buffer.data;
    *size = buffer.size;
    return 0;
}

int avrspi_file_write_all(int fd, const void *data, size_t size)
{
    const char *rest = data;

    while (size > 0) {
        ssize_t done = write(fd, rest, size);

        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return -1;
        rest += done;
        size -= (size_t)done;
    }
    return 0;
}

static int write_straight(int fd, const char *path, const void *data, size_t size,
                          struct avrspi_error *error)
{
    if (avrspi_file_write_all(fd, data, size) < 0)
        return avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't write '%s'", path);
    return 0;
}

static int write_special(const char *path, const void *data, size_t size,
                         struct avrspi_error *error)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC), result;

    if (fd < 0)
        return avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't open '%s' for writing", path);
    result = write_straight(fd, path, data, size, error);
    (void)close(fd);
    return result;
}

/* A new file beside another, under a name of its own. The kernel takes the umask off the mode: to
 * read it, a program would have to change it, for all its threads. The caller frees *path. */
static int create_beside(const char *target, mode_t mode, char **path)
{
    for (unsigned attempts = 0; attempts < MOST_ATTEMPTS; attempts++) {
        uint32_t suffix = attempts;
        int fd;

        (void)getrandom(&suffix, sizeof suffix, GRND_NONBLOCK);
        if (asprintf(path, "%s.%08" PRIx32, target, suffix) < 0)
            break;
        fd = open(*path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (fd >= 0)
            return fd;
        free(*path);
        if (errno != EEXIST)
            break;
    }
    *path = NULL;
    return -1;
}

/* Writes a new file with the mode of the old one, if there is one, and puts it in its place. */
static int replace(const char *path, const char *target, const struct stat *old, const void *data,
                   size_t size, struct avrspi_error *error)
{
    char *temporary;
    int fd = create_beside(target, old ? old->st_mode & 0777 : 0666, &temporary);

    if (fd < 0)
        return avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't create a file next to '%s'",
                                 path);
    if (avrspi_file_write_all(fd, data, size) < 0 ||
        (old && fchmod(fd, old->st_mode & 07777) < 0) || fsync(fd) < 0) {
        avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't write '%s'", path);
        goto fail;
    }
    if (rename(temporary, target) < 0) {
        avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't replace '%s'", path);
        goto fail;
    }
    (void)close(fd);
    free(temporary);
    return 0;
fail:
    (void)close(fd);
    (void)unlink(temporary);
    free(temporary);
    return AVRSPI_ERR_FAILURE;
}

int avrspi_file_write(const char *path, const void *data, size_t size, struct avrspi_error *error)
{
    struct stat old;
    char *target;
    bool exists;
    int result;

    if (strcmp(path, "-") == 0)
        return write_straight(STDOUT_FILENO, "standard output", data, size, error);
    exists = stat(path, &old) == 0;
    if (exists && !S_ISREG(old.st_mode))
        return write_special(path, data, size, error);
    target = realpath(path, NULL); /* through a link to the file itself */
    result = replace(path, target ? target : path, exists ? &old : NULL, data, size, error);
    free(target);
    return result;
}

int avrspi_file_check_writable(const char *path, struct avrspi_error *error)
{
    struct stat old;
    char *target, *temporary;
    bool exists;
    int fd;

    if (strcmp(path, "-") == 0)
        return 0;
    exists = stat(path, &old) == 0;
    if (exists && !S_ISREG(old.st_mode)) {
        if (!S_ISDIR(old.st_mode) && access(path, W_OK) == 0)
            return 0;
        if (S_ISDIR(old.st_mode))
            errno = EISDIR;
        return avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't open '%s' for writing", path);
    }
    target = realpath(path, NULL);
    fd = create_beside(target ? target : path, 0600, &temporary);
    if (fd < 0)
        avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't create a file next to '%s'", path);
    free(target);
    if (fd < 0)
        return AVRSPI_ERR_FAILURE;
    (void)close(fd);
    (void)unlink(temporary);
    free(temporary);
    return 0;
}

bool avrspi_file_is_absent(const char *path)
{
    struct stat status;

    return stat(path, &status) < 0 && (errno == ENOENT || errno == ENOTDIR || errno == EACCES);
}
