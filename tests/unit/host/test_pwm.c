/* SPDX-License-Identifier: MIT */
/*
 * A clock by a PWM channel, below a made root. What is written there goes through write() below,
 * which has the rules of the kernel's drivers/pwm/sysfs.c.
 */
#include "root.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>

#include "host/pwm.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define CHIP          "/sys/class/pwm/pwmchip0"

static unsigned taken = UINT32_MAX; /* a channel that a driver of the kernel has */
static unsigned least_ns = 40;      /* the shortest period */
static const char *refused = "-";   /* a file that may not be written */

/* --- the kernel */

static unsigned value_of(const char *path)
{
    char text[32] = "";
    int file = open(place(path), O_RDONLY);
    ssize_t got = file < 0 ? -1 : read(file, text, sizeof text - 1);

    (void)close(file);
    return got > 0 ? (unsigned)strtoul(text, NULL, 10) : 0;
}

static void put_number(const char *path, unsigned value)
{
    char text[32];

    (void)snprintf(text, sizeof text, "%u\n", value);
    put(path, text);
}

static unsigned channel_value(unsigned channel, const char *file)
{
    char path[128];

    (void)snprintf(path, sizeof path, CHIP "/pwm%u/%s", channel, file);
    return value_of(path);
}

static void put_channel(unsigned channel, unsigned period, unsigned high, unsigned enable)
{
    const struct {
        const char *file;
        unsigned value;
    } rows[] = {{"period", period}, {"duty_cycle", high}, {"enable", enable}};
    char path[128];

    for (size_t n = 0; n < LENGTH(rows); n++) {
        (void)snprintf(path, sizeof path, CHIP "/pwm%u/%s", channel, rows[n].file);
        put_number(path, rows[n].value);
    }
}

static bool is_exported(unsigned channel)
{
    char path[256];

    (void)snprintf(path, sizeof path, "%s" CHIP "/pwm%u", root, channel);
    return access(path, F_OK) == 0;
}

static void remove_channel(unsigned channel)
{
    static const char *const files[] = {"period", "duty_cycle", "enable", ""};
    char path[256];

    for (size_t n = 0; n < LENGTH(files); n++) {
        (void)snprintf(path, sizeof path, "%s" CHIP "/pwm%u/%s", root, channel, files[n]);
        (void)remove(path);
    }
}

static int export_channel(unsigned channel)
{
    if (channel >= value_of(CHIP "/npwm"))
        return ENODEV;
    if (channel == taken || is_exported(channel))
        return EBUSY;
    put_channel(channel, 0, 0, 0);
    return 0;
}

static int set_channel(unsigned channel, const char *file, unsigned value)
{
    unsigned period = channel_value(channel, "period");
    unsigned high = channel_value(channel, "duty_cycle");
    unsigned enable = channel_value(channel, "enable");

    if (strcmp(file, "period") == 0)
        period = value;
    else if (strcmp(file, "duty_cycle") == 0)
        high = value;
    else
        enable = value;
    if (!period || high > period || period < least_ns)
        return EINVAL;
    put_channel(channel, period, high, enable);
    return 0;
}

static int take(const char *path, unsigned value)
{
    unsigned channel;
    char file[32];

    if (strstr(path, refused))
        return EACCES;
    if (strcmp(path, CHIP "/export") == 0)
        return export_channel(value);
    if (strcmp(path, CHIP "/unexport") == 0) {
        if (!is_exported(value))
            return ENODEV;
        remove_channel(value);
        return 0;
    }
    if (sscanf(path, CHIP "/pwm%u/%31s", &channel, file) == 2)
        return set_channel(channel, file, value);
    return EIO;
}

/* the linker's names */
ssize_t __real_write(int fd, const void *data, size_t size); /* NOLINT */
ssize_t __wrap_write(int fd, const void *data, size_t size); /* NOLINT */
ssize_t __wrap_write(int fd, const void *data, size_t size)  /* NOLINT */
{
    char link[64], path[512] = "", text[32];

    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    if (readlink(link, path, sizeof path - 1) < 0 || !*root || !strstr(path, "/sys/class/pwm"))
        return __real_write(fd, data, size);
    assert_true(size < sizeof text);
    memcpy(text, data, size);
    text[size] = '\0';
    errno = take(strstr(path, "/sys/"), (unsigned)strtoul(text, NULL, 10));
    return errno ? -1 : (ssize_t)size;
}

