/* SPDX-License-Identifier: MIT */
/* The tap: what it writes, and what its hooks can do. */
#include "known_chips.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "link/tap.h"

static const uint8_t enable[4] = {0xAC, 0x53, 0x00, 0x00};

static struct avrspi_link *open_inner(void)
{
    const struct avrspi_link_config config = {.port = "sim:ATmega328P", .chips = chips};
    struct avrspi_link *link;

    assert_int_equal(avrspi_link_open(&link, &config, NULL), 0);
    return link;
}

static struct avrspi_link *open_tap(const struct avrspi_tap_config *config)
{
    struct avrspi_link *link;

    assert_int_equal(avrspi_tap_new(&link, open_inner(), config, NULL), 0);
    return link;
}

static void close_clean(struct avrspi_link *link)
{
    assert_int_equal(avrspi_link_violations(link, NULL, 0), 0);
    assert_int_equal(avrspi_link_close(link, NULL), 0);
}

/* --- the trace */

static void trace_of_a_short_session(void **state)
{
    char *text;
    size_t size;
    struct avrspi_tap_config config = {.trace = open_memstream(&text, &size)};
    struct avrspi_link *link = open_tap(&config);
    uint8_t out[8] = {0x30, 0, 0, 0, 0x30, 0, 1, 0}, in[8];
    enum avrspi_reset_pull pull;

    (void)state;
    assert_int_equal(avrspi_link_sense_reset(link, false, &pull, NULL), 0);
    assert_int_equal(pull, AVRSPI_RESET_PULLED_UP);
    assert_int_equal(avrspi_link_set_reset(link, true, NULL), 0);
    avrspi_link_wait(link, 20000000);
    assert_int_equal(avrspi_link_transfer(link, enable, in, 4, NULL), 0);
    assert_int_equal(avrspi_link_transfer(link, out, out, 8, NULL), 0); /* in place */
    avrspi_link_wait(link, 1);
    assert_int_equal(avrspi_link_set_reset(link, false, NULL), 0);
    assert_int_equal(avrspi_link_set_speed(link, 225000, NULL), 0);
    close_clean(link);
    assert_int_equal(fclose(config.trace), 0);
    assert_string_equal(text, "0 open simulated ATmega328P\n"
                              "0 sck 100000\n"
                              "0 reset let go, pulled up\n"
                              "40000 reset low\n"
                              "40000 wait 20000 us\n"
                              "60000 spi 4 B 100000 Hz: AC 53 00 00 > FF AC 53 00\n"
                              "60320 spi 8 B 100000 Hz: 30 00 00 00 > 00 30 00 1E,"
                              " 30 00 01 00 > 00 30 00 95\n"
                              "60960 wait 1 us\n"
                              "60960 reset high\n"
                              "60960 sck 225000\n"
                              "60960 close\n");
    free(text);
}

static int refuse_transfer(void *user, const uint8_t *out, size_t size, struct avrspi_error *error)
{
    (void)user;
    (void)out;
    (void)size;
    return avrspi_fail(error, AVRSPI_ERR_DEVICE, "no transfer");
}

static int refuse_speed(void *user, uint32_t hz, struct avrspi_error *error)
{
    return hz == *(uint32_t *)user ? 0 : avrspi_fail(error, AVRSPI_ERR_DEVICE, "no speed");
}

static int refuse_reset(void *user, bool active, struct avrspi_error *error)
{
    (void)user;
    (void)active;
    return avrspi_fail(error, AVRSPI_ERR_FAILURE, "no reset");
}

static const struct avrspi_tap_hooks refuse = {
    .transfer = refuse_transfer, .set_speed = refuse_speed, .set_reset = refuse_reset};

/* What the hooks fail does not reach the link, and stands in the trace. */
static void trace_of_calls_that_fail(void **state)
{
    char *text;
    size_t size;
    uint32_t allowed = 100000;
    struct avrspi_tap_config config = {
        .trace = open_memstream(&text, &size), .hooks = &refuse, .user = &allowed};
    struct avrspi_link *link = open_tap(&config);
    struct avrspi_error error = {0};
    uint8_t in[4] = {1, 2, 3, 4};

    (void)state;
    assert_int_equal(avrspi_link_transfer(link, enable, in, 4, &error), AVRSPI_ERR_DEVICE);
    assert_string_equal(error.message, "no transfer");
    assert_int_equal(in[3], 4);
    assert_int_equal(avrspi_link_now(link), 0);
    assert_int_equal(avrspi_link_set_speed(link, 1000, &error), AVRSPI_ERR_DEVICE);
    assert_string_equal(error.message, "no speed");
    assert_int_equal(avrspi_link_speed(link), 100000);
    assert_int_equal(avrspi_link_set_reset(link, true, &error), AVRSPI_ERR_FAILURE);
    assert_string_equal(error.message, "no reset");
    assert_int_equal(avrspi_link_set_reset(link, true, NULL), AVRSPI_ERR_FAILURE);
    assert_int_equal(avrspi_link_inactive_since(link), 0);
    close_clean(link);
    assert_int_equal(fclose(config.trace), 0);
    assert_string_equal(text, "0 open simulated ATmega328P\n"
                              "0 sck 100000\n"
                              "0 spi 4 B 100000 Hz: failed: no transfer\n"
                              "0 sck 1000 failed: no speed\n"
                              "0 reset low failed: no reset\n"
                              "0 reset low failed: no reset\n"
                              "0 close\n");
    free(text);
}

