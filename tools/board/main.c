/* SPDX-License-Identifier: MIT */
/* Starts the program, answers its calls, and ends as it does. */
#include "board.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "avrspi/version.h"
#include "base/clock.h"
#include "base/error.h"
#include "start.h"

enum {
    MOST_WAITING = 64,   /* answers that wait for the wire; beyond that they go out early */
    MOST_LOCKING = 16,   /* calls that wait for a lock; beyond that they fail */
    SPIN_NS = 400000,    /* how long before its time an answer is waited for without sleeping */
    GRACE_NS = NS_PER_S, /* between SIGTERM and SIGKILL for a process that stayed behind */
};

struct waiting {
    struct call call;
    int64_t result;
};

struct board {
    struct options options;
    struct wires *wires;
    struct trace *trace;
    struct objects *objects;
    struct devices devices;
    struct paths paths;
    struct started started;
    struct waiting waiting[MOST_WAITING];
    size_t n_waiting;
    struct call locking[MOST_LOCKING];
    size_t n_locking;
    int signals;
    int status; /* of the program, when it has ended */
    bool ended;
    bool empty; /* nobody is left under the filter */
    uint64_t kill_at;
};

static void let_go(void *context, struct object *object)
{
    struct board *board = context;

    if (object->kind == OBJECT_SPIDEV) {
        spidev_closed(board->devices.spidev[object->number]);
    } else if (object->kind == OBJECT_LINES) {
        gpio_lines_closed(board->devices.gpio[object->number], object);
    }
}

static int64_t ask_device(struct board *board, struct call *call, struct object *object)
{
    const struct devices *devices = &board->devices;

    switch (object->kind) {
    case OBJECT_SPIDEV:
        return spidev_ioctl(devices->spidev[object->number], call);
    case OBJECT_GPIOCHIP:
        return gpio_chip_ioctl(devices->gpio[object->number], call);
    default:
        return gpio_lines_ioctl(devices->gpio[object->number], call, object);
    }
}

static int64_t ioctl_call(struct board *board, struct call *call)
{
    struct object *object;
    int64_t result;

    /* what was closed before this call is seen before this call */
    objects_reap(board->objects, let_go, board);
    object = objects_find(board->objects, call->pid, (int)call->arg[0]);
    if (!object)
        return CALL_CONTINUE;
    result = ask_device(board, call, object);
    trace_ioctl(board->trace, call, result);
    return result;
}

/* A file of the PWM or of GPIO lines, as far as it is one. */
static int64_t write_call(struct board *board, const struct call *call)
{
    const struct node *node = resolve_fd(&board->paths, call, (int)call->arg[0]);

    if (!node || node->kind != NODE_ATTRIBUTE)
        return CALL_CONTINUE;
    if (gpio_sysfs_has(node))
        return gpio_sysfs_write(&board->paths, call, node);
    return pwm_write(board->devices.pwm, call, node);
}

/* One try of a flock() on a device. Of lines it is left to the kernel: each request is a file of
 * its own there, too. */
static int64_t try_lock(struct board *board, const struct call *call)
{
    const int operation = (int)call->arg[1] & ~LOCK_NB;
    struct object *object;

    objects_reap(board->objects, let_go, board);
    object = objects_find(board->objects, call->pid, (int)call->arg[0]);
    if (!object || object->kind == OBJECT_LINES)
        return CALL_CONTINUE;
    if (operation != LOCK_SH && operation != LOCK_EX && operation != LOCK_UN)
        return -EINVAL;
    return objects_lock(board->objects, object, operation);
}

static void lock_call(struct board *board, const struct call *call)
{
    int64_t result = try_lock(board, call);

    if (result != -EWOULDBLOCK || call->arg[1] & LOCK_NB) {
        call_answer(call, result);
    } else if (board->n_locking < MOST_LOCKING) {
        board->locking[board->n_locking++] = *call;
    } else {
        call_answer(call, -ENOLCK);
    }
}

/* Those who wait for a lock, in the order in which they came. */
static void retry_locks(struct board *board)
{
    size_t kept = 0;

    for (size_t n = 0; n < board->n_locking; n++) {
        const struct call call = board->locking[n];
        int64_t result = call_valid(&call) ? try_lock(board, &call) : 0;

        if (result == -EWOULDBLOCK) {
            board->locking[kept++] = call;
        } else {
            call_answer(&call, result); /* also to one that died meanwhile: nobody hears it */
        }
    }
    board->n_locking = kept;
}

