/* SPDX-License-Identifier: MIT */
/* The link as its users see it: ports, reset lines, counts. */
#include "known_chips.h"
#include "root.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>

#include "avrspi/link.h"
#include "base/error.h"
#include "link/line.h"
#include "link/link.h"
#include "link/tap.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static void assert_error(const struct avrspi_error *error, int result, enum avrspi_err code,
                         const char *message, const char *hint)
{
    assert_int_equal(result, code);
    assert_int_equal(error->code, code);
    if (!strstr(error->message, message))
        fail_msg("expected '%s' in '%s'", message, error->message);
    if (!strstr(error->hint, hint))
        fail_msg("expected '%s' in '%s'", hint, error->hint);
}

/* --- reset lines */

static void line_parse_of_good_words(void **state)
{
    static const struct {
        const char *text, *chip, *name;
        unsigned offset;
        bool active_high, open_drain;
        long number;
    } rows[] = {
        {"GPIO25", "", "GPIO25", 0, false, false, 25},
        {"gpio4", "", "gpio4", 0, false, false, 4},
        {"537,open-drain", "", "537", 0, false, true, 537},
        {"gpiochip0:25", "gpiochip0", "", 25, false, false, -1},
        {"/dev/gpiochip4:0", "gpiochip4", "", 0, false, false, -1},
        {"0:7", "0", "", 7, false, false, -1},
        {"GPIO25,active-high", "", "GPIO25", 0, true, false, 25},
        {"GPIO25,open-drain", "", "GPIO25", 0, false, true, 25},
        {"gpiochip0:65535,active-high,open-drain", "gpiochip0", "", 65535, true, true, -1},
        {"PIN 22,active-high,active-low", "", "PIN 22", 0, false, false, -1},
        {"GPIO", "", "GPIO", 0, false, false, -1},
        {"GPIO25_A", "", "GPIO25_A", 0, false, false, -1},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct avrspi_line_words words;

        memset(&words, 0xA5, sizeof words);
        assert_int_equal(avrspi_line_parse(&words, rows[n].text, NULL), 0);
        assert_string_equal(words.chip, rows[n].chip);
        assert_string_equal(words.name, rows[n].name);
        assert_int_equal(words.offset, rows[n].offset);
        assert_int_equal(words.number, rows[n].number);
        assert_int_equal(words.active_high, rows[n].active_high);
        assert_int_equal(words.open_drain, rows[n].open_drain);
    }
}

static void line_parse_of_bad_words(void **state)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"", "expected the name of a reset line, found ''"},
        {",active-high", "expected the name of a reset line, found ',active-high'"},
        {":25", "expected the name of a reset line, found ':25'"},
        {"/dev/", "expected the name of a reset line, found '/dev/'"},
        {"gpiochip0:", "expected the offset of a line after 'gpiochip0:', found ''"},
        {"gpiochip0:x", "found 'x'"},
        {"gpiochip0:-1", "found '-1'"},
        {"gpiochip0:+1", "found '+1'"},
        {"gpiochip0: 1", "found ' 1'"},
        {"gpiochip0:1x", "found '1x'"},
        {"gpiochip0:65536", "found '65536'"},
        {"gpiochip0:99999999999999999999", "found '99999999999999999999'"},
        {"GPIO25,", "expected 'active-high', 'active-low' or 'open-drain' after the reset line"},
        {"GPIO25,open", "found 'open'"},
        {"0123456789012345678901234567890123456789012345678901234567890123", "found '0123"},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct avrspi_error error = {0};
        struct avrspi_line_words words;

        assert_error(&error, avrspi_line_parse(&words, rows[n].text, &error), AVRSPI_ERR_USAGE,
                     rows[n].message, "");
    }
}

static void line_parse_of_a_long_text(void **state)
{
    struct avrspi_error error = {0};
    struct avrspi_line_words words;
    char text[300];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_error(&error, avrspi_line_parse(&words, text, &error), AVRSPI_ERR_USAGE, "too long", "");
}

