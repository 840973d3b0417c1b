/* SPDX-License-Identifier: MIT */
/* Configuration file, environment and options: which of them wins. */
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

#include "cli/settings.h"
#include "base/file.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static char folder[] = "/tmp/avrspi-settings-XXXXXX";
static char config[64];

static int set_up(void **state)
{
    char path[64];

    (void)state;
    if (!mkdtemp(folder))
        return -1;
    (void)snprintf(path, sizeof path, "%s/avrspi", folder);
    (void)snprintf(config, sizeof config, "%s/avrspi/config", folder);
    return mkdir(path, 0700);
}

static int tear_down(void **state)
{
    char path[64];

    (void)state;
    (void)snprintf(path, sizeof path, "%s/avrspi", folder);
    return rmdir(path) || rmdir(folder);
}

static int begin(void **state)
{
    (void)state;
    (void)unlink(config);
    (void)setenv("XDG_CONFIG_HOME", folder, 1);
    (void)unsetenv("AVRSPI_PORT");
    (void)unsetenv("AVRSPI_RESET");
    (void)unsetenv("AVRSPI_CHIP");
    return 0;
}

static int end(void **state)
{
    (void)state;
    (void)unlink(config);
    return 0;
}

static void write_config(const char *text)
{
    assert_int_equal(avrspi_file_write(config, text, strlen(text), NULL), 0);
}

static void assert_fails(const struct options *options, enum avrspi_err code, const char *message)
{
    struct avrspi_error error = {0};
    struct settings settings;

    assert_int_equal(settings_load(&settings, options, &error), code);
    assert_int_equal(error.code, code);
    if (!strstr(error.message, message))
        fail_msg("expected '%s' in '%s'", message, error.message);
}

static void load_of_nothing_gives_the_defaults(void **state)
{
    const struct options none = {0};
    struct settings settings;

    (void)state;
    memset(&settings, 0xA5, sizeof settings);
    assert_int_equal(settings_load(&settings, &none, NULL), 0);
    assert_string_equal(settings.port, "/dev/spidev0.0");
    assert_string_equal(settings.reset, "GPIO25");
    assert_string_equal(settings.chip, "");
    assert_string_equal(settings.chips_file, "");
    assert_int_equal(settings.sck_hz, 0);
    assert_int_equal(settings.fcpu_hz, 0);
    assert_int_equal(settings.color, UI_COLOR_AUTO);
    assert_false(settings.dry_run || settings.json || settings.quiet || settings.verbose ||
                 settings.force);
}

static void load_of_every_option(void **state)
{
    const struct options options = {.value = {[OPT_PORT] = "sim:atmega8",
                                              [OPT_RESET] = "GPIO7",
                                              [OPT_CHIP] = "atmega8",
                                              [OPT_CHIPS] = "my.conf",
                                              [OPT_SPEED] = "125k",
                                              [OPT_FCPU] = "16M",
                                              [OPT_COLOR] = "always",
                                              [OPT_DRY_RUN] = "",
                                              [OPT_JSON] = "",
                                              [OPT_QUIET] = "",
                                              [OPT_VERBOSE] = "",
                                              [OPT_FORCE] = ""}};
    struct settings settings;

    (void)state;
    assert_int_equal(settings_load(&settings, &options, NULL), 0);
    assert_string_equal(settings.port, "sim:atmega8");
    assert_string_equal(settings.reset, "GPIO7");
    assert_string_equal(settings.chip, "atmega8");
    assert_string_equal(settings.chips_file, "my.conf");
    assert_int_equal(settings.sck_hz, 125000);
    assert_int_equal(settings.fcpu_hz, 16000000);
    assert_int_equal(settings.color, UI_COLOR_ALWAYS);
    assert_true(settings.dry_run && settings.json && settings.quiet && settings.verbose &&
                settings.force);
}

static void load_of_a_configuration_file(void **state)
{
    const struct options none = {0};
    struct settings settings;

    (void)state;
    write_config("# my board\n\nport = /dev/spidev1.0\nreset=gpiochip0:7,open-drain\n"
                 "chip: atmega328p\nspeed = 1M\nfcpu = 8M\ncolor = never\nchips = /tmp/x.conf\n");
    assert_int_equal(settings_load(&settings, &none, NULL), 0);
    assert_string_equal(settings.port, "/dev/spidev1.0");
    assert_string_equal(settings.reset, "gpiochip0:7,open-drain");
    assert_string_equal(settings.chip, "atmega328p");
    assert_string_equal(settings.chips_file, "/tmp/x.conf");
    assert_int_equal(settings.sck_hz, 1000000);
    assert_int_equal(settings.fcpu_hz, 8000000);
    assert_int_equal(settings.color, UI_COLOR_NEVER);
}

static void load_from_home_without_xdg_config_home(void **state)
{
    const struct options none = {0};
    struct settings settings;
    char dot[64], avrspi[64], path[64];

    (void)state;
    (void)setenv("XDG_CONFIG_HOME", "", 1);
    (void)setenv("HOME", folder, 1);
    (void)snprintf(dot, sizeof dot, "%s/.config", folder);
    (void)snprintf(avrspi, sizeof avrspi, "%s/.config/avrspi", folder);
    (void)snprintf(path, sizeof path, "%s/.config/avrspi/config", folder);
    assert_int_equal(mkdir(dot, 0700), 0);
    assert_int_equal(mkdir(avrspi, 0700), 0);
    assert_int_equal(avrspi_file_write(path, "chip = attiny85\n", 16, NULL), 0);
    assert_int_equal(settings_load(&settings, &none, NULL), 0);
    assert_string_equal(settings.chip, "attiny85");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(avrspi), 0);
    assert_int_equal(rmdir(dot), 0);
}

