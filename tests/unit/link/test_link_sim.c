/* SPDX-License-Identifier: MIT */
/* The "sim:" port: its words, its time, its state file. */
#include "sim_rig.h"

#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "link/link.h"
#include "simhost/simhost.h"

/* The chips of these tests, whatever chips/ has. */
static const char definitions[] = "[values test-clock]\n"
                                  "1 = int1m : internal oscillator, 1 MHz : internal 1M\n"
                                  "[Test328]\n"
                                  "signature = 1E 95 F0\n"
                                  "flash_size = 32768\n"
                                  "flash_page = 128\n"
                                  "eeprom_size = 1024\n"
                                  "fuse_masks = FF FF 07 3F\n"
                                  "fuse_defaults = 62 D9 FF\n"
                                  "factory_clock = 1M\n"
                                  "[Test8]\n"
                                  "signature = 1E 93 07\n"
                                  "flash_size = 8192\n"
                                  "flash_page = 64\n"
                                  "fuse_masks = FF FF 00 3F\n"
                                  "factory_clock = 1M\n"
                                  "[TestOld]\n"
                                  "like = Test8\n"
                                  "factory_clock = external\n"
                                  "[TestRom]\n"
                                  "like = Test8\n"
                                  "flash_size = 0\n"
                                  "eeprom_size = 64\n"
                                  "[TestClock]\n"
                                  "like = Test8\n"
                                  "fuse_defaults = E1 D9 FF\n"
                                  "low.CKSEL = 0x0F test-clock\n"
                                  "[values test-crystal]\n"
                                  "0x0E = xtal : crystal, 8 to 16 MHz : crystal 8M-16M\n"
                                  "[TestUsb]\n"
                                  "like = TestOld\n"
                                  "fuse_defaults = 5E D9 FF\n"
                                  "low.CKDIV8 = 0x80\n"
                                  "low.CKSEL = 0x0F test-crystal\n";

static struct avrspi_chips *chips;
static char folder[] = "/tmp/avrspi-test-XXXXXX";
static char path[64]; /* of a state file in it, that is not there */

static int set_up_all(void **state)
{
    struct avrspi_error error = {0};

    (void)state;
    if (mkdtemp(folder) && avrspi_chips_open(&chips, &error) == 0 &&
        avrspi_chips_add_text(chips, "test", definitions, strlen(definitions), &error) == 0)
        return 0;
    print_error("%s\n", error.message);
    return -1;
}

static int tear_down_all(void **state)
{
    (void)state;
    avrspi_chips_close(chips);
    return rmdir(folder);
}

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(path, sizeof path, "%s/chip", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)unlink(path);
    return 0;
}

static int try_to_open(struct avrspi_link **link, const char *words, struct avrspi_error *error)
{
    const struct avrspi_link_config config = {.port = words, .chips = chips};

    return avrspi_link_open(link, &config, error);
}

/* "sim:" is put before the words. */
static struct avrspi_link *open_sim(const char *words)
{
    struct avrspi_link *link;
    struct avrspi_error error = {0};
    char port[160];

    (void)snprintf(port, sizeof port, "sim:%s", words);
    if (try_to_open(&link, port, &error) != 0)
        fail_msg("%s: %s", words, error.message);
    return link;
}

static struct avrspi_link *open_with_state(const char *more)
{
    char words[128];

    (void)snprintf(words, sizeof words, "Test328,state=%s%s", path, more);
    return open_sim(words);
}

static void close_sim(struct avrspi_link *link)
{
    assert_int_equal(avrspi_link_close(link, NULL), 0);
}

static uint8_t exchange(struct avrspi_link *link, uint8_t a, uint8_t b, uint8_t c, uint8_t d,
                        uint8_t in[4])
{
    uint8_t out[4] = {a, b, c, d};

    assert_int_equal(avrspi_link_transfer(link, out, in, 4, NULL), 0);
    return in[3];
}

static uint8_t ask(struct avrspi_link *link, uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
    uint8_t in[4];

    return exchange(link, a, b, c, d, in);
}

/* The third byte that came back. */
static uint8_t enter_sim(struct avrspi_link *link)
{
    uint8_t in[4];

    assert_int_equal(avrspi_link_set_reset(link, true, NULL), 0);
    avrspi_link_wait(link, 20000000);
    (void)exchange(link, 0xAC, 0x53, 0x12, 0x34, in);
    return in[2];
}