static void line_that_is_not_there(void **state)
{
    const struct avrspi_line_words named = {.name = "BUTTON", .number = -1},
                                   numbered = {.chip = "gpiochip9", .number = -1, .offset = 3};
    struct avrspi_line_words by_number = {.name = "537", .number = 537};
    struct avrspi_error error = {0};

    (void)state;
    errno = ENOENT;
    assert_error(&error, avrspi_line_fail_find(&named, &error), AVRSPI_ERR_DEVICE,
                 "no GPIO chip has a line named 'BUTTON'", "'gpioinfo' lists every line");
    errno = 0;
    assert_error(&error, avrspi_line_fail_find(&by_number, &error), AVRSPI_ERR_DEVICE,
                 "no GPIO chip has a line named '537'",
                 "with base 512 it is line 25, on a Raspberry Pi GPIO25");
    by_number = (struct avrspi_line_words){.name = "GPIO99", .number = 99};
    assert_error(&error, avrspi_line_fail_find(&by_number, &error), AVRSPI_ERR_DEVICE,
                 "no GPIO chip has a line named 'GPIO99'", "write gpiochip0:99, for example");
    errno = ENOENT;
    assert_error(&error, avrspi_line_fail_find(&numbered, &error), AVRSPI_ERR_DEVICE,
                 "can't open the reset line 'gpiochip9:3': No such file or directory", "gpioinfo");
    assert_int_equal(error.sys_errno, ENOENT);
    errno = EACCES;
    assert_error(&error, avrspi_line_fail_find(&named, &error), AVRSPI_ERR_DEVICE,
                 "can't open the reset line 'BUTTON': Permission denied", "usermod -aG gpio");
}

static void line_that_is_held(void **state)
{
    static const struct {
        const char *consumer, *message, *hint;
    } rows[] = {
        {"button", "the reset line 'GPIO25' is held by 'button'", "wait for it to end"},
        {NULL, "is held by 'another driver or program'", "wait for it to end"},
        {"sysfs", "is held by 'sysfs'", "/sys/class/gpio/unexport' releases it"},
        {"spi0 CS0", "is held by 'spi0 CS0'",
         "it is chip select CE0 of that bus; on a Raspberry "
         "Pi 'dtoverlay=spi0-0cs' in config.txt frees it"},
        {"spi0 CS1", "is held by 'spi0 CS1'", "'dtoverlay=spi0-1cs'"},
        {"spi1 CS0", "is held by 'spi1 CS0'", "it is a chip select of that bus"},
        {"spi0 CS0x", "is held by 'spi0 CS0x'", "wait for it to end"},
    };
    const struct avrspi_line_words words = {.name = "GPIO25", .number = 25};
    struct avrspi_line_holder holder = {.label = "no such chip", .offset = 25};
    struct avrspi_error error = {0};

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        holder.consumer = rows[n].consumer;
        errno = EBUSY;
        assert_error(&error, avrspi_line_fail_request(&words, &holder, &error), AVRSPI_ERR_DEVICE,
                     rows[n].message, rows[n].hint);
        assert_int_equal(error.advice, AVRSPI_ADVICE_RESET_LINE);
    }
    errno = EPERM;
    assert_error(&error, avrspi_line_fail_request(&words, &holder, &error), AVRSPI_ERR_DEVICE,
                 "can't use the reset line 'GPIO25' as an output", "usermod");
}

/* --- where a line with a name may be */

/* The places one after the other, "NAME" or "NAME=LABEL:OFFSET". */
static const char *places(const char *name)
{
    static char text[512];
    struct avrspi_line_words words;
    struct avrspi_line_at at;
    size_t next = 0, used = 0;

    assert_int_equal(avrspi_line_parse(&words, name, NULL), 0);
    text[0] = '\0';
    errno = ENOENT;
    while (avrspi_line_next(&at, &next, &words, root)) {
        assert_int_equal(errno, ENOENT);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used ? " " : "", at.name);
        if (*at.label)
            used +=
                (size_t)snprintf(text + used, sizeof text - used, "=%s:%u", at.label, at.offset);
    }
    return text;
}

