/* SPDX-License-Identifier: MIT */
/* Where a path leads, seen from the program: over links of the machine and of the board. */
#include "board.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MOST_LINKS = 40,
};

static void copy(char *to, const char *from)
{
    memcpy(to, from, strlen(from) + 1);
}

struct node *resolve_fd(const struct paths *paths, const struct call *call, int fd)
{
    const struct object *object = objects_find(paths->objects, call->pid, fd);
    struct stat status;
    char name[64];

    if (object && object->kind != OBJECT_LINES)
        return tree_device(paths->tree, object->kind, object->number);
    (void)snprintf(name, sizeof name, "/proc/%d/fd/%d", (int)call->pid, fd);
    if (stat(name, &status) < 0)
        return NULL;
    return tree_by_inode(paths->tree, status.st_dev, status.st_ino);
}

/* Where a relative path begins; false when that folder is not known. */
static bool start(const struct paths *paths, const struct call *call, int dirfd, char *path)
{
    const struct node *node;
    char link[64];
    ssize_t length;

    if (dirfd == AT_FDCWD) {
        (void)snprintf(link, sizeof link, "/proc/%d/cwd", (int)call->pid);
    } else {
        node = resolve_fd(paths, call, dirfd);
        if (node) {
            copy(path, node->path);
            return true;
        }
        (void)snprintf(link, sizeof link, "/proc/%d/fd/%d", (int)call->pid, dirfd);
    }
    length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0 || *path != '/')
        return false;
    path[length] = '\0';
    if (length == 1)
        *path = '\0';
    return true;
}

/* A path being followed: 'done' has no links any more, and is "" for the root. */
struct walk {
    char done[PATH_MAX];
    char rest[PATH_MAX];
    unsigned links;
};

/* Takes the next part off 'rest'; false after the last. */
static bool next_part(struct walk *walk, char part[NAME_MAX + 1])
{
    const char *from = walk->rest + strspn(walk->rest, "/");
    size_t length = strcspn(from, "/");

    if (length == 0 || length > NAME_MAX)
        return false;
    memcpy(part, from, length);
    part[length] = '\0';
    memmove(walk->rest, from + length, strlen(from + length) + 1);
    return true;
}

/* Puts a link's target before the rest of the way. */
static bool follow_link(struct walk *walk, const char *target)
{
    char rest[PATH_MAX];
    int length = snprintf(rest, sizeof rest, "%s/%s", target, walk->rest);

    if (length < 0 || (size_t)length >= sizeof rest || ++walk->links > MOST_LINKS)
        return false;
    copy(walk->rest, rest);
    if (*target == '/')
        *walk->done = '\0';
    return true;
}

static void go_up(struct walk *walk)
{
    char *slash = strrchr(walk->done, '/');

    if (slash)
        *slash = '\0';
}

static bool at_end(const struct walk *walk)
{
    return walk->rest[strspn(walk->rest, "/")] == '\0';
}

enum step {
    STEP_ON,
    STEP_OVER,   /* not the board's */
    STEP_FAILED, /* *error */
};

/* A part that the board does not have: perhaps a link of the machine. */
static enum step step_outside(const struct paths *paths, struct walk *walk, const char *parent,
                              bool follow, int *error)
{
    const struct node *folder = tree_find(paths->tree, parent);
    char target[PATH_MAX];
    ssize_t length;

    if ((folder && folder->opaque) || tree_hides(paths->tree, walk->done)) {
        *error = -ENOENT;
        return STEP_FAILED;
    }
    /* /proc/self is another one for the program than for this process */
    if (strncmp(walk->done, "/proc", 5) == 0)
        return STEP_OVER;
    length = readlink(walk->done, target, sizeof target - 1);
    if (length < 0)
        return errno == EINVAL ? STEP_ON : STEP_OVER;
    if (at_end(walk) && !follow)
        return STEP_OVER;
    target[length] = '\0';
    copy(walk->done, parent);
    return follow_link(walk, target) ? STEP_ON : STEP_OVER;
}

static enum step step(const struct paths *paths, struct walk *walk, const char *part, bool follow,
                      int *error)
{
    char parent[PATH_MAX];
    size_t length = strlen(walk->done);
    struct node *node;

    if (strcmp(part, ".") == 0)
        return STEP_ON;
    if (strcmp(part, "..") == 0) {
        go_up(walk);
        return STEP_ON;
    }
    if (length + strlen(part) + 2 > sizeof walk->done)
        return STEP_OVER;
    copy(parent, walk->done);
    walk->done[length] = '/';
    copy(walk->done + length + 1, part);
    node = tree_find(paths->tree, walk->done);
    if (!node)
        return step_outside(paths, walk, parent, follow, error);
    if (node->kind == NODE_LINK && (follow || !at_end(walk))) {
        copy(walk->done, parent);
        return follow_link(walk, node->text) ? STEP_ON : STEP_OVER;
    }
    if (node->kind != NODE_FOLDER && !at_end(walk)) {
        *error = -ENOTDIR;
        return STEP_FAILED;
    }
    return STEP_ON;
}

bool resolve(const struct paths *paths, const struct call *call, int dirfd, const char *path,
             bool follow, struct node **node, int *error)
{
    struct walk walk = {.links = 0};
    char part[NAME_MAX + 1];

    *node = NULL;
    *error = 0;
    if (*path == '\0' || (*path != '/' && !start(paths, call, dirfd, walk.done)))
        return false;
    copy(walk.rest, path);
    /* a slash at the end asks for a folder */
    if (path[strlen(path) - 1] == '/')
        follow = true;
    while (next_part(&walk, part)) {
        enum step result = step(paths, &walk, part, follow, error);

        if (result != STEP_ON)
            return result == STEP_FAILED;
    }
    *node = tree_find(paths->tree, walk.done);
    return *node != NULL;
}
