/* SPDX-License-Identifier: MIT */
/* Board models, the SCK of their controllers, and what the files of a host say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/host.h"
#include "root.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

#define PI_1_HZ UINT32_C(250000000)
#define ZERO_HZ UINT32_C(400000000)
#define PI_4_HZ UINT32_C(500000000)
#define RP1_HZ  UINT32_C(200000000)
#define BCM     AVRSPI_HOST_CONTROLLER_BCM2835
#define AUX     AVRSPI_HOST_CONTROLLER_BCM2835_AUX
#define DW      AVRSPI_HOST_CONTROLLER_DW_APB_SSI
#define UNKNOWN AVRSPI_HOST_CONTROLLER_UNKNOWN

#define PUT_STRINGS(path, literal) put_bytes(path, literal, sizeof(literal))

/* Bus 'bus' as the kernel shows it: a device whose parent is the controller's class device, whose
 * "device" is the controller. */
static void put_bus(unsigned bus, const char *compatible, const char *driver)
{
    char path[256], target[256];

    (void)snprintf(path, sizeof path, "/sys/devices/soc/x.spi/spi_master/spi%u/of_node/compatible",
                   bus);
    put_bytes(path, compatible, strlen(compatible) + 1);
    (void)snprintf(path, sizeof path, "/sys/devices/soc/x.spi/spi_master/spi%u/spi%u.0/modalias",
                   bus, bus);
    put(path, "spi:spidev\n");
    (void)snprintf(path, sizeof path, "/sys/devices/soc/x.spi/spi_master/spi%u/device", bus);
    put_link(path, "../../../x.spi");
    (void)snprintf(path, sizeof path, "/sys/class/spi_master/spi%u", bus);
    (void)snprintf(target, sizeof target, "../../devices/soc/x.spi/spi_master/spi%u", bus);
    put_link(path, target);
    (void)snprintf(path, sizeof path, "/sys/bus/spi/devices/spi%u.0", bus);
    (void)snprintf(target, sizeof target, "../../../devices/soc/x.spi/spi_master/spi%u/spi%u.0",
                   bus, bus);
    put_link(path, target);
    (void)snprintf(target, sizeof target, "../../../bus/platform/drivers/%s", driver);
    put_link("/sys/devices/soc/x.spi/driver", target);
}

static struct avrspi_host detect(void)
{
    struct avrspi_host host;
    struct avrspi_error error = {0};

    assert_int_equal(avrspi_host_detect(&host, root, &error), 0);
    assert_string_equal(error.message, "");
    return host;
}

/* --- controllers */

static void sck_of_each_controller(void **state)
{
    static const struct {
        uint32_t wanted, pi_1, zero, pi_4, aux_1, aux_3, aux_4, pi_5;
    } rows[] = {

        {2000000, 1984126, 2000000, 2000000, 1984126, 2000000, 2000000, 2000000},
        {1800000, 1785714, 1785714, 1798561, 1785714, 1785714, 1798561, 1785714},
        {1000000, 1000000, 1000000, 1000000, 1000000, 1000000, 1000000, 1000000},
        {225000, 224820, 224971, 224820, 224820, 224971, 224820, 224719},
        {100000, 100000, 100000, 100000, 100000, 100000, 100000, 100000},
        {20000, 20000, 20000, 20000, 30517, 48828, 61035, 20000},
        {4000, 4000, 6103, 7629, 30517, 48828, 61035, 4000},
        {1000, 3814, 6103, 7629, 30517, 48828, 61035, 58962},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        uint32_t wanted = rows[n].wanted;

        assert_int_equal(avrspi_host_sck(BCM, PI_1_HZ, wanted), rows[n].pi_1);
        assert_int_equal(avrspi_host_sck(BCM, ZERO_HZ, wanted), rows[n].zero);
        assert_int_equal(avrspi_host_sck(BCM, PI_4_HZ, wanted), rows[n].pi_4);
        assert_int_equal(avrspi_host_sck(DW, RP1_HZ, wanted), rows[n].pi_5);
        assert_int_equal(avrspi_host_sck(AUX, PI_1_HZ, wanted), rows[n].aux_1);
        assert_int_equal(avrspi_host_sck(AUX, ZERO_HZ, wanted), rows[n].aux_3);
        assert_int_equal(avrspi_host_sck(AUX, PI_4_HZ, wanted), rows[n].aux_4);
    }
}