static void line_places_on_a_known_board(void **state)
{
    (void)state;
    put("/proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0");
    put("/sys/class/gpio/gpiochip512/base", "512\n");
    put("/sys/class/gpio/gpiochip512/ngpio", "54\n");
    put("/sys/class/gpio/gpiochip512/label", "pinctrl-rp1\n");
    assert_string_equal(places("GPIO8"), "GPIO8 GPIO8=pinctrl-rp1:8");
    assert_string_equal(places("25"), "25 GPIO25 GPIO25=pinctrl-rp1:25");
    assert_string_equal(places("gpio25"), "gpio25 GPIO25 GPIO25=pinctrl-rp1:25");
    assert_string_equal(places("537"), "537 GPIO537 537=pinctrl-rp1:25");
    assert_string_equal(places("gpio537"), "gpio537 GPIO537 gpio537=pinctrl-rp1:25");
    /* not on the header; beyond the chip; no number */
    assert_string_equal(places("GPIO28"), "GPIO28");
    assert_string_equal(places("566"), "566 GPIO566");
    assert_string_equal(places("BUTTON"), "BUTTON");
}

static void line_places_on_an_unknown_board(void **state)
{
    (void)state;
    put("/proc/device-tree/model", "Some Board 3");
    assert_string_equal(places("GPIO8"), "GPIO8");
    put("/sys/class/gpio/gpiochip0/base", "0\n");
    put("/sys/class/gpio/gpiochip0/ngpio", "32\n");
    put("/sys/class/gpio/gpiochip0/label", "gpio-0-31\n");
    assert_string_equal(places("8"), "8 GPIO8 8=gpio-0-31:8");
}

/* What can't be opened may have the name. */
static void line_places_end_where_something_is_wrong(void **state)
{
    const struct avrspi_line_words words = {.name = "GPIO8", .number = 8};
    struct avrspi_line_at at;
    size_t next = 0;

    (void)state;
    errno = 0;
    assert_true(avrspi_line_next(&at, &next, &words, ""));
    errno = EACCES;
    assert_false(avrspi_line_next(&at, &next, &words, ""));
    assert_int_equal(errno, EACCES);
}

static void line_close_of_nothing(void **state)
{
    (void)state;
    assert_int_equal(avrspi_line_close(NULL, NULL), 0);
}

/* --- ports */

static void open_of_bad_ports(void **state)
{
    static const struct {
        const char *port, *reset;
        enum avrspi_err code;
        const char *message, *hint;
    } rows[] = {
        {"", "GPIO25", AVRSPI_ERR_USAGE, "expected a port, found ''", "/dev/spidev0.0"},
        {"spidev9.9", "GPIO25", AVRSPI_ERR_DEVICE, "can't open '/dev/spidev9.9'", ""},
        {"spi:spidev9.9:/dev/gpiochip0:25", NULL, AVRSPI_ERR_DEVICE, "can't open '/dev/spidev9.9'",
         ""},
        {"spidev0", "GPIO25", AVRSPI_ERR_USAGE, "expected a port, found 'spidev0'", "sim:CHIP"},
        {"/dev/ttyUSB0", "GPIO25", AVRSPI_ERR_DEVICE,
         "expected a spidev device, found the serial port '/dev/ttyUSB0'", "avrdude -P"},
        {"ttyACM0", "GPIO25", AVRSPI_ERR_DEVICE, "found the serial port 'ttyACM0'", ""},
        {"spi:", "GPIO25", AVRSPI_ERR_USAGE, "expected a port, found 'spi:'", ""},
        {"usb:1", "GPIO25", AVRSPI_ERR_USAGE, "expected a port, found 'usb:1'", ""},
        {"sim:", "", AVRSPI_ERR_USAGE, "unknown chip ''", ""},
        {"sim:atmega328q", "", AVRSPI_ERR_USAGE, "unknown chip 'atmega328q'",
         "did you mean 'ATmega32"},
        {"/dev/spidev0.0", "a:b", AVRSPI_ERR_USAGE, "expected the offset of a line", ""},
        {"/dev/no-such-device", "GPIO25", AVRSPI_ERR_DEVICE, "can't open '/dev/no-such-device'",
         ""},
        {"spi:/dev/no-such-device", "GPIO25", AVRSPI_ERR_DEVICE, "can't open '/dev/no-such-device'",
         ""},
        {"/dev/null", "GPIO25", AVRSPI_ERR_DEVICE, "'/dev/null' is not a spidev device", ""},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        const struct avrspi_link_config config = {
            .port = rows[n].port, .reset = rows[n].reset, .chips = chips};
        struct avrspi_error error = {0};
        struct avrspi_link *link = (struct avrspi_link *)&error;

        assert_error(&error, avrspi_link_open(&link, &config, &error), rows[n].code,
                     rows[n].message, rows[n].hint);
        assert_null(link);
    }
}

