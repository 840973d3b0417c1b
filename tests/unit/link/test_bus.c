/* SPDX-License-Identifier: MIT */
/* The bus: what is locked, by whom, and which ports are on it. Ordinary files stand for nodes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <cmocka.h>

#include "link/bus.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static const char *const nodes[] = {"spidev0.0", "spidev0.1", "spidev0.10", "spidev1.0",
                                    "spidev0.x", "spidevA.0", "spidev0",    "other"};
static char folder[] = "/tmp/avrspi-bus-XXXXXX";
static char path[128];

static const char *path_of(const char *name)
{
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int make_nodes(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    for (size_t n = 0; n < LENGTH(nodes); n++)
        if (close(open(path_of(nodes[n]), O_WRONLY | O_CREAT, 0600)) < 0)
            return -1;
    return 0;
}

static int remove_nodes(void **state)
{
    (void)state;
    for (size_t n = 0; n < LENGTH(nodes); n++)
        (void)unlink(path_of(nodes[n]));
    return rmdir(folder);
}

static void lock(struct avrspi_spi_bus *bus, const char *name)
{
    struct avrspi_error error = {0};

    if (avrspi_spi_bus_lock(bus, folder, path_of(name), &error) != 0)
        fail_msg("%s: %s", name, error.message);
}

/* Somebody else's lock on a node, to be closed. */
static int hold(const char *name)
{
    int fd = open(path_of(name), O_RDONLY);

    assert_true(fd >= 0);
    assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
    return fd;
}

static bool is_free(const char *name)
{
    int fd = open(path_of(name), O_RDONLY);
    bool got = flock(fd, LOCK_EX | LOCK_NB) == 0;

    assert_int_equal(close(fd), 0);
    return got;
}

static void assert_held(const char *name, const char *message)
{
    struct avrspi_spi_bus bus;
    struct avrspi_error error = {0};
    char expected[512];

    assert_int_equal(avrspi_spi_bus_lock(&bus, folder, path_of(name), &error), AVRSPI_ERR_DEVICE);
    assert_int_equal(error.code, AVRSPI_ERR_DEVICE);
    (void)snprintf(expected, sizeof expected, message, folder, folder);
    assert_string_equal(error.message, expected);
    assert_non_null(strstr(error.hint, "fuser"));
    assert_int_equal(bus.n_nodes, 0);
}

/* --- locking */

/* The fault that the bus object ends: two processes, each with a chip select of its own. */
static void lock_of_two_chip_selects_of_a_bus(void **state)
{
    struct avrspi_spi_bus bus;

    (void)state;
    lock(&bus, "spidev0.0");
    assert_held("spidev0.1",
                "'%s/spidev0.0', which has the same wires as '%s/spidev0.1', is held by another "
                "avrspi");
    assert_held("spidev0.0", "'%s/spidev0.0' is held by another avrspi");
    avrspi_spi_bus_unlock(&bus);
    lock(&bus, "spidev0.1");
    avrspi_spi_bus_unlock(&bus);
}

static void lock_of_every_node_of_the_bus_and_no_other(void **state)
{
    static const struct {
        const char *name;
        bool locked;
    } rows[] = {
        {"spidev0.0", true},  {"spidev0.1", true},  {"spidev0.10", true}, {"spidev1.0", false},
        {"spidev0.x", false}, {"spidevA.0", false}, {"spidev0", false},   {"other", false},
    };
    struct avrspi_spi_bus bus;

    (void)state;
    lock(&bus, "spidev0.10");
    assert_int_equal(bus.n_nodes, 3);
    for (size_t n = 0; n < LENGTH(rows); n++)
        if (is_free(rows[n].name) == rows[n].locked)
            fail_msg("%s", rows[n].name);
    avrspi_spi_bus_unlock(&bus);
    assert_true(is_free("spidev0.0"));
}

static void lock_refused_lets_go_what_it_has(void **state)
{
    int fd = hold("spidev0.1");

    (void)state;
    assert_held("spidev0.0",
                "'%s/spidev0.1', which has the same wires as '%s/spidev0.0', is held by another "
                "avrspi");
    assert_true(is_free("spidev0.0"));
    assert_true(is_free("spidev0.10"));
    assert_int_equal(close(fd), 0);
}

