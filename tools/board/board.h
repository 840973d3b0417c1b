/* SPDX-License-Identifier: MIT */
/*
 * The virtual board: runs a program with a /dev/spidev0.0 and a /dev/gpiochip0 that are not
 * there, and simulated AVRs behind them.
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

#include "avrspi/chips.h"
#include "avrspi/error.h"
#include "model.h"

enum {
    BOARD_CHIPS = 8,  /* simulated ones, at most */
    WRITTEN_FD = 960, /* below the usual limit of 1024 */
    BOARD_FAILED = 125,
    BOARD_VIOLATED = 99, /* with the word 'strict' */
    NS_PER_US = 1000,
    NS_PER_S = 1000000000,
};

/* options.c: what the command line asks for. */

/* A simulated chip, and where it is connected. */
struct chip_options {
    char words[1024];         /* its name and words as after "sim:" */
    unsigned bus;             /* MODEL_BUSES: that of no controller */
    unsigned gpiochip, reset; /* the line that is wired to RESET */
    unsigned sck, mosi, miso; /* lines of gpiochip0; of a bus: those of its controller */
};

struct options {
    struct chip_options chip[BOARD_CHIPS];
    unsigned n_chips;
    const char *model; /* the board's name in the device tree */
    const struct kernel_model *kernel;
    uint32_t bufsiz;       /* of spidev */
    uint32_t core_hz;      /* what the drivers take the clock of the SPI controllers to be */
    uint32_t core_runs_hz; /* what it is */
    uint32_t max_speed_hz;
    uint32_t overhead_us; /* what an SPI ioctl costs beside its time on the wire */
    const char *busy;     /* who holds the first chip's reset line already, or NULL */
    uint32_t gpio_base;   /* of the first GPIO chip in /sys/class/gpio; 0: there is none */
    uint32_t interrupts;  /* each so many-th call on lines does nothing: EINTR; 0: none */
    bool has_jumper;      /* two lines of the first GPIO chip are connected */
    unsigned jumper[2];
    bool dw;                /* bus 0 has the controller of a Raspberry Pi 5 */
    bool no_line_names;     /* the kernel gives lines no names */
    const char *config;     /* settings in config.txt, with '+' between them, or NULL */
    const char *spi_driver; /* that has the first SPI device in place of spidev, or NULL */
    bool no_spidev;
    bool pwm;        /* the PWM of the header is enabled */
    bool second_bus; /* there is a spidev1.0 */
    bool eacces;
    bool no_cs;             /* the controllers can't leave chip select alone */
    uint32_t virtual_bytes; /* transfers of up to so many take no real time */
    bool strict;
    const char *log;   /* a file for the trace, or NULL */
    const char *stats; /* a file for the numbers at the end, "-" for standard error, or NULL */
    char **program;
};

enum options_wish {
    OPTIONS_RUN,
    OPTIONS_HELP,
    OPTIONS_VERSION,
};

/* Fills *options from the command line; its strings stay those of argv. Returns what is asked for,
 * or a negative error with a message. */
int options_parse(struct options *options, int argc, char **argv, struct avrspi_error *error);
extern const char options_usage[];
/* The controller of a bus. */
const struct bus_model *options_bus(const struct options *options, unsigned number);
/* Whether the board has that bus, and that SPI device. */
bool options_has_bus(const struct options *options, unsigned number);
bool options_has_spidev(const struct options *options, unsigned number);

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
    uint64_t due; /* no answer before this time, by avrspi_clock_now() */
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
/* Gives a copy of a descriptor to the program, to be closed by exec(); returns its number there, or
 * -errno. */
int call_give(const struct call *call, int fd);
/* The same as the call's answer, to be closed by exec() or not: returns CALL_ANSWERED, or -errno.
 * Closes 'fd'. */
int64_t call_answer_with(const struct call *call, int fd, bool cloexec);
/* The same with a number from WRITTEN_FD on, whose write() the filter hands over. */
int64_t call_answer_written(const struct call *call, int fd, bool cloexec);
/* A descriptor of the program as one of our own: the same open file. -1 with errno. */
int call_borrow(const struct call *call, int fd);

/* memory.c: the program's memory. All return false where it can't be reached. */
bool memory_read(const struct call *call, uint64_t address, void *data, size_t size);
bool memory_write(const struct call *call, uint64_t address, const void *data, size_t size);
bool memory_read_string(const struct call *call, uint64_t address, char *text, size_t size);

/* objects.c: the descriptors that were handed out. Each is the reading end of a pipe whose
 * other end is held here: when the program has closed its last copy, or died, that end reports it.
 */
enum object_kind {
    OBJECT_SPIDEV,
    OBJECT_GPIOCHIP,
    OBJECT_LINES,
};

struct object {
    enum object_kind kind;
    unsigned number; /* of the SPI device, or of the GPIO chip */
    void *data;      /* of a request for lines: see gpio.c */
    int lock;        /* LOCK_SH or LOCK_EX by flock(), or 0 */
    dev_t dev;
    ino_t ino;
    int hold;
    struct object *next;
};

