/* SPDX-License-Identifier: MIT */
/* What config.txt of a Raspberry Pi is read as. */
#include "root.h"

#include "host/boot_config.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

enum {
    USUAL_RESET = 25,
};

static struct avrspi_host_boot_config read_text(const char *text, const char *model)
{
    struct avrspi_host_boot_config config;
    const struct avrspi_host_model *known = avrspi_host_model_find(model, "", 0);

    put("/boot/firmware/config.txt", text);
    assert_int_equal(avrspi_host_boot_config_read(&config, known, root, NULL), 0);
    assert_string_equal(config.path, "/boot/firmware/config.txt");
    return config;
}

static void assert_spi(const char *text, const char *model, bool expected)
{
    struct avrspi_host_boot_config config = read_text(text, model);

    if (avrspi_host_boot_config_spi(&config) != expected)
        fail_msg("expected SPI %s of '%s'", expected ? "on" : "off", text);
    avrspi_host_boot_config_free(&config);
}

static void spi_is_what_the_last_word_says(void **state)
{
    (void)state;
    assert_spi("dtparam=spi=on\n", "", true);
    assert_spi("dtparam=spi=off\n", "", false);
    assert_spi("#dtparam=spi=on\n", "", false);
    assert_spi("  dtparam=spi=on # the header's \r\n", "", true);
    assert_spi("dtparam=i2c_arm=on,spi\n", "", true);
    assert_spi("dtparam=spi=on\ndtparam=spi=off", "", false);
    assert_spi("dtparam=spi_extra=on\n", "", false);
    assert_spi("dtparam=audio=on\n", "", false);
    assert_spi("", "", false);
}

static void spi_in_a_section_is_that_of_its_models(void **state)
{
    const char *pi4 = "Raspberry Pi 4 Model B Rev 1.4", *cm5 = "Raspberry Pi Compute Module 5";

    (void)state;
    assert_spi("[cm5]\ndtparam=spi=on\n", pi4, false);
    assert_spi("[cm5]\ndtparam=spi=on\n", cm5, true);
    assert_spi("[pi4]\ndtparam=spi=on\n", pi4, true);
    assert_spi("[pi4]\ndtparam=spi=on\n[all]\n", pi4, true);
    assert_spi("[cm5]\n[all]\ndtparam=spi=on\n", pi4, true);
    assert_spi("[none]\ndtparam=spi=on\n", pi4, false);
    assert_spi("[gpio4=1]\ndtparam=spi=on\n", pi4, false);
}

static void number_is_the_last_one(void **state)
{
    struct avrspi_host_boot_config config =
        read_text("core_freq_min=250\ncore_freq_min=500\nforce_turbo=x\n", "");
    uint32_t number = 0;

    (void)state;
    assert_true(avrspi_host_boot_config_number(&config, "core_freq_min", &number));
    assert_int_equal(number, 500);
    assert_false(avrspi_host_boot_config_number(&config, "force_turbo", &number));
    assert_false(avrspi_host_boot_config_number(&config, "core_freq", &number));
    avrspi_host_boot_config_free(&config);
}