static void open_chip(void **state)
{
    struct avrspi_link *link = open_sim("Test328");

    (void)state;
    assert_string_equal(avrspi_link_name(link), "simulated Test328");
    assert_int_equal(avrspi_link_max_transfer(link), 4096);
    assert_int_equal(avrspi_link_set_speed(link, 123456, NULL), 0);
    assert_int_equal(avrspi_link_speed(link), 123456);
    assert_int_equal(enter_sim(link), 0x53);
    assert_int_equal(ask(link, 0x30, 0, 1, 0), 0x95);
    assert_int_equal(avrspi_link_violations(link, NULL, 0), 0);
    close_sim(link);
}

static void transfer_too_large(void **state)
{
    struct avrspi_link *link = open_sim("Test328,bufsiz=4");
    struct avrspi_error error;
    uint8_t bytes[8] = {0};

    (void)state;
    assert_int_equal(avrspi_link_max_transfer(link), 4);
    assert_int_equal(avrspi_link_transfer(link, bytes, bytes, 5, &error), AVRSPI_ERR_DEVICE);
    assert_string_equal(error.message, "expected at most 4 bytes in a transfer, found 5");
    close_sim(link);
}

static void now_virtual(void **state)
{
    struct avrspi_link *link = open_sim("Test328,overhead_us=50");

    (void)state;
    (void)avrspi_link_set_speed(link, 1000000, NULL);
    assert_int_equal(avrspi_link_now(link), 0);
    avrspi_link_wait(link, UINT64_C(3600000000000));
    assert_int_equal(avrspi_link_now(link), UINT64_C(3600000000000));
    (void)ask(link, 0, 0, 0, 0);
    assert_int_equal(avrspi_link_now(link), UINT64_C(3600000000000) + 50000 + 32000);
    close_sim(link);
}

static uint64_t real_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void now_realtime(void **state)
{
    struct avrspi_link *link = open_sim("Test328,realtime=1");
    uint64_t before = real_ns();

    (void)state;
    assert_int_equal(enter_sim(link), 0x53);
    assert_true(real_ns() - before >= 20000000);
    assert_true(avrspi_link_now(link) - before >= 20000000);
    (void)avrspi_link_set_speed(link, 8000, NULL);
    before = real_ns();
    (void)ask(link, 0xC0, 0, 0, 0);
    assert_true(real_ns() - before >= 4000000);
    (void)nanosleep(&(struct timespec){.tv_nsec = 25000000}, NULL);
    assert_int_equal(ask(link, 0xA0, 0, 0, 0), 0);
    assert_int_equal(avrspi_link_violations(link, NULL, 0), 0);
    close_sim(link);
}

/* Time goes on while nothing is asked of the link. */
static void wait_after_idle_time_realtime(void **state)
{
    struct avrspi_link *link = open_sim("Test328,realtime=1");
    uint64_t before;

    (void)state;
    (void)nanosleep(&(struct timespec){.tv_nsec = 25000000}, NULL);
    before = real_ns();
    avrspi_link_wait(link, 20000000);
    assert_true(real_ns() - before >= 20000000);
    close_sim(link);
}

/* RESET is low from now on, not from when the link was asked last. */
static void reset_after_idle_time_realtime(void **state)
{
    struct avrspi_link *link = open_sim("Test328,realtime=1");
    char kinds[64];

    (void)state;
    (void)nanosleep(&(struct timespec){.tv_nsec = 25000000}, NULL);
    (void)avrspi_link_set_speed(link, 100000, NULL);
    (void)avrspi_link_set_reset(link, true, NULL);
    (void)ask(link, 0xAC, 0x53, 0, 0);
    assert_int_equal(avrspi_link_violations(link, kinds, sizeof kinds), 1);
    assert_string_equal(kinds, "early-enable 1");
    close_sim(link);
}

