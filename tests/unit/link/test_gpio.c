/* SPDX-License-Identifier: MIT */
/*
 * The link over GPIO lines, with lines that are made up here: how its port is written, which lines
 * are requested together, and what the calls make of SCK, MOSI and MISO.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "avrspi/link.h"
#include "base/clock.h"
#include "base/error.h"
#include "link/find.h"
#include "link/line.h"
#include "link/port.h"
#include "link/request.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

enum {
    MOST_CALLS = 4096,
};

struct avrspi_request {
    struct avrspi_request_words words;
    char chip;
};

struct call {
    char kind; /* 's' set, 'g' get */
    bool values[AVRSPI_REQUEST_LINES];
    uint64_t began_ns, ended_ns;
};

static struct {
    const char *held; /* the line that is held, by its key */
    unsigned fail_at; /* the call that fails; 0: none */
    bool interrupts;  /* each call fails once, by a signal, before it succeeds */
    bool was_active;
    uint8_t miso;     /* the bits that come in, over and over */
    char opened[256]; /* the requests and lines, as they were opened and closed */
    unsigned n_gets, n_calls;
    struct call call[MOST_CALLS];
} fake;

const bool avrspi_request_is_mixed = false;

static void note(const char *format, ...)
{
    size_t length = strlen(fake.opened);
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(fake.opened + length, sizeof fake.opened - length, format, arguments);
    va_end(arguments);
}

/* --- link/find.h: "GPIOn" is line n of chip 0, "BUTTON" is nowhere */

int avrspi_line_find(struct avrspi_line_found *found, const struct avrspi_line_words *words,
                     struct avrspi_error *error)
{
    *found = (struct avrspi_line_found){.chip = NULL};
    if (strcmp(words->name, "BUTTON") == 0) {
        errno = ENOENT;
        return avrspi_line_fail_find(words, error);
    }
    found->offset = *words->chip ? words->offset : (unsigned)words->number;
    (void)snprintf(found->chip_name, sizeof found->chip_name, "%s",
                   *words->chip ? words->chip : "gpiochip0");
    found->chip = (struct gpiod_chip *)found->chip_name;
    (void)snprintf(found->names.key, sizeof found->names.key, "%.60s:%u", found->chip_name,
                   found->offset);
    if (*words->chip)
        (void)snprintf(found->names.name, sizeof found->names.name, "%s", found->names.key);
    else
        (void)snprintf(found->names.name, sizeof found->names.name, "GPIO%u", found->offset);
    return 0;
}

void avrspi_line_drop(struct avrspi_line_found *found)
{
    found->chip = NULL;
}

bool avrspi_line_is_held(const struct avrspi_line_found *found)
{
    return fake.held && strcmp(fake.held, found->names.key) == 0;
}

int avrspi_line_fail_found(const struct avrspi_line_found *found,
                           const struct avrspi_line_words *words, struct avrspi_error *error)
{
    const struct avrspi_line_holder holder = {
        .consumer = avrspi_line_is_held(found) ? "button" : NULL, .label = "", .offset = 0};

    return avrspi_line_fail_request(words, &holder, error);
}

/* --- link/request.h */

static bool holds(const char *chip, const unsigned *offsets, unsigned n)
{
    char key[80];

    while (n-- > 0) {
        (void)snprintf(key, sizeof key, "%s:%u", chip, offsets[n]);
        if (fake.held && strcmp(fake.held, key) == 0)
            return true;
    }
    return false;
}

bool avrspi_request_open(struct avrspi_request **request, struct gpiod_chip *chip,
                         const struct avrspi_request_words *words)
{
    const char *name = (const char *)chip;

    if (holds(name, words->outputs, words->n_outputs) ||
        holds(name, words->inputs, words->n_inputs)) {
        errno = EBUSY;
        return false;
    }
    *request = calloc(1, sizeof **request);
    assert_non_null(*request);
    (*request)->words = *words;
    (*request)->chip = name[strlen(name) - 1];
    note(" %c", (*request)->chip);
    for (unsigned n = 0; n < words->n_outputs; n++)
        note("%c%u", n ? ',' : '>', words->outputs[n]);
    for (unsigned n = 0; n < words->n_inputs; n++)
        note("%c%u", n ? ',' : '<', words->inputs[n]);
    return true;
}

