/* SPDX-License-Identifier: MIT */
/* Receiving intercepted system calls, and answering them. */
#include "board.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/seccomp.h>

bool call_receive(int listener, struct call *call)
{
    struct seccomp_notif request;

    memset(&request, 0, sizeof request);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) < 0)
        return false;
    *call = (struct call){
        .listener = listener,
        .id = request.id,
        .pid = (pid_t)request.pid,
        .nr = request.data.nr,
    };
    for (int n = 0; n < 6; n++)
        call->arg[n] = request.data.args[n];
    return true;
}

bool call_valid(const struct call *call)
{
    uint64_t id = call->id;

    return ioctl(call->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

void call_answer(const struct call *call, int64_t result)
{
    struct seccomp_notif_resp response = {.id = call->id};

    if (result == CALL_ANSWERED)
        return;
    if (result == CALL_CONTINUE) {
        response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    } else if (result < 0) {
        response.error = (int)result;
    } else {
        response.val = result;
    }
    /* ENOENT: the program was killed meanwhile */
    (void)ioctl(call->listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

static int give(const struct call *call, int fd, bool cloexec, uint32_t flags)
{
    struct seccomp_notif_addfd request = {
        .id = call->id,
        .flags = flags,
        .srcfd = (uint32_t)fd,
        .newfd_flags = cloexec ? O_CLOEXEC : 0,
    };
    int there = ioctl(call->listener, SECCOMP_IOCTL_NOTIF_ADDFD, &request);

    return there < 0 ? -errno : there;
}

int call_give(const struct call *call, int fd)
{
    return give(call, fd, true, 0);
}

int64_t call_answer_with(const struct call *call, int fd, bool cloexec)
{
    int there = give(call, fd, cloexec, SECCOMP_ADDFD_FLAG_SEND);

    (void)close(fd);
    return there < 0 ? there : CALL_ANSWERED;
}

/* A number that the program has not in use; the first where all are. */
static uint32_t free_number(const struct call *call)
{
    char name[64];

    for (uint32_t number = WRITTEN_FD; number < WRITTEN_FD + 32; number++) {
        (void)snprintf(name, sizeof name, "/proc/%d/fd/%u", (int)call->pid, number);
        if (faccessat(AT_FDCWD, name, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
            return number;
    }
    return WRITTEN_FD;
}

int64_t call_answer_written(const struct call *call, int fd, bool cloexec)
{
    struct seccomp_notif_addfd request = {
        .id = call->id,
        .flags = SECCOMP_ADDFD_FLAG_SEND | SECCOMP_ADDFD_FLAG_SETFD,
        .srcfd = (uint32_t)fd,
        .newfd = free_number(call),
        .newfd_flags = cloexec ? O_CLOEXEC : 0,
    };
    int there = ioctl(call->listener, SECCOMP_IOCTL_NOTIF_ADDFD, &request);
    int saved = errno;

    (void)close(fd);
    return there < 0 ? -saved : CALL_ANSWERED;
}

/* The process of a thread: pidfd_open() supports no threads before Linux 6.9. */
static pid_t process_of(pid_t thread)
{
    static const char key[] = "Tgid:";
    char name[64], line[256];
    pid_t process = thread;
    FILE *file;

    (void)snprintf(name, sizeof name, "/proc/%d/status", (int)thread);
    file = fopen(name, "re");
    if (!file)
        return thread;
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, key, sizeof key - 1) == 0) {
            process = (pid_t)strtol(line + sizeof key - 1, NULL, 10);
            break;
        }
    }
    (void)fclose(file);
    return process;
}

int call_borrow(const struct call *call, int fd)
{
    int process = (int)syscall(SYS_pidfd_open, process_of(call->pid), 0);
    int copy, saved;

    if (process < 0)
        return -1;
    copy = (int)syscall(SYS_pidfd_getfd, process, fd, 0);
    saved = errno;
    (void)close(process);
    errno = saved;
    return copy;
}