/* Words that are off, and what is said. */
static const struct bad {
    const char *words;
    const char *message;
    const char *hint;
} bad[] = {
    {"", "unknown chip ''", NULL},
    {"Test329", "unknown chip 'Test329'", "did you mean 'Test328'?"},
    {"qqqqqqqqqqqqqqqqqqqqqqqqq", "unknown chip 'qqqqqqqqqqqqqqqqqqqqqqqqq'",
     "names are such as ATmega328P"},
    {"Test328,", "expected key=value in a 'sim:' port, found ''",
     "state=, fcpu=, xtal=, realtime=, "},
    {"Test328,state", "found 'state'", "overhead_us=, bufsiz=, pull=, fault="},
    {"Test328,speed=1", "found 'speed'", "state=, fcpu="},
    {"Test328,state=", "expected a file for 'state', found ''", ""},
    {"Test328,state=-", "expected a file for 'state', found '-'", ""},
    {"Test328,state=a,fcpu=fast", "expected a frequency such as 16M or 32768, or 0 for 'fcpu'", ""},
    {"Test328,realtime=yes", "expected a number from 0 to 1 for 'realtime', found 'yes'", ""},
    {"Test328,overhead_us=-1", "expected a number from 0 to 1000000 for 'overhead_us'", ""},
    {"Test328,bufsiz=3", "expected a number from 4 to 1048576 for 'bufsiz', found '3'", ""},
    {"Test328,pull=left", "expected 'up' or 'down' for 'pull', found 'left'", ""},
    {"Test328,fault=", "expected a fault, found ''", "no-power, miso-high, "},
    {"Test328,fault=smoke", "found 'smoke'", "wrong-chip, flip:BYTES, power-loss:BYTES"},
    {"Test328,fault=no-sck+smoke", "found 'smoke'", "weak-cell:ADDRESS"},
    {"Test328,fault=flip", "expected 'flip:BYTES', found 'flip'", ""},
    {"Test328,fault=flip:0", "expected a number from 1 to 4294967295 for 'flip', found '0'", ""},
    {"Test328,fault=power-loss:", "for 'power-loss', found ''", ""},
    {"Test328,fault=weak-cell:0x8000", "a number from 0 to 32767 for 'weak-cell'", ""},
    {"Test328,fault=no-sck:1", "expected 'no-sck' alone, found 'no-sck:1'", ""},
    {"Test328,fault=smoke", "found 'smoke'", "cut:BIT:MS, mosi~RATE:SEED, miso~RATE:SEED"},
    {"Test328,fault=mosi", "expected 'mosi:BIT', found 'mosi'", ""},
    {"Test328,fault=mosi:x", "expected a number from 0 to 4294967295 for 'fault', found 'x'", ""},
    {"Test328,fault=cut:5", "expected BIT:MS for 'fault', found '5'", ""},
    {"Test328,fault=cut:x:1", "a number from 0 to 4294967295 for 'fault', found 'x'", ""},
    {"Test328,fault=cut:5:0", "expected a number from 1 to 60000 for 'cut', found '0'", ""},
    {"Test328,fault=lost~5:1", "expected a fault, found 'lost~5:1'", "lost:BIT"},
    {"Test328,fault=mosi~5", "expected RATE:SEED for 'fault', found '5'", ""},
    {"Test328,fault=mosi~0:1", "a number from 1 to 1000000000 for 'fault', found '0'", ""},
    {"Test328,fault=mosi~5:", "expected a number from 0 to 4294967295 for 'seed', found ''", ""},
    {"Test328,fault=mosi:1+mosi:2+mosi:3+mosi:4+mosi:5+mosi:6+mosi:7+mosi:8+mosi:9",
     "expected at most 8 faults of single bits", ""},
    {"Test328,reset_fall_ms=60001",
     "expected a number from 0 to 60000 for 'reset_fall_ms', found '60001'", ""},
    {"Test328,signature=1E950", "expected six hex digits for 'signature', found '1E950'", ""},
    {"Test328,signature=1E950G", "expected six hex digits for 'signature', found '1E950G'", ""},
    {"Test328,echo=half", "expected 'full' or 'promised' for 'echo', found 'half'", ""},
};

static void open_each_bad_word(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(bad); i++) {
        struct avrspi_link *link;
        struct avrspi_error error = {0};
        char port[160];
        int result;

        (void)snprintf(port, sizeof port, "sim:%s", bad[i].words);
        result = try_to_open(&link, port, &error);
        if (result != AVRSPI_ERR_USAGE || !strstr(error.message, bad[i].message) ||
            (bad[i].hint && !strstr(error.hint, bad[i].hint)))
            fail_msg("'%s': %d '%s' '%s'", bad[i].words, result, error.message, error.hint);
    }
}