/* Whether a signal comes before the call does anything. */
static bool is_interrupted(void)
{
    static bool was;

    was = fake.interrupts && !was;
    errno = EINTR;
    return was;
}

static struct call *begin_call(char kind)
{
    struct call *call = &fake.call[fake.n_calls < MOST_CALLS ? fake.n_calls : 0];

    fake.n_calls++;
    *call = (struct call){.kind = kind, .began_ns = avrspi_clock_now()};
    errno = EIO;
    return call;
}

bool avrspi_request_set(struct avrspi_request *request, const bool *values)
{
    struct call *call;

    if (is_interrupted())
        return false;
    call = begin_call('s');
    for (unsigned n = 0; n < request->words.n_outputs; n++)
        call->values[n] = values[n];
    call->ended_ns = avrspi_clock_now();
    return fake.n_calls != fake.fail_at;
}

int avrspi_request_get(struct avrspi_request *request)
{
    struct call *call;

    if (is_interrupted())
        return -1;
    call = begin_call('g');
    assert_int_equal(request->words.n_inputs, 1);
    call->ended_ns = avrspi_clock_now();
    return fake.n_calls == fake.fail_at ? -1 : fake.miso >> (7 - fake.n_gets++ % 8) & 1;
}

void avrspi_request_close(struct avrspi_request *request)
{
    if (request)
        note(" -%c", request->words.n_outputs ? 'o' : 'i');
    free(request);
}

/* --- link/line.h: RESET */

int avrspi_line_open(struct avrspi_line **line, const struct avrspi_line_words *words,
                     struct avrspi_error *error)
{
    (void)error;
    assert_string_equal(words->name, "GPIO25");
    note(" reset");
    *line = (struct avrspi_line *)&fake;
    return 0;
}

const char *avrspi_line_name(const struct avrspi_line *line)
{
    (void)line;
    return "GPIO25";
}

const char *avrspi_line_key(const struct avrspi_line *line)
{
    (void)line;
    return "gpiochip0:25";
}

const char *avrspi_line_place(const struct avrspi_line *line)
{
    (void)line;
    return "";
}

bool avrspi_line_was_active(const struct avrspi_line *line)
{
    (void)line;
    return fake.was_active;
}

int avrspi_line_set(struct avrspi_line *line, bool active, struct avrspi_error *error)
{
    (void)line;
    (void)error;
    note(active ? " low" : " high");
    return 0;
}

int avrspi_line_sense(struct avrspi_line *line, bool held_only, enum avrspi_reset_pull *pull,
                      struct avrspi_error *error)
{
    (void)held_only;
    (void)line;
    (void)error;
    *pull = AVRSPI_RESET_NOT_PULLED;
    return 0;
}

int avrspi_line_close(struct avrspi_line *line, struct avrspi_error *error)
{
    (void)line;
    (void)error;
    note(" -reset");
    return 0;
}

/* --- the cases */

#define PORT "gpio:sck=GPIO11,mosi=GPIO10,miso=GPIO9"

static int forget(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof fake);
    return 0;
}

static struct avrspi_link *open_port(const char *port)
{
    const struct avrspi_link_config config = {.port = port, .reset = "GPIO25"};
    struct avrspi_link *link;

    assert_int_equal(avrspi_link_open(&link, &config, NULL), 0);
    return link;
}

static void assert_fails(const char *port, const char *reset, enum avrspi_err code,
                         const char *message, const char *hint)
{
    const struct avrspi_link_config config = {.port = port, .reset = reset};
    struct avrspi_error error = {0};
    struct avrspi_link *link;

    assert_int_equal(avrspi_link_open(&link, &config, &error), code);
    assert_null(link);
    assert_int_equal(error.code, code);
    if (strcmp(error.message, message) != 0 || !strstr(error.hint, hint))
        fail_msg("%s: '%s', '%s'", port, error.message, error.hint);
}

