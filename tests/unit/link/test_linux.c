/* SPDX-License-Identifier: MIT */
/*
 * The link on real hardware, with a line and a spidev device that are made up here: what is opened,
 * in which order it is given back, and what is said when that fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "avrspi/link.h"
#include "base/clock.h"
#include "base/error.h"
#include "link/line.h"
#include "link/spidev.h"

#define DEVICE "/dev/null" /* any node: it is never read nor written */

static struct {
    bool no_line, no_claim, stuck; /* what fails */
    bool no_cs, was_active;        /* what is found */
    char line[128];                /* chip and name by which the line was opened */
    char calls[128];               /* what was called, in order */
} fake;

static void note(const char *call)
{
    size_t length = strlen(fake.calls);

    (void)snprintf(fake.calls + length, sizeof fake.calls - length, "%s%s", length ? " " : "",
                   call);
}

/* --- link/line.h */

int avrspi_line_open(struct avrspi_line **line, const struct avrspi_line_words *words,
                     struct avrspi_error *error)
{
    note("line-open");
    (void)snprintf(fake.line, sizeof fake.line, "%s%s%s", words->chip, *words->chip ? " " : "",
                   words->name);
    if (fake.no_line)
        return avrspi_fail(error, AVRSPI_ERR_DEVICE, "no line");
    *line = (struct avrspi_line *)&fake;
    return 0;
}

const char *avrspi_line_name(const struct avrspi_line *line)
{
    assert_ptr_equal(line, &fake);
    return "GPIO25";
}

const char *avrspi_line_key(const struct avrspi_line *line)
{
    assert_ptr_equal(line, &fake);
    return "gpiochip0:25";
}

const char *avrspi_line_place(const struct avrspi_line *line)
{
    assert_ptr_equal(line, &fake);
    return "";
}

bool avrspi_line_was_active(const struct avrspi_line *line)
{
    assert_ptr_equal(line, &fake);
    return fake.was_active;
}

int avrspi_line_set(struct avrspi_line *line, bool active, struct avrspi_error *error)
{
    assert_ptr_equal(line, &fake);
    note(active ? "low" : "high");
    return fake.stuck ? avrspi_fail(error, AVRSPI_ERR_DEVICE, "the line is stuck") : 0;
}

int avrspi_line_sense(struct avrspi_line *line, bool held_only, enum avrspi_reset_pull *pull,
                      struct avrspi_error *error)
{
    assert_ptr_equal(line, &fake);
    note(held_only ? "sense briefly" : "sense");
    *pull = AVRSPI_RESET_PULLED_UP;
    return fake.stuck ? avrspi_fail(error, AVRSPI_ERR_DEVICE, "the line is stuck") : 0;
}

int avrspi_line_close(struct avrspi_line *line, struct avrspi_error *error)
{
    int result = avrspi_line_set(line, false, error);

    note("line-close");
    return result;
}

/* --- link/spidev.h */

int avrspi_spidev_open(struct avrspi_spidev *spi, const char *path, struct avrspi_error *error)
{
    (void)error;
    note("spi-open");
    assert_string_equal(path, DEVICE);
    *spi = (struct avrspi_spidev){.fd = -1};
    return 0;
}

int avrspi_spidev_fail_open(const char *path, struct avrspi_error *error)
{
    return avrspi_fail(error, AVRSPI_ERR_DEVICE, "can't open '%s'", path);
}

int avrspi_spidev_check(struct avrspi_spidev *spi, struct avrspi_error *error)
{
    (void)spi;
    (void)error;
    return 0;
}

int avrspi_spidev_claim(struct avrspi_spidev *spi, struct avrspi_error *error)
{
    note("claim");
    spi->no_cs = !fake.no_cs;
    return fake.no_claim ? avrspi_fail(error, AVRSPI_ERR_DEVICE, "no mode 0") : 0;
}

void avrspi_spidev_restore(const struct avrspi_spidev *spi)
{
    (void)spi;
    note("restore");
}