static void sck_at_its_ends(void **state)
{
    (void)state;
    /* the largest divider that fits, and the step after it */
    assert_int_equal(avrspi_host_sck(BCM, 65534000, 1000), 1000);
    assert_int_equal(avrspi_host_sck(BCM, 65535000, 1000), 65535000 / 65536);
    assert_int_equal(avrspi_host_sck(DW, 65534000, 1000), 1000);
    /* no divider at all: SCK would stand still */
    assert_int_equal(avrspi_host_sck(DW, 131072000, 2000), 0);
    /* more than the controller can do */
    assert_int_equal(avrspi_host_sck(BCM, PI_4_HZ, UINT32_MAX), PI_4_HZ / 2);
    assert_int_equal(avrspi_host_sck(AUX, PI_4_HZ, UINT32_MAX), PI_4_HZ / 2);
    assert_int_equal(avrspi_host_sck(DW, RP1_HZ, UINT32_MAX), RP1_HZ / 2);
    assert_int_equal(avrspi_host_sck(BCM, UINT32_MAX, 1), UINT32_MAX / 65536);
}

static void sck_not_known(void **state)
{
    (void)state;
    assert_int_equal(avrspi_host_sck(UNKNOWN, PI_4_HZ, 100000), 0);
    assert_int_equal(avrspi_host_sck(BCM, 0, 100000), 0);
    assert_int_equal(avrspi_host_sck(BCM, PI_4_HZ, 0), 0);
    assert_int_equal(avrspi_host_sck_slowest(UNKNOWN, PI_4_HZ), 0);
    assert_int_equal(avrspi_host_sck_slowest(BCM, 0), 0);
}

static void sck_slowest_of_each_controller(void **state)
{
    (void)state;
    assert_int_equal(avrspi_host_sck_slowest(BCM, PI_1_HZ), 3814);
    assert_int_equal(avrspi_host_sck_slowest(BCM, ZERO_HZ), 6103);
    assert_int_equal(avrspi_host_sck_slowest(BCM, PI_4_HZ), 7629);
    assert_int_equal(avrspi_host_sck_slowest(AUX, PI_4_HZ), 61035);
    assert_int_equal(avrspi_host_sck_slowest(DW, RP1_HZ), 3051);
}

/* At or below what is wanted, wherever the controller reaches it, and even for odd clocks. */
static void sck_is_never_above_what_is_wanted(void **state)
{
    static const uint32_t clocks[] = {PI_1_HZ, ZERO_HZ, PI_4_HZ, RP1_HZ, 54000001};

    (void)state;
    for (size_t n = 0; n < LENGTH(clocks); n++) {
        for (int c = UNKNOWN + 1; c < AVRSPI_HOST_CONTROLLERS; c++) {
            enum avrspi_host_controller controller = (enum avrspi_host_controller)c;
            uint32_t slowest = avrspi_host_sck_slowest(controller, clocks[n]);

            for (uint32_t wanted = slowest + 1; wanted < 5000000; wanted += wanted / 97 + 1) {
                uint32_t sck = avrspi_host_sck(controller, clocks[n], wanted);

                assert_in_range(sck, slowest, wanted);
            }
        }
    }
}

static void controller_by_its_names(void **state)
{
    (void)state;
    assert_int_equal(avrspi_host_controller_find("brcm,bcm2835-spi", ""), BCM);
    assert_int_equal(avrspi_host_controller_find("brcm,bcm2835-aux-spi", ""), AUX);
    assert_int_equal(avrspi_host_controller_find("snps,dw-apb-ssi", ""), DW);
    assert_int_equal(avrspi_host_controller_find("", "spi-bcm2835"), BCM);
    assert_int_equal(avrspi_host_controller_find("spi-gpio", "spi_gpio"), UNKNOWN);
    assert_int_equal(avrspi_host_controller_find("", ""), UNKNOWN);
    assert_string_equal(avrspi_host_controller_name(AUX), "spi-bcm2835aux");
    assert_string_equal(avrspi_host_controller_name(UNKNOWN), "unknown");
}

/* --- models */