static void taken_names_what_takes_the_lines(void **state)
{
    static const struct {
        const char *text;
        int reset;
        bool taken, bus;
        unsigned line;
    } rows[] = {
        {"dtoverlay=sdio\n", USUAL_RESET, true, false, 25},
        {"dtoverlay=sdio,poll_once=off\n", 24, true, false, 24},
        {"dtoverlay=sdio\n", 5, false, false, 0},
        {"dtoverlay=sdio\n", -1, false, false, 0},
        {"enable_jtag_gpio=1\n", USUAL_RESET, true, false, 25},
        {"enable_jtag_gpio=0\n", USUAL_RESET, false, false, 0},
        {"dtoverlay=vga666\n", USUAL_RESET, true, false, 9},
        {"dtoverlay=uart4\n", USUAL_RESET, true, false, 9},
        {"dtoverlay=w1-gpio,gpiopin=25\n", USUAL_RESET, true, false, 25},
        {"dtoverlay=w1-gpio,gpiopin=4\n", USUAL_RESET, false, false, 0},
        {"dtoverlay=gpio-shutdown,gpio_pin=10\n", USUAL_RESET, true, false, 10},
        {"dtoverlay=mcp2515-can0,oscillator=16000000\n", USUAL_RESET, true, true, 0},
        {"dtoverlay=mcp2515-can0,oscillator=16000000,interrupt=25\n", USUAL_RESET, true, false, 25},
        {"dtoverlay=pwm\n", 18, true, false, 18},
        {"dtoverlay=adafruit18\n", USUAL_RESET, true, false, 25},
        {"dtoverlay=adafruit18,reset_pin=5\n", USUAL_RESET, true, true, 0},
        {"dtoverlay=pwm,pin=12,func=4\n", 18, false, false, 0},
        {"dtoverlay=pwm,pin=12,func=4\n", 12, true, false, 12},
        {"dtoverlay=pwm-2chan,pin=12\n", 19, true, false, 19},
        {"dtoverlay=pwm-2chan,pin=12,pin2=13\n", 19, false, false, 0},
        {"dtoverlay=gpio-ir\n", 18, true, false, 18},
        {"dtoverlay=w1-gpio\n", 4, true, false, 4},
        {"dtoverlay=spi4-2cs\n", USUAL_RESET, true, false, 25},
        {"dtoverlay=spi4-2cs,cs1_pin=17\n", USUAL_RESET, false, false, 0},
        {"dtoverlay=spi4-2cs,cs1_pin=17\n", 17, true, false, 17},
        {"dtoverlay=i2c5\n", USUAL_RESET, false, false, 0},
        {"dtoverlay=i2c5,pins_10_11\n", USUAL_RESET, true, false, 10},
        {"dtoverlay=i2c6\n", 23, true, false, 23},
        {"dtparam=i2s=on\n", 19, true, false, 19},
        {"dtparam=spi=on,i2s=off\n", 19, false, false, 0},
        {"dtparam=spi=on,i2s=on\n", 19, true, false, 19},
        {"dtoverlay=hifiberry-dacplus\n", 21, true, false, 21},
        {"dtoverlay=vc4-kms-v3d\ndtoverlay=disable-bt\n", USUAL_RESET, false, false, 0},
        /* moved off the header */
        {"dtoverlay=sdio,gpios_34_39\n", USUAL_RESET, false, false, 0},
        {"dtoverlay=sdio,bus_width=1,gpios_34_37\n", 22, false, false, 0},
        {"dtoverlay=sdio,bus_width=1,gpios_22_25\n", USUAL_RESET, true, false, 25},
        {"dtoverlay=sdio,bus_width=1,gpios_22_25\n", 26, false, false, 0},
        {"dtoverlay=audremap\n", 13, true, false, 13},
        {"dtoverlay=audremap,pins_40_45\n", 13, false, false, 0},
        {"dtoverlay=audremap,swap_lr=1,pins_40_41\n", 12, false, false, 0},
        {"dtoverlay=audremap,pins_18_19\n", 18, true, false, 18},
        {"dtoverlay=audremap,pins_18_19\n", 12, false, false, 0},
        /* parameters in lines of their own */
        {"dtoverlay=sdio\ndtparam=gpios_34_39\n", USUAL_RESET, false, false, 0},
        {"dtoverlay=w1-gpio\ndtparam=gpiopin=25\n", USUAL_RESET, true, false, 25},
        {"dtoverlay=w1-gpio,gpiopin=25\ndtparam=gpiopin=5\n", USUAL_RESET, false, false, 0},
        {"dtoverlay=sdio\ndtoverlay=audremap\ndtparam=gpios_34_39\n", 22, true, false, 22},
        /* chip selects of the first bus */
        {"dtparam=spi=on\n", USUAL_RESET, false, false, 0},
        {"dtparam=spi=on\n", 8, true, false, 8},
        {"dtparam=spi=on\n", 7, true, false, 7},
        {"dtparam=spi=on\ndtparam=spi=off\n", 8, false, false, 0},
        {"dtparam=spi=on\ndtoverlay=spi0-0cs\n", 8, false, false, 0},
        {"dtparam=spi=on\ndtoverlay=spi0-1cs\n", 8, true, false, 8},
        {"dtparam=spi=on\ndtoverlay=spi0-1cs\n", 7, false, false, 0},
        {"dtoverlay=spi0-1cs,cs0_pin=25\n", USUAL_RESET, true, false, 25},
        {"dtparam=spi=on\ndtoverlay=spi0-1cs,cs0_pin=25\n", 8, false, false, 0},
        {"dtoverlay=spi0-2cs\n", 7, true, false, 7},
        {"dtoverlay=spi0-2cs,cs1_pin=25\n", 7, false, false, 0},
        {"dtoverlay=spi0-2cs,cs1_pin=25\n", 8, true, false, 8},
        {"dtoverlay=spi0-2cs,cs0_pin=5,cs1_pin=25\n", USUAL_RESET, true, false, 25},
        {"dtoverlay=spi0-cs,cs1_pin=25\n", 8, true, false, 8},
        /* the UART and I2C */
        {"enable_uart=1\n", 14, true, false, 14},
        {"enable_uart=1\n", 15, true, false, 15},
        {"enable_uart=0\n", 14, false, false, 0},
        {"enable_uart=1\n", USUAL_RESET, false, false, 0},
        {"dtparam=i2c_arm=on\n", 2, true, false, 2},
        {"dtparam=i2c=on\n", 3, true, false, 3},
        {"dtparam=i2c_arm\n", 3, true, false, 3},
        {"dtparam=i2c_arm_baudrate=400000\n", 3, false, false, 0},
        {"dtparam=i2c_arm=off\n", 3, false, false, 0},
        {"dtparam=i2c_vc=on\n", 1, true, false, 1},
        /* the last one counts */
        {"dtparam=i2s=on\ndtparam=i2s=off\n", 19, false, false, 0},
        {"dtparam=i2s=off\ndtparam=i2s=on\n", 19, true, false, 19},
        {"dtparam=i2s=on\ndtparam=i2s=on\n", 19, true, false, 19},
        {"dtparam=i2c_arm=on\ndtparam=i2c=off\n", 2, false, false, 0},
        {"enable_uart=1\nenable_uart=0\n", 14, false, false, 0},
        {"enable_jtag_gpio=1\nenable_jtag_gpio=0\n", USUAL_RESET, false, false, 0},
        /* displays that reset their controller by the usual line */
        {"dtoverlay=sainsmart18\n", USUAL_RESET, true, false, 25},
        {"dtoverlay=sh1106-spi,reset_pin=5\n", USUAL_RESET, true, true, 0},
        {"dtoverlay=smi\n", USUAL_RESET, true, false, 9},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct avrspi_host_boot_config config = read_text(rows[n].text, "");
        struct avrspi_host_taken taken = {.line = 0};
        bool found = avrspi_host_boot_config_taken(&config, rows[n].reset, 0, &taken);

        if (found != rows[n].taken ||
            (found && (taken.bus != rows[n].bus || (!taken.bus && taken.line != rows[n].line))))
            fail_msg("'%s': found %d, bus %d, line %u", rows[n].text, found, taken.bus, taken.line);
        assert_false(avrspi_host_boot_config_taken(&config, rows[n].reset, 1, &taken));
        avrspi_host_boot_config_free(&config);
    }
}