static void port_of_good_words(void **state)
{
    static const char *const ports[] = {
        PORT,
        "gpio:miso=9,sck=gpio11,mosi=GPIO10",
        "gpio:mosi=10,miso=GPIO9,sck=/dev/gpiochip0:11",
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(ports); n++) {
        struct avrspi_link *link = open_port(ports[n]);

        if (n < 2)
            assert_string_equal(avrspi_link_port(link), PORT);
        assert_string_equal(avrspi_link_identity(link),
                            "gpio gpiochip0:11 gpiochip0:10 gpiochip0:9 gpiochip0:25");
        assert_int_equal(avrspi_link_close(link, NULL), 0);
    }
}

static void port_of_bad_words(void **state)
{
    static const struct {
        const char *words, *message, *hint;
    } rows[] = {
        {"", "expected sck=LINE in the port", "gpio:sck=LINE,mosi=LINE,miso=LINE"},
        {"mosi=1,miso=2", "expected sck=LINE in the port", "'gpiochip0:11'"},
        {"sck=1,miso=2", "expected mosi=LINE in the port", "mosi=LINE"},
        {"sck=1,mosi=2", "expected miso=LINE in the port", "mosi=LINE"},
        {"sck", "expected sck=, mosi= or miso= in the port, found 'sck'", "mosi=LINE"},
        {"sck=", "expected the name of a SCK line, found ''", "chip and offset"},
        {"sck=1,,mosi=2", "expected sck=, mosi= or miso= in the port, found ''", "mosi=LINE"},
        {"sck=1,mosi=2,miso=3,", "expected sck=, mosi= or miso= in the port, found ''", ""},
        {"SCK=1", "expected sck=, mosi= or miso= in the port, found 'SCK=1'", "sck=LINE"},
        {"11,10,9", "expected sck=, mosi= or miso= in the port, found '11'", "sck=LINE"},
        {"sck=1,clk=2", "expected sck=, mosi= or miso= in the port, found 'clk=2'", "sck=LINE"},
        {"sck=1,sck=1", "expected one SCK line in the port, found two", "sck=LINE"},
        {"sck=1,reset=25", "expected sck=, mosi= or miso= in the port, found 'reset=25'",
         "--reset LINE"},
        {"sck=1,active-high", "expected sck=, mosi= or miso= in the port, found 'active-high'",
         "--reset LINE,active-high"},
        {"sck=1,open-drain", "expected sck=, mosi= or miso= in the port, found 'open-drain'",
         "--reset LINE,open-drain"},
        {"sck=gpiochip0:", "expected the offset of a line after 'gpiochip0:', found ''", ""},
        {"sck=gpiochip0:1x", "expected the offset of a line after 'gpiochip0:', found '1x'", ""},
        {"sck=:5", "expected the name of a SCK line, found ':5'", ""},
        {"sck=0,mosi=1,miso=0", "the SCK line and the MISO line are the same, 'gpiochip0:0'",
         "a line of its own"},
        {"sck=5,mosi=gpiochip0:5,miso=9",
         "the SCK line and the MOSI line are the same, 'gpiochip0:5'", ""},
        {"sck=11,mosi=10,miso=25", "the MISO line and the reset line are the same, 'gpiochip0:25'",
         ""},
    };
    char port[128];

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        (void)snprintf(port, sizeof port, "gpio:%s", rows[n].words);
        assert_fails(port, "GPIO25", AVRSPI_ERR_USAGE, rows[n].message, rows[n].hint);
    }
    assert_fails(PORT, NULL, AVRSPI_ERR_USAGE, "expected a reset line beside the port", "");
    assert_fails("gpio:sck=BUTTON,mosi=10,miso=9", "GPIO25", AVRSPI_ERR_DEVICE,
                 "no GPIO chip has a line named 'BUTTON'", "gpioinfo");
}