int avrspi_spidev_transfer(const struct avrspi_spidev *spi, const uint8_t *out, uint8_t *in,
                           size_t size, uint32_t hz, struct avrspi_error *error)
{
    (void)spi;
    (void)error;
    assert_int_equal(hz, 125000);
    memcpy(in, out, size);
    return 0;
}

void avrspi_spidev_close(struct avrspi_spidev *spi)
{
    (void)spi;
    note("spi-close");
}

size_t avrspi_spidev_bufsiz(void)
{
    return 4096;
}

/* --- the cases */

static const struct avrspi_link_config config = {.port = "spi:" DEVICE,
                                                 .reset = "GPIO25,open-drain"};

static int forget(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof fake);
    return 0;
}

static struct avrspi_link *open_link(void)
{
    struct avrspi_link *link;

    assert_int_equal(avrspi_link_open(&link, &config, NULL), 0);
    return link;
}

static void assert_open_fails(const char *message, const char *calls)
{
    struct avrspi_error error = {0};
    struct avrspi_link *link;

    assert_int_equal(avrspi_link_open(&link, &config, &error), AVRSPI_ERR_DEVICE);
    assert_null(link);
    assert_string_equal(error.message, message);
    assert_string_equal(fake.calls, calls);
}

static void link_is_named_by_its_device_and_line(void **state)
{
    struct avrspi_link *link = open_link();
    uint8_t bytes[2] = {1, 2};

    (void)state;
    assert_string_equal(avrspi_link_port(link), DEVICE);
    assert_string_equal(avrspi_link_reset(link), "GPIO25");
    assert_string_equal(fake.line, "GPIO25");
    assert_string_equal(avrspi_link_identity(link), DEVICE " gpiochip0:25");
    assert_string_equal(avrspi_link_name(link), "null + GPIO25");
    assert_string_equal(avrspi_link_note(link), "");
    assert_int_equal(avrspi_link_max_transfer(link), 4096);
    assert_int_equal(avrspi_link_set_speed(link, 125000, NULL), 0);
    assert_int_equal(avrspi_link_transfer(link, bytes, bytes, 2, NULL), 0);
    assert_int_equal(avrspi_link_close(link, NULL), 0);
}

static void port_may_name_the_line(void **state)
{
    static const struct {
        const char *port, *reset, *line;
    } rows[] = {
        {DEVICE ":/dev/gpiochip3:25", NULL, "gpiochip3 "},
        {DEVICE ":gpiochip3:25", NULL, "gpiochip3 "},
        {DEVICE ":/dev/gpiochip3:25", "GPIO4", "gpiochip3 "},
        {DEVICE ":/dev/gpiochip3", "GPIO25", "gpiochip3 "},
        {DEVICE ":/dev/gpiochip3", "25,open-drain", "gpiochip3 "},
        {DEVICE ":/dev/gpiochip3", "gpiochip1:25", "gpiochip1 "},
        {DEVICE ":/dev/gpiochip3", "BUTTON", "BUTTON"},
        {DEVICE, "25", "25"},
    };

    (void)state;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        const struct avrspi_link_config words = {.port = rows[n].port, .reset = rows[n].reset};
        struct avrspi_link *link;

        fake.calls[0] = '\0';
        assert_int_equal(avrspi_link_open(&link, &words, NULL), 0);
        assert_string_equal(fake.line, rows[n].line);
        assert_string_equal(avrspi_link_port(link), DEVICE);
        assert_int_equal(avrspi_link_close(link, NULL), 0);
    }
}

static void line_is_wanted_somewhere(void **state)
{
    static const char *const ports[] = {DEVICE, DEVICE ":/dev/gpiochip0"};

    (void)state;
    for (size_t n = 0; n < sizeof ports / sizeof *ports; n++) {
        const struct avrspi_link_config words = {.port = ports[n]};
        struct avrspi_error error = {0};
        struct avrspi_link *link;

        assert_int_equal(avrspi_link_open(&link, &words, &error), AVRSPI_ERR_USAGE);
        assert_string_equal(error.message, "expected a reset line beside the port");
    }
}

