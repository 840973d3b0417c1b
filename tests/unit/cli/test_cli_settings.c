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
static char config_path[64];

static int set_up(void **state)
{
    char path[64];

    (void)state;
    if (!mkdtemp(folder))
        return -1;
    (void)snprintf(path, sizeof path, "%s/avrspi", folder);
    (void)snprintf(config_path, sizeof config_path, "%s/avrspi/config", folder);
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
    (void)unlink(config_path);
    (void)setenv("XDG_CONFIG_HOME", folder, 1);
    (void)unsetenv("AVRSPI_PORT");
    (void)unsetenv("AVRSPI_RESET");
    (void)unsetenv("AVRSPI_CHIP");
    return 0;
}

static int end(void **state)
{
    (void)state;
    (void)unlink(config_path);
    return 0;
}

static void write_config(const char *text)
{
    assert_int_equal(avrspi_file_write(config_path, text, strlen(text), NULL), 0);
}

static void assert_fails(enum avrspi_err code, const char *message)
{
    struct avrspi_error error = {0};
    struct config config = config_begin();

    assert_int_equal(settings_load(&config, &error), code);
    assert_int_equal(error.code, code);
    if (!strstr(error.message, message))
        fail_msg("expected '%s' in '%s'", message, error.message);
    config_free(&config);
}

static void load_of_nothing_gives_the_defaults(void **state)
{
    struct config config = config_begin();

    (void)state;
    assert_int_equal(settings_load(&config, NULL), 0);
    assert_string_equal(config.port, "/dev/spidev0.0");
    assert_string_equal(config.reset, "GPIO25");
    assert_null(config.chip);
    assert_null(config.chips_file);
    assert_int_equal(config.sck_hz, 0);
    assert_int_equal(config.fcpu_hz, 0);
    assert_int_equal(config.color, UI_COLOR_AUTO);
    for (int id = 0; id < OPTIONS; id++)
        assert_false(config_given(&config, (enum option_id)id));
}

static void load_of_a_configuration_file(void **state)
{
    struct config config = config_begin();

    (void)state;
    write_config("# my board\n\nport = /dev/spidev1.0\nreset=gpiochip0:7,open-drain\n"
                 "chip: atmega328p\nspeed = 1M\nfcpu = 8M\ncolor = never\nchips = /tmp/x.conf\n");
    assert_int_equal(settings_load(&config, NULL), 0);
    assert_string_equal(config.port, "/dev/spidev1.0");
    assert_string_equal(config.reset, "gpiochip0:7,open-drain");
    assert_string_equal(config.chip, "atmega328p");
    assert_string_equal(config.chips_file, "/tmp/x.conf");
    assert_int_equal(config.sck_hz, 1000000);
    assert_int_equal(config.fcpu_hz, 8000000);
    assert_int_equal(config.color, UI_COLOR_NEVER);
    assert_int_equal(config.source[OPT_CHIP], FROM_FILE);
    config_free(&config);
}

/* Every row that says it is a setting, and no other. */
static void load_of_every_setting(void **state)
{
    (void)state;
    for (int id = OPT_END + 1; id < OPTIONS; id++) {
        struct config config = config_begin();
        char text[64];

        (void)snprintf(text, sizeof text, "%s = %s\n", option_rows[id].name,
                       option_rows[id].type == OPTION_FREQUENCY ? "1M"
                       : option_rows[id].type == OPTION_VOLTAGE ? "3.3"
                       : option_rows[id].type == OPTION_FLAG    ? "yes"
                                                                : "auto");
        write_config(text);
        assert_int_equal(settings_load(&config, NULL),
                         option_rows[id].setting ? 0 : AVRSPI_ERR_INPUT);
        assert_int_equal(config_given(&config, (enum option_id)id), option_rows[id].setting);
        config_free(&config);
    }
}

static void load_from_home_without_xdg_config_home(void **state)
{
    struct config config = config_begin();
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
    assert_int_equal(settings_load(&config, NULL), 0);
    assert_string_equal(config.chip, "attiny85");
    config_free(&config);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(avrspi), 0);
    assert_int_equal(rmdir(dot), 0);
}

/* As the XDG base directory specification demands, and as chip files are looked for. */
static void load_ignores_a_relative_xdg_config_home(void **state)
{
    struct config config = config_begin();

    (void)state;
    write_config("chip = attiny85\n");
    assert_int_equal(chdir(folder), 0);
    (void)setenv("XDG_CONFIG_HOME", ".", 1);
    (void)setenv("HOME", "", 1);
    assert_int_equal(settings_load(&config, NULL), 0);
    assert_null(config.chip);
    assert_int_equal(chdir("/"), 0);
}

static void environment_wins_over_the_file_and_options_over_both(void **state)
{
    struct config config = config_begin(), other = config_begin();

    (void)state;
    write_config("port = sim:attiny85\nchip = attiny85\nreset = GPIO1\n");
    (void)setenv("AVRSPI_CHIP", "atmega8", 1);
    (void)setenv("AVRSPI_RESET", "GPIO2", 1);
    (void)setenv("AVRSPI_PORT", "", 1); /* empty is as good as not there */
    assert_int_equal(settings_load(&config, NULL), 0);
    assert_string_equal(config.port, "sim:attiny85");
    assert_string_equal(config.chip, "atmega8");
    assert_string_equal(config.reset, "GPIO2");
    config_free(&config);
    (void)setenv("AVRSPI_PORT", "sim:atmega8", 1);
    assert_int_equal(option_set(&other, OPT_CHIP, FROM_COMMAND_LINE, "attiny13", NULL), 0);
    assert_int_equal(settings_load(&other, NULL), 0);
    assert_string_equal(other.chip, "attiny13");
    assert_string_equal(other.port, "sim:atmega8");
    config_free(&other);
}

