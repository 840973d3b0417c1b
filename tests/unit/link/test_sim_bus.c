/* SPDX-License-Identifier: MIT */
/* Simulated chips that share SCK, MOSI, MISO and time. */
#include "known_chips.h"

#include <stdio.h>
#include <string.h>

#include <pthread.h>

#include "avrspi/link.h"

#define MS UINT64_C(1000000)

static struct avrspi_bus *open_bus(void)
{
    struct avrspi_bus *bus;

    assert_int_equal(avrspi_bus_open(&bus, "sim:bus=a", NULL), 0);
    return bus;
}

static struct avrspi_link *open_on(struct avrspi_bus *bus, const char *port)
{
    const struct avrspi_link_config config = {.port = port, .chips = chips, .bus = bus};
    struct avrspi_error error = {0};
    struct avrspi_link *link;

    if (avrspi_link_open(&link, &config, &error) != 0)
        fail_msg("%s: %s", port, error.message);
    return link;
}

static void assert_refused(struct avrspi_bus *bus, const char *port, const char *message)
{
    const struct avrspi_link_config config = {.port = port, .chips = chips, .bus = bus};
    struct avrspi_error error = {0};
    struct avrspi_link *link;

    assert_int_equal(avrspi_link_open(&link, &config, &error), AVRSPI_ERR_USAGE);
    assert_string_equal(error.message, message);
    assert_null(link);
}

static void close_clean(struct avrspi_link *link)
{
    char kinds[128];

    if (avrspi_link_violations(link, kinds, sizeof kinds) != 0)
        fail_msg("%s: %s", avrspi_link_name(link), kinds);
    assert_int_equal(avrspi_link_close(link, NULL), 0);
}

static void send(struct avrspi_link *link, uint8_t a, uint8_t b, uint8_t c, uint8_t in[4])
{
    const uint8_t out[4] = {a, b, c, 0};

    assert_int_equal(avrspi_link_transfer(link, out, in, 4, NULL), 0);
}

static void reset(struct avrspi_link *link, bool active)
{
    assert_int_equal(avrspi_link_set_reset(link, active, NULL), 0);
}

/* Enters programming mode; returns the echo. */
static uint8_t enter(struct avrspi_link *link)
{
    uint8_t in[4];

    reset(link, true);
    avrspi_link_wait(link, 20 * MS);
    send(link, 0xAC, 0x53, 0, in);
    return in[2];
}

/* A byte of the signature. */
static uint8_t signature(struct avrspi_link *link, uint8_t index)
{
    uint8_t in[4];

    send(link, 0x30, 0, index, in);
    return in[3];
}

static void only_the_chip_in_reset_answers(void **state)
{
    struct avrspi_bus *bus = open_bus();
    struct avrspi_link *first = open_on(bus, "sim:ATmega328P,bus=a,reset=one"),
                       *second = open_on(bus, "sim:ATmega8,bus=a,reset=two,pull=down");

    (void)state;
    avrspi_bus_close(bus); /* its links keep it */
    assert_string_equal(avrspi_link_reset(first), "one");
    assert_string_equal(avrspi_link_name(second), "simulated ATmega8 + two");
    assert_int_equal(signature(first, 1), 0x00);  /* nobody drives MISO, one board pulls it down */
    assert_int_equal(signature(second, 1), 0x00); /* it is one wire */
    assert_int_equal(enter(first), 0x53);
    assert_int_equal(signature(first, 1), 0x95);
    assert_int_equal(signature(second, 1), 0x95); /* whoever sends */
    reset(first, false);
    assert_int_equal(enter(second), 0x53);
    assert_int_equal(signature(second, 1), 0x93);
    reset(second, false);
    close_clean(first);
    avrspi_link_wait(second, MS);          /* or the chip does not see the pulse */
    assert_int_equal(enter(second), 0x53); /* alone now */
    assert_int_equal(signature(second, 2), 0x07);
    close_clean(second);
}

static void two_that_drive_miso_read_as_their_zeros(void **state)
{
    struct avrspi_bus *bus = open_bus();
    struct avrspi_link *first = open_on(bus, "sim:ATmega328P,bus=a"),
                       *second = open_on(bus, "sim:ATmega8,bus=a");
    uint8_t bytes[4] = {0x30, 0, 1, 0};

    (void)state;
    reset(first, true);
    assert_int_equal(enter(second), 0x53); /* both are enabled by that */
    assert_int_equal(avrspi_link_transfer(first, bytes, bytes, 4, NULL), 0);
    assert_int_equal(bytes[3], 0x95 & 0x93);
    close_clean(first);
    close_clean(second);
    avrspi_bus_close(bus);
}