static void model_of_each_row(void **state)
{
    const struct avrspi_host_model *model;
    size_t n;

    (void)state;
    for (n = 0; (model = avrspi_host_model(n)) != NULL; n++) {
        const struct avrspi_host_model *by_name = avrspi_host_model_find(model->name, "", 0);

        assert_ptr_equal(
            avrspi_host_model_find("", model->compatible, strlen(model->compatible) + 1), model);
        assert_non_null(by_name); /* several share a name: the facts are the same */
        assert_string_equal(by_name->name, model->name);
        assert_ptr_equal(by_name->soc, model->soc);
        assert_int_equal(by_name->header_pins, model->header_pins);
        assert_true(model->header_pins == 0 || model->soc->numbered);
        assert_true(!model->soc->numbered || model->soc->gpio_label);
    }
    assert_true(n >= 25);
}

static void model_by_text(void **state)
{
    static const struct {
        const char *text, *name;
    } rows[] = {
        {"Raspberry Pi Model B Rev 2", "Raspberry Pi Model B"},
        {"Raspberry Pi Model B Plus Rev 1.2", "Raspberry Pi Model B Plus"},
        {"Raspberry Pi Zero W Rev 1.1", "Raspberry Pi Zero W"},
        {"Raspberry Pi Zero 2 W Rev 1.0", "Raspberry Pi Zero 2 W"},
        {"Raspberry Pi 3 Model B Plus Rev 1.3", "Raspberry Pi 3 Model B Plus"},
        {"Raspberry Pi Compute Module 3 Plus Rev 1.0", "Raspberry Pi Compute Module 3"},
        {"Raspberry Pi Compute Module 4S Rev 1.0", "Raspberry Pi Compute Module 4S"},
        {"Raspberry Pi 400 Rev 1.0", "Raspberry Pi 400"},
        {"Raspberry Pi 500 Rev 1.0", "Raspberry Pi 500"},
        {"NVIDIA Jetson Nano Developer Kit", "NVIDIA Jetson"},
        {"Raspberry Pi 6 Model B Rev 1.0", NULL},
        {"Raspberry Pi 4 Model BX", NULL},
        {"", NULL},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        const struct avrspi_host_model *model = avrspi_host_model_find(rows[n].text, "", 0);

        if (rows[n].name)
            assert_string_equal(model->name, rows[n].name);
        else
            assert_null(model);
    }
}

/* A carrier board has a name of its own. */
static void model_by_compatible_before_text(void **state)
{
    static const char compatible[] = "maker,carrier\0raspberrypi,4-compute-module\0brcm,bcm2711";
    const struct avrspi_host_model *model =
        avrspi_host_model_find("Raspberry Pi 3 Model B Rev 1.2", compatible, sizeof compatible);

    (void)state;
    assert_string_equal(model->name, "Raspberry Pi Compute Module 4");
    /* a file that was cut off */
    assert_null(avrspi_host_model_find("", "raspberrypi,4-model-b", 20));
    assert_string_equal(avrspi_host_model_find("", "raspberrypi,4-model-b", 21)->name,
                        "Raspberry Pi 4 Model B");
}

static void model_header(void **state)
{
    const struct avrspi_host_model *pi_4 = avrspi_host_model_find("Raspberry Pi 4 Model B", "", 0);
    const struct avrspi_host_model *pi_1 = avrspi_host_model_find("Raspberry Pi Model B", "", 0);
    static const struct {
        unsigned pin, gpio;
    } rows[] = {{19, 10}, {21, 9},  {23, 11}, {24, 8},  {26, 7},  {22, 25}, {38, 20}, {35, 19},
                {40, 21}, {12, 18}, {11, 17}, {36, 16}, {32, 12}, {33, 13}, {7, 4}};
    unsigned lines = 0;

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        const struct avrspi_host_pin *pin = avrspi_host_model_pin(pi_4, rows[n].pin);

        assert_int_equal(pin->gpio, rows[n].gpio);
        assert_ptr_equal(avrspi_host_model_gpio(pi_4, rows[n].gpio), pin);
    }
    for (unsigned n = 1; n <= 40; n++) {
        const struct avrspi_host_pin *pin = avrspi_host_model_pin(pi_4, n);
        unsigned offset;

        assert_int_equal(pin->pin, n);
        if (pin->gpio < 0)
            continue;
        lines++;
        assert_true(avrspi_host_model_line(pi_4, pin->name, &offset));
        assert_int_equal(offset, pin->gpio);
        assert_ptr_equal(avrspi_host_model_gpio(pi_4, offset), pin);
    }
    assert_int_equal(lines, 28);
    assert_string_equal(avrspi_host_model_pin(pi_4, 1)->name, "3.3 V");
    assert_string_equal(avrspi_host_model_pin(pi_4, 20)->name, "GND");
    assert_string_equal(avrspi_host_model_gpio(pi_4, 8)->other_name, "SPI_CE0_N");
    assert_null(avrspi_host_model_pin(pi_4, 0));
    assert_null(avrspi_host_model_pin(pi_4, 41));
    assert_null(avrspi_host_model_gpio(pi_4, 28));
    assert_non_null(avrspi_host_model_pin(pi_1, 26));
    assert_null(avrspi_host_model_pin(pi_1, 27));
    assert_null(avrspi_host_model_gpio(pi_1, 21));
    assert_null(avrspi_host_model_pin(NULL, 1));
    assert_null(avrspi_host_model_gpio(NULL, 1));
    assert_int_equal(avrspi_host_model_named_pin(pi_4, "SPI_CE0_N")->gpio, 8);
    assert_null(avrspi_host_model_named_pin(pi_4, "GPIO8"));
    assert_null(avrspi_host_model_named_pin(pi_1, "ID_SDA")); /* pin 27 */
    assert_null(avrspi_host_model_named_pin(NULL, "SPI_CE0_N"));
}