static void serve(struct board *board)
{
    struct call call;
    int64_t result;

    if (!call_receive(board->started.listener, &call))
        return;
    if (call.nr == __NR_flock) {
        lock_call(board, &call);
        return;
    }
    if (call.nr == __NR_ioctl) {
        result = ioctl_call(board, &call);
    } else if (call.nr == __NR_write) {
        result = write_call(board, &call);
    } else {
        result = paths_call(&board->paths, &call);
    }
    if (call.due > avrspi_clock_now() && board->n_waiting < MOST_WAITING) {
        board->waiting[board->n_waiting++] = (struct waiting){.call = call, .result = result};
    } else {
        call_answer(&call, result);
    }
}

/* When the next answer is due, or the next thing to do otherwise; 0 for never. */
static uint64_t next_due(const struct board *board)
{
    uint64_t due = board->kill_at;

    for (size_t n = 0; n < board->n_waiting; n++) {
        if (due == 0 || board->waiting[n].call.due < due)
            due = board->waiting[n].call.due;
    }
    return due;
}

static void answer_due(struct board *board)
{
    uint64_t now = avrspi_clock_now();

    for (size_t n = 0; n < board->n_waiting;) {
        struct waiting *waiting = &board->waiting[n];

        if (waiting->call.due > now + SPIN_NS) {
            n++;
            continue;
        }
        while (avrspi_clock_now() < waiting->call.due)
            continue;
        call_answer(&waiting->call, waiting->result);
        *waiting = board->waiting[--board->n_waiting];
    }
}

/* A signal for this process that its sender meant for the program. What a terminal sends, the
 * program has got itself. */
static void forward(struct board *board, const struct signalfd_siginfo *info)
{
    if (board->ended) {
        start_end_rest(&board->started, (int)info->ssi_signo, false);
    } else if (info->ssi_code != SI_KERNEL) {
        (void)kill(board->started.pid, (int)info->ssi_signo);
    }
}

static void read_signals(struct board *board)
{
    struct signalfd_siginfo info;
    int status;
    pid_t pid;

    while (read(board->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo != SIGCHLD)
            forward(board, &info);
    }
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid != board->started.pid)
            continue;
        board->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        board->ended = true;
    }
}

/* The program has ended, and others under the filter have not. Those of its session are waited
 * for; one that left it (a daemon) would never end, and without the board has no devices. */
static void end_rest(struct board *board)
{
    uint64_t now = avrspi_clock_now();

    if (board->kill_at == 0) {
        if (start_end_rest(&board->started, SIGTERM, true))
            board->kill_at = now + GRACE_NS;
    } else if (now >= board->kill_at) {
        start_end_rest(&board->started, SIGKILL, true);
        board->kill_at = now + GRACE_NS;
    }
}

static void run(struct board *board)
{
    struct pollfd poll[] = {
        {.fd = board->started.listener, .events = POLLIN},
        {.fd = board->signals, .events = POLLIN},
        {.fd = objects_fd(board->objects), .events = POLLIN},
    };

    while (!board->ended || !board->empty) {
        uint64_t due = next_due(board), now = avrspi_clock_now();
        uint64_t left = due > now + SPIN_NS ? due - now - SPIN_NS : 0;
        const struct timespec timeout = {.tv_sec = (time_t)(left / NS_PER_S),
                                         .tv_nsec = (long)(left % NS_PER_S)};

        if (ppoll(poll, sizeof poll / sizeof *poll, due ? &timeout : NULL, NULL) < 0)
            continue;
        if (poll[2].revents)
            objects_reap(board->objects, let_go, board);
        if (poll[0].revents & POLLIN) {
            serve(board);
        } else if (poll[0].revents) {
            board->empty = true;
        }
        if (board->empty)
            poll[0].fd = -1;
        retry_locks(board);
        answer_due(board);
        if (poll[1].revents)
            read_signals(board);
        if (board->ended && !board->empty)
            end_rest(board);
    }
    start_bury();
    objects_reap(board->objects, let_go, board);
}

static bool open_devices(struct board *board)
{
    const struct options *options = &board->options;
    struct devices *devices = &board->devices;

    for (unsigned n = 0; n < MODEL_SPIDEVS; n++) {
        if (!options_has_spidev(options, n))
            continue;
        devices->spidev[n] = spidev_open(options, n, board->wires, board->trace);
        if (!devices->spidev[n])
            return false;
    }
    for (unsigned n = 0; n < MODEL_GPIOCHIPS; n++) {
        devices->gpio[n] = gpio_open(options, n, board->objects, board->wires, board->trace);
        if (!devices->gpio[n])
            return false;
    }
    return true;
}