static void open_of_a_simulated_target(void **state)
{
    const struct avrspi_link_config config = {.port = "sim:atmega328p,bufsiz=512", .chips = chips};
    struct avrspi_link *link;
    char kinds[32] = "x";

    (void)state;
    assert_int_equal(avrspi_link_open(&link, &config, NULL), 0);
    assert_string_equal(avrspi_link_port(link), "sim:atmega328p,bufsiz=512");
    assert_string_equal(avrspi_link_reset(link), "");
    assert_string_equal(avrspi_link_name(link), "simulated ATmega328P");
    assert_int_equal(avrspi_link_max_transfer(link), 512);
    assert_int_equal(avrspi_link_speed(link), 100000);
    assert_true(avrspi_link_is_simulated(link));
    assert_int_equal(avrspi_link_violations(link, kinds, sizeof kinds), 0);
    assert_string_equal(kinds, "");
    assert_int_equal(avrspi_link_close(link, NULL), 0);
}

static void close_of_nothing(void **state)
{
    (void)state;
    assert_int_equal(avrspi_link_close(NULL, NULL), 0);
}

static void close_that_can_t_save_the_state(void **state)
{
    struct avrspi_link_config config = {.chips = chips};
    struct avrspi_error error = {0};
    struct avrspi_link *link;
    char folder[] = "/tmp/avrspi-link-XXXXXX", port[128], path[64];

    (void)state;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/chip", folder);
    (void)snprintf(port, sizeof port, "sim:atmega8,state=%s", path);
    config.port = port;
    assert_int_equal(avrspi_link_open(&link, &config, &error), 0);
    assert_int_equal(remove(path), 0);
    assert_int_equal(remove(folder), 0);
    assert_error(&error, avrspi_link_close(link, &error), AVRSPI_ERR_FAILURE,
                 "can't create a file next to", "");
}

/* --- a program's own transport */

struct fake {
    uint32_t hz;
    unsigned closed;
    bool refuses_speed, takes_reset;
    uint64_t now, ns_per_byte;
};

static int fake_transfer(void *self, const uint8_t *out, uint8_t *in, size_t size,
                         struct avrspi_error *error)
{
    struct fake *fake = self;

    (void)error;
    for (size_t n = 0; n < size; n++)
        in[n] = (uint8_t)~out[n];
    fake->now += size * fake->ns_per_byte;
    return 0;
}

static int fake_set_speed(void *self, uint32_t hz, uint32_t *actual, struct avrspi_error *error)
{
    struct fake *fake = self;

    if (fake->refuses_speed)
        return avrspi_fail(error, AVRSPI_ERR_DEVICE, "no such speed");
    fake->hz = hz;
    *actual = hz / 1000 * 1000;
    return 0;
}

static int fake_set_reset(void *self, bool active, struct avrspi_error *error)
{
    if (((struct fake *)self)->takes_reset)
        return 0;
    return avrspi_fail(error, AVRSPI_ERR_DEVICE, active ? "down" : "up");
}

static void fake_wait(void *self, uint64_t ns)
{
    ((struct fake *)self)->now += ns + 5;
}

static uint64_t fake_now(const void *self)
{
    return ((const struct fake *)self)->now;
}

static int fake_close(void *self, struct avrspi_error *error)
{
    (void)error;
    ((struct fake *)self)->closed++;
    return 0;
}

static const struct avrspi_link_ops fake_ops = {
    .size = sizeof fake_ops,
    .transfer = fake_transfer,
    .set_speed = fake_set_speed,
    .set_reset = fake_set_reset,
    .wait = fake_wait,
    .now = fake_now,
    .close = fake_close,
};

static const struct avrspi_link_info fake_info = {
    .size = sizeof fake_info,
    .max_transfer = 77,
    .port = "fake:1",
    .reset = "LINE",
    .name = "a fake",
};

static struct avrspi_link *link_of(struct fake *fake)
{
    struct avrspi_link *link;

    assert_int_equal(avrspi_link_new(&link, &fake_ops, fake, &fake_info, NULL), 0);
    return link;
}