static void note_says_what_was_found(void **state)
{
    static const char left[] = "GPIO25 was left holding the target in reset, as by a run that was "
                               "killed: it is released now";
    static const char select[] = "the controller can't disable its chip select (no SPI_NO_CS): "
                                 "keep that pin away from the target";
    char both[256];

    (void)state;
    (void)snprintf(both, sizeof both, "%s; %s", left, select);
    for (int n = 1; n < 4; n++) {
        const char *const notes[] = {"", left, select, both};
        struct avrspi_link *link;

        fake.was_active = n & 1;
        fake.no_cs = n & 2;
        link = open_link();
        assert_string_equal(avrspi_link_note(link), notes[n]);
        assert_int_equal(avrspi_link_close(link, NULL), 0);
    }
}

static void reset_that_was_active_is_high_for_a_pulse(void **state)
{
    uint64_t began = avrspi_clock_now();

    (void)state;
    fake.was_active = true;
    assert_int_equal(avrspi_link_close(open_link(), NULL), 0);
    assert_true(avrspi_clock_now() - began >= 1000000);
}

static void reset_is_sensed_where_it_is_low_when_active(void **state)
{
    const struct avrspi_link_config inverted = {.port = DEVICE, .reset = "GPIO25,active-high"};
    struct avrspi_link *link = open_link();
    struct avrspi_error error = {0};
    enum avrspi_reset_pull pull;

    (void)state;
    assert_int_equal(avrspi_link_sense_reset(link, false, &pull, NULL), 0);
    assert_int_equal(pull, AVRSPI_RESET_PULLED_UP);
    fake.stuck = true;
    assert_int_equal(avrspi_link_sense_reset(link, false, &pull, &error), AVRSPI_ERR_DEVICE);
    assert_string_equal(error.message, "the line is stuck");
    fake.stuck = false;
    assert_int_equal(avrspi_link_close(link, NULL), 0);
    fake.calls[0] = '\0';
    assert_int_equal(avrspi_link_open(&link, &inverted, NULL), 0);
    assert_int_equal(avrspi_link_sense_reset(link, false, &pull, NULL), 0);
    assert_int_equal(pull, AVRSPI_RESET_PULL_UNKNOWN);
    assert_null(strstr(fake.calls, "sense"));
    assert_int_equal(avrspi_link_close(link, NULL), 0);
}

static void close_gives_back_in_order(void **state)
{
    (void)state;
    assert_int_equal(avrspi_link_close(open_link(), NULL), 0);
    assert_string_equal(fake.calls, "spi-open line-open claim restore high line-close spi-close");
}

static void close_tells_of_a_line_that_is_stuck(void **state)
{
    struct avrspi_link *link = open_link();
    struct avrspi_error error = {0};

    (void)state;
    fake.stuck = true;
    assert_int_equal(avrspi_link_close(link, &error), AVRSPI_ERR_DEVICE);
    assert_string_equal(error.message, "the line is stuck");
    assert_string_equal(fake.calls, "spi-open line-open claim restore high line-close spi-close");
}

static void open_without_a_line_takes_no_device(void **state)
{
    (void)state;
    fake.no_line = true;
    assert_open_fails("no line", "spi-open line-open spi-close");
}

static void open_of_an_unfit_device_releases_the_line(void **state)
{
    (void)state;
    fake.no_claim = true;
    fake.stuck = true; /* the first error counts */
    assert_open_fails("no mode 0", "spi-open line-open claim high line-close spi-close");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(link_is_named_by_its_device_and_line, forget),
        cmocka_unit_test_setup(port_may_name_the_line, forget),
        cmocka_unit_test_setup(line_is_wanted_somewhere, forget),
        cmocka_unit_test_setup(note_says_what_was_found, forget),
        cmocka_unit_test_setup(reset_that_was_active_is_high_for_a_pulse, forget),
        cmocka_unit_test_setup(reset_is_sensed_where_it_is_low_when_active, forget),
        cmocka_unit_test_setup(close_gives_back_in_order, forget),
        cmocka_unit_test_setup(close_tells_of_a_line_that_is_stuck, forget),
        cmocka_unit_test_setup(open_without_a_line_takes_no_device, forget),
        cmocka_unit_test_setup(open_of_an_unfit_device_releases_the_line, forget),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
