/* SPDX-License-Identifier: MIT */
/*
 * The virtual board: runs a program with a /dev/spidev0.0 and a /dev/gpiochip0 that are not
 * there, and a simulated AVR behind them.
 *
 * The program is an ordinary one. A seccomp filter hands its system calls on paths, and its
 * ioctls of spidev and of GPIO chips, to this supervisor, which answers those that concern the
 * board and lets the kernel do all others. See seccomp_unotify(2).
 */
#ifndef AVRSPI_TOOLS_BOARD_H
#define AVRSPI_TOOLS_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "avrspi/error.h"

enum {
    BOARD_LINES = 58, /* of a BCM2711 */
    BOARD_FAILED = 125,
    BOARD_VIOLATED = 99, /* with the word 'strict' */
    NS_PER_US = 1000,
    NS_PER_S = 1000000000,
};

/* options.c: what the command line asks for. */
struct options {
    char target[1024];     /* chip and words as behind "sim:" */
    uint32_t bufsiz;       /* of spidev */
    uint32_t core_hz;      /* what the driver believes that the SPI controller divides */
    uint32_t core_runs_hz; /* what it really divides */
    uint32_t max_speed_hz;
    uint32_t overhead_us; /* what an SPI ioctl costs beside its time on the wire */
    unsigned reset;       /* the line that is wired to RESET */
    const char *busy;     /* who holds that line already, or NULL */
    bool no_spidev;
    bool eacces;
    bool no_cs;        /* the controller can leave chip select alone */
    bool keep_level;   /* a line that nobody holds keeps its level */
    bool virtual_time; /* transfers take no real time */
    bool strict;
    const char *log;   /* a file for the trace, or NULL */
    const char *stats; /* a file for the numbers at the end, "-" for standard error, or NULL */
    char **program;
};

/* Fills *options from the command line; its strings stay those of argv. Returns 0, or a negative
 * error with a message. *help is set when only the usage is asked for. */
int options_parse(struct options *options, int argc, char **argv, bool *help,
                  struct avrspi_error *error);
extern const char options_usage[];

/* filter.c: what the program's system calls go through. */

/* Installs the filter for the calling process and its descendants; returns the listener, or -1
 * with errno. */
int filter_install(void);
/* Lets an answer run on the processor that asked, where the kernel can (Linux 6.6). */
bool filter_wake_in_place(int listener);

/* calls.c: one intercepted system call, and its answer. */
struct call {
    int listener;
    uint64_t id;
    pid_t pid; /* the thread that made it */
    int nr;
    uint64_t arg[6];
    uint64_t due; /* the answer is given not before; CLOCK_MONOTONIC, ns */
};

/* A handler returns the call's result, which is -errno on failure, or one of these. */
#define CALL_CONTINUE INT64_MIN       /* the kernel is to do it */
#define CALL_ANSWERED (INT64_MIN + 1) /* the answer has gone out, with a descriptor */

/* Takes the next call from the listener. False when there is none, or its thread died. */
bool call_receive(int listener, struct call *call);
/* True while the thread still waits for the answer. */
bool call_valid(const struct call *call);
/* Sends a handler's result. */
void call_answer(const struct call *call, int64_t result);
/* Gives a copy of a descriptor to the program; returns its number there, or -errno. */
int call_give(const struct call *call, int fd, bool cloexec);
/* The same, and it is the call's answer: returns CALL_ANSWERED, or -errno. Closes 'fd'. */
int64_t call_answer_with(const struct call *call, int fd, bool cloexec);
/* A descriptor of the program as one of our own: the same open file. -1 with errno. */
int call_borrow(const struct call *call, int fd);

/* memory.c: the program's memory. All return false where it can't be reached. */
bool memory_read(const struct call *call, uint64_t address, void *data, size_t size);
bool memory_write(const struct call *call, uint64_t address, const void *data, size_t size);
bool memory_read_string(const struct call *call, uint64_t address, char *text, size_t size);

/* objects.c: the descriptors that were handed out. Each is the reading end of a pipe whose
 * other end is held here: when the program has closed its last copy, or died, that end says so. */
enum object_kind {
    OBJECT_SPIDEV,
    OBJECT_GPIOCHIP,
    OBJECT_LINES,
};

struct object {
    enum object_kind kind;
    void *data; /* of a request for lines: see gpio.c */
    dev_t dev;
    ino_t ino;
    int hold;
    struct object *next;
};

struct objects;
struct objects *objects_open(void);
void objects_close(struct objects *objects);
/* Readable when something was let go. */
int objects_fd(const struct objects *objects);
/* A new object; returns the program's end, which the caller gives away and closes, or -errno. */
int objects_add(struct objects *objects, enum object_kind kind, void *data, struct object **result);
/* The object behind a descriptor of the program, or NULL. */
struct object *objects_find(const struct objects *objects, pid_t pid, int fd);
/* Forgets an object. */
void objects_remove(struct objects *objects, struct object *object);
/* Calls 'gone' for every object that was let go, and forgets it. */
void objects_reap(struct objects *objects, void (*gone)(void *context, struct object *object),
                  void *context);

/* trace.c: the log, and the numbers at the end. */
struct target;
struct gpio;
struct trace;
struct trace *trace_open(const struct options *options, struct avrspi_error *error);
void trace_close(struct trace *trace);
__attribute__((format(printf, 4, 5))) void trace_call(struct trace *trace, const struct call *call,
                                                      int64_t result, const char *format, ...);