/* --- boards */

static void put_chip(const char *model, const char *device, unsigned channels)
{
    char target[128];

    if (model)
        put("/proc/device-tree/model", model);
    (void)snprintf(target, sizeof target, "../../../%s", device);
    put_link(CHIP "/device", target);
    put_number(CHIP "/npwm", channels);
    put(CHIP "/export", "");
    put(CHIP "/unexport", "");
}

static void put_pi_4(void)
{
    put_chip("Raspberry Pi 4 Model B Rev 1.4", "fe20c000.pwm", 2);
}

static int begin(void **state)
{
    taken = UINT32_MAX;
    least_ns = 40;
    refused = "-";
    return root_set_up(state);
}

/* --- frequencies */

static void rate_of_fifty_megahertz(void **state)
{
    static const struct {
        uint32_t wanted, made;
        int32_t ppm;
        uint32_t period, high;
    } rows[] = {
        {1000000, 1000000, 0, 1000, 500},   {1250000, 1250000, 0, 800, 400},
        {2500000, 2500000, 0, 400, 200},    {3125000, 3125000, 0, 320, 160},
        {5000000, 5000000, 0, 200, 100},    {6250000, 6250000, 0, 160, 80},
        {8333333, 8333333, 0, 120, 60},     {12500000, 12500000, 0, 80, 40},
        {2000000, 2000000, 0, 500, 240},    {4000000, 3846153, -38462, 260, 120},
        {6000000, 6250000, 41667, 160, 80}, {8000000, 8333333, 41667, 120, 60},
        {10000000, 10000000, 0, 100, 40},   {7372800, 7142857, -31188, 140, 60},
        {32768, 32765, -79, 30520, 15260},
    };
    struct avrspi_pwm_rate rate;

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        assert_int_equal(avrspi_pwm_rate(&rate, rows[n].wanted, 50000000, NULL), 0);
        assert_int_equal(rate.made_hz, rows[n].made);
        assert_int_equal(rate.error_ppm, rows[n].ppm);
        assert_int_equal(rate.period_ns, rows[n].period);
        assert_int_equal(rate.high_ns, rows[n].high);
        assert_int_equal(rate.counter_hz, 50000000);
    }
}

/* Of each wish nothing that the counter makes is nearer. */
static void rate_is_the_nearest(void **state)
{
    struct avrspi_pwm_rate rate;

    (void)state;
    for (uint32_t hz = AVRSPI_PWM_LEAST_HZ; hz <= AVRSPI_PWM_MOST_HZ; hz += hz / 97 + 1) {
        double best = 1e9, made;

        assert_int_equal(avrspi_pwm_rate(&rate, hz, 50000000, NULL), 0);
        for (uint32_t cycles = 2; cycles < 1600; cycles++) {
            double error = 50e6 / cycles - hz;

            error = error < 0 ? -error : error;
            best = error < best ? error : best;
        }
        made = 1e9 / rate.period_ns - hz;
        made = made < 0 ? -made : made;
        assert_true(made < best + 0.001);
        assert_true(2 * rate.high_ns <= rate.period_ns);
        assert_true(2 * rate.high_ns + 20 >= rate.period_ns);
    }
}

static void rate_out_of_range(void **state)
{
    static const uint32_t wishes[] = {0, 1, 32767, 12500001, 16000000, UINT32_MAX};
    struct avrspi_error error = {0};
    struct avrspi_pwm_rate rate;

    (void)state;
    for (size_t n = 0; n < LENGTH(wishes); n++) {
        assert_int_equal(avrspi_pwm_rate(&rate, wishes[n], 50000000, &error), AVRSPI_ERR_USAGE);
        assert_non_null(strstr(error.message, "expected a clock from 32.768 kHz to 12.5 MHz"));
    }
}