struct objects;
struct objects *objects_open(void);
void objects_close(struct objects *objects);
/* Readable when something was released. */
int objects_fd(const struct objects *objects);
/* A new object; returns the program's end, which the caller gives away and closes, or -errno. */
int objects_add(struct objects *objects, enum object_kind kind, unsigned number, void *data,
                struct object **result);
/* The object behind a descriptor of the program, or NULL. */
struct object *objects_find(const struct objects *objects, pid_t pid, int fd);
/* Forgets an object. */
void objects_remove(struct objects *objects, struct object *object);
/* flock() with LOCK_SH, LOCK_EX or LOCK_UN: 0, or -EWOULDBLOCK while another open file of the same
 * device has a lock that excludes it. */
int objects_lock(const struct objects *objects, struct object *object, int operation);
/* Calls 'gone' for every object that was released, and forgets it. */
void objects_reap(struct objects *objects, void (*gone)(void *context, struct object *object),
                  void *context);

/* trace.c: the log, and what is counted. */
struct counts {
    uint64_t spi_calls, spi_bytes, wire_ns, gpio_calls;
};

struct trace;
struct trace *trace_open(const struct options *options, struct avrspi_error *error);
/* A log that is not whole is an error. */
int trace_close(struct trace *trace, struct avrspi_error *error);
__attribute__((format(printf, 4, 5))) void trace_call(struct trace *trace, const struct call *call,
                                                      int64_t result, const char *format, ...);
/* Logs an ioctl by its name, when nothing more was logged of it. */
void trace_ioctl(struct trace *trace, const struct call *call, int64_t result);
bool trace_wanted(const struct trace *trace);
__attribute__((format(printf, 2, 3))) void trace_event(struct trace *trace, const char *format,
                                                       ...);
void trace_count_spi(struct trace *trace, uint64_t bytes, uint64_t wire_ns);
void trace_count_gpio(struct trace *trace);
const struct counts *trace_counts(const struct trace *trace);
/* Since the board began, s. */
double trace_seconds(const struct trace *trace);

/* target.c: a simulated AVR. */
struct target;
struct target *target_open(const struct chip_options *options, const struct avrspi_chips *chips,
                           struct avrspi_error *error);
/* Saves the chip where a state file was given. */
int target_close(struct target *target, struct avrspi_error *error);
struct avrspi_sim *target_sim(struct target *target);
/* A clock signal at XTAL1 in place of what the chip has there; 0: there is none. */
void target_clock(struct target *target, uint32_t hz);
/* What it does with its reset line when nobody drives it: 1 pulls it up, -1 down, 0 nothing. */
int target_pulls_reset(const struct target *target);
const char *target_name(const struct target *target);
/* The violations of this run in all, and as text "KIND N, ..." or as lines
 * "PREFIXviolation.KIND=N". */
uint64_t target_violations(const struct target *target);
/* Programming Enables in this run that were faster than datasheets promise. */
uint64_t target_trials(const struct target *target);
void target_violation_text(const struct target *target, char *text, size_t size);
void target_violation_lines(const struct target *target, const char *prefix, char *text,
                            size_t size);

/* wires.c: the buses with the chips on them, in real time. */
struct wires;
struct wires *wires_open(const struct options *options, struct avrspi_error *error);
/* Saves the chips that have state files, all of them even when one fails. */
int wires_close(struct wires *wires, struct avrspi_error *error);
struct target *wires_target(struct wires *wires, unsigned n);
/* Lets time pass on each bus until now; not on one whose transfer takes longer. */
void wires_catch_up(struct wires *wires);
/* The level of the reset line of a chip, and those of its lines SCK and MOSI. */
void wires_reset(struct wires *wires, unsigned chip, bool low);
void wires_pins(struct wires *wires, unsigned chip, bool sck, bool mosi);
/* Whether the chip, or a fault, drives its line MISO, and to which level. */
bool wires_miso(const struct wires *wires, unsigned chip, bool *high);
/* SCK that a bus's controller makes of a speed that was asked for. */
uint32_t wires_sck(const struct wires *wires, unsigned bus, uint32_t hz);
void wires_transfer(struct wires *wires, unsigned bus, const uint8_t *out, uint8_t *in, size_t size,
                    uint32_t hz);
void wires_advance(struct wires *wires, unsigned bus, uint64_t ns);
/* A clock signal at XTAL1 of the first chip in place of what it has there; 0: there is none. */
void wires_clock(struct wires *wires, uint32_t hz);
/* When all that was done on a bus so far is over, the last of it a transfer of that size; by
 * avrspi_clock_now(). */
uint64_t wires_due(struct wires *wires, unsigned bus, size_t size);

/* spidev.c: the rules of drivers/spi/spidev.c and of a Pi's controllers. */
struct spidev;
struct spidev *spidev_open(const struct options *options, unsigned number, struct wires *wires,
                           struct trace *trace);