static void new_passes_on_what_it_is_told(void **state)
{
    struct fake fake = {0};
    struct avrspi_error error = {0};
    struct avrspi_link *link;
    uint8_t out[2] = {0x0F, 0x55}, in[2];

    (void)state;
    link = link_of(&fake);
    assert_string_equal(avrspi_link_port(link), "fake:1");
    assert_string_equal(avrspi_link_reset(link), "LINE");
    assert_string_equal(avrspi_link_name(link), "a fake");
    assert_string_equal(avrspi_link_note(link), "");
    assert_int_equal(avrspi_link_max_transfer(link), 77);
    assert_int_equal(fake.hz, 100000);
    assert_int_equal(avrspi_link_transfer(link, out, in, 2, &error), 0);
    assert_int_equal(in[0], 0xF0);
    assert_error(&error, avrspi_link_set_reset(link, true, &error), AVRSPI_ERR_DEVICE, "down", "");
    assert_error(&error, avrspi_link_set_reset(link, false, &error), AVRSPI_ERR_DEVICE, "up", "");
    assert_int_equal(avrspi_link_close(link, &error), 0);
    assert_int_equal(fake.closed, 1);
}

static void new_of_a_transport_that_fails_leaves_it_alone(void **state)
{
    struct fake fake = {.refuses_speed = true};
    struct avrspi_error error = {0};
    struct avrspi_link *link = (struct avrspi_link *)&fake;

    (void)state;
    assert_error(&error, avrspi_link_new(&link, &fake_ops, &fake, &fake_info, &error),
                 AVRSPI_ERR_DEVICE, "no such speed", "");
    assert_null(link);
    assert_int_equal(fake.closed, 0);
}

static void new_wants_every_operation(void **state)
{
    struct avrspi_link_ops ops = fake_ops;
    struct avrspi_link_info info = fake_info;
    struct fake fake = {0};
    struct avrspi_error error = {0};
    struct avrspi_link *link = (struct avrspi_link *)&fake;

    (void)state;
    ops.now = NULL;
    assert_error(&error, avrspi_link_new(&link, &ops, &fake, &info, &error), AVRSPI_ERR_USAGE,
                 "expected every operation of a link", "");
    assert_null(link);
    ops = fake_ops;
    ops.size = offsetof(struct avrspi_link_ops, close);
    assert_int_equal(avrspi_link_new(&link, &ops, &fake, &info, NULL), AVRSPI_ERR_USAGE);
    info.max_transfer = 0;
    assert_error(&error, avrspi_link_new(&link, &fake_ops, &fake, &info, &error), AVRSPI_ERR_USAGE,
                 "its max_transfer", "");
    assert_int_equal(fake.closed, 0);
}

/* A program that was compiled before the operations after 'close' were added. */
static void new_goes_by_the_size_of_the_table(void **state)
{
    struct avrspi_link_ops ops = fake_ops;
    struct fake fake = {0};
    struct avrspi_link *link;

    (void)state;
    ops.size = offsetof(struct avrspi_link_ops, violations);
    memset((char *)&ops + ops.size, 0xA5, sizeof ops - ops.size);
    assert_int_equal(avrspi_link_new(&link, &ops, &fake, &fake_info, NULL), 0);
    memset(&ops, 0, sizeof ops); /* it was copied */
    assert_false(avrspi_link_is_simulated(link));
    assert_int_equal(avrspi_link_close(link, NULL), 0);
    assert_int_equal(fake.closed, 1);
}

static void speed_is_what_the_controller_makes_of_it(void **state)
{
    struct fake fake = {0};
    struct avrspi_link *link;

    (void)state;
    link = link_of(&fake);
    assert_int_equal(avrspi_link_set_speed(link, 224999, NULL), 0);
    assert_int_equal(fake.hz, 224999);
    assert_int_equal(avrspi_link_speed(link), 224000);
    assert_int_equal(avrspi_link_close(link, NULL), 0);
}

static void speed_of_zero_is_refused(void **state)
{
    struct fake fake = {0};
    struct avrspi_error error = {0};
    struct avrspi_link *link;

    (void)state;
    link = link_of(&fake);
    assert_error(&error, avrspi_link_set_speed(link, 0, &error), AVRSPI_ERR_USAGE,
                 "expected a frequency for SCK, found 0 Hz", "");
    assert_int_equal(avrspi_link_speed(link), 100000);
    assert_int_equal(avrspi_link_close(link, NULL), 0);
}

