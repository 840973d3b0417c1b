/* SPDX-License-Identifier: MIT */
#include "base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"

extern char **environ;

enum {
    LOOK_MS = 10,
    GRACE_MS = 2000, /* between SIGTERM and SIGKILL */
};

/* A program that runs. */
struct child {
    const struct avrspi_program *program;
    pid_t id;
    int pipe; /* its standard output; -1: not stored */
    char *output;
    size_t size, used;
    bool overflow;
    bool late, interrupted; /* why it was told to end */
    uint64_t began_ns, told_ns;
};

/* --- starting */

/* This process's environment with more in front: of two values the first counts. */
static char **environment_of(const struct avrspi_program *program)
{
    size_t more = 0, count = 0;
    char **all;

    while (program->environment && program->environment[more])
        more++;
    while (environ[count])
        count++;
    all = malloc((more + count + 1) * sizeof *all);
    if (!all)
        return NULL;
    if (more)
        memcpy(all, program->environment, more * sizeof *all);
    memcpy(all + more, environ, (count + 1) * sizeof *all);
    return all;
}

static int set_files(posix_spawn_file_actions_t *files, const struct avrspi_program *program,
                     int out)
{
    int failed = posix_spawn_file_actions_addopen(files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);

    if (!failed)
        failed = posix_spawn_file_actions_adddup2(files, out, STDOUT_FILENO);
    if (!failed)
        failed = posix_spawn_file_actions_addclosefrom_np(files, STDERR_FILENO + 1);
    if (!failed && program->folder)
        failed = posix_spawn_file_actions_addchdir_np(files, program->folder);
    return failed;
}

/* Signals are as they are for any program, whatever this process ignores. */
static int set_signals(posix_spawnattr_t *attributes)
{
    sigset_t all;

    (void)sigfillset(&all);
    (void)posix_spawnattr_setsigdefault(attributes, &all);
    (void)sigemptyset(&all);
    (void)posix_spawnattr_setsigmask(attributes, &all);
    return posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

/* 0 or an errno. */
static int spawn(struct child *child, int out)
{
    const struct avrspi_program *program = child->program;
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    char **environment = environment_of(program);
    int failed = environment ? posix_spawn_file_actions_init(&files) : ENOMEM;

    if (failed) {
        free(environment);
        return failed;
    }
    failed = posix_spawnattr_init(&attributes);
    if (!failed) {
        failed = set_files(&files, program, out);
        if (!failed)
            failed = set_signals(&attributes);
        if (!failed)
            failed = posix_spawnp(&child->id, program->words[0], &files, &attributes,
                                  program->words, environment);
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&files);
    free(environment);
    return failed;
}

static int start(struct child *child, struct avrspi_error *error)
{
    int ends[2] = {-1, STDERR_FILENO};

    child->pipe = -1;
    if (child->output && pipe2(ends, O_CLOEXEC) < 0)
        return avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't make a pipe");
    errno = spawn(child, ends[1]);
    if (child->output)
        (void)close(ends[1]);
    if (errno) {
        if (child->output)
            (void)close(ends[0]);
        return avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't run '%.100s'",
                                 child->program->words[0]);
    }
    child->pipe = ends[0];
    child->began_ns = avrspi_clock_now();
    return 0;
}

/* --- waiting */

/* Stores what the program has said so far; waits for a moment where it says nothing. */
static void take_output(struct child *child)
{
    struct pollfd poll_on = {.fd = child->pipe, .events = POLLIN};
    char more[512];
    ssize_t got;

    if (poll(&poll_on, child->pipe < 0 ? 0 : 1, LOOK_MS) <= 0)
        return;
    got = read(child->pipe, more, sizeof more);
    if (got <= 0) { /* it has closed its output, but may go on */
        (void)close(child->pipe);
        child->pipe = -1;
        return;
    }
    if ((size_t)got >= child->size - child->used) {
        child->overflow = true;
        got = (ssize_t)(child->size - child->used) - 1;
    }
    memcpy(child->output + child->used, more, (size_t)got);
    child->used += (size_t)got;
}

static void end_in_time(struct child *child)
{
    const struct avrspi_program *program = child->program;
    const uint64_t now = avrspi_clock_now();

    if (child->told_ns) {
        if (now - child->told_ns > (uint64_t)GRACE_MS * 1000000)
            (void)kill(child->id, SIGKILL);
        return;
    }
    child->interrupted = program->interrupt && *program->interrupt;
    child->late =
        program->timeout_ms && now - child->began_ns > (uint64_t)program->timeout_ms * 1000000;
    if (!child->interrupted && !child->late)
        return;
    child->told_ns = now;
    (void)kill(child->id, SIGTERM);
}

/* Its exit status, as waitpid() gives it. */
static int wait_for(struct child *child)
{
    int status = 0;

    while (waitpid(child->id, &status, WNOHANG) == 0) {
        take_output(child);
        end_in_time(child);
    }
    while (child->pipe >= 0) {
        const size_t before = child->used;

        take_output(child);
        if (child->used == before) /* the rest is held by a child of its own */
            break;
    }
    if (child->pipe >= 0)
        (void)close(child->pipe);
    return status;
}

static int judge(const struct child *child, int status, struct avrspi_error *error)
{
    const char *name = child->program->words[0];

    if (child->interrupted)
        return avrspi_fail(error, AVRSPI_ERR_INTERRUPTED, "interrupted while '%.100s' ran", name);
    if (child->late)
        return avrspi_fail(error, AVRSPI_ERR_FAILURE, "'%.100s' took longer than %u s", name,
                           child->program->timeout_ms / 1000);
    if (WIFSIGNALED(status))
        return avrspi_fail(error, AVRSPI_ERR_FAILURE, "'%.100s' was ended by signal %d", name,
                           WTERMSIG(status));
    if (WEXITSTATUS(status) != 0)
        return avrspi_fail(error, AVRSPI_ERR_FAILURE, "'%.100s' failed: exit %d", name,
                           WEXITSTATUS(status));
    if (child->overflow)
        return avrspi_fail(error, AVRSPI_ERR_FAILURE, "'%.100s' has more than %zu bytes of output",
                           name, child->size - 1);
    return 0;
}

int avrspi_program_run(const struct avrspi_program *program, char *output, size_t size,
                       struct avrspi_error *error)
{
    struct child child = {.program = program, .output = output, .size = size};
    int status, result = start(&child, error);

    if (result < 0)
        return result;
    status = wait_for(&child);
    if (output)
        output[child.used] = '\0';
    return judge(&child, status, error);
}