static void rate_of_an_unknown_counter(void **state)
{
    struct avrspi_pwm_rate rate;

    (void)state;
    assert_int_equal(avrspi_pwm_rate(&rate, 6000000, 0, NULL), 0);
    assert_int_equal(rate.counter_hz, 0);
    assert_int_equal(rate.period_ns, 167);
    assert_int_equal(rate.high_ns, 83);
}

/* --- places */

static void find_by_board_and_pin(void **state)
{
    static const struct {
        const char *model, *device, *pin, *name;
        unsigned channel, header;
    } rows[] = {
        {"Raspberry Pi Model B Rev 2", "2020c000.pwm", NULL, "GPIO18", 0, 12},
        {"Raspberry Pi Zero W Rev 1.1", "2020c000.pwm", "GPIO12", "GPIO12", 0, 32},
        {"Raspberry Pi 2 Model B Rev 1.1", "3f20c000.pwm", "13", "GPIO13", 1, 33},
        {"Raspberry Pi 3 Model B Plus Rev 1.3", "3f20c000.pwm", "GPIO19", "GPIO19", 1, 35},
        {"Raspberry Pi 4 Model B Rev 1.4", "fe20c000.pwm", NULL, "GPIO18", 0, 12},
        {"Raspberry Pi 5 Model B Rev 1.0", "1f00098000.pwm", NULL, "GPIO18", 2, 12},
        {"Raspberry Pi 5 Model B Rev 1.0", "1f00098000.pwm", "GPIO12", "GPIO12", 0, 32},
        {"Raspberry Pi 5 Model B Rev 1.0", "1f00098000.pwm", "GPIO13", "GPIO13", 1, 33},
        {"Raspberry Pi 5 Model B Rev 1.0", "1f00098000.pwm", "GPIO19", "GPIO19", 3, 35},
    };

    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct avrspi_pwm_place place_found;

        assert_int_equal(begin(state), 0);
        put_chip(rows[n].model, rows[n].device, 4);
        assert_int_equal(avrspi_pwm_find(&place_found, root, rows[n].pin, NULL), 0);
        assert_string_equal(place_found.name, rows[n].name);
        assert_string_equal(place_found.chip, "pwmchip0");
        assert_string_equal(place_found.device, rows[n].device);
        assert_int_equal(place_found.channel, rows[n].channel);
        assert_int_equal(place_found.pin, strstr(rows[n].model, " B Rev 2") && rows[n].header > 26
                                              ? 0
                                              : rows[n].header);
        assert_int_equal(place_found.counter_hz, 50000000);
        assert_int_equal(root_tear_down(state), 0);
    }
    assert_int_equal(begin(state), 0);
}

/* A Raspberry Pi 5 has the PWM of its fan beside that of the header, with numbers as they come. */
static void find_among_several_chips(void **state)
{
    struct avrspi_pwm_place found;

    (void)state;
    put_chip("Raspberry Pi 5 Model B Rev 1.0", "1f0009c000.pwm", 4);
    put_link("/sys/class/pwm/pwmchip4/device", "../../../1f00098000.pwm");
    put_number("/sys/class/pwm/pwmchip4/npwm", 4);
    assert_int_equal(avrspi_pwm_find(&found, root, NULL, NULL), 0);
    assert_string_equal(found.chip, "pwmchip4");
    assert_int_equal(found.channel, 2);
    assert_int_equal(avrspi_pwm_find(&found, root, "1f0009c000.pwm:3", NULL), 0);
    assert_string_equal(found.name, "pwmchip0:3");
    assert_int_equal(avrspi_pwm_find(&found, root, "pwmchip4:0", NULL), 0);
    assert_string_equal(found.name, "pwmchip4:0");
    assert_int_equal(found.counter_hz, 0);
}

static void assert_not_found(const char *pin, int code, const char *message, const char *hint)
{
    struct avrspi_error error = {0};
    struct avrspi_pwm_place found;

    assert_int_equal(avrspi_pwm_find(&found, root, pin, &error), code);
    assert_string_equal(error.message, message);
    if (!strstr(error.hint, hint))
        fail_msg("expected '%s' in '%s'", hint, error.hint);
}