static void chip_of_the_header(void **state)
{
    const struct avrspi_host_model *pi_4 = avrspi_host_model_find("Raspberry Pi 4 Model B", "", 0);
    const struct avrspi_host_model *pi_5 = avrspi_host_model_find("Raspberry Pi 5 Model B", "", 0);
    const struct avrspi_host_model *h6 = avrspi_host_model_find("Allwinner H6", "", 0);

    (void)state;
    assert_true(avrspi_host_model_usual_chip(pi_4, "gpiochip0"));
    assert_false(avrspi_host_model_usual_chip(pi_4, "gpiochip4"));
    assert_true(avrspi_host_model_usual_chip(pi_5, "gpiochip0"));
    assert_true(avrspi_host_model_usual_chip(pi_5, "gpiochip4"));
    assert_false(avrspi_host_model_usual_chip(pi_5, "gpiochip1"));
    assert_false(avrspi_host_model_usual_chip(h6, "gpiochip0"));
    assert_false(avrspi_host_model_usual_chip(NULL, "gpiochip0"));
}

static void model_line_that_is_not_known(void **state)
{
    static const char *const names[] = {"GPIO28", "GPIO", "GPIO025", "GPIO2x", "gpio25", "", "25"};
    const struct avrspi_host_model *pi = avrspi_host_model_find("Raspberry Pi 5 Model B", "", 0);
    unsigned offset = 99;

    (void)state;
    for (size_t n = 0; n < LENGTH(names); n++)
        assert_false(avrspi_host_model_line(pi, names[n], &offset));
    assert_false(avrspi_host_model_line(NULL, "GPIO25", &offset));
    assert_false(
        avrspi_host_model_line(avrspi_host_model_find("Allwinner H6", "", 0), "GPIO25", &offset));
    assert_int_equal(offset, 99);
}

static void floors_of_the_models(void **state)
{
    struct avrspi_host_floor floor = avrspi_host_raspberry_pi_floor();

    (void)state;
    assert_int_equal(floor.lowest, 3051);
    assert_int_equal(floor.highest, 7629);
    assert_int_equal(avrspi_host_common_floor(), 61035);
}

/* --- hosts */

static struct avrspi_host_spi spi_of(const struct avrspi_host *host, const char *node)
{
    struct avrspi_host_spi spi;

    assert_true(avrspi_host_spi(&spi, host, root, node));
    return spi;
}

static void assert_sck(const struct avrspi_host_spi *spi, enum avrspi_host_controller controller,
                       uint32_t clock_hz, uint32_t slowest_hz)
{
    assert_int_equal(spi->controller, controller);
    assert_int_equal(spi->clock_hz, clock_hz);
    assert_int_equal(spi->slowest_hz, slowest_hz);
}