static void trace_to_a_file(void **state)
{
    static const char expected[] =
        "0 open simulated ATmega328P\n0 sck 100000\n0 wait 7 us\n6 close\n";
    char path[] = "/tmp/avrspi-trace-XXXXXX";
    struct avrspi_link *link = open_inner();
    int file = mkstemp(path);
    char *text;
    size_t size;

    (void)state;
    assert_true(file >= 0);
    assert_int_equal(write(file, "old", 3), 3);
    assert_int_equal(close(file), 0);
    assert_int_equal(avrspi_tap_trace(&link, path, NULL), 0);
    avrspi_link_wait(link, 6001);
    close_clean(link);
    assert_int_equal(avrspi_file_read(path, &text, &size, NULL), 0);
    assert_string_equal(text, expected);
    free(text);
    assert_int_equal(unlink(path), 0);
}

static void trace_to_a_file_that_can_t_be(void **state)
{
    struct avrspi_link *link = open_inner(), *before = link;
    struct avrspi_error error = {0};

    (void)state;
    assert_int_equal(avrspi_tap_trace(&link, "/no-such-folder/trace", &error), AVRSPI_ERR_FAILURE);
    assert_string_equal(error.message,
                        "can't write the trace '/no-such-folder/trace': No such file or directory");
    assert_ptr_equal(link, before);
    close_clean(link);
}

static void trace_to_a_disk_that_is_full(void **state)
{
    struct avrspi_link *link = open_inner();
    struct avrspi_error error = {0};

    (void)state;
    if (access("/dev/full", W_OK) != 0)
        skip();
    assert_int_equal(avrspi_tap_trace(&link, "/dev/full", NULL), 0);
    assert_int_equal(avrspi_link_close(link, &error), AVRSPI_ERR_FAILURE);
    assert_string_equal(error.message, "can't write the whole trace to '/dev/full'");

    link = open_inner();
    assert_int_equal(avrspi_tap_trace(&link, "/dev/full", NULL), 0);
    for (unsigned n = 0; n < 1000; n++) /* more than stdio keeps */
        avrspi_link_wait(link, 1000);
    assert_int_equal(avrspi_link_close(link, &error), AVRSPI_ERR_FAILURE);
    assert_string_equal(error.message, "can't write the whole trace to '/dev/full'");
}

/* --- hooks */

static uint64_t delay(void *user, uint64_t ns)
{
    (void)user;
    return ns + 500;
}

static void spoil(void *user, const uint8_t *out, uint8_t *in, size_t size)
{
    assert_int_equal(size, 4);
    assert_int_equal(out[0], 0xAC);
    assert_int_equal(in[2], 0x53);
    in[2] = 0x42;
    ++*(unsigned *)user;
}

static void count(void *user)
{
    *(unsigned *)user += 100;
}

static void hooks_change_what_passes(void **state)
{
    static const struct avrspi_tap_hooks hooks = {.wait = delay, .answer = spoil, .closed = count};
    unsigned calls = 0;
    const struct avrspi_tap_config config = {.hooks = &hooks, .user = &calls, .max_transfer = 4};
    struct avrspi_link *link = open_tap(&config);
    uint8_t bytes[4];

    (void)state;
    memcpy(bytes, enable, 4);
    assert_int_equal(avrspi_link_max_transfer(link), 4);
    assert_int_equal(avrspi_link_set_reset(link, true, NULL), 0);
    avrspi_link_wait(link, 20000000);
    assert_int_equal(avrspi_link_now(link), 20000500);
    assert_int_equal(avrspi_link_transfer(link, bytes, bytes, 4, NULL), 0);
    assert_int_equal(bytes[2], 0x42);
    assert_int_equal(calls, 1);
    close_clean(link);
    assert_int_equal(calls, 101);
}

static void tap_shows_what_is_behind_it(void **state)
{
    const struct avrspi_tap_config config = {0};
    struct avrspi_link *link = open_tap(&config);

    (void)state;
    assert_string_equal(avrspi_link_port(link), "sim:ATmega328P");
    assert_string_equal(avrspi_link_reset(link), "");
    assert_string_equal(avrspi_link_name(link), "simulated ATmega328P");
    assert_string_equal(avrspi_link_note(link), "");
    assert_int_equal(avrspi_link_max_transfer(link), 4096);
    assert_true(avrspi_link_is_simulated(link));
    close_clean(link);
}

static void tap_that_can_t_be_made(void **state)
{
    uint32_t allowed = 1; /* so that the first speed is refused */
    const struct avrspi_tap_config config = {.hooks = &refuse, .user = &allowed};
    struct avrspi_link *inner = open_inner(), *link = inner;
    struct avrspi_error error = {0};

    (void)state;
    assert_int_equal(avrspi_tap_new(&link, inner, &config, &error), AVRSPI_ERR_DEVICE);
    assert_string_equal(error.message, "no speed");
    assert_null(link);
    close_clean(inner);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trace_of_a_short_session),
        cmocka_unit_test(trace_of_calls_that_fail),
        cmocka_unit_test(trace_to_a_file),
        cmocka_unit_test(trace_to_a_file_that_can_t_be),
        cmocka_unit_test(trace_to_a_disk_that_is_full),
        cmocka_unit_test(hooks_change_what_passes),
        cmocka_unit_test(tap_shows_what_is_behind_it),
        cmocka_unit_test(tap_that_can_t_be_made),
    };

    return cmocka_run_group_tests(tests, open_chips, close_chips);
}
