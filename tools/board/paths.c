/* SPDX-License-Identifier: MIT */
/* The system calls that take a path, or a descriptor in its place. */
#include "board.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/openat2.h>

/* The node that a path of the program leads to. NULL: *result is the answer. */
static struct node *locate(const struct paths *paths, const struct call *call, int dirfd,
                           uint64_t address, bool follow, int64_t *result)
{
    char path[PATH_MAX];
    struct node *node;
    int error;

    *result = CALL_CONTINUE;
    if (!memory_read_string(call, address, path, sizeof path) ||
        !resolve(paths, call, dirfd, path, follow, &node, &error))
        return NULL;
    *result = error;
    return node;
}

static int64_t open_device(const struct paths *paths, const struct call *call,
                           const struct node *node, uint64_t flags)
{
    struct object *object;
    int fd;

    if (paths->options->eacces) {
        fd = -EACCES;
    } else {
        fd = objects_add(paths->objects, node->object, node->number, NULL, &object);
    }
    trace_call(paths->trace, call, fd < 0 ? fd : 0, "open %s", node->path);
    if (fd < 0)
        return fd;
    if (node->object == OBJECT_SPIDEV)
        spidev_opened(paths->devices->spidev[node->number]);
    return call_answer_with(call, fd, flags & O_CLOEXEC);
}