static void port_that_is_too_long(void **state)
{
    char port[1024] = "gpio:sck=";

    (void)state;
    memset(port + strlen(port), 'x', 250);
    assert_fails(port, "GPIO25", AVRSPI_ERR_USAGE, "the name of the SCK line is too long", "");
    memset(port + strlen(port), 'x', 700);
    assert_fails(port, "GPIO25", AVRSPI_ERR_USAGE, "the port is too long", "");
}

/* What is held is named, and what was requested before it is let go. */
static void lines_that_are_held(void **state)
{
    static const struct {
        const char *held, *message, *opened;
    } rows[] = {
        {"gpiochip0:11", "the SCK line 'GPIO11' is held by 'button'", ""},
        {"gpiochip0:10", "the MOSI line 'GPIO10' is held by 'button'", ""},
        {"gpiochip0:9", "the MISO line 'GPIO9' is held by 'button'", " 0>11,10 -o"},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        (void)forget(state);
        fake.held = rows[n].held;
        assert_fails(PORT, "GPIO25", AVRSPI_ERR_DEVICE, rows[n].message, "wait for it to end");
        assert_string_equal(fake.opened, rows[n].opened);
    }
}

/* Lines of one chip are one request, as far as they have one direction. RESET rises before SCK and
 * MOSI are let go. */
static void lines_go_together(void **state)
{
    static const struct {
        const char *port, *opened;
    } rows[] = {
        {PORT, " 0>11,10 0<9 reset -reset -o -i"},
        {"gpio:sck=gpiochip1:1,mosi=gpiochip2:2,miso=gpiochip1:3",
         " 1>1 2>2 1<3 reset -reset -o -o -i"},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        fake.opened[0] = '\0';
        assert_int_equal(avrspi_link_close(open_port(rows[n].port), NULL), 0);
        assert_string_equal(fake.opened, rows[n].opened);
    }
}

static void reset_that_was_active_is_told(void **state)
{
    struct avrspi_link *link;

    (void)state;
    fake.was_active = true;
    link = open_port(PORT);
    assert_non_null(strstr(avrspi_link_note(link), "GPIO25 was left holding"));
    assert_string_equal(avrspi_link_name(link), PORT " + GPIO25");
    assert_string_equal(avrspi_link_reset(link), "GPIO25");
    assert_int_equal(avrspi_link_set_reset(link, true, NULL), 0);
    assert_int_equal(avrspi_link_close(link, NULL), 0);
    assert_non_null(strstr(fake.opened, "reset low -reset"));
}

/* One bit: SCK low with MOSI, SCK high, MISO; each level no shorter than half a period. */
static void assert_bits(uint8_t out, uint64_t half_ns)
{
    for (unsigned n = 0; n < 8; n++) {
        const struct call *low = &fake.call[3 * n], *high = low + 1, *read = low + 2;
        const bool bit = out >> (7 - n) & 1;

        assert_int_equal(low->kind, 's');
        assert_false(low->values[0]);
        assert_int_equal(low->values[1], bit);
        assert_int_equal(high->kind, 's');
        assert_true(high->values[0]);
        assert_int_equal(high->values[1], bit);
        assert_int_equal(read->kind, 'g');
        assert_true(high->began_ns - low->ended_ns >= half_ns);
        assert_true(read[1].began_ns - high->ended_ns >= half_ns);
    }
}

static void transfer_toggles_the_lines(void **state)
{
    struct avrspi_link *link = open_port(PORT);
    uint8_t bytes[2] = {0xA5, 0x01};

    (void)state;
    for (unsigned hz = 2000; hz <= 2000000; hz *= 10) {
        fake.interrupts = hz == 20000;
        assert_int_equal(avrspi_link_set_speed(link, hz, NULL), 0);
        assert_true(avrspi_link_speed(link) <= hz);
        fake.n_calls = 0;
        fake.n_gets = 0;
        fake.miso = 0x96;
        bytes[0] = 0xA5;
        bytes[1] = 0x01;
        assert_int_equal(avrspi_link_transfer(link, bytes, bytes, 2, NULL), 0);
        assert_int_equal(bytes[0], 0x96);
        assert_int_equal(bytes[1], 0x96);
        assert_bits(0xA5, 500000000 / hz);
        /* SCK rests low, and MOSI stays */
        assert_int_equal(fake.n_calls, 2 * 8 * 3 + 1);
        assert_false(fake.call[48].values[0]);
        assert_true(fake.call[48].values[1]);
    }
    assert_int_equal(avrspi_link_close(link, NULL), 0);
}

