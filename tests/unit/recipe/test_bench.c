/* SPDX-License-Identifier: MIT */
/* Bench files: every key, and a mistake in each; stations of the command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "recipe/bench.h"

static struct avrspi_bench bench;
static struct avrspi_error error;

static int parse(const char *text)
{
    return avrspi_bench_parse(&bench, "my.bench", text, strlen(text), &error);
}

static void every_key_is_taken(void **state)
{
    (void)state;
    if (parse("# two places\n[bench]\nstart = GPIO5\npass = GPIO6\nfail = GPIO13\n"
              "buzzer = GPIO19,active-low\n[station left]\nport = /dev/spidev0.0\n"
              "reset = GPIO25,open-drain\npass = gpiochip0:20\nfail = GPIO21\n"
              "[station right hand]\nport = /dev/spidev0.1\n") < 0)
        fail_msg("%s", error.message);
    assert_string_equal(bench.start, "GPIO5");
    assert_string_equal(bench.pass, "GPIO6");
    assert_string_equal(bench.fail, "GPIO13");
    assert_string_equal(bench.buzzer, "GPIO19,active-low");
    assert_int_equal(bench.n_stations, 2);
    assert_string_equal(bench.stations[0].name, "left");
    assert_string_equal(bench.stations[0].port, "/dev/spidev0.0");
    assert_string_equal(bench.stations[0].reset, "GPIO25,open-drain");
    assert_string_equal(bench.stations[0].pass, "gpiochip0:20");
    assert_string_equal(bench.stations[0].fail, "GPIO21");
    assert_int_equal(bench.stations[0].line, 7);
    assert_string_equal(bench.stations[1].name, "right hand");
    assert_null(bench.stations[1].reset);
    avrspi_bench_free(&bench);
}

#define LEFT "[station left]\nport = /dev/spidev0.0\nreset = GPIO25\n"

static const struct {
    const char *text, *message;
} mistakes[] = {
    {"", "my.bench: expected [station NAME], found none"},
    {"[bench]\nstart = GPIO5\n", "my.bench: expected [station NAME], found none"},
    {"port = a\n", "my.bench:1: expected [bench] or [station NAME], found 'port'"},
    {"[stations]\nport = a\n", "my.bench:1: expected [bench] or [station NAME], found 'stations'"},
    {"[station]\nport = a\n", "my.bench:1: expected [bench] or [station NAME], found 'station'"},
    {"[station  ]\nport = a\n",
     "my.bench:1: expected a station's name of at most 24 characters, found ''"},
    {"[station abcdefghijklmnopqrstuvwxyz]\nport = a\n",
     "my.bench:1: expected a station's name of at most 24 characters, found "
     "'abcdefghijklmnopqrstuvwxyz'"},
    {"[station left]\nreset = GPIO25\n",
     "my.bench:1: expected 'port' for station 'left', found none"},
    {"[station left]\nport =\n", "my.bench:2: expected a port for 'port', found nothing"},
    {"[station left]\nport = a\nreset =\n",
     "my.bench:3: expected a GPIO line for 'reset', found nothing"},
    {"[station left]\nport = a\nport = b\n",
     "my.bench:3: expected every key of a section once, found 'port'"},
    {"[station left]\nprt = a\n", "my.bench:2: expected port, reset, pass or fail, found 'prt'"},
    {"[station left]\nstart = GPIO5\n",
     "my.bench:2: expected port, reset, pass or fail, found 'start'"},
    {"[bench]\nport = a\n", "my.bench:2: expected start, pass, fail or buzzer, found 'port'"},
    {"[bench]\nbuzzer =\n", "my.bench:2: expected a GPIO line for 'buzzer', found nothing"},
    {"[bench]\npass = GPIO6\n[bench]\npass = GPIO7\n",
     "my.bench:4: expected every key of a section once, found 'pass'"},
    {LEFT LEFT, "my.bench:4: expected every station once, found 'left'"},
};

static void each_mistake_is_named(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof mistakes / sizeof *mistakes; n++) {
        assert_int_equal(parse(mistakes[n].text), AVRSPI_ERR_INPUT);
        assert_string_equal(error.message, mistakes[n].message);
        avrspi_bench_free(&bench);
    }
}

static void a_near_key_is_proposed(void **state)
{
    (void)state;
    assert_int_equal(parse("[bench]\nbuzer = GPIO6\n"), AVRSPI_ERR_INPUT);
    assert_string_equal(error.hint, "did you mean 'buzzer'?");
    avrspi_bench_free(&bench);
}

static void more_stations_than_there_can_be_are_refused(void **state)
{
    char text[8192] = "";

    (void)state;
    for (int n = 0; n < 65; n++) {
        char more[64];

        (void)snprintf(more, sizeof more, "[station %d]\nport = sim:m8\n", n);
        strcat(text, more);
    }
    assert_int_equal(parse(text), AVRSPI_ERR_INPUT);
    assert_string_equal(error.message, "expected at most 64 stations");
    avrspi_bench_free(&bench);
}

static void add_takes_port_and_reset(void **state)
{
    (void)state;
    assert_int_equal(avrspi_bench_add(&bench, " /dev/spidev0.0  GPIO25,active-high ", &error), 0);
    assert_int_equal(avrspi_bench_add(&bench, "sim:m8,state=a b", &error), 0);
    assert_int_equal(avrspi_bench_add(&bench, "sim:m8", &error), 0);
    assert_int_equal(avrspi_bench_add(&bench, "sim:m8", &error), 0);
    assert_string_equal(bench.stations[0].port, "/dev/spidev0.0");
    assert_string_equal(bench.stations[0].reset, "GPIO25,active-high");
    assert_string_equal(bench.stations[1].reset, "b");
    assert_string_equal(bench.stations[3].name, "4");
    assert_null(bench.stations[3].reset);
    avrspi_bench_free(&bench);
}

static void add_refuses_other_texts(void **state)
{
    static const char *const texts[] = {"", "  ", "a b c"};

    (void)state;
    for (size_t n = 0; n < sizeof texts / sizeof *texts; n++) {
        assert_int_equal(avrspi_bench_add(&bench, texts[n], &error), AVRSPI_ERR_USAGE);
        assert_non_null(strstr(error.message, "expected 'PORT RESET' for --station, found"));
    }
    assert_int_equal(bench.n_stations, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_is_taken),
        cmocka_unit_test(each_mistake_is_named),
        cmocka_unit_test(a_near_key_is_proposed),
        cmocka_unit_test(more_stations_than_there_can_be_are_refused),
        cmocka_unit_test(add_takes_port_and_reset),
        cmocka_unit_test(add_refuses_other_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