static void find_where_pwm_is_off(void **state)
{
    static const char off[] =
        "the PWM of GPIO18 is not enabled: 'fe20c000.pwm' has no chip in /sys/class/pwm";

    (void)state;
    put("/proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4");
    assert_not_found(NULL, AVRSPI_ERR_DEVICE, off,
                     "'dtoverlay=pwm,pin=18,func=2' in /boot/firmware/config.txt, outside");
    put("/boot/config.txt", "");
    assert_not_found(NULL, AVRSPI_ERR_DEVICE, off, "func=2' in /boot/config.txt, outside");
    put("/boot/firmware/config.txt", "");
    assert_not_found(NULL, AVRSPI_ERR_DEVICE, off, "func=2' in /boot/firmware/config.txt, outside");
    put("/proc/device-tree/model", "Raspberry Pi 3 Model B Rev 1.2");
    assert_not_found("GPIO13", AVRSPI_ERR_DEVICE,
                     "the PWM of GPIO13 is not enabled: '3f20c000.pwm' has no chip in "
                     "/sys/class/pwm",
                     "pin=13,func=4' in /boot/firmware/config.txt, outside sections such as [cm5], "
                     "and a restart enable it; analogue sound needs the same PWM: "
                     "'dtparam=audio=off'");
}

static void find_of_other_pins_and_boards(void **state)
{
    (void)state;
    put_pi_4();
    assert_not_found("GPIO25", AVRSPI_ERR_USAGE,
                     "expected GPIO12, GPIO13, GPIO18 or GPIO19 for --xtal-pin, found 'GPIO25'",
                     "GPCLK0");
    assert_not_found("nonsense", AVRSPI_ERR_USAGE,
                     "expected GPIO12, GPIO13, GPIO18 or GPIO19 for --xtal-pin, found 'nonsense'",
                     "only these pins");
    assert_not_found("pwmchip0:2", AVRSPI_ERR_USAGE,
                     "expected a channel from 0 to 1 of pwmchip0, found '2'", "");
    assert_not_found("pwmchip7:0", AVRSPI_ERR_DEVICE, "no PWM chip 'pwmchip7' is in /sys/class/pwm",
                     "pwmchip0 (fe20c000.pwm)");
    put("/proc/device-tree/model", "Some Board");
    assert_not_found(NULL, AVRSPI_ERR_USAGE,
                     "it is not known which pin of this computer gives a clock",
                     "--xtal-pin CHIP:CHANNEL names a PWM channel, as in pwmchip0:1; the kernel "
                     "shows pwmchip0 (fe20c000.pwm)");
    assert_not_found("GPIO18", AVRSPI_ERR_USAGE,
                     "it is not known which PWM channel 'GPIO18' of this computer has",
                     "--xtal-pin CHIP:CHANNEL");
}

/* --- starting and ending */

static struct avrspi_pwm_place usual_place(void)
{
    struct avrspi_pwm_place found;

    assert_int_equal(avrspi_pwm_find(&found, root, NULL, NULL), 0);
    return found;
}

static int start(struct avrspi_pwm **pwm, uint32_t hz, bool force, struct avrspi_error *error)
{
    const struct avrspi_pwm_place found = usual_place();
    struct avrspi_pwm_rate rate;

    assert_int_equal(avrspi_pwm_rate(&rate, hz, 50000000, NULL), 0);
    return avrspi_pwm_start(pwm, root, &found, &rate, force, error);
}

static void assert_channel(unsigned period, unsigned high, unsigned enable)
{
    assert_int_equal(channel_value(0, "period"), period);
    assert_int_equal(channel_value(0, "duty_cycle"), high);
    assert_int_equal(channel_value(0, "enable"), enable);
}

static void start_and_stop(void **state)
{
    struct avrspi_pwm *pwm;

    (void)state;
    put_pi_4();
    assert_int_equal(start(&pwm, 6000000, false, NULL), 0);
    assert_channel(160, 80, 1);
    assert_int_equal(avrspi_pwm_stop(pwm, NULL), 0);
    assert_false(is_exported(0));
    assert_int_equal(avrspi_pwm_stop(NULL, NULL), 0);
}