/* Each fault by its name, and what an attempt to enter then reads in place of 0x53. */
static void open_each_fault(void **state)
{
    static const struct {
        const char *fault;
        uint8_t echo;
    } faults[] = {
        {"no-power", 0xFF},     {"miso-high", 0xFF},      {"miso-low", 0x00},
        {"no-reset", 0xFF},     {"swapped", 0xFF},        {"loopback", 0x12},
        {"no-crystal", 0x53},   {"no-sck", 0xFF},         {"wrong-chip", 0x53},
        {"flip:3", 0x52},       {"power-loss:2", 0x00},   {"weak-cell:0x100", 0x53},
        {"flip:3+miso-low", 1}, {"weak-cell:0b11", 0x53}, {"mosi:15", 0x52},
        {"miso:16", 0xD3},      {"mosi:8+miso:16", 0x53}, {"lost:15", 0x29},
        {"extra:16", 0x26},     {"cut:15:1", 0x00},       {"mosi~1:0", 0xAC},
        {"miso~1:0", 0xAC},     {"inverted-reset", 0xFF},
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(faults); i++) {
        struct avrspi_link *link;
        char words[64];
        uint8_t echo;

        (void)snprintf(words, sizeof words, "Test328,fault=%s", faults[i].fault);
        link = open_sim(words);
        echo = enter_sim(link);
        if (echo != faults[i].echo)
            fail_msg("%s: %02X", words, echo);
        close_sim(link);
    }
}

static void reset_is_pulled_by_the_target(void **state)
{
    static const struct {
        const char *port;
        enum avrspi_reset_pull pull;
        const char *name;
    } rows[] = {
        {"Test328", AVRSPI_RESET_PULLED_UP, "pulled up"},
        {"Test328,fault=no-power", AVRSPI_RESET_PULLED_DOWN, "pulled down"},
        {"Test328,fault=reset-low", AVRSPI_RESET_PULLED_DOWN, "pulled down"},
        {"Test328,fault=no-reset", AVRSPI_RESET_NOT_PULLED, "not pulled"},
        {"Test328,fault=inverted-reset", AVRSPI_RESET_NOT_PULLED, "not pulled"},
    };

    (void)state;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        struct avrspi_link *link = open_sim(rows[n].port);
        enum avrspi_reset_pull pull;

        assert_int_equal(avrspi_link_sense_reset(link, false, &pull, NULL), 0);
        assert_int_equal(pull, rows[n].pull);
        assert_string_equal(avrspi_reset_pull_name(pull), rows[n].name);
        assert_true(avrspi_link_now(link) <= 100000000);
        assert_int_equal(avrspi_link_close(link, NULL), 0);
    }
    assert_string_equal(avrspi_reset_pull_name((enum avrspi_reset_pull)99), "not known");
}

static void open_pull_down(void **state)
{
    struct avrspi_link *link = open_sim("Test328,pull=down,fault=no-reset");

    (void)state;
    assert_int_equal(enter_sim(link), 0x00);
    close_sim(link);
    link = open_sim("Test328,pull=up,fault=no-reset");
    assert_int_equal(enter_sim(link), 0xFF);
    close_sim(link);
}

static void open_wrong_chip(void **state)
{
    struct avrspi_link *link = open_sim("Test328,fault=wrong-chip");

    (void)state;
    (void)enter_sim(link);
    assert_int_equal(ask(link, 0x30, 0, 1, 0), 0x93);
    close_sim(link);
    link = open_sim("Test8,fault=wrong-chip");
    (void)enter_sim(link);
    assert_int_equal(ask(link, 0x30, 0, 1, 0), 0x95);
    close_sim(link);
}

static void open_weak_cell(void **state)
{
    struct avrspi_link *link = open_sim("Test328,fault=weak-cell:0x100");

    (void)state;
    (void)enter_sim(link);
    (void)ask(link, 0x40, 0, 0, 0x00);
    (void)ask(link, 0x4C, 0, 0x80, 0);
    avrspi_link_wait(link, 100000000);
    assert_int_equal(ask(link, 0x20, 0, 0x80, 0), 0x01);
    close_sim(link);
}

static uint32_t fcpu_of(const char *words)
{
    struct avrspi_sim_port port;

    assert_int_equal(avrspi_sim_port_parse(&port, words, chips, NULL), 0);
    assert_null(port.state);
    return port.config.fcpu_hz;
}