void spidev_close(struct spidev *spidev);
void spidev_opened(struct spidev *spidev);
void spidev_closed(struct spidev *spidev);
int64_t spidev_ioctl(struct spidev *spidev, struct call *call);
/* "spidev0.0", and how often its chip select went active. */
const char *spidev_name(const struct spidev *spidev);
uint64_t spidev_selects(const struct spidev *spidev);

/* gpio.c, gpio_abi.c: a GPIO chip with its lines, and both interfaces to them. */
struct gpio;
struct gpio *gpio_open(const struct options *options, unsigned number, struct objects *objects,
                       struct wires *wires, struct trace *trace);
void gpio_close(struct gpio *gpio);
int64_t gpio_chip_ioctl(struct gpio *gpio, struct call *call);
int64_t gpio_lines_ioctl(struct gpio *gpio, struct call *call, struct object *object);
/* The program released of its lines. */
void gpio_lines_closed(struct gpio *gpio, struct object *object);
/* The level of a line, the bias of its pin ("up", "down", "off"), and who holds it ("" for nobody).
 */
bool gpio_level(const struct gpio *gpio, unsigned offset);
/* True for a line that is an output and that nobody holds. */
bool gpio_is_left_driven(const struct gpio *gpio, unsigned offset);
const char *gpio_pull(const struct gpio *gpio, unsigned offset);
const char *gpio_owner(const struct gpio *gpio, unsigned offset);

/* stats.c: the numbers at the end. */
struct pwm;
struct devices {
    struct spidev *spidev[MODEL_SPIDEVS]; /* NULL: there is none */
    struct gpio *gpio[MODEL_GPIOCHIPS];
    struct pwm *pwm; /* NULL: there is none */
};
/* Writes the numbers where the options want them. */
int stats_write(const struct options *options, const struct trace *trace, struct wires *wires,
                const struct devices *devices, struct avrspi_error *error);

/* tree.c: the files of the board. */
enum node_kind {
    NODE_FOLDER,
    NODE_FILE,
    NODE_PROPERTY,  /* a file of the device tree: its text has a NUL after it */
    NODE_ATTRIBUTE, /* a file that may be written: pwm.c, gpio_sysfs.c */
    NODE_LINK,
    NODE_DEVICE,
};

struct node {
    char *path;
    enum node_kind kind;
    char *text;   /* of a file its content, of a link where it leads */
    size_t size;  /* of that */
    dev_t device; /* of a device */
    enum object_kind object;
    unsigned number; /* of the device among those of its kind */
    bool opaque;     /* of a folder: what the machine has under that name is not shown */
    bool absent;     /* not there now */
    int memory;      /* a file in memory that stands for it, or -1; made when it is first opened */
    dev_t dev;       /* of that file */
    ino_t ino;
};

struct tree;
/* Lets a folder be there with all that is in it, or not. */
void tree_show(struct tree *tree, const char *folder, bool shown);
/* Gives a file another content. */
void tree_write(const struct tree *tree, const char *path, const char *text);
struct tree *tree_open(const struct options *options);
void tree_close(struct tree *tree);
struct node *tree_find(const struct tree *tree, const char *path);
/* The node of a device, or NULL. */
struct node *tree_device(const struct tree *tree, enum object_kind kind, unsigned number);
/* The n-th node in a folder; NULL after the last. */
const struct node *tree_child(const struct tree *tree, const struct node *folder, size_t n);
/* The node whose file in memory that is, or NULL. */
struct node *tree_by_inode(const struct tree *tree, dev_t dev, ino_t ino);
/* A number for a node, as an inode has one. */
ino_t tree_inode(const struct tree *tree, const struct node *node);
/* True for a device or a folder of the machine that the program is not to see. */
bool tree_hides(const struct tree *tree, const char *path);

/* pwm.c: the PWM of the header. */
struct pwm *pwm_open(struct tree *tree, struct wires *wires, struct trace *trace);
void pwm_close(struct pwm *pwm);
/* A write() to one of its files. */
int64_t pwm_write(struct pwm *pwm, const struct call *call, const struct node *node);
/* What is on GPIO18, 0 for none, and whether its channel is exported. */
uint32_t pwm_hz(const struct pwm *pwm);
bool pwm_exported(const struct pwm *pwm);

/* gpio_sysfs.c: files of /sys/class/gpio that may be written. */
struct paths;
bool gpio_sysfs_has(const struct node *node);
int64_t gpio_sysfs_write(const struct paths *paths, const struct call *call,
                         const struct node *node);

/* content.c: open files for what a text file or a folder of the board holds. */

/* A new one, at its beginning, for reading, or for writing too; or -errno. */
int content_open(const struct tree *tree, struct node *node, bool writes);
/* getdents64() on a folder: on one of the board, or on one of the machine that has entries of
 * the board beside its own. */
struct paths;
int64_t content_read_folder(const struct paths *paths, const struct call *call);

/* paths.c, status.c, resolve.c: the system calls on paths. */
struct paths {
    const struct options *options;
    struct tree *tree;
    struct objects *objects;
    struct devices *devices;
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