/* Whoever exported it at boot, for its rights, finds it as it was. */
static void stop_leaves_what_was_there(void **state)
{
    static const unsigned rows[][3] = {{0, 0, 0}, {20000, 1500, 0}, {1000, 500, 1}, {160, 80, 1}};

    (void)state;
    put_pi_4();
    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct avrspi_pwm *pwm;

        put_channel(0, rows[n][0], rows[n][1], rows[n][2]);
        assert_int_equal(start(&pwm, 6250000, false, NULL), 0);
        assert_channel(160, 80, 1);
        assert_int_equal(avrspi_pwm_stop(pwm, NULL), 0);
        if (rows[n][0])
            assert_channel(rows[n][0], rows[n][1], rows[n][2]);
        assert_int_equal(channel_value(0, "enable"), rows[n][2]);
        remove_channel(0);
    }
}

static void assert_start_fails(bool force, const char *message, const char *hint)
{
    struct avrspi_error error = {0};
    struct avrspi_pwm *pwm = NULL;

    assert_int_equal(start(&pwm, 1000000, force, &error), AVRSPI_ERR_DEVICE);
    assert_null(pwm);
    assert_string_equal(error.message, message);
    if (!strstr(error.hint, hint))
        fail_msg("expected '%s' in '%s'", hint, error.hint);
}

static void start_on_a_channel_of_a_driver(void **state)
{
    static const char message[] = "PWM channel 0 of pwmchip0 is held by a driver of the kernel";

    (void)state;
    put_pi_4();
    taken = 0;
    assert_start_fails(false, message, "/sys/kernel/debug/pwm names the driver");
    assert_false(is_exported(0));
}

/* Device links name who uses the chip (Linux 5.3 and later). */
static void start_names_the_consumer(void **state)
{
    (void)state;
    put("/proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4");
    put_number(CHIP "/npwm", 2);
    put(CHIP "/export", "");
    put_link(CHIP "/device", "../../../devices/fe20c000.pwm");
    put("/sys/devices/fe20c000.pwm/consumer:platform:pwm-fan/status", "active\n");
    taken = 0;
    assert_start_fails(false, "PWM channel 0 of pwmchip0 is held by a driver of the kernel",
                       "'pwm-fan' of the device tree uses this PWM chip");
}

static void start_on_a_channel_of_a_program(void **state)
{
    struct avrspi_pwm *pwm;

    (void)state;
    put_pi_4();
    put_channel(0, 20000000, 1500000, 1);
    assert_start_fails(false,
                       "PWM channel 0 of pwmchip0 is in use: another program has set it to "
                       "1500000 ns of 20000000 ns",
                       "echo 0 | sudo tee /sys/class/pwm/pwmchip0/unexport; --force takes");
    assert_channel(20000000, 1500000, 1);
    assert_int_equal(start(&pwm, 1000000, true, NULL), 0);
    assert_channel(1000, 500, 1);
    assert_int_equal(avrspi_pwm_stop(pwm, NULL), 0);
    assert_channel(20000000, 1500000, 1);
}

static void start_twice(void **state)
{
    struct avrspi_pwm_found found;
    struct avrspi_pwm *pwm;

    (void)state;
    put_pi_4();
    assert_int_equal(start(&pwm, 6250000, false, NULL), 0);
    assert_start_fails(false, "the clock at GPIO18 is run by another avrspi", "Ctrl-C");
    assert_channel(160, 80, 1);
    assert_true(avrspi_pwm_running(&found, root, 0));
    assert_true(found.held);
    assert_int_equal(avrspi_pwm_stop(pwm, NULL), 0);
}

static void start_with_a_period_that_is_refused(void **state)
{
    (void)state;
    put_pi_4();
    least_ns = 5000;
    assert_start_fails(false, "'fe20c000.pwm' refuses a period of 1000 ns",
                       "its counter can't make 1000000 Hz");
    assert_false(is_exported(0));
}