static void parse_fcpu(void **state)
{
    (void)state;
    assert_int_equal(fcpu_of("Test328,fcpu=7.3728M"), 7372800);
    assert_int_equal(fcpu_of("Test328,fcpu=32768"), 32768);
    assert_int_equal(fcpu_of("Test328,fcpu=16m"), 16000000); /* as after --fcpu */
    assert_int_equal(fcpu_of("Test328,fcpu=16MHz"), 16000000);
    assert_int_equal(fcpu_of("Test328,fcpu=0"), 0);
    assert_int_equal(fcpu_of("Test328"), 1000000); /* its clock is not described */
    assert_int_equal(fcpu_of("TestClock"), 16000000);
    assert_int_equal(fcpu_of("TestOld"), 4000000);
    assert_int_equal(fcpu_of("TestUsb"), 16000000); /* its fuses ask for 8 to 16 MHz */
}

static void parse_no_flash(void **state)
{
    struct avrspi_error error;
    struct avrspi_sim_port port;

    (void)state;
    assert_int_equal(avrspi_sim_port_parse(&port, "TestRom,fault=weak-cell:0", chips, &error),
                     AVRSPI_ERR_USAGE);
    assert_string_equal(error.message, "'TestRom' has no flash for a 'weak-cell'");
}

static void state_kept(void **state)
{
    struct avrspi_link *link = open_with_state("");
    char text[64];

    (void)state;
    assert_int_equal(access(path, F_OK), 0);
    (void)ask(link, 0, 0, 0, 0);
    (void)enter_sim(link);
    (void)ask(link, 0xC0, 0, 5, 0x42);
    avrspi_link_wait(link, 100000000);
    (void)ask(link, 0x00, 0, 0, 0);
    close_sim(link);
    link = open_with_state("");
    assert_int_equal(enter_sim(link), 0x53);
    assert_int_equal(ask(link, 0xA0, 0, 5, 0), 0x42);
    assert_int_equal(avrspi_link_violations(link, text, sizeof text), 1);
    assert_string_equal(text, "unknown 1");
    close_sim(link);
}

/* A port that is closed in the middle of a write breaks it off, as a program that dies. */
static void state_after_busy_close(void **state)
{
    struct avrspi_link *link = open_with_state("");
    char text[64];

    (void)state;
    (void)enter_sim(link);
    (void)ask(link, 0xC0, 0, 5, 0x42);
    close_sim(link);
    link = open_with_state("");
    (void)enter_sim(link);
    assert_int_equal(ask(link, 0xA0, 0, 5, 0), 0xF2);
    assert_int_equal(avrspi_link_violations(link, text, sizeof text), 1);
    assert_string_equal(text, "reset-busy 1");
    close_sim(link);
}

static void state_after_power_loss(void **state)
{
    struct avrspi_link *link = open_with_state(",fault=power-loss:9");

    (void)state;
    (void)enter_sim(link);
    (void)ask(link, 0xC0, 0, 5, 0x42);
    assert_int_equal(ask(link, 0x30, 0, 0, 0), 0x00);
    close_sim(link);
    link = open_with_state("");
    assert_int_equal(enter_sim(link), 0x53);
    assert_int_equal(ask(link, 0xA0, 0, 5, 0), 0xF2);
    close_sim(link);
}

static void state_without_wrong_chip(void **state)
{
    struct avrspi_link *link = open_with_state(",fault=wrong-chip");

    (void)state;
    close_sim(link);
    link = open_with_state("");
    (void)enter_sim(link);
    assert_int_equal(ask(link, 0x30, 0, 1, 0), 0x95);
    close_sim(link);
}

static int open_bad_state(const char *chip, struct avrspi_error *error)
{
    struct avrspi_link *link;
    char words[128];

    (void)snprintf(words, sizeof words, "sim:%s,state=%s", chip, path);
    return try_to_open(&link, words, error);
}

static void state_of_other_chip(void **state)
{
    struct avrspi_link *link = open_with_state("");
    struct avrspi_error error;

    (void)state;
    close_sim(link);
    assert_int_equal(open_bad_state("Test8", &error), AVRSPI_ERR_USAGE);
    assert_non_null(strstr(error.message, "is the state of an 'Test328'"));
}