/* The fake makes whole kilohertz. */
static void speed_that_the_transport_makes_0_of_is_refused(void **state)
{
    struct fake fake = {0};
    struct avrspi_error error = {0};
    struct avrspi_link *link;
    uint8_t byte = 0;

    (void)state;
    link = link_of(&fake);
    assert_error(&error, avrspi_link_set_speed(link, 999, &error), AVRSPI_ERR_USAGE,
                 "expected SCK in force from the link's set_speed(), found 0 Hz", "");
    assert_int_equal(avrspi_link_speed(link), 100000);
    assert_int_equal(avrspi_link_transfer(link, &byte, &byte, 1, NULL), 0);
    assert_int_equal(avrspi_link_close(link, NULL), 0);
}

static void hardware_can_t_tell_of_violations(void **state)
{
    struct fake fake = {0};
    struct avrspi_link *link;
    char kinds[8] = "x";

    (void)state;
    link = link_of(&fake);
    assert_false(avrspi_link_is_simulated(link));
    assert_int_equal(avrspi_link_violations(link, kinds, sizeof kinds), 0);
    assert_string_equal(kinds, "");
    assert_int_equal(avrspi_link_violations(link, NULL, 0), 0);
    assert_int_equal(avrspi_link_close(link, NULL), 0);
}

static void reset_line_tells_since_when_it_is_inactive(void **state)
{
    struct fake fake = {.now = 1000, .takes_reset = true};
    struct avrspi_link *link;

    (void)state;
    link = link_of(&fake);
    assert_int_equal(avrspi_link_inactive_since(link), 0);
    assert_int_equal(avrspi_link_set_reset(link, false, NULL), 0);
    assert_int_equal(avrspi_link_inactive_since(link), 0);
    assert_int_equal(avrspi_link_set_reset(link, true, NULL), 0);
    assert_true(avrspi_link_inactive_since(link) == UINT64_MAX);
    fake.now = 2000;
    assert_int_equal(avrspi_link_set_reset(link, false, NULL), 0);
    fake.now = 3000;
    assert_int_equal(avrspi_link_set_reset(link, false, NULL), 0);
    assert_int_equal(avrspi_link_inactive_since(link), 2000);
    fake.takes_reset = false; /* what fails changes nothing */
    assert_int_equal(avrspi_link_set_reset(link, true, NULL), AVRSPI_ERR_DEVICE);
    assert_int_equal(avrspi_link_inactive_since(link), 2000);
    assert_int_equal(avrspi_link_close(link, NULL), 0);
}

static void counts_of_transfers_and_waits(void **state)
{
    struct fake fake = {0};
    struct avrspi_link_counts counts;
    struct avrspi_link *link;
    uint8_t bytes[50] = {0};

    (void)state;
    link = link_of(&fake);
    counts = avrspi_link_counts(link);
    assert_int_equal(counts.transfers + counts.bytes + counts.waits, 0);
    assert_int_equal(avrspi_link_transfer(link, bytes, bytes, 50, NULL), 0); /* at 100 kHz */
    assert_int_equal(avrspi_link_set_speed(link, 1000000, NULL), 0);
    assert_int_equal(avrspi_link_transfer(link, bytes, bytes, 10, NULL), 0);
    avrspi_link_wait(link, 1000);
    counts = avrspi_link_counts(link);
    assert_int_equal(counts.transfers, 2);
    assert_int_equal(counts.bytes, 60);
    assert_int_equal(counts.wire_ns, 50 * 80000 + 10 * 8000);
    assert_int_equal(counts.waits, 1);
    assert_int_equal(counts.wait_ns, 1005); /* what it really took */
    assert_int_equal(avrspi_link_close(link, NULL), 0);
}