static void start_without_permission(void **state)
{
    static const char *const files[] = {"/export", "/period", "/duty_cycle", "/enable"};

    (void)state;
    put_pi_4();
    for (size_t n = 0; n < LENGTH(files); n++) {
        struct avrspi_error error = {0};
        struct avrspi_pwm *pwm;

        refused = files[n];
        assert_int_equal(start(&pwm, 1000000, false, &error), AVRSPI_ERR_DEVICE);
        assert_int_equal(error.sys_errno, EACCES);
        if (!strstr(error.message, files[n]) || !strstr(error.hint, "90-pwm.rules"))
            fail_msg("'%s', '%s'", error.message, error.hint);
        refused = "-";
        assert_false(is_exported(0));
    }
}

/* --- clocks that were left running */

static void running_finds_what_was_left(void **state)
{
    struct avrspi_pwm_found found, none;
    struct avrspi_pwm *pwm;

    (void)state;
    put_pi_4();
    assert_false(avrspi_pwm_running(&found, root, 0));
    assert_int_equal(start(&pwm, 6000000, false, NULL), 0);
    avrspi_pwm_keep(pwm);
    assert_true(avrspi_pwm_running(&found, root, 0));
    assert_false(found.held);
    assert_int_equal(found.hz, 6250000);
    assert_string_equal(found.place.name, "GPIO18 or GPIO12");
    assert_int_equal(found.place.channel, 0);
    assert_false(avrspi_pwm_running(&none, root, 1));
    assert_int_equal(avrspi_pwm_off(root, &found.place, NULL), 0);
    assert_false(is_exported(0));
    assert_false(avrspi_pwm_running(&found, root, 0));
    assert_int_equal(avrspi_pwm_off(root, &found.place, NULL), 0);
}

static void running_takes_no_other_wave_for_a_clock(void **state)
{
    static const unsigned rows[][3] = {
        {1000, 500, 0}, {1000, 400, 1}, {1000, 600, 1}, {40000, 20000, 1}, {20000000, 1500000, 1},
    };
    struct avrspi_pwm_found found;

    (void)state;
    put_pi_4();
    for (size_t n = 0; n < LENGTH(rows); n++) {
        put_channel(1, rows[n][0], rows[n][1], rows[n][2]);
        assert_false(avrspi_pwm_running(&found, root, 0));
    }
    put_channel(1, 500, 240, 1); /* 2 MHz from 50 MHz */
    assert_true(avrspi_pwm_running(&found, root, 0));
    assert_string_equal(found.place.name, "GPIO13 or GPIO19");
}

static void off_of_a_clock_that_a_process_runs(void **state)
{
    const char *message = "the clock at GPIO18 is run by another avrspi";
    struct avrspi_pwm_place found;
    struct avrspi_error error = {0};
    struct avrspi_pwm *pwm;

    (void)state;
    put_pi_4();
    assert_int_equal(start(&pwm, 1000000, false, NULL), 0);
    found = usual_place();
    assert_int_equal(avrspi_pwm_off(root, &found, &error), AVRSPI_ERR_DEVICE);
    assert_string_equal(error.message, message);
    assert_channel(1000, 500, 1);
    assert_int_equal(avrspi_pwm_stop(pwm, NULL), 0);
}

#define IN_ROOT(test) cmocka_unit_test_setup_teardown(test, begin, root_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rate_of_fifty_megahertz),
        cmocka_unit_test(rate_is_the_nearest),
        cmocka_unit_test(rate_out_of_range),
        cmocka_unit_test(rate_of_an_unknown_counter),
        cmocka_unit_test_teardown(find_by_board_and_pin, root_tear_down),
        IN_ROOT(find_among_several_chips),
        IN_ROOT(find_where_pwm_is_off),
        IN_ROOT(find_of_other_pins_and_boards),
        IN_ROOT(start_and_stop),
        IN_ROOT(stop_leaves_what_was_there),
        IN_ROOT(start_on_a_channel_of_a_driver),
        IN_ROOT(start_names_the_consumer),
        IN_ROOT(start_on_a_channel_of_a_program),
        IN_ROOT(start_twice),
        IN_ROOT(start_with_a_period_that_is_refused),
        IN_ROOT(start_without_permission),
        IN_ROOT(running_finds_what_was_left),
        IN_ROOT(running_takes_no_other_wave_for_a_clock),
        IN_ROOT(off_of_a_clock_that_a_process_runs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