/* Logs an ioctl by its name, when nothing more was logged of it. */
void trace_ioctl(struct trace *trace, const struct call *call, int64_t result);
bool trace_wanted(const struct trace *trace);
__attribute__((format(printf, 2, 3))) void trace_event(struct trace *trace, const char *format,
                                                       ...);
void trace_count_spi(struct trace *trace, uint64_t bytes, uint64_t wire_ns);
void trace_count_gpio(struct trace *trace);
/* Writes the numbers where the options want them. */
int trace_stats(const struct trace *trace, const struct options *options,
                const struct target *target, const struct gpio *gpio, struct avrspi_error *error);

/* target.c: the simulated AVR in real time. */
struct target *target_open(const struct options *options, struct avrspi_error *error);
/* Saves the chip where a state file was given. */
int target_close(struct target *target, struct avrspi_error *error);
/* The time at which something may happen next: now, or when the transfer under way is over. */
void target_catch_up(struct target *target);
void target_reset(struct target *target, bool low);
void target_transfer(struct target *target, const uint8_t *out, uint8_t *in, size_t size,
                     uint32_t hz);
void target_advance(struct target *target, uint64_t ns);
/* When all that was done so far is over; CLOCK_MONOTONIC, ns. */
uint64_t target_due(struct target *target);
/* The violations of this run in all, and as text "KIND N, ..." or as lines "violation.KIND=N". */
uint64_t target_violations(const struct target *target);
void target_violation_text(const struct target *target, char *text, size_t size);
void target_violation_lines(const struct target *target, char *text, size_t size);
uint64_t clock_now(void);

/* spidev.c: the rules of drivers/spi/spidev.c and spi-bcm2835.c. */
struct spidev;
struct spidev *spidev_open(const struct options *options, struct target *target,
                           struct trace *trace);
void spidev_close(struct spidev *spidev);
void spidev_opened(struct spidev *spidev);
void spidev_closed(struct spidev *spidev);
int64_t spidev_ioctl(struct spidev *spidev, struct call *call);

/* gpio.c, gpio_abi.c: the lines, and both interfaces to them. */
struct gpio *gpio_open(const struct options *options, struct objects *objects,
                       struct target *target, struct trace *trace);
void gpio_close(struct gpio *gpio);
int64_t gpio_chip_ioctl(struct gpio *gpio, struct call *call);
int64_t gpio_lines_ioctl(struct gpio *gpio, struct call *call, struct object *object);
/* The program let go of its lines. */
void gpio_lines_closed(struct gpio *gpio, struct object *object);
/* The level of the reset line, and who holds it ("" for nobody). */
bool gpio_reset_level(const struct gpio *gpio);
const char *gpio_reset_owner(const struct gpio *gpio);

/* tree.c: the files of the board. */
enum node_kind {
    NODE_FOLDER,
    NODE_FILE,
    NODE_LINK,
    NODE_DEVICE,
};

struct node {
    char *path;
    enum node_kind kind;
    char *text;   /* of a file its content, of a link where it leads */
    dev_t device; /* of a device */
    enum object_kind object;
    bool opaque; /* of a folder: what the machine has under that name is not shown */
    int memory;  /* a file in memory that stands for it, or -1; made when it is first opened */
    dev_t dev;   /* of that file */
    ino_t ino;
};

struct tree;
struct tree *tree_open(const struct options *options);
void tree_close(struct tree *tree);
struct node *tree_find(const struct tree *tree, const char *path);
/* The n-th node in a folder; NULL behind the last. */
const struct node *tree_child(const struct tree *tree, const struct node *folder, size_t n);
/* The node whose file in memory that is, or NULL. */
struct node *tree_by_inode(const struct tree *tree, dev_t dev, ino_t ino);
/* A number for a node, as an inode has one. */
ino_t tree_inode(const struct tree *tree, const struct node *node);
/* True for a device of the machine that the program is not to see. */
bool tree_hides(const struct tree *tree, const char *path);

/* content.c: open files for what a text file or a folder of the board holds. */

/* A new one, at its beginning, or -errno. */
int content_open(const struct tree *tree, struct node *node);
/* getdents64() on a folder: on one of the board, or on one of the machine that has entries of
 * the board beside its own. */
struct paths;
int64_t content_read_folder(const struct paths *paths, const struct call *call);

/* paths.c, status.c, resolve.c: the system calls on paths. */
struct paths {
    const struct options *options;
    struct tree *tree;
    struct objects *objects;
    struct spidev *spidev;
    struct trace *trace;
};
int64_t paths_call(const struct paths *paths, const struct call *call);
/* Writes what stat() or statx() tells of a node. */
int64_t status_write(const struct paths *paths, const struct call *call, const struct node *node,
                     uint64_t address, bool extended);

/* Follows a path as the program sees it; the last part only when 'follow' is set. False: the
 * path is none of the board's business. Else *node is what it leads to, or *error a negative
 * errno when the way ends on the board. */
bool resolve(const struct paths *paths, const struct call *call, int dirfd, const char *path,
             bool follow, struct node **node, int *error);
/* The node of an open file of the program that is a device, a file or a folder of the board. */
struct node *resolve_fd(const struct paths *paths, const struct call *call, int fd);

#endif