static void lock_by_another_name(void **state)
{
    struct avrspi_spi_bus bus;
    char link_path[128], hard_path[128];

    (void)state;
    (void)snprintf(link_path, sizeof link_path, "%s/by-path", folder);
    (void)snprintf(hard_path, sizeof hard_path, "%s/programmer", folder);
    assert_int_equal(symlink("spidev0.1", link_path), 0);
    assert_int_equal(link(path_of("spidev0.1"), hard_path), 0);
    lock(&bus, "by-path");
    assert_int_equal(bus.number, 0);
    assert_held("spidev0.0", "'%s/spidev0.0' is held by another avrspi");
    avrspi_spi_bus_unlock(&bus);
    lock(&bus, "programmer");
    assert_int_equal(bus.number, 0);
    assert_held("spidev0.0", "'%s/spidev0.0' is held by another avrspi");
    avrspi_spi_bus_unlock(&bus);
    assert_int_equal(unlink(link_path), 0);
    assert_int_equal(unlink(hard_path), 0);
}

static void lock_of_a_device_of_no_known_bus(void **state)
{
    struct avrspi_spi_bus bus, second;

    (void)state;
    lock(&bus, "other");
    assert_int_equal(bus.number, -1);
    assert_int_equal(bus.n_nodes, 1);
    assert_false(is_free("other"));
    lock(&second, "spidev0.0");
    avrspi_spi_bus_unlock(&second);
    avrspi_spi_bus_unlock(&bus);
}

static void lock_of_what_is_not_there(void **state)
{
    struct avrspi_spi_bus bus;
    struct avrspi_error error = {0};

    (void)state;
    assert_int_equal(avrspi_spi_bus_lock(&bus, folder, path_of("spidev9.0"), &error),
                     AVRSPI_ERR_DEVICE);
    assert_non_null(strstr(error.message, "No such file or directory"));
    assert_string_not_equal(error.hint, ""); /* what it says depends on the computer */
}

/* A node that can't be opened: here one that leads nowhere, and a folder. */
static void lock_leaves_out_what_can_t_be_opened(void **state)
{
    struct avrspi_spi_bus bus;
    struct avrspi_error error = {0};
    char nowhere[128], closed[128];

    (void)state;
    (void)snprintf(nowhere, sizeof nowhere, "%s/spidev0.2", folder);
    (void)snprintf(closed, sizeof closed, "%s/spidev0.3", folder);
    assert_int_equal(symlink("nowhere", nowhere), 0);
    assert_int_equal(mkdir(closed, 0700), 0);
    assert_int_equal(avrspi_spi_bus_lock(&bus, folder, path_of("spidev0.0"), &error), 0);
    assert_int_equal(error.code, 0);
    assert_int_equal(bus.n_nodes, 3);
    avrspi_spi_bus_unlock(&bus);
    /* but not the device itself */
    assert_int_equal(avrspi_spi_bus_lock(&bus, folder, path_of("spidev0.3"), &error),
                     AVRSPI_ERR_DEVICE);
    assert_non_null(strstr(error.message, "can't open"));
    assert_true(is_free("spidev0.0"));
    assert_int_equal(unlink(nowhere), 0);
    assert_int_equal(rmdir(closed), 0);
}

static void lock_has_the_devices_of_the_bus(void **state)
{
    struct avrspi_spi_bus bus;

    (void)state;
    lock(&bus, "spidev0.0");
    assert_true(avrspi_spi_bus_has(&bus, path_of("spidev0.0")));
    assert_true(avrspi_spi_bus_has(&bus, path_of("spidev0.1")));
    assert_false(avrspi_spi_bus_has(&bus, path_of("spidev1.0")));
    assert_false(avrspi_spi_bus_has(&bus, path_of("other")));
    assert_false(avrspi_spi_bus_has(&bus, path_of("nothing")));
    avrspi_spi_bus_unlock(&bus);
    lock(&bus, "other");
    assert_true(avrspi_spi_bus_has(&bus, path_of("other")));
    assert_false(avrspi_spi_bus_has(&bus, path_of("spidev0.0")));
    avrspi_spi_bus_unlock(&bus);
}