static void host_raspberry_pi_3(void **state)
{
    struct avrspi_host host;
    struct avrspi_host_spi spi;

    (void)state;
    PUT_STRINGS("/proc/device-tree/model", "Raspberry Pi 3 Model B Rev 1.2");
    PUT_STRINGS("/proc/device-tree/compatible", "raspberrypi,3-model-b\0brcm,bcm2837");
    put("/sys/module/spidev/parameters/bufsiz", "4096\n");
    put_bus(0, "brcm,bcm2835-spi", "spi-bcm2835");
    host = detect();
    assert_string_equal(host.model, "Raspberry Pi 3 Model B Rev 1.2");
    assert_int_equal(avrspi_host_bufsiz(root), 4096);
    assert_string_equal(host.known->name, "Raspberry Pi 3 Model B");
    assert_string_equal(host.known->soc->gpio_label, "pinctrl-bcm2835");
    assert_int_equal(host.known->soc->gpio_lines, 54);
    assert_string_equal(host.known->spidev[0], "spidev0.0");
    assert_null(host.known->reserved);
    spi = spi_of(&host, "/dev/spidev0.0");
    assert_string_equal(spi.compatible, "brcm,bcm2835-spi");
    assert_string_equal(spi.driver, "spi-bcm2835");
    assert_sck(&spi, BCM, ZERO_HZ, 6103);
}

static void host_raspberry_pi_4_second_bus(void **state)
{
    struct avrspi_host host;
    struct avrspi_host_spi spi;

    (void)state;
    PUT_STRINGS("/proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4");
    PUT_STRINGS("/proc/device-tree/compatible", "raspberrypi,4-model-b\0brcm,bcm2711");
    put("/sys/module/spidev/parameters/bufsiz", "65536\n");
    put_bus(1, "brcm,bcm2835-aux-spi", "spi-bcm2835aux");
    host = detect();
    assert_string_equal(host.known->soc->gpio_label, "pinctrl-bcm2711");
    assert_int_equal(avrspi_host_bufsiz(root), 65536);
    spi = spi_of(&host, "spi:/dev/spidev1.0");
    assert_int_equal(spi.bus, 1);
    assert_int_equal(spi.chip_select, 0);
    assert_sck(&spi, AUX, PI_4_HZ, 61035);
    /* bus 0 is not in /sys: its controller is the model's, whatever the chip select */
    spi = spi_of(&host, "/dev/spidev0.1");
    assert_int_equal(spi.chip_select, 1);
    assert_string_equal(spi.driver, "");
    assert_int_equal(spi.controller, BCM);
    assert_int_equal(spi.slowest_hz, 7629);
    /* another bus that is not there */
    spi = spi_of(&host, "/dev/spidev3.0");
    assert_sck(&spi, UNKNOWN, 0, 0);
}

static void host_raspberry_pi_5(void **state)
{
    struct avrspi_host host;
    struct avrspi_host_spi spi;

    (void)state;
    /* as in a container that hides /proc/device-tree */
    PUT_STRINGS("/sys/firmware/devicetree/base/model", "Raspberry Pi 5 Model B Rev 1.0");
    PUT_STRINGS("/sys/firmware/devicetree/base/compatible", "raspberrypi,5-model-b\0brcm,bcm2712");
    put_bus(0, "snps,dw-apb-ssi", "dw_spi_mmio");
    host = detect();
    assert_string_equal(host.model, "Raspberry Pi 5 Model B Rev 1.0");
    assert_string_equal(host.known->soc->gpio_label, "pinctrl-rp1");
    assert_string_equal(host.known->reserved, "spidev10.0");
    spi = spi_of(&host, "/dev/spidev0.0");
    assert_sck(&spi, DW, RP1_HZ, 3051);
}

/* The SoC's own bus has a clock that is not RP1's. */
static void host_raspberry_pi_5_own_bus(void **state)
{
    struct avrspi_host host;
    struct avrspi_host_spi spi;

    (void)state;
    PUT_STRINGS("/proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0");
    put_bus(10, "brcm,bcm2835-spi", "spi-bcm2835");
    host = detect();
    spi = spi_of(&host, "/dev/spidev10.0");
    assert_int_equal(spi.bus, 10);
    assert_sck(&spi, BCM, 0, 0);
}

static void host_raspberry_pi_zero_2(void **state)
{
    struct avrspi_host host;

    (void)state;
    /* without "compatible": by its text alone */
    PUT_STRINGS("/proc/device-tree/model", "Raspberry Pi Zero 2 W Rev 1.0");
    host = detect();
    assert_string_equal(host.known->name, "Raspberry Pi Zero 2 W");
    assert_string_equal(host.known->soc->name, "BCM2837");
    assert_int_equal(avrspi_host_model_clock(host.known, BCM), ZERO_HZ);
    assert_int_equal(avrspi_host_model_clock(host.known, DW), 0);
    assert_int_equal(avrspi_host_model_clock(host.known, UNKNOWN), 0);
}