static int64_t open_path(const struct paths *paths, const struct call *call, int dirfd,
                         uint64_t address, uint64_t flags)
{
    bool exclusive = (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
    bool writes = (flags & O_ACCMODE) != O_RDONLY && !(flags & O_PATH);
    int64_t result;
    struct node *node =
        locate(paths, call, dirfd, address, !exclusive && !(flags & O_NOFOLLOW), &result);
    int fd;

    if (!node)
        return result;
    if (exclusive)
        return -EEXIST;
    if (node->kind != NODE_FOLDER && flags & O_DIRECTORY)
        return -ENOTDIR;
    switch (node->kind) {
    case NODE_LINK:
        return -ELOOP;
    case NODE_DEVICE:
        return open_device(paths, call, node, flags);
    case NODE_ATTRIBUTE:
        if (writes && paths->options->eacces)
            return -EACCES;
        fd = content_open(paths->tree, node, writes);
        if (fd >= 0 && writes)
            return call_answer_written(call, fd, flags & O_CLOEXEC);
        break;
    case NODE_FOLDER:
        if (writes || flags & O_CREAT)
            return -EISDIR;
        /* one of the machine's is opened here: the program's path may not lead there */
        fd = node->opaque ? content_open(paths->tree, node, false)
                          : open(node->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        break;
    default:
        fd = writes ? -EACCES : content_open(paths->tree, node, false);
        break;
    }
    return fd < 0 ? fd : call_answer_with(call, fd, flags & O_CLOEXEC);
}

static int64_t open_how(const struct paths *paths, const struct call *call)
{
    struct open_how how = {.flags = 0};
    size_t size = call->arg[3] < sizeof how ? call->arg[3] : sizeof how;

    if (!memory_read(call, call->arg[2], &how, size))
        return -EFAULT;
    return open_path(paths, call, (int)call->arg[0], call->arg[1], how.flags);
}

/* An empty path, or none at all, stands for the descriptor. */
static bool names_descriptor(const struct call *call, uint64_t address, uint64_t flags)
{
    char path[1];

    if (!(flags & AT_EMPTY_PATH))
        return false;
    return address == 0 || (memory_read(call, address, path, 1) && *path == '\0');
}

static int64_t status_of_fd(const struct paths *paths, const struct call *call, uint64_t address,
                            bool extended)
{
    const struct node *node = resolve_fd(paths, call, (int)call->arg[0]);

    return node ? status_write(paths, call, node, address, extended) : CALL_CONTINUE;
}

static int64_t status_of_path(const struct paths *paths, const struct call *call, int dirfd,
                              uint64_t path, uint64_t flags, uint64_t address, bool extended)
{
    int64_t result;
    const struct node *node;

    if (names_descriptor(call, path, flags))
        return status_of_fd(paths, call, address, extended);
    node = locate(paths, call, dirfd, path, !(flags & AT_SYMLINK_NOFOLLOW), &result);
    return node ? status_write(paths, call, node, address, extended) : result;
}

static int64_t access_path(const struct paths *paths, const struct call *call, int dirfd,
                           uint64_t path, uint64_t mode, uint64_t flags)
{
    int64_t result;
    const struct node *node =
        locate(paths, call, dirfd, path, !(flags & AT_SYMLINK_NOFOLLOW), &result);

    if (!node)
        return result;
    switch (node->kind) {
    case NODE_DEVICE:
        return (mode != F_OK && paths->options->eacces) || mode & X_OK ? -EACCES : 0;
    case NODE_ATTRIBUTE:
        return (mode & W_OK && paths->options->eacces) || mode & X_OK ? -EACCES : 0;
    case NODE_FOLDER:
        return mode & W_OK ? -EACCES : 0;
    case NODE_FILE:
    case NODE_PROPERTY:
        return mode & (W_OK | X_OK) ? -EACCES : 0;
    default:
        return 0;
    }
}

/* What /proc shows for a descriptor of the board: the device, as if it were one. */
static const char *link_in_proc(const struct paths *paths, const struct call *call,
                                uint64_t address)
{
    static const char proc[] = "/proc/", self[] = "self", middle[] = "/fd/";
    struct call other = *call;
    const struct node *node;
    char path[64], *at = path + sizeof proc - 1;
    long fd;

    if (!memory_read_string(call, address, path, sizeof path) ||
        strncmp(path, proc, sizeof proc - 1) != 0)
        return NULL;
    if (strncmp(at, self, sizeof self - 1) == 0) {
        at += sizeof self - 1;
    } else {
        other.pid = (pid_t)strtol(at, &at, 10);
    }
    if (strncmp(at, middle, sizeof middle - 1) != 0)
        return NULL;
    fd = strtol(at + sizeof middle - 1, &at, 10);
    if (*at)
        return NULL;
    node = resolve_fd(paths, &other, (int)fd);
    return node ? node->path : NULL;
}

static int64_t read_link(const struct paths *paths, const struct call *call, int dirfd,
                         uint64_t path, uint64_t buffer, uint64_t size)
{
    const char *text = link_in_proc(paths, call, path);
    size_t length;

    if (!text) {
        int64_t result;
        const struct node *node = locate(paths, call, dirfd, path, false, &result);

        if (!node)
            return result;
        if (node->kind != NODE_LINK)
            return -EINVAL;
        text = node->text;
    }
    length = strlen(text);
    if (length > (size_t)size)
        length = (size_t)size;
    return memory_write(call, buffer, text, length) ? (int64_t)length : -EFAULT;
}

/* No file of the board has an extended attribute. */
static int64_t attributes(const struct paths *paths, const struct call *call, bool list,
                          bool follow)
{
    int64_t result;

    if (!locate(paths, call, AT_FDCWD, call->arg[0], follow, &result))
        return result;
    return list ? 0 : -ENODATA;
}

int64_t paths_call(const struct paths *paths, const struct call *call)
{
    const uint64_t *arg = call->arg;

    switch (call->nr) {
#ifdef __NR_open
    case __NR_open:
        return open_path(paths, call, AT_FDCWD, arg[0], arg[1]);
    case __NR_stat:
        return status_of_path(paths, call, AT_FDCWD, arg[0], 0, arg[1], false);
    case __NR_lstat:
        return status_of_path(paths, call, AT_FDCWD, arg[0], AT_SYMLINK_NOFOLLOW, arg[1], false);
    case __NR_access:
        return access_path(paths, call, AT_FDCWD, arg[0], arg[1], 0);
    case __NR_readlink:
        return read_link(paths, call, AT_FDCWD, arg[0], arg[1], arg[2]);
#endif
    case __NR_openat:
        return open_path(paths, call, (int)arg[0], arg[1], arg[2]);
    case __NR_openat2:
        return open_how(paths, call);
    case __NR_fstat:
        return status_of_fd(paths, call, arg[1], false);
    case __NR_newfstatat:
        return status_of_path(paths, call, (int)arg[0], arg[1], arg[3], arg[2], false);
    case __NR_statx:
        return status_of_path(paths, call, (int)arg[0], arg[1], arg[2], arg[4], true);
    case __NR_faccessat:
        return access_path(paths, call, (int)arg[0], arg[1], arg[2], 0);
    case __NR_faccessat2:
        return access_path(paths, call, (int)arg[0], arg[1], arg[2], arg[3]);
    case __NR_readlinkat:
        return read_link(paths, call, (int)arg[0], arg[1], arg[2], arg[3]);
    case __NR_getdents64:
        return content_read_folder(paths, call);
    case __NR_getxattr:
    case __NR_lgetxattr:
        return attributes(paths, call, false, call->nr == __NR_getxattr);
    case __NR_listxattr:
    case __NR_llistxattr:
        return attributes(paths, call, true, call->nr == __NR_listxattr);
    default:
        return CALL_CONTINUE;
    }
}