static void violations_are_those_of_the_chip(void **state)
{
    struct avrspi_bus *bus = open_bus();
    struct avrspi_link *first = open_on(bus, "sim:ATmega328P,bus=a"),
                       *second = open_on(bus, "sim:ATmega8,bus=a");
    char kinds[64];

    (void)state;
    assert_int_equal(enter(first), 0x53);
    reset(second, true); /* hears what is not meant for it before it is enabled */
    avrspi_link_wait(first, 20 * MS);
    (void)signature(first, 0);
    assert_int_equal(avrspi_link_violations(second, kinds, sizeof kinds), 1);
    assert_string_equal(kinds, "not-enabled 1");
    assert_int_equal(avrspi_link_close(second, NULL), 0);
    close_clean(first);
    avrspi_bus_close(bus);
}

static void time_is_that_of_the_bus(void **state)
{
    struct avrspi_bus *bus = open_bus();
    struct avrspi_link *first = open_on(bus, "sim:ATmega328P,bus=a"), *second, *third;

    (void)state;
    avrspi_link_wait(first, 5 * MS);
    second = open_on(bus, "sim:ATmega8,bus=a");
    assert_int_equal(avrspi_link_now(second), 5 * MS);
    reset(first, true);
    avrspi_link_wait(second, 20 * MS);
    assert_int_equal(avrspi_link_now(first), 25 * MS);
    (void)signature(second, 0); /* 32 bits at 100 kHz */
    assert_int_equal(avrspi_link_now(first), 25 * MS + 320000);
    assert_int_equal(avrspi_link_violations(first, NULL, 0), 1); /* it was not enabled */
    assert_int_equal(avrspi_link_close(first, NULL), 0);
    close_clean(second);
    third = open_on(bus, "sim:ATmega8,bus=a"); /* the bus goes on without chips */
    assert_int_equal(avrspi_link_now(third), 25 * MS + 320000);
    close_clean(third);
    avrspi_bus_close(bus);
}

static void bus_without_an_object_is_one_of_its_own(void **state)
{
    struct avrspi_link *first = open_on(NULL, "sim:ATmega328P,bus=a,reset=x"),
                       *second = open_on(NULL, "sim:ATmega8,bus=a,reset=x");

    (void)state;
    avrspi_link_wait(first, MS);
    assert_int_equal(avrspi_link_now(second), 0);
    assert_int_equal(enter(second), 0x53);
    assert_int_equal(signature(second, 1), 0x93);
    assert_int_equal(signature(first, 1), 0xFF);
    close_clean(first);
    close_clean(second);
}

static void open_of_what_does_not_fit_the_bus(void **state)
{
    struct avrspi_bus *bus = open_bus();
    struct avrspi_link *first = open_on(bus, "sim:ATmega328P,bus=a,reset=x");

    (void)state;
    assert_refused(bus, "sim:ATmega8,bus=b",
                   "'sim:ATmega8,bus=b' is not on the bus of 'sim:bus=a'");
    assert_refused(bus, "sim:ATmega8", "'sim:ATmega8' is not on the bus of 'sim:bus=a'");
    assert_refused(bus, "sim:ATmega8,bus=a,reset=x",
                   "the reset line 'x' of bus 'a' is another target's");
    assert_refused(
        bus, "sim:ATmega8,bus=", "expected a name of at most 63 characters for 'bus', found ''");
    close_clean(first);
    first = open_on(bus, "sim:ATmega8,bus=a,reset=x"); /* it is free again */
    close_clean(first);
    avrspi_bus_close(bus);
}

static void *wait_often(void *link)
{
    for (unsigned n = 0; n < 2000; n++)
        avrspi_link_wait(link, 1000);
    return NULL;
}

static void links_of_a_bus_in_two_threads(void **state)
{
    struct avrspi_bus *bus = open_bus();
    struct avrspi_link *first = open_on(bus, "sim:ATmega328P,bus=a"),
                       *second = open_on(bus, "sim:ATmega8,bus=a");
    pthread_t thread;
    uint64_t now;

    (void)state;
    assert_int_equal(enter(first), 0x53);
    now = avrspi_link_now(first);
    assert_int_equal(pthread_create(&thread, NULL, wait_often, second), 0);
    for (unsigned n = 0; n < 500; n++)
        assert_int_equal(signature(first, 1), 0x95);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(avrspi_link_now(first) - now, 2 * MS + 500 * UINT64_C(320000));
    close_clean(first);
    close_clean(second);
    avrspi_bus_close(bus);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_chip_in_reset_answers),
        cmocka_unit_test(two_that_drive_miso_read_as_their_zeros),
        cmocka_unit_test(violations_are_those_of_the_chip),
        cmocka_unit_test(time_is_that_of_the_bus),
        cmocka_unit_test(bus_without_an_object_is_one_of_its_own),
        cmocka_unit_test(open_of_what_does_not_fit_the_bus),
        cmocka_unit_test(links_of_a_bus_in_two_threads),
    };

    return cmocka_run_group_tests(tests, open_chips, close_chips);
}