static void host_unknown_board(void **state)
{
    struct avrspi_host host;
    struct avrspi_host_spi spi;

    (void)state;
    PUT_STRINGS("/proc/device-tree/model", "Some Board 3");
    PUT_STRINGS("/proc/device-tree/compatible", "maker,board-3\0maker,soc");
    put("/sys/module/spidev/parameters/bufsiz", "-1\n");
    put_bus(0, "maker,spi", "spi-maker");
    host = detect();
    assert_string_equal(host.model, "Some Board 3");
    assert_int_equal(avrspi_host_bufsiz(root), 0);
    assert_null(host.known);
    spi = spi_of(&host, "/dev/spidev0.0");
    assert_string_equal(spi.compatible, "maker,spi");
    assert_string_equal(spi.driver, "spi-maker");
    assert_int_equal(spi.controller, UNKNOWN);
    assert_int_equal(spi.slowest_hz, 0);
}

static void host_without_device_tree(void **state)
{
    struct avrspi_host host = detect();
    struct avrspi_host_spi spi;

    (void)state;
    assert_string_equal(host.model, "");
    assert_int_equal(avrspi_host_bufsiz(root), 0);
    assert_null(host.known);
    spi = spi_of(&host, "/dev/spidev0.0");
    assert_string_equal(spi.compatible, "");
    assert_string_equal(spi.driver, "");
    assert_int_equal(spi.controller, UNKNOWN);
}

static void host_with_a_folder_where_a_file_should_be(void **state)
{
    struct avrspi_host host;

    (void)state;
    put("/proc/device-tree/model/x", "");
    host = detect();
    assert_string_equal(host.model, "");
    assert_null(host.known);
}

static void host_of_the_machine_itself(void **state)
{
    struct avrspi_host host;

    (void)state;
    assert_int_equal(avrspi_host_detect(&host, "", NULL), 0);
}

static void host_texts_that_are_too_long(void **state)
{
    char text[1000];
    struct avrspi_host host;

    (void)state;
    memset(text, 'x', sizeof text);
    put_bytes("/proc/device-tree/model", text, sizeof text);
    put_bytes("/sys/module/spidev/parameters/bufsiz", "99999999999999999999", 20);
    host = detect();
    assert_int_equal(strlen(host.model), sizeof host.model - 1);
    assert_int_equal(avrspi_host_bufsiz(root), 0);
}

static void spi_by_a_link_to_its_node(void **state)
{
    struct avrspi_host host = {0};
    struct avrspi_host_spi spi;

    (void)state;
    put("/dev/spidev1.2", "");
    put_link("/dev/spi/0.0", "../spidev1.2");
    spi = spi_of(&host, "/dev/spi/0.0");
    assert_int_equal(spi.bus, 1);
    assert_int_equal(spi.chip_select, 2);
}

static void spi_of_other_nodes(void **state)
{
    static const char *const nodes[] = {
        "",
        "sim:atmega328p",
        "sim:atmega328p,state=/tmp/state",
        "/dev/null",
        "/dev/spidev",
        "/dev/spidev0",
        "/dev/spidev0.",
        "/dev/spidev.0",
        "/dev/spidev0.0x",
        "/dev/spidev-1.0",
        "/dev/spidev0.99999999999",
        "/dev/spidev0x1.0",
        "/dev/i2c-0.0",
    };
    struct avrspi_host host = {0};
    struct avrspi_host_spi spi;
    char long_path[8192];

    (void)state;
    for (size_t n = 0; n < LENGTH(nodes); n++)
        assert_false(avrspi_host_spi(&spi, &host, root, nodes[n]));
    memset(long_path, '/', sizeof long_path - 1);
    long_path[sizeof long_path - 1] = '\0';
    assert_false(avrspi_host_spi(&spi, &host, root, long_path));
}

static void slowest_of_a_port(void **state)
{
    (void)state;
    PUT_STRINGS("/proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4");
    put_bus(1, "brcm,bcm2835-aux-spi", "spi-bcm2835aux");
    assert_int_equal(avrspi_host_slowest_of(root, "/dev/spidev0.0"), 7629);
    assert_int_equal(avrspi_host_slowest_of(root, "spi:/dev/spidev1.0"), 61035);
    assert_int_equal(avrspi_host_slowest_of(root, "/dev/spidev5.0"), 61035);
    assert_int_equal(avrspi_host_slowest_of(root, "sim:atmega328p"), 61035);
}

