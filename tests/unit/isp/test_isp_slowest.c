/* SPDX-License-Identifier: MIT */
/* Entry over a controller that can't go as slow as a target may need: a transport of its own, with
 * nobody at the other end. */
#include "known_chips.h"

#include <stdio.h>
#include <string.h>

#include "avrspi/avrspi.h"

enum {
    SLOW_RESET_TRIES = 1, /* with a RESET that takes long to fall, at the last speed */
};

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static struct {
    uint32_t slowest_hz;
    uint64_t now_ns;
    char speeds[128]; /* that were set, in order, each once */
    uint32_t last_hz;
    unsigned enables; /* transfers */
} fake;

static int fake_transfer(void *self, const uint8_t *out, uint8_t *in, size_t size,
                         struct avrspi_error *error)
{
    (void)self;
    (void)out;
    (void)error;
    memset(in, 0xFF, size);
    fake.enables++;
    return 0;
}

static int fake_set_speed(void *self, uint32_t hz, uint32_t *actual, struct avrspi_error *error)
{
    size_t used = strlen(fake.speeds);

    (void)self;
    (void)error;
    *actual = hz < fake.slowest_hz ? fake.slowest_hz : hz;
    if (*actual != fake.last_hz)
        (void)snprintf(fake.speeds + used, sizeof fake.speeds - used, "%s%u", used ? " " : "",
                       *actual);
    fake.last_hz = *actual;
    return 0;
}

static int fake_set_reset(void *self, bool active, struct avrspi_error *error)
{
    (void)self;
    (void)active;
    (void)error;
    return 0;
}

static void fake_wait(void *self, uint64_t ns)
{
    (void)self;
    fake.now_ns += ns;
}

static uint64_t fake_now(const void *self)
{
    (void)self;
    return fake.now_ns;
}

static int fake_close(void *self, struct avrspi_error *error)
{
    (void)self;
    (void)error;
    return 0;
}

static const struct avrspi_link_ops ops = {
    .size = sizeof ops,
    .transfer = fake_transfer,
    .set_speed = fake_set_speed,
    .set_reset = fake_set_reset,
    .wait = fake_wait,
    .now = fake_now,
    .close = fake_close,
};

/* The hint of an entry that nobody answers. */
static const char *enter(uint32_t slowest_hz, uint32_t sck_hz)
{
    static struct avrspi_error error;
    const struct avrspi_link_info info = {
        .size = sizeof info, .max_transfer = 64, .slowest_hz = slowest_hz};
    struct avrspi_session_config config = {.chips = chips, .sck_hz = sck_hz, .no_probe = true};
    struct avrspi_session *session;

    memset(&fake, 0, sizeof fake);
    fake.slowest_hz = slowest_hz;
    assert_int_equal(avrspi_link_new(&config.link, &ops, &fake, &info, NULL), 0);
    assert_int_equal(avrspi_link_slowest_speed(config.link), slowest_hz);
    assert_int_equal(avrspi_session_open(&session, &config, &error), AVRSPI_ERR_NO_TARGET);
    assert_null(session);
    assert_int_equal(avrspi_link_close(config.link, NULL), 0);
    return error.hint;
}

static void entry_goes_down_to_the_slowest_and_says_so(void **state)
{
    static const struct {
        uint32_t slowest_hz, sck_hz;
        const char *speeds, *hint;
    } rows[] = {
        {3052, 0, "100000 20000 4000 3052",
         "the slowest SCK of this controller is 3.1 kHz: a chip below 12.2 kHz cannot hear it"},
        {7629, 0, "100000 20000 7629", "is 7.6 kHz: a chip below 30.5 kHz"},
        {61035, 0, "100000 61035", "is 61.0 kHz: a chip below 244.1 kHz"},
        {61035, 10000, "100000 61035", "is 61.0 kHz"},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        const char *hint = enter(rows[n].slowest_hz, rows[n].sck_hz);

        assert_string_equal(fake.speeds, rows[n].speeds);
        assert_non_null(strstr(hint, rows[n].hint));
    }
}

/* Each speed is tried so many times, and no longer at the same one again. */
static void entry_does_not_repeat_the_slowest(void **state)
{
    unsigned each_speed;

    (void)state;
    (void)enter(0, 0);
    each_speed = (fake.enables - SLOW_RESET_TRIES) / 4;
    (void)enter(7629, 0);
    assert_int_equal(fake.enables, 3 * each_speed + SLOW_RESET_TRIES);
    (void)enter(61035, 0);
    assert_int_equal(fake.enables, 2 * each_speed + SLOW_RESET_TRIES);
}

static void entry_says_nothing_where_the_slowest_is_not_known(void **state)
{
    (void)state;
    assert_null(strstr(enter(0, 0), "slowest"));
    assert_string_equal(fake.speeds, "100000 20000 4000 1000");
    assert_null(strstr(enter(1000, 0), "slowest"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entry_goes_down_to_the_slowest_and_says_so),
        cmocka_unit_test(entry_does_not_repeat_the_slowest),
        cmocka_unit_test(entry_says_nothing_where_the_slowest_is_not_known),
    };

    return cmocka_run_group_tests(tests, open_chips, close_chips);
}
