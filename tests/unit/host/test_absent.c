/* SPDX-License-Identifier: MIT */
/* What is said of a device that is not there, or may not be opened. */
#include "root.h"

#include "base/error.h"
#include "host/absent.h"
#include "host/access.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static const char *hint_of(const char *path)
{
    static struct avrspi_error error;

    (void)avrspi_fail(&error, AVRSPI_ERR_DEVICE, "can't open '%s'", path);
    avrspi_host_hint_absence(root, path, &error);
    return error.hint;
}

static void assert_hint(const char *path, const char *part)
{
    const char *hint = hint_of(path);

    if (!strstr(hint, part))
        fail_msg("expected '%s' in '%s'", part, hint);
}

static void put_spi_device(const char *name, const char *driver)
{
    char path[128], target[128];

    (void)snprintf(path, sizeof path, "/sys/bus/spi/devices/%s/modalias", name);
    put(path, "spi:x\n");
    (void)snprintf(path, sizeof path, "/sys/bus/spi/devices/%s/driver", name);
    (void)snprintf(target, sizeof target, "../../../../bus/spi/drivers/%s", driver);
    if (*driver)
        put_link(path, target);
}

static void absent_on_a_raspberry_pi(void **state)
{
    (void)state;
    put("/proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4");
    put("/sys/class/spi_master/.keep", "");
    assert_hint("/dev/spidev0.0", "SPI is not enabled: 'sudo raspi-config nonint do_spi 0'");
}

static void absent_until_a_restart(void **state)
{
    (void)state;
    put("/proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4");
    put("/sys/class/spi_master/.keep", "");
    put("/boot/firmware/config.txt", "dtparam=spi=on\n");
    assert_hint("/dev/spidev0.0", "the computer was started before that");
    assert_hint("/dev/spidev1.0", "SPI is not enabled");
}

static void absent_where_other_devices_are(void **state)
{
    (void)state;
    put("/proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4");
    put("/sys/class/spi_master/.keep", "");
    put("/dev/spidev0.0", "");
    put("/dev/spidev0.1", "");
    assert_string_equal(hint_of("/dev/spidev0.2"), "there are: /dev/spidev0.0, /dev/spidev0.1");
    assert_hint("/dev/spidev1.0", "/dev/spidev0.1; an overlay such as 'dtoverlay=spi1-1cs'");
    assert_hint("/dev/spi", "'ls /dev/spidev*'");
}

/* A display's overlay on CE0 leaves the other chip select, which has the same wires. */
static void absent_where_another_driver_has_it(void **state)
{
    (void)state;
    put("/proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4");
    put_spi_device("spi0.0", "fb_ili9341");
    assert_string_equal(hint_of("/dev/spidev0.0"), "the kernel's driver 'fb_ili9341' has that "
                                                   "device: take its overlay out of config.txt");
    put("/dev/spidev0.1", "");
    assert_hint("/dev/spidev0.0",
                "; /dev/spidev0.1 has the same SCK, MOSI and MISO: --port /dev/spidev0.1");
}

static void absent_where_no_driver_has_it(void **state)
{
    (void)state;
    put("/proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4");
    put_spi_device("spi0.0", "");
    assert_hint("/dev/spidev0.0",
                "echo spidev | sudo tee /sys/bus/spi/devices/spi0.0/driver_override\n"
                "echo spi0.0 | sudo tee /sys/bus/spi/drivers/spidev/bind");
}

static void absent_elsewhere(void **state)
{
    (void)state;
    assert_hint("/dev/spidev0.0", "/sys is empty, as in a container");
    put("/sys/class/net/.keep", "");
    assert_hint("/dev/spidev0.0", "this computer has no SPI that the kernel knows");
    put("/sys/class/spi_master/.keep", "");
    assert_hint("/dev/spidev0.0", "the board's overlay for 'spidev'");
}

/* The boot EEPROM is no device for targets: neither suggested nor taken for one that is there. */
static void reserved_of_a_raspberry_pi_5(void **state)
{
    (void)state;
    put("/sys/class/spi_master/.keep", "");
    put("/dev/spidev10.0", "");
    put_link("/dev/spi-boot", "spidev10.0");
    assert_false(avrspi_host_is_reserved(root, "/dev/spidev10.0"));
    put("/proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0");
    assert_true(avrspi_host_is_reserved(root, "/dev/spidev10.0"));
    assert_true(avrspi_host_is_reserved(root, "/dev/spi-boot"));
    assert_false(avrspi_host_is_reserved(root, "/dev/spidev0.0"));
    assert_hint("/dev/spidev0.0", "SPI is not enabled: 'sudo raspi-config");
}

/* --- nodes that may not be opened */

static void access_by_owner_group_and_mode(void **state)
{
    static const struct {
        gid_t gid;
        mode_t mode;
        const char *parts[2];
    } rows[] = {
        {1, 0660, {"/dev/spidev0.0 belongs to root:daemon, mode 0660", "usermod -aG daemon $USER"}},
        {0, 0600, {"belongs to root:root, mode 0600", "SUBSYSTEM==\"spidev\", GROUP=\"spi\""}},
        {0, 0660, {"belongs to root:root, mode 0660", "/etc/udev/rules.d/90-spi.rules"}},
        {1, 0600, {"belongs to root:daemon, mode 0600", "sudo groupadd -f spi"}},
        {65531, 0660, {"belongs to root:65531, mode 0660", "usermod -aG 65531"}},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        const struct stat status = {.st_gid = rows[n].gid, .st_mode = S_IFCHR | rows[n].mode};
        struct avrspi_error error = {0};

        avrspi_host_hint_status(&avrspi_host_spidev_nodes, "/dev/spidev0.0", &status, &error);
        for (size_t i = 0; i < LENGTH(rows[n].parts); i++)
            if (!strstr(error.hint, rows[n].parts[i]))
                fail_msg("expected '%s' in '%s'", rows[n].parts[i], error.hint);
    }
}

static void access_to_what_can_t_be_seen(void **state)
{
    struct avrspi_error error = {0};

    (void)state;
    avrspi_host_hint_access(&avrspi_host_gpiochip_nodes, place("/dev/gpiochip0"), &error);
    assert_non_null(strstr(error.hint, "sudo usermod -aG gpio $USER, then log in again"));
}

#define IN_ROOT(test) cmocka_unit_test_setup_teardown(test, root_set_up, root_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOT(absent_on_a_raspberry_pi),       IN_ROOT(absent_until_a_restart),
        IN_ROOT(absent_where_other_devices_are), IN_ROOT(absent_where_another_driver_has_it),
        IN_ROOT(absent_where_no_driver_has_it),  IN_ROOT(absent_elsewhere),
        IN_ROOT(reserved_of_a_raspberry_pi_5),   cmocka_unit_test(access_by_owner_group_and_mode),
        IN_ROOT(access_to_what_can_t_be_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