#define WITH_ROOT(test) cmocka_unit_test_setup_teardown(test, root_set_up, root_tear_down)

static void miso_is_pulled_down_on_a_raspberry_pi(void **state)
{
    (void)state;
    assert_false(avrspi_host_pulls_miso_down(root, "/dev/spidev0.0"));
    PUT_STRINGS("/proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4");
    assert_true(avrspi_host_pulls_miso_down(root, "/dev/spidev0.0"));
    assert_true(avrspi_host_pulls_miso_down(root, "/dev/spidev1.2"));
    assert_false(avrspi_host_pulls_miso_down(root, "/dev/spidev3.0")); /* GPIO1 */
    assert_false(avrspi_host_pulls_miso_down(root, "sim:atmega328p"));
}

/* What is made comes out again when it is asked for, and nothing is asked for below the slowest: a
 * Raspberry Pi 5 would make 59 kHz of 1 kHz. */
static void sck_that_is_asked_for_and_made(void **state)
{
    static const struct {
        enum avrspi_host_controller controller;
        uint32_t clock_hz, wanted, asked, made;
    } rows[] = {
        {BCM, PI_4_HZ, 1800000, 1800000, 1798562},
        {BCM, PI_4_HZ, 1798562, 1798562, 1798562},
        {BCM, PI_4_HZ, 100000, 100000, 100000},
        {BCM, PI_4_HZ, 4000, 7630, 7629},
        {AUX, PI_4_HZ, 20000, 61036, 61035},
        {DW, RP1_HZ, 4000, 4000, 4000},
        {DW, RP1_HZ, 3052, 3052, 3052},
        {DW, RP1_HZ, 3051, 3052, 3052},
        {DW, RP1_HZ, 1000, 3052, 3052},
        {UNKNOWN, 0, 1000, 1000, 1000},
        {DW, 0, 1000, 1000, 1000},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        const struct avrspi_host_spi spi = {
            .controller = rows[n].controller,
            .clock_hz = rows[n].clock_hz,
            .slowest_hz = avrspi_host_sck_slowest(rows[n].controller, rows[n].clock_hz),
        };
        struct avrspi_host_sck sck = avrspi_host_choose_sck(&spi, rows[n].wanted);

        assert_int_equal(sck.asked_hz, rows[n].asked);
        assert_int_equal(sck.made_hz, rows[n].made);
        assert_int_equal(avrspi_host_choose_sck(&spi, sck.made_hz).made_hz, sck.made_hz);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sck_that_is_asked_for_and_made),
        cmocka_unit_test(sck_of_each_controller),
        cmocka_unit_test(sck_at_its_ends),
        cmocka_unit_test(sck_not_known),
        cmocka_unit_test(sck_slowest_of_each_controller),
        cmocka_unit_test(sck_is_never_above_what_is_wanted),
        cmocka_unit_test(controller_by_its_names),
        cmocka_unit_test(model_of_each_row),
        cmocka_unit_test(model_by_text),
        cmocka_unit_test(model_by_compatible_before_text),
        cmocka_unit_test(model_header),
        cmocka_unit_test(chip_of_the_header),
        cmocka_unit_test(model_line_that_is_not_known),
        cmocka_unit_test(floors_of_the_models),
        WITH_ROOT(host_raspberry_pi_3),
        WITH_ROOT(host_raspberry_pi_4_second_bus),
        WITH_ROOT(host_raspberry_pi_5),
        WITH_ROOT(host_raspberry_pi_5_own_bus),
        WITH_ROOT(host_raspberry_pi_zero_2),
        WITH_ROOT(host_unknown_board),
        WITH_ROOT(host_without_device_tree),
        WITH_ROOT(host_with_a_folder_where_a_file_should_be),
        cmocka_unit_test(host_of_the_machine_itself),
        WITH_ROOT(host_texts_that_are_too_long),
        WITH_ROOT(spi_by_a_link_to_its_node),
        WITH_ROOT(spi_of_other_nodes),
        WITH_ROOT(slowest_of_a_port),
        WITH_ROOT(miso_is_pulled_down_on_a_raspberry_pi),
    };

    return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