static void speed_auto_undoes_what_the_file_says(void **state)
{
    struct config config = config_begin();

    (void)state;
    write_config("speed = 1M\ncolor = always\n");
    assert_int_equal(option_set(&config, OPT_SPEED, FROM_COMMAND_LINE, "auto", NULL), 0);
    assert_int_equal(option_set(&config, OPT_COLOR, FROM_COMMAND_LINE, "auto", NULL), 0);
    assert_int_equal(settings_load(&config, NULL), 0);
    assert_int_equal(config.sck_hz, 0);
    assert_int_equal(config.color, UI_COLOR_AUTO);
    config_free(&config);
}

/* What the command line outranks is checked all the same. */
static void load_of_a_bad_setting_that_is_outranked(void **state)
{
    struct avrspi_error error = {0};
    struct config config = config_begin();

    (void)state;
    write_config("speed = fast\n");
    assert_int_equal(option_set(&config, OPT_SPEED, FROM_COMMAND_LINE, "1M", NULL), 0);
    assert_int_equal(settings_load(&config, &error), AVRSPI_ERR_INPUT);
    assert_non_null(strstr(error.message, "config:1: expected a frequency for --speed"));
    config_free(&config);
}

/* The first bad line is named, and what is wrong with it, whatever comes after. */
static void load_of_a_bad_configuration_file(void **state)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"chip = atmega8\ncolour = never\n",
         "config:2: unknown setting 'colour'; did you mean 'color'?"},
        {"verbose = 1\n", "config:1: unknown setting 'verbose'"},
        {"\n\nspeed = fast\nnonsense = 1\n", "config:3: expected a frequency for --speed"},
        {"[board]\nport = x\n", "config:1: expected 'name = value' or a comment, found '[board]'"},
        {"just words\n", "config:1: expected 'name = value'"},
        {"just words\ncolour = never\n", "config:1: expected 'name = value'"},
        {"colour = never\njust words\n",
         "config:1: unknown setting 'colour'; did you mean 'color'?"},
        {"chip = \x01\n", "config:1: expected a line of text, found 'byte 0x01'"},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        write_config(rows[n].text);
        assert_fails(AVRSPI_ERR_INPUT, rows[n].message);
    }
}

static void load_of_a_folder_in_place_of_the_file(void **state)
{
    (void)state;
    assert_int_equal(mkdir(config_path, 0700), 0);
    assert_fails(AVRSPI_ERR_INPUT, "avrspi/config': Is a directory");
    assert_int_equal(rmdir(config_path), 0);
}

static void load_where_a_file_stands_for_the_folder(void **state)
{
    struct config config = config_begin();

    (void)state;
    write_config("port = /dev/spidev1.0\n");
    (void)setenv("XDG_CONFIG_HOME", config_path, 1);
    assert_int_equal(settings_load(&config, NULL), 0);
    assert_string_equal(config.port, "/dev/spidev0.0");
}

/* As another user sees it: root may read everything. */
static int load_as_nobody(struct config *config, struct avrspi_error *error)
{
    const uid_t user = geteuid();
    int result;

    if (user == 0)
        assert_int_equal(seteuid(65534), 0);
    result = settings_load(config, error);
    if (user == 0)
        assert_int_equal(seteuid(user), 0);
    return result;
}

/* With sudo -u, HOME may be that of a user whose folders are closed. */
static void load_where_the_folder_may_not_be_searched(void **state)
{
    struct avrspi_error error = {0};
    struct config config = config_begin();

    (void)state;
    write_config("port = /dev/spidev1.0\n");
    assert_int_equal(chmod(folder, 0), 0);
    assert_int_equal(load_as_nobody(&config, &error), 0);
    assert_string_equal(config.port, "/dev/spidev0.0");
    assert_int_equal(chmod(folder, 0755), 0);
    config_free(&config);
}

static void load_of_a_file_that_may_not_be_read(void **state)
{
    char path[64];
    struct avrspi_error error = {0};
    struct config config = config_begin();

    (void)state;
    write_config("port = /dev/spidev1.0\n");
    (void)snprintf(path, sizeof path, "%s/avrspi", folder);
    assert_int_equal(chmod(config_path, 0) | chmod(folder, 0755) | chmod(path, 0755), 0);
    assert_int_equal(load_as_nobody(&config, &error), AVRSPI_ERR_INPUT);
    assert_non_null(strstr(error.message, "avrspi/config': Permission denied"));
    config_free(&config);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(load_of_nothing_gives_the_defaults),
        TEST(load_of_a_configuration_file),
        TEST(load_of_every_setting),
        TEST(load_from_home_without_xdg_config_home),
        TEST(load_ignores_a_relative_xdg_config_home),
        TEST(environment_wins_over_the_file_and_options_over_both),
        TEST(speed_auto_undoes_what_the_file_says),
        TEST(load_of_a_bad_setting_that_is_outranked),
        TEST(load_of_a_bad_configuration_file),
        TEST(load_of_a_folder_in_place_of_the_file),
        TEST(load_where_a_file_stands_for_the_folder),
        TEST(load_where_the_folder_may_not_be_searched),
        TEST(load_of_a_file_that_may_not_be_read),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
