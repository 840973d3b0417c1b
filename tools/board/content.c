/* SPDX-License-Identifier: MIT */
/*
 * What files and folders of the board hold, as open files that the program can read.
 *
 * A text file is a file in memory. So is a folder that only the board has: it holds the very
 * records that getdents64() gives, so that its offset is one that lseek() understands. A folder
 * of the machine (/dev) stays what it is; the board's entries are put before its own.
 */
#include "board.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    RECORD_HEAD = offsetof(struct dirent64, d_name),
    RECORD_ALIGNMENT = 8,
    LARGEST_READ = 65536,
    ROOM_FOR_OURS = 2048, /* a buffer smaller than this gets none of the board's entries */
};

static unsigned char type_of(const struct node *node)
{
    switch (node->kind) {
    case NODE_FOLDER:
        return DT_DIR;
    case NODE_LINK:
        return DT_LNK;
    case NODE_DEVICE:
        return DT_CHR;
    default:
        return DT_REG;
    }
}

/* Appends a record of getdents64() at 'used' and returns where it ends. */
static size_t put_record(char *buffer, size_t used, ino_t inode, off_t next, unsigned char type,
                         const char *name)
{
    size_t size = (RECORD_HEAD + strlen(name) + 1 + RECORD_ALIGNMENT - 1) / RECORD_ALIGNMENT *
                  RECORD_ALIGNMENT;
    struct dirent64 record = {.d_ino = inode,
                              .d_off = next ? next : (off_t)(used + size),
                              .d_reclen = (unsigned short)size,
                              .d_type = type};

    memset(buffer + used, 0, size);
    memcpy(buffer + used, &record, RECORD_HEAD);
    memcpy(buffer + used + RECORD_HEAD, name, strlen(name) + 1);
    return used + size;
}

static const char *name_of(const struct node *node)
{
    return strrchr(node->path, '/') + 1;
}

static size_t put_children(const struct tree *tree, const struct node *folder, char *buffer,
                           size_t used, size_t size, off_t next)
{
    const struct node *child;

    for (size_t n = 0; (child = tree_child(tree, folder, n)) != NULL; n++) {
        if (used + RECORD_HEAD + strlen(name_of(child)) + 1 + RECORD_ALIGNMENT <= size) {
            used = put_record(buffer, used, tree_inode(tree, child), next, type_of(child),
                              name_of(child));
        }
    }
    return used;
}

static bool fill(const struct tree *tree, const struct node *node, int file)
{
    char buffer[LARGEST_READ];
    size_t size;

    if (node->kind != NODE_FOLDER)
        return write(file, node->text, node->size) == (ssize_t)node->size;
    size = put_record(buffer, 0, tree_inode(tree, node), 0, DT_DIR, ".");
    size = put_record(buffer, size, tree_inode(tree, node), 0, DT_DIR, "..");
    size = put_children(tree, node, buffer, size, sizeof buffer, 0);
    return write(file, buffer, size) == (ssize_t)size;
}

static int make(const struct tree *tree, struct node *node)
{
    struct stat status;
    int file = memfd_create(name_of(node), MFD_CLOEXEC);

    if (file < 0)
        return -errno;
    if (!fill(tree, node, file) || fstat(file, &status) < 0) {
        (void)close(file);
        return -EIO;
    }
    node->memory = file;
    node->dev = status.st_dev;
    node->ino = status.st_ino;
    return 0;
}

int content_open(const struct tree *tree, struct node *node, bool writes)
{
    char path[64];
    int file;

    if (node->memory < 0) {
        int error = make(tree, node);

        if (error)
            return error;
    }
    /* each opening has an offset of its own */
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", node->memory);
    file = open(path, (writes ? O_RDWR : O_RDONLY) | O_CLOEXEC);
    return file < 0 ? -errno : file;
}

/* How many bytes of a buffer are whole records. */
static size_t whole_records(const char *buffer, size_t size)
{
    struct dirent64 record;
    size_t used = 0;

    while (size - used >= RECORD_HEAD) {
        memcpy(&record, buffer + used, RECORD_HEAD);
        if (record.d_reclen > size - used)
            break;
        used += record.d_reclen;
    }
    return used;
}

static ssize_t read_ours(int file, char *buffer, size_t size)
{
    ssize_t got = read(file, buffer, size);
    size_t whole;

    if (got <= 0)
        return got < 0 ? -errno : 0;
    whole = whole_records(buffer, (size_t)got);
    if (whole == 0)
        return -EINVAL;
    (void)lseek(file, (off_t)whole - got, SEEK_CUR);
    return (ssize_t)whole;
}

/* Drops what the board hides, or has under the same name, from records of the machine. */
static size_t drop_hidden(const struct tree *tree, const struct node *folder, char *buffer,
                          size_t size)
{
    size_t kept = 0;
    char path[PATH_MAX];

    for (size_t at = 0; at < size;) {
        struct dirent64 record;

        memcpy(&record, buffer + at, RECORD_HEAD);
        (void)snprintf(path, sizeof path, "%s/%s", folder->path, buffer + at + RECORD_HEAD);
        if (!tree_find(tree, path) && !tree_hides(tree, path)) {
            memmove(buffer + kept, buffer + at, record.d_reclen);
            kept += record.d_reclen;
        }
        at += record.d_reclen;
    }
    return kept;
}

static ssize_t read_merged(const struct tree *tree, const struct node *folder, int file,
                           char *buffer, size_t size)
{
    size_t ours = 0, kept;
    long got;

    if (lseek(file, 0, SEEK_CUR) == 0 && size >= ROOM_FOR_OURS)
        ours = put_children(tree, folder, buffer, 0, size / 2, 1);
    do {
        got = syscall(SYS_getdents64, file, buffer + ours, size - ours);
        if (got < 0)
            return -errno;
        kept = drop_hidden(tree, folder, buffer + ours, (size_t)got);
    } while (got > 0 && kept == 0 && ours == 0);
    return (ssize_t)(ours + kept);
}

/* The folder of the machine that an open file of the program is, if the board has a part in it. */
static const struct node *merged_folder(const struct tree *tree, const struct call *call)
{
    char link[64], path[PATH_MAX];
    const struct node *node;
    ssize_t length;

    (void)snprintf(link, sizeof link, "/proc/%d/fd/%d", (int)call->pid, (int)call->arg[0]);
    length = readlink(link, path, sizeof path - 1);
    if (length <= 0)
        return NULL;
    path[length] = '\0';
    node = tree_find(tree, path);
    return node && node->kind == NODE_FOLDER ? node : NULL;
}

int64_t content_read_folder(const struct paths *paths, const struct call *call)
{
    const struct node *ours = resolve_fd(paths, call, (int)call->arg[0]);
    const struct node *folder = ours ? ours : merged_folder(paths->tree, call);
    size_t size = (uint32_t)call->arg[2];
    char *buffer;
    ssize_t result;
    int file;

    if (!folder)
        return CALL_CONTINUE;
    if (folder->kind != NODE_FOLDER)
        return -ENOTDIR;
    if (size > LARGEST_READ)
        size = LARGEST_READ;
    file = call_borrow(call, (int)call->arg[0]);
    if (file < 0)
        return CALL_CONTINUE;
    buffer = malloc(size + RECORD_HEAD);
    if (!buffer) {
        result = -ENOMEM;
    } else if (ours) {
        result = read_ours(file, buffer, size);
    } else {
        result = read_merged(paths->tree, folder, file, buffer, size);
    }
    if (result > 0 && !memory_write(call, call->arg[1], buffer, (size_t)result))
        result = -EFAULT;
    free(buffer);
    (void)close(file);
    return result;
}