static void speed_is_measured_by_the_fastest_long_transfer(void **state)
{
    struct fake fake = {.ns_per_byte = 10000};
    struct avrspi_link *link;
    uint8_t bytes[251] = {0};

    (void)state;
    link = link_of(&fake);
    assert_int_equal(avrspi_link_set_speed(link, 1000000, NULL), 0);
    assert_int_equal(avrspi_link_transfer(link, bytes, bytes, 249, NULL), 0);
    assert_int_equal(avrspi_link_measured_speed(link), 0); /* too short to tell */
    assert_int_equal(avrspi_link_transfer(link, bytes, bytes, 250, NULL), 0);
    assert_int_equal(avrspi_link_measured_speed(link), 800000);
    fake.ns_per_byte = 9000;
    assert_int_equal(avrspi_link_transfer(link, bytes, bytes, 250, NULL), 0);
    assert_int_equal(avrspi_link_measured_speed(link), 888888);
    fake.ns_per_byte = 11000; /* delayed */
    assert_int_equal(avrspi_link_transfer(link, bytes, bytes, 251, NULL), 0);
    assert_int_equal(avrspi_link_measured_speed(link), 888888);
    assert_int_equal(avrspi_link_set_speed(link, 1000000, NULL), 0);
    assert_int_equal(avrspi_link_measured_speed(link), 888888);
    assert_int_equal(avrspi_link_set_speed(link, 2000000, NULL), 0);
    assert_int_equal(avrspi_link_measured_speed(link), 0);
    assert_int_equal(avrspi_link_close(link, NULL), 0);
}

/* Moved by the program, it was slow when it was estimated, and is less so now. */
static void a_link_that_keeps_its_sck_is_never_fast(void **state)
{
    (void)state;
    for (int keeps = 0; keeps <= 1; keeps++) {
        struct fake fake = {.ns_per_byte = 7800}; /* 2.6 % faster than 1 MHz */
        struct avrspi_link_info info = fake_info;
        struct avrspi_link *link, *tapped;
        const struct avrspi_tap_config tap = {0};
        uint8_t bytes[300] = {0};

        info.keeps_sck = keeps;
        assert_int_equal(avrspi_link_new(&link, &fake_ops, &fake, &info, NULL), 0);
        assert_int_equal(avrspi_tap_new(&tapped, link, &tap, NULL), 0);
        assert_int_equal(avrspi_link_set_speed(tapped, 1000000, NULL), 0);
        assert_int_equal(avrspi_link_transfer(tapped, bytes, bytes, sizeof bytes, NULL), 0);
        assert_int_equal(avrspi_link_measured_speed(tapped), 1025641);
        assert_int_equal(avrspi_link_is_fast(tapped), !keeps);
        assert_int_equal(avrspi_link_is_fast(link), !keeps);
        assert_int_equal(avrspi_link_close(tapped, NULL), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_parse_of_good_words),
        cmocka_unit_test(line_parse_of_bad_words),
        cmocka_unit_test(line_parse_of_a_long_text),
        cmocka_unit_test(line_that_is_not_there),
        cmocka_unit_test(line_that_is_held),
        cmocka_unit_test_setup_teardown(line_places_on_a_known_board, root_set_up, root_tear_down),
        cmocka_unit_test_setup_teardown(line_places_on_an_unknown_board, root_set_up,
                                        root_tear_down),
        cmocka_unit_test(line_places_end_where_something_is_wrong),
        cmocka_unit_test(line_close_of_nothing),
        cmocka_unit_test(open_of_bad_ports),
        cmocka_unit_test(open_of_a_simulated_target),
        cmocka_unit_test(close_of_nothing),
        cmocka_unit_test(close_that_can_t_save_the_state),
        cmocka_unit_test(new_passes_on_what_it_is_told),
        cmocka_unit_test(new_of_a_transport_that_fails_leaves_it_alone),
        cmocka_unit_test(new_wants_every_operation),
        cmocka_unit_test(new_goes_by_the_size_of_the_table),
        cmocka_unit_test(speed_is_what_the_controller_makes_of_it),
        cmocka_unit_test(speed_of_zero_is_refused),
        cmocka_unit_test(speed_that_the_transport_makes_0_of_is_refused),
        cmocka_unit_test(hardware_can_t_tell_of_violations),
        cmocka_unit_test(reset_line_tells_since_when_it_is_inactive),
        cmocka_unit_test(counts_of_transfers_and_waits),
        cmocka_unit_test(speed_is_measured_by_the_fastest_long_transfer),
        cmocka_unit_test(a_link_that_keeps_its_sck_is_never_fast),
    };

    return cmocka_run_group_tests(tests, open_chips, close_chips);
}
