/* SPDX-License-Identifier: MIT */
#include "start.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "board.h"
#include "base/error.h"

enum {
    CANNOT_RUN = 126,
    NOT_FOUND = 127,
};

static sigset_t outer_mask; /* what was held back before the board began to */

int start_signals(void)
{
    sigset_t ours;

    (void)sigemptyset(&ours);
    (void)sigaddset(&ours, SIGCHLD);
    (void)sigaddset(&ours, SIGINT);
    (void)sigaddset(&ours, SIGQUIT);
    (void)sigaddset(&ours, SIGTERM);
    (void)sigaddset(&ours, SIGHUP);
    (void)sigprocmask(SIG_BLOCK, &ours, &outer_mask);
    return signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Room for one descriptor in a message, aligned. */
union control {
    struct cmsghdr header;
    char room[CMSG_SPACE(sizeof(int))];
};

static bool send_fd(int socket, int fd)
{
    union control control = {.header = {.cmsg_level = SOL_SOCKET,
                                        .cmsg_type = SCM_RIGHTS,
                                        .cmsg_len = CMSG_LEN(sizeof(int))}};
    int failed = 0;
    struct iovec data = {.iov_base = &failed, .iov_len = sizeof failed};
    const struct msghdr message = {.msg_iov = &data,
                                   .msg_iovlen = 1,
                                   .msg_control = &control,
                                   .msg_controllen = sizeof control};

    memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
    return sendmsg(socket, &message, 0) == (ssize_t)sizeof failed;
}

/* The descriptor that send_fd() sent, or -1 and *failed: why there is none. */
static int receive_fd(int socket, int *failed)
{
    union control control;
    struct iovec data = {.iov_base = failed, .iov_len = sizeof *failed};
    struct msghdr message = {.msg_iov = &data,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control};
    int fd;

    if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != (ssize_t)sizeof *failed) {
        *failed = EPERM; /* it was killed */
        return -1;
    }
    if (!CMSG_FIRSTHDR(&message)) {
        if (*failed == 0)
            *failed = EMFILE; /* it was sent, and there is no room for it here */
        return -1;
    }
    memcpy(&fd, CMSG_DATA(&control.header), sizeof fd);
    return fd;
}

/* In the new process: filter, then program. An error is sent over the socket, which closes
 * when the program runs. */
static void become(char **program, int socket, pid_t board)
{
    int listener, failed;

    (void)sigprocmask(SIG_SETMASK, &outer_mask, NULL);
    /* without the board its calls would have no answer */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != board)
        _exit(BOARD_FAILED);
    listener = filter_install();
    if (listener < 0 || !send_fd(socket, listener)) {
        failed = errno;
        (void)send(socket, &failed, sizeof failed, MSG_NOSIGNAL);
        _exit(BOARD_FAILED);
    }
    (void)close(listener);
    (void)execvp(program[0], program);
    failed = errno;
    (void)send(socket, &failed, sizeof failed, MSG_NOSIGNAL);
    _exit(BOARD_FAILED);
}

static int fail_process(struct avrspi_error *error)
{
    avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't start a process");
    return BOARD_FAILED;
}

static int fail_filter(int sys_errno, struct avrspi_error *error)
{
    errno = sys_errno;
    avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't install a seccomp filter");
    switch (sys_errno) {
    case EBUSY:
        avrspi_hint(error, "avrspi-board can't run inside another avrspi-board");
        break;
    case EACCES:
    case EINVAL:
    case ENOSYS:
    case EPERM:
        avrspi_hint(error, "avrspi-board needs Linux 5.14 or later, and in a container needs "
                           "seccomp() to be allowed");
        break;
    default:
        break;
    }
    return BOARD_FAILED;
}

static int fail_run(const char *program, int sys_errno, struct avrspi_error *error)
{
    errno = sys_errno;
    avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't run '%s'", program);
    if (sys_errno == ENOENT && strchr(program, '/') && access(program, F_OK) == 0)
        avrspi_hint(error, "the file is there, the interpreter that it asks for is not");
    return sys_errno == ENOENT ? NOT_FOUND : CANNOT_RUN;
}

int start_program(struct started *started, char **program, struct avrspi_error *error)
{
    const pid_t board = getpid();
    int ends[2], failed = 0;

    /* whoever loses its parent is still the board's */
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
    /* the time on the wire is kept to the microsecond */
    (void)prctl(PR_SET_TIMERSLACK, 1);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return fail_process(error);
    started->session = getsid(0);
    started->pid = fork();
    if (started->pid == 0)
        become(program, ends[1], board);
    (void)close(ends[1]);
    if (started->pid < 0)
        return fail_process(error);
    started->listener = receive_fd(ends[0], &failed);
    if (started->listener < 0) {
        start_bury();
        return fail_filter(failed, error);
    }
    if (recv(ends[0], &failed, sizeof failed, 0) == (ssize_t)sizeof failed) {
        start_bury();
        return fail_run(program[0], failed, error);
    }
    (void)close(ends[0]);
    (void)filter_wake_in_place(started->listener);
    return 0;
}

bool start_end_rest(const struct started *started, int signal, bool strays)
{
    char path[64];
    FILE *children;
    bool any = false;
    char word[16];

    (void)snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    children = fopen(path, "re");
    if (!children)
        return false;
    while (fscanf(children, "%15s", word) == 1) {
        const pid_t pid = (pid_t)strtol(word, NULL, 10);

        if (strays && getsid(pid) == started->session)
            continue;
        any = true;
        (void)kill(pid, signal);
    }
    (void)fclose(children);
    return any;
}

void start_bury(void)
{
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        continue;
}