/* As the XDG base directory specification demands, and as chip files are looked for. */
static void load_ignores_a_relative_xdg_config_home(void **state)
{
    const struct options none = {0};
    struct settings settings;

    (void)state;
    write_config("chip = attiny85\n");
    assert_int_equal(chdir(folder), 0);
    (void)setenv("XDG_CONFIG_HOME", ".", 1);
    (void)setenv("HOME", "", 1);
    assert_int_equal(settings_load(&settings, &none, NULL), 0);
    assert_string_equal(settings.chip, "");
    assert_int_equal(chdir("/"), 0);
}

static void environment_wins_over_the_file_and_options_over_both(void **state)
{
    const struct options none = {0}, options = {.value = {[OPT_CHIP] = "attiny13"}};
    struct settings settings;

    (void)state;
    write_config("port = sim:attiny85\nchip = attiny85\nreset = GPIO1\n");
    (void)setenv("AVRSPI_CHIP", "atmega8", 1);
    (void)setenv("AVRSPI_RESET", "GPIO2", 1);
    (void)setenv("AVRSPI_PORT", "", 1); /* empty is as good as not there */
    assert_int_equal(settings_load(&settings, &none, NULL), 0);
    assert_string_equal(settings.port, "sim:attiny85");
    assert_string_equal(settings.chip, "atmega8");
    assert_string_equal(settings.reset, "GPIO2");
    assert_int_equal(settings_load(&settings, &options, NULL), 0);
    assert_string_equal(settings.chip, "attiny13");
    (void)setenv("AVRSPI_PORT", "sim:atmega8", 1);
    assert_int_equal(settings_load(&settings, &none, NULL), 0);
    assert_string_equal(settings.port, "sim:atmega8");
}

static void speed_auto_undoes_what_the_file_says(void **state)
{
    const struct options options = {.value = {[OPT_SPEED] = "auto", [OPT_COLOR] = "auto"}};
    struct settings settings;

    (void)state;
    write_config("speed = 1M\ncolor = always\n");
    assert_int_equal(settings_load(&settings, &options, NULL), 0);
    assert_int_equal(settings.sck_hz, 0);
    assert_int_equal(settings.color, UI_COLOR_AUTO);
}

static void load_of_bad_options(void **state)
{
    static const struct {
        enum option_id id;
        const char *value, *message;
    } rows[] = {
        {OPT_SPEED, "fast", "expected a frequency for --speed"},
        {OPT_FCPU, "0", "expected a frequency for --fcpu"},
        {OPT_COLOR, "red", "expected 'auto', 'always' or 'never' for --color, found 'red'"},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct options options = {0};

        options.value[rows[n].id] = rows[n].value;
        assert_fails(&options, AVRSPI_ERR_USAGE, rows[n].message);
    }
}

static void load_of_options_that_are_too_long(void **state)
{
    static const struct {
        enum option_id id;
        const char *message;
    } rows[] = {
        {OPT_PORT, "the port is too long"},
        {OPT_RESET, "the reset line is too long"},
        {OPT_CHIP, "the chip's name is too long"},
        {OPT_CHIPS, "--chips is too long"},
    };
    char text[1000];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct options options = {0};

        options.value[rows[n].id] = text;
        assert_fails(&options, AVRSPI_ERR_USAGE, rows[n].message);
    }
}

static void load_of_a_bad_environment(void **state)
{
    const struct options none = {0};
    char text[1000];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    (void)setenv("AVRSPI_CHIP", text, 1);
    assert_fails(&none, AVRSPI_ERR_USAGE, "the chip's name is too long");
}

/* The first bad line is named, and what is wrong with it, whatever comes behind. */
static void load_of_a_bad_configuration_file(void **state)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"chip = atmega8\ncolour = never\n", "config:2: 'colour' is no setting"},
        {"verbose = 1\n", "config:1: 'verbose' is no setting"},
        {"\n\nspeed = fast\nnonsense = 1\n", "config:3: expected a frequency for --speed"},
        {"[board]\nport = x\n", "config:1: expected 'name = value' or a comment, found '[board]'"},
        {"just words\n", "config:1: expected 'name = value'"},
        {"just words\ncolour = never\n", "config:1: expected 'name = value'"},
        {"colour = never\njust words\n", "config:1: 'colour' is no setting"},
        {"chip = \x01\n", "config:1: expected a line of text, found 'byte 0x01'"},
    };
    const struct options none = {0};

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        write_config(rows[n].text);
        assert_fails(&none, AVRSPI_ERR_INPUT, rows[n].message);
    }
}

static void load_of_a_folder_in_place_of_the_file(void **state)
{
    const struct options none = {0};

    (void)state;
    assert_int_equal(mkdir(config, 0700), 0);
    assert_fails(&none, AVRSPI_ERR_INPUT, "avrspi/config': Is a directory");
    assert_int_equal(rmdir(config), 0);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(load_of_nothing_gives_the_defaults),
        TEST(load_of_every_option),
        TEST(load_of_a_configuration_file),
        TEST(load_from_home_without_xdg_config_home),
        TEST(load_ignores_a_relative_xdg_config_home),
        TEST(environment_wins_over_the_file_and_options_over_both),
        TEST(speed_auto_undoes_what_the_file_says),
        TEST(load_of_bad_options),
        TEST(load_of_options_that_are_too_long),
        TEST(load_of_a_bad_environment),
        TEST(load_of_a_bad_configuration_file),
        TEST(load_of_a_folder_in_place_of_the_file),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
