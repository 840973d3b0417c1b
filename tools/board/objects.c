/* SPDX-License-Identifier: MIT */
/* The descriptors handed out, and how it is seen that they were released. */
#include "board.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct objects {
    int epoll;
    struct object *first;
};

struct objects *objects_open(void)
{
    struct objects *objects = calloc(1, sizeof *objects);

    if (!objects)
        return NULL;
    objects->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (objects->epoll < 0) {
        free(objects);
        return NULL;
    }
    return objects;
}

void objects_close(struct objects *objects)
{
    if (!objects)
        return;
    while (objects->first)
        objects_remove(objects, objects->first);
    (void)close(objects->epoll);
    free(objects);
}

int objects_fd(const struct objects *objects)
{
    return objects->epoll;
}

int objects_add(struct objects *objects, enum object_kind kind, unsigned number, void *data,
                struct object **result)
{
    struct object *object = calloc(1, sizeof *object);
    struct epoll_event event = {.data.ptr = object}; /* errors and hang-ups come unasked */
    struct stat status;
    int ends[2], error;

    if (!object)
        return -ENOMEM;
    /* read() of an SPI device must not hang; that of a line waits for an event, which never comes
     */
    if (pipe2(ends, O_CLOEXEC | (kind == OBJECT_SPIDEV ? O_NONBLOCK : 0)) < 0) {
        error = -errno;
        goto free_object;
    }
    if (fstat(ends[1], &status) < 0 ||
        epoll_ctl(objects->epoll, EPOLL_CTL_ADD, ends[1], &event) < 0) {
        error = -errno;
        goto close_ends;
    }
    *object = (struct object){
        .kind = kind,
        .number = number,
        .data = data,
        .dev = status.st_dev,
        .ino = status.st_ino,
        .hold = ends[1],
        .next = objects->first,
    };
    objects->first = object;
    *result = object;
    return ends[0];
close_ends:
    (void)close(ends[0]);
    (void)close(ends[1]);
free_object:
    free(object);
    return error;
}

struct object *objects_find(const struct objects *objects, pid_t pid, int fd)
{
    struct object *object;
    struct stat status;
    char name[64];

    if (!objects->first)
        return NULL;
    (void)snprintf(name, sizeof name, "/proc/%d/fd/%d", (int)pid, fd);
    if (stat(name, &status) < 0)
        return NULL;
    for (object = objects->first; object; object = object->next) {
        if (object->ino == status.st_ino && object->dev == status.st_dev)
            break;
    }
    return object;
}

void objects_remove(struct objects *objects, struct object *object)
{
    struct object **link = &objects->first;

    while (*link != object)
        link = &(*link)->next;
    *link = object->next;
    (void)close(object->hold);
    free(object);
}

static bool same_device(const struct object *a, const struct object *b)
{
    return a->kind == b->kind && a->number == b->number;
}

int objects_lock(const struct objects *objects, struct object *object, int operation)
{
    if (operation == LOCK_UN) {
        object->lock = 0;
        return 0;
    }
    for (const struct object *other = objects->first; other; other = other->next) {
        if (other != object && same_device(other, object) &&
            (other->lock == LOCK_EX || (other->lock == LOCK_SH && operation == LOCK_EX)))
            return -EWOULDBLOCK;
    }
    object->lock = operation;
    return 0;
}

void objects_reap(struct objects *objects, void (*gone)(void *context, struct object *object),
                  void *context)
{
    struct epoll_event event;

    while (epoll_wait(objects->epoll, &event, 1, 0) == 1) {
        struct object *object = event.data.ptr;

        gone(context, object);
        objects_remove(objects, object);
    }
}
