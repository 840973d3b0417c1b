/* SPDX-License-Identifier: MIT */
/* Pins of headers, and what is known of their lines. */
#include "root.h"

#include "host/model_names.h"
#include "host/wires.h"

static void wires_are_those_of_the_bus(void **state)
{
    struct avrspi_host_wire wires[AVRSPI_SIGNALS];

    (void)state;
    assert_true(avrspi_host_wires(avrspi_host_model_named("pi4", 0), 0, wires));
    assert_int_equal(wires[AVRSPI_SIGNAL_MOSI].number, 19);
    assert_int_equal(wires[AVRSPI_SIGNAL_MISO].number, 21);
    assert_int_equal(wires[AVRSPI_SIGNAL_SCK].number, 23);
    assert_int_equal(wires[AVRSPI_SIGNAL_VCC].number, 17);
    assert_int_equal(wires[AVRSPI_SIGNAL_GND].number, 20);
    assert_int_equal(wires[AVRSPI_SIGNAL_XTAL1].number, 12);
    assert_string_equal(wires[AVRSPI_SIGNAL_MOSI].line, "GPIO10");
    assert_true(avrspi_host_wires(avrspi_host_model_named("pi4", 0), 1, wires));
    assert_int_equal(wires[AVRSPI_SIGNAL_MOSI].number, 38);
    assert_int_equal(wires[AVRSPI_SIGNAL_MISO].number, 35);
    assert_int_equal(wires[AVRSPI_SIGNAL_SCK].number, 40);
    assert_int_equal(wires[AVRSPI_SIGNAL_RESET].number, 0);
    assert_null(wires[AVRSPI_SIGNAL_RESET].pin);
}

static void a_bus_that_is_not_on_the_header_has_none(void **state)
{
    struct avrspi_host_wire wires[AVRSPI_SIGNALS];

    (void)state;
    assert_false(avrspi_host_wires(avrspi_host_model_named("pi b", 0), 1, wires)); /* 26 pins */
    assert_false(avrspi_host_wires(avrspi_host_model_named("pi4", 0), 3, wires));
    assert_true(avrspi_host_wires(avrspi_host_model_named("beaglebone", 0), 0, wires));
    assert_string_equal(wires[AVRSPI_SIGNAL_SCK].pin, "P9_22");
    assert_int_equal(wires[AVRSPI_SIGNAL_SCK].number, 0);
    assert_true(avrspi_host_wires(NULL, 0, wires));
    assert_null(wires[AVRSPI_SIGNAL_MOSI].pin);
}

static void an_arduino_board_has_all_pins_or_the_plug(void **state)
{
    const struct avrspi_host_plug *plug;

    (void)state;
    for (size_t n = 0; (plug = avrspi_host_plug(n)) != NULL; n++)
        for (int signal = 0; signal <= AVRSPI_SIGNAL_RESET; signal++)
            assert_true(plug->pins[signal] || plug->isp6);
}

static void chip_selects_of_the_first_bus(void **state)
{
    (void)state;
    for (unsigned line = 0; line < 28; line++)
        assert_int_equal(avrspi_host_chip_select(line), line == 8 ? 0 : line == 7 ? 1 : -1);
    assert_string_equal(avrspi_host_frees_select(0, 0), "dtoverlay=spi0-0cs");
    assert_string_equal(avrspi_host_frees_select(0, 1), "dtoverlay=spi0-1cs");
    assert_null(avrspi_host_frees_select(0, 2));
    assert_null(avrspi_host_frees_select(1, 0));
}

/* What an SPI bus has that is enabled, and how its lines are pulled. */
static void lines_of_a_bus(void **state)
{
    static const char chip[] = "pinctrl-bcm2711";

    (void)state;
    assert_int_equal(avrspi_host_bus_on(root, chip, 11), -1);
    assert_int_equal(avrspi_host_default_pull(root, chip, 9), 0);
    put("/proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4");
    assert_int_equal(avrspi_host_bus_on(root, chip, 11), -1);
    put("/sys/class/spi_master/spi0/device/uevent", "");
    for (unsigned line = 0; line < 28; line++) {
        assert_int_equal(avrspi_host_bus_on(root, chip, line), line >= 9 && line <= 11 ? 0 : -1);
        assert_int_equal(avrspi_host_default_pull(root, chip, line), line <= 8 ? 1 : -1);
    }
    put("/sys/class/spi_master/spi1/device/uevent", "");
    assert_int_equal(avrspi_host_bus_on(root, chip, 19), 1);
    assert_int_equal(avrspi_host_bus_on(root, chip, 21), 1);
    assert_int_equal(avrspi_host_bus_on(root, "raspberrypi-exp-gpio", 9), -1);
    assert_int_equal(avrspi_host_default_pull(root, "raspberrypi-exp-gpio", 9), 0);
    assert_int_equal(avrspi_host_default_pull(root, chip, 28), 0);
}

/* The buses that one board has and another has not, or elsewhere: where each begins. */
static void lines_of_further_buses(void **state)
{
    static const struct {
        const char *model, *chip;
        int first[7]; /* by the bus; 0: the model has none on its header */
    } rows[] = {
        {"Raspberry Pi 3 Model B Rev 1.2", "pinctrl-bcm2835", {9, 19}},
        {"Raspberry Pi 4 Model B Rev 1.4", "pinctrl-bcm2711", {9, 19, 0, 1, 5, 13, 19}},
        {"Raspberry Pi 400 Rev 1.0", "pinctrl-bcm2711", {9, 19, 0, 1, 5, 13, 19}},
        {"Raspberry Pi 5 Model B Rev 1.0", "pinctrl-rp1", {9, 19, 1, 5, 9, 13}},
    };

    (void)state;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        put("/proc/device-tree/model", rows[n].model);
        for (int bus = 0; bus < 7; bus++) {
            char path[64];

            (void)snprintf(path, sizeof path, "/sys/class/spi_master/spi%d", bus);
            put(path, "");
            for (int line = 0; line < 28; line++) {
                const int first = rows[n].first[bus];

                assert_int_equal(avrspi_host_bus_on(root, rows[n].chip, (unsigned)line),
                                 first && line >= first && line <= first + 2 ? bus : -1);
            }
            assert_int_equal(remove(place(path)), 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wires_are_those_of_the_bus),
        cmocka_unit_test(a_bus_that_is_not_on_the_header_has_none),
        cmocka_unit_test(an_arduino_board_has_all_pins_or_the_plug),
        cmocka_unit_test(chip_selects_of_the_first_bus),
        cmocka_unit_test_setup_teardown(lines_of_a_bus, root_set_up, root_tear_down),
        cmocka_unit_test_setup_teardown(lines_of_further_buses, root_set_up, root_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
