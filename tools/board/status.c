/* SPDX-License-Identifier: MIT */
/* What stat() and statx() tell of the board's files. */
#include "board.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum {
    SYSFS_SIZE = 4096, /* of every file there, except the device tree's */
    OTHERS_GROUP = 65533,
    DEVICE_NUMBER = 0x7f, /* of the file system that the board's files seem to be on */
};

static mode_t mode_of(const struct node *node)
{
    switch (node->kind) {
    case NODE_FOLDER:
        return S_IFDIR | 0755;
    case NODE_LINK:
        return S_IFLNK | 0777;
    case NODE_DEVICE:
        return S_IFCHR | 0660;
    case NODE_ATTRIBUTE:
        return S_IFREG | 0664;
    default:
        return S_IFREG | 0444;
    }
}

static void describe(const struct paths *paths, const struct node *node, struct stat *status)
{
    memset(status, 0, sizeof *status);
    if (node->kind == NODE_FOLDER && !node->opaque && stat(node->path, status) == 0)
        return;
    status->st_dev = DEVICE_NUMBER;
    status->st_ino = tree_inode(paths->tree, node);
    status->st_mode = mode_of(node);
    status->st_nlink = 1;
    /* the program is in the group that may use the devices, or it is not */
    if (node->kind == NODE_DEVICE || node->kind == NODE_ATTRIBUTE)
        status->st_gid = paths->options->eacces ? OTHERS_GROUP : getegid();
    status->st_rdev = node->device;
    status->st_blksize = SYSFS_SIZE;
    if (node->kind == NODE_FILE || node->kind == NODE_ATTRIBUTE) {
        status->st_size = SYSFS_SIZE;
    } else if (node->kind == NODE_LINK || node->kind == NODE_PROPERTY) {
        status->st_size = (off_t)node->size;
    }
}

static void extend(const struct stat *status, struct statx *extended)
{
    memset(extended, 0, sizeof *extended);
    extended->stx_mask = STATX_BASIC_STATS;
    extended->stx_blksize = (uint32_t)status->st_blksize;
    extended->stx_nlink = (uint32_t)status->st_nlink;
    extended->stx_uid = status->st_uid;
    extended->stx_gid = status->st_gid;
    extended->stx_mode = (uint16_t)status->st_mode;
    extended->stx_ino = status->st_ino;
    extended->stx_size = (uint64_t)status->st_size;
    extended->stx_blocks = (uint64_t)status->st_blocks;
    extended->stx_atime.tv_sec = status->st_atim.tv_sec;
    extended->stx_mtime.tv_sec = status->st_mtim.tv_sec;
    extended->stx_ctime.tv_sec = status->st_ctim.tv_sec;
    extended->stx_rdev_major = major(status->st_rdev);
    extended->stx_rdev_minor = minor(status->st_rdev);
    extended->stx_dev_major = major(status->st_dev);
    extended->stx_dev_minor = minor(status->st_dev);
}

int64_t status_write(const struct paths *paths, const struct call *call, const struct node *node,
                     uint64_t address, bool extended)
{
    struct stat status;
    struct statx more;

    describe(paths, node, &status);
    if (!extended)
        return memory_write(call, address, &status, sizeof status) ? 0 : -EFAULT;
    extend(&status, &more);
    return memory_write(call, address, &more, sizeof more) ? 0 : -EFAULT;
}