/* Of lines on two chips MOSI is set where it changes only. */
static void transfer_over_two_chips(void **state)
{
    struct avrspi_link *link = open_port("gpio:sck=gpiochip1:1,mosi=gpiochip2:2,miso=gpiochip2:3");
    uint8_t byte = 0xF0;

    (void)state;
    fake.n_calls = 0;
    assert_int_equal(avrspi_link_transfer(link, &byte, &byte, 1, NULL), 0);
    assert_int_equal(fake.n_calls, 8 * 3 + 2 + 1);
    assert_int_equal(avrspi_link_close(link, NULL), 0);
}

static void transfer_that_fails(void **state)
{
    struct avrspi_link *link = open_port(PORT);

    (void)state;
    for (unsigned n = 1; n <= 25; n++) {
        struct avrspi_error error = {0};
        uint8_t byte = 0;

        fake.n_calls = 0;
        fake.fail_at = n;
        assert_int_equal(avrspi_link_transfer(link, &byte, &byte, 1, &error), AVRSPI_ERR_DEVICE);
        assert_string_equal(error.message, "can't drive SCK and read MISO: Input/output error");
    }
    assert_int_equal(avrspi_link_close(link, NULL), 0);
}

static void open_that_can_t_measure(void **state)
{
    (void)state;
    fake.fail_at = 3;
    assert_fails(PORT, "GPIO25", AVRSPI_ERR_DEVICE,
                 "can't drive SCK and read MISO: Input/output error", "");
    assert_string_equal(fake.opened, " 0>11,10 0<9 -o -i");
}

/* A bus is one thing of several links; it is let go with the last of them. */
static void links_share_a_bus(void **state)
{
    struct avrspi_link_config config = {.port = PORT, .reset = "GPIO25"};
    struct avrspi_link *first, *second;

    (void)state;
    assert_int_equal(avrspi_bus_open(&config.bus, PORT, NULL), 0);
    assert_true(avrspi_bus_has(config.bus, "gpio:miso=9,mosi=10,sck=gpiochip0:11"));
    assert_false(avrspi_bus_has(config.bus, "gpio:miso=9,mosi=10,sck=gpiochip0:12"));
    assert_false(avrspi_bus_has(config.bus, "gpio:miso=9,mosi=10,sck=BUTTON"));
    assert_false(avrspi_bus_has(config.bus, "/dev/spidev0.0"));
    assert_int_equal(avrspi_link_open(&first, &config, NULL), 0);
    assert_int_equal(avrspi_link_open(&second, &config, NULL), 0);
    avrspi_bus_close(config.bus);
    assert_int_equal(avrspi_link_close(first, NULL), 0);
    assert_string_equal(fake.opened, " 0>11,10 0<9 reset reset -reset");
    assert_int_equal(avrspi_link_close(second, NULL), 0);
    assert_string_equal(fake.opened, " 0>11,10 0<9 reset reset -reset -reset -o -i");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(port_of_good_words, forget),
        cmocka_unit_test_setup(port_of_bad_words, forget),
        cmocka_unit_test_setup(port_that_is_too_long, forget),
        cmocka_unit_test_setup(lines_that_are_held, forget),
        cmocka_unit_test_setup(lines_go_together, forget),
        cmocka_unit_test_setup(reset_that_was_active_is_told, forget),
        cmocka_unit_test_setup(transfer_toggles_the_lines, forget),
        cmocka_unit_test_setup(transfer_over_two_chips, forget),
        cmocka_unit_test_setup(transfer_that_fails, forget),
        cmocka_unit_test_setup(open_that_can_t_measure, forget),
        cmocka_unit_test_setup(links_share_a_bus, forget),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