static void state_damaged(void **state)
{
    static const char text[] = "avrspi simulated chip, version 1\nchip Test328\nfuses";
    struct avrspi_error error;
    char *data;
    size_t size;

    (void)state;
    assert_int_equal(avrspi_file_write(path, text, strlen(text), NULL), 0);
    assert_int_equal(open_bad_state("Test328", &error), AVRSPI_ERR_INPUT);
    assert_non_null(strstr(error.message, path));
    assert_non_null(strstr(error.message, "line 3: expected a whole line, found 'fuses'"));
    assert_int_equal(avrspi_file_read(path, &data, &size, NULL), 0);
    assert_string_equal(data, text);
    free(data);
}

static void state_unreadable(void **state)
{
    struct avrspi_error error = {0};

    (void)state;
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(open_bad_state("Test328", &error), AVRSPI_ERR_INPUT);
    assert_non_null(strstr(error.message, path));
    assert_int_equal(open_bad_state("Test328", NULL), AVRSPI_ERR_INPUT);
    assert_int_equal(rmdir(path), 0);
}

static void state_in_no_folder(void **state)
{
    struct avrspi_error error = {0};

    (void)state;
    (void)snprintf(path, sizeof path, "%s/none/chip", folder);
    assert_int_not_equal(open_bad_state("Test328", &error), 0);
    assert_non_null(strstr(error.message, path));
}

static void state_not_saved(void **state)
{
    struct avrspi_link *link;
    struct avrspi_error error = {0};
    char inner[64];

    (void)state;
    (void)snprintf(inner, sizeof inner, "%s/inner", folder);
    (void)snprintf(path, sizeof path, "%s/inner/chip", folder);
    assert_int_equal(mkdir(inner, 0700), 0);
    link = open_with_state("");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(inner), 0);
    assert_int_not_equal(avrspi_link_close(link, &error), 0);
    assert_non_null(strstr(error.message, path));
}

static void violations_in_words(void **state)
{
    struct avrspi_link *link = open_sim("Test328");
    char text[64];

    (void)state;
    assert_int_equal(avrspi_link_violations(link, text, sizeof text), 0);
    assert_string_equal(text, "");
    (void)avrspi_link_set_reset(link, true, NULL);
    avrspi_link_wait(link, 20000000);
    (void)ask(link, 0x30, 0, 0, 0);
    (void)ask(link, 0x30, 0, 0, 0);
    (void)ask(link, 0xAC, 0x53, 0, 0);
    (void)ask(link, 0x30, 0, 3, 0);
    assert_int_equal(avrspi_link_violations(link, text, sizeof text), 3);
    assert_string_equal(text, "not-enabled 2, address 1");
    assert_int_equal(avrspi_link_violations(link, text, 24), 3);
    assert_string_equal(text, "not-enabled 2");
    assert_int_equal(avrspi_link_violations(link, text, 1), 3);
    assert_string_equal(text, "");
    close_sim(link);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_chip),
        cmocka_unit_test(transfer_too_large),
        cmocka_unit_test(now_virtual),
        cmocka_unit_test(now_realtime),
        cmocka_unit_test(wait_after_idle_time_realtime),
        cmocka_unit_test(reset_after_idle_time_realtime),
        cmocka_unit_test(open_each_bad_word),
        cmocka_unit_test(open_each_fault),
        cmocka_unit_test(reset_is_pulled_by_the_target),
        cmocka_unit_test(open_pull_down),
        cmocka_unit_test(open_wrong_chip),
        cmocka_unit_test(open_weak_cell),
        cmocka_unit_test(parse_fcpu),
        cmocka_unit_test(parse_no_flash),
        cmocka_unit_test_setup_teardown(state_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(state_after_busy_close, set_up, tear_down),
        cmocka_unit_test_setup_teardown(state_after_power_loss, set_up, tear_down),
        cmocka_unit_test_setup_teardown(state_without_wrong_chip, set_up, tear_down),
        cmocka_unit_test_setup_teardown(state_of_other_chip, set_up, tear_down),
        cmocka_unit_test_setup_teardown(state_damaged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(state_unreadable, set_up, tear_down),
        cmocka_unit_test_setup_teardown(state_in_no_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(state_not_saved, set_up, tear_down),
        cmocka_unit_test(violations_in_words),
    };

    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