/* What to write in place of it, or beside it, where that is no matter of leaving it out. */
static void taken_names_what_leaves_a_chip_select_free(void **state)
{
    static const struct {
        const char *text;
        int reset;
        const char *instead;
    } rows[] = {
        {"dtparam=spi=on\n", 8, "dtoverlay=spi0-0cs"},
        {"dtparam=spi=on\n", 7, "dtoverlay=spi0-1cs"},
        {"dtoverlay=spi0-1cs\n", 8, "dtoverlay=spi0-0cs"},
        {"dtoverlay=spi0-2cs\n", 7, "dtoverlay=spi0-1cs"},
        {"dtoverlay=spi0-2cs,cs1_pin=25\n", USUAL_RESET, NULL},
        {"dtoverlay=fsm-demo\n", 8, NULL},
        {"dtparam=i2c_arm=on\n", 3, NULL},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct avrspi_host_boot_config config = read_text(rows[n].text, "");
        struct avrspi_host_taken taken;

        assert_true(avrspi_host_boot_config_taken(&config, rows[n].reset, 0, &taken));
        if (rows[n].instead)
            assert_string_equal(taken.instead, rows[n].instead);
        else
            assert_null(taken.instead);
        avrspi_host_boot_config_free(&config);
    }
}

static void read_takes_the_older_place_and_does_without(void **state)
{
    struct avrspi_host_boot_config config;

    (void)state;
    assert_int_equal(avrspi_host_boot_config_read(&config, NULL, root, NULL), 0);
    assert_null(config.path);
    assert_false(avrspi_host_boot_config_spi(&config));
    put("/boot/config.txt", "dtparam=spi=on\n");
    assert_int_equal(avrspi_host_boot_config_read(&config, NULL, root, NULL), 0);
    assert_string_equal(config.path, "/boot/config.txt");
    assert_true(avrspi_host_boot_config_spi(&config));
    avrspi_host_boot_config_free(&config);
}

#define ROOT_TEST(test) cmocka_unit_test_setup_teardown(test, root_set_up, root_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOT_TEST(spi_is_what_the_last_word_says),
        ROOT_TEST(spi_in_a_section_is_that_of_its_models),
        ROOT_TEST(number_is_the_last_one),
        ROOT_TEST(taken_names_what_takes_the_lines),
        ROOT_TEST(taken_names_what_leaves_a_chip_select_free),
        ROOT_TEST(read_takes_the_older_place_and_does_without),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