/* What no ordinary file passes for. */
static void use_of_what_is_no_spidev(void **state)
{
    struct avrspi_spi_bus bus;
    struct avrspi_spidev *spi;
    struct avrspi_error error = {0};
    char late[128], expected[256];

    (void)state;
    lock(&bus, "spidev0.0");
    assert_int_equal(avrspi_spi_bus_use(&bus, path_of("spidev0.1"), &spi, &error),
                     AVRSPI_ERR_DEVICE);
    /* qemu's emulation of a program knows no ioctl of spidev at all */
    assert_true(error.sys_errno == ENOTTY || error.sys_errno == ENOSYS);
    (void)snprintf(expected, sizeof expected, "'%s' is not a spidev device: %s", path,
                   strerror(error.sys_errno));
    assert_string_equal(error.message, expected);
    /* one that came later is locked as well */
    (void)snprintf(late, sizeof late, "%s/spidev0.4", folder);
    assert_int_equal(close(open(late, O_WRONLY | O_CREAT, 0600)), 0);
    assert_int_equal(avrspi_spi_bus_use(&bus, late, &spi, &error), AVRSPI_ERR_DEVICE);
    assert_int_equal(bus.n_nodes, 4);
    assert_false(is_free("spidev0.4"));
    assert_int_equal(unlink(late), 0);
    assert_int_equal(avrspi_spi_bus_use(&bus, late, &spi, &error), AVRSPI_ERR_DEVICE);
    assert_non_null(strstr(error.message, "can't open"));
    avrspi_spi_bus_unlock(&bus);
}

static void transfer_that_fails_names_the_device(void **state)
{
    struct avrspi_spidev spi;
    struct avrspi_error error = {0};
    uint8_t bytes[4] = {0};

    (void)state;
    assert_int_equal(avrspi_spidev_open(&spi, "/dev/null", NULL), 0);
    assert_int_equal(avrspi_spidev_transfer(&spi, bytes, bytes, 4, 100000, &error),
                     AVRSPI_ERR_DEVICE);
    assert_non_null(strstr(error.message, "an SPI transfer of 4 bytes on '/dev/null' failed: "));
    avrspi_spidev_close(&spi);
}

/* --- the object */

static void open_of_bad_ports(void **state)
{
    static const struct {
        const char *port;
        enum avrspi_err code;
        const char *message;
    } rows[] = {
        {"spidev0", AVRSPI_ERR_USAGE, "expected a port, found 'spidev0'"},
        {"spidev9.9", AVRSPI_ERR_DEVICE, "can't open '/dev/spidev9.9'"},
        {"/dev/no-such-device", AVRSPI_ERR_DEVICE, "can't open '/dev/no-such-device'"},
        {"spi:/dev/null", AVRSPI_ERR_DEVICE, "'/dev/null' is not a spidev device"},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct avrspi_error error = {0};
        struct avrspi_bus *bus = (struct avrspi_bus *)&error;

        assert_int_equal(avrspi_bus_open(&bus, rows[n].port, &error), rows[n].code);
        assert_non_null(strstr(error.message, rows[n].message));
        assert_null(bus);
    }
}

static void close_of_nothing(void **state)
{
    (void)state;
    avrspi_bus_close(NULL);
}

static void has_of_simulated_ports(void **state)
{
    static const struct {
        const char *bus, *port;
        bool has;
    } rows[] = {
        {"sim:bus=a", "sim:ATmega8,bus=a", true},
        {"sim:bus=a", "sim:ATmega8,bus=a,reset=x", true},
        {"sim:ATmega8,reset=x,bus=a", "sim:bus=a", true},
        {"sim:bus=a", "sim:ATmega8,bus=b", false},
        {"sim:bus=a", "sim:ATmega8,bus=ab", false},
        {"sim:bus=a", "sim:ATmega8", false},
        {"sim:ATmega8", "sim:ATmega8", true},
        {"sim:bus=a", "/dev/null", false},
        {"sim:bus=a", "bus=a", false},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct avrspi_bus *bus;

        assert_int_equal(avrspi_bus_open(&bus, rows[n].bus, NULL), 0);
        if (avrspi_bus_has(bus, rows[n].port) != rows[n].has)
            fail_msg("%s: %s", rows[n].bus, rows[n].port);
        avrspi_bus_close(bus);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lock_of_two_chip_selects_of_a_bus),
        cmocka_unit_test(lock_of_every_node_of_the_bus_and_no_other),
        cmocka_unit_test(lock_refused_lets_go_what_it_has),
        cmocka_unit_test(lock_by_another_name),
        cmocka_unit_test(lock_of_a_device_of_no_known_bus),
        cmocka_unit_test(lock_of_what_is_not_there),
        cmocka_unit_test(lock_leaves_out_what_can_t_be_opened),
        cmocka_unit_test(lock_has_the_devices_of_the_bus),
        cmocka_unit_test(use_of_what_is_no_spidev),
        cmocka_unit_test(transfer_that_fails_names_the_device),
        cmocka_unit_test(open_of_bad_ports),
        cmocka_unit_test(close_of_nothing),
        cmocka_unit_test(has_of_simulated_ports),
    };

    return cmocka_run_group_tests(tests, make_nodes, remove_nodes);
}