/* False with errno. */
static bool open_parts(struct board *board)
{
    board->signals = start_signals();
    if (board->signals < 0)
        return false;
    board->objects = objects_open();
    if (!board->objects)
        return false;
    board->paths = (struct paths){
        .options = &board->options,
        .tree = tree_open(&board->options),
        .objects = board->objects,
        .devices = &board->devices,
        .trace = board->trace,
    };
    if (!board->paths.tree)
        return false;
    if (board->options.pwm) {
        board->devices.pwm = pwm_open(board->paths.tree, board->wires, board->trace);
        if (!board->devices.pwm)
            return false;
    }
    return open_devices(board);
}

static bool set_up(struct board *board, struct avrspi_error *error)
{
    board->wires = wires_open(&board->options, error);
    if (!board->wires)
        return false;
    board->trace = trace_open(&board->options, error);
    if (!board->trace)
        return false;
    if (open_parts(board))
        return true;
    avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "can't set up the board");
    return false;
}

/* Of two errors the first is told. */
static int tear_down(struct board *board, struct avrspi_error *error)
{
    int saved, logged;

    for (unsigned n = 0; n < MODEL_GPIOCHIPS; n++)
        gpio_close(board->devices.gpio[n]);
    for (unsigned n = 0; n < MODEL_SPIDEVS; n++)
        spidev_close(board->devices.spidev[n]);
    pwm_close(board->devices.pwm);
    tree_close(board->paths.tree);
    objects_close(board->objects);
    saved = wires_close(board->wires, error);
    logged = trace_close(board->trace, saved < 0 ? NULL : error);
    return saved < 0 ? saved : logged;
}

static void print_error(const struct avrspi_error *error)
{
    (void)fprintf(stderr, "avrspi-board: %s\n", error->message);
    if (*error->hint)
        (void)fprintf(stderr, "  %s\n", error->hint);
}

/* Says which violations there were; false when there were none. */
static bool print_violations(const struct board *board)
{
    bool any = false;

    for (unsigned n = 0; n < board->options.n_chips; n++) {
        const struct target *target = wires_target(board->wires, n);
        char text[512];

        if (target_violations(target) == 0)
            continue;
        any = true;
        target_violation_text(target, text, sizeof text);
        if (board->options.n_chips == 1) {
            (void)fprintf(stderr, "avrspi-board: violations: %s\n", text);
        } else {
            (void)fprintf(stderr, "avrspi-board: violations of chip %u, %s: %s\n", n + 1,
                          target_name(target), text);
        }
    }
    return any;
}

static int conclude(struct board *board, struct avrspi_error *error)
{
    int status = board->status;

    if (print_violations(board) && board->options.strict)
        status = BOARD_VIOLATED;
    if (stats_write(&board->options, board->trace, board->wires, &board->devices, error) < 0) {
        print_error(error);
        status = BOARD_FAILED;
    }
    return status;
}

/* Runs the program on the board; returns the exit status. */
static int run_board(struct board *board, struct avrspi_error *error)
{
    int status;

    status = start_program(&board->started, board->options.program, error);
    (void)signal(SIGPIPE, SIG_IGN); /* the chip is to be saved, whoever reads the numbers */
    if (status != 0) {
        print_error(error);
        return status;
    }
    run(board);
    return conclude(board, error);
}

int main(int argc, char **argv)
{
    static struct board board;
    struct avrspi_error error = {0};
    int status = BOARD_FAILED;

    switch (options_parse(&board.options, argc, argv, &error)) {
    case OPTIONS_RUN:
        break;
    case OPTIONS_HELP:
        (void)fputs(options_usage, stdout);
        return 0;
    case OPTIONS_VERSION:
        (void)printf("avrspi-board %s\n", avrspi_version());
        return 0;
    default:
        print_error(&error);
        return BOARD_FAILED;
    }
    if (set_up(&board, &error)) {
        status = run_board(&board, &error);
    } else {
        print_error(&error);
    }
    if (tear_down(&board, &error) < 0) {
        print_error(&error);
        status = BOARD_FAILED;
    }
    return status;
}
