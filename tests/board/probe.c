/* SPDX-License-Identifier: MIT */
/*
 * Asks the devices raw questions, for run.sh: every argument is a question, and its answer is
 * printed after it, as a number or the name of an errno.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/gpio.h>
#include <linux/spi/spidev.h>

enum {
    MOST_TRANSFERS = 64,
    LARGEST = 65536,
};

static int spi = -1, chip = -1, line = -1;
static char spi_path[64] = "/dev/spidev0.0", chip_path[64] = "/dev/gpiochip0";
static bool line_is_v1;

static int spi_fd(void)
{
    if (spi < 0)
        spi = open(spi_path, O_RDWR | O_CLOEXEC);
    return spi;
}

static int chip_fd(void)
{
    if (chip < 0)
        chip = open(chip_path, O_RDWR | O_CLOEXEC);
    return chip;
}

/* Which device the questions that follow are for: "0.1", "1". The one before stays open. */
static long use_spi(const char *argument)
{
    (void)snprintf(spi_path, sizeof spi_path, "/dev/spidev%s", argument);
    spi = -1;
    return spi_fd() < 0 ? -1 : 0;
}

static long use_chip(const char *argument)
{
    (void)snprintf(chip_path, sizeof chip_path, "/dev/gpiochip%s", argument);
    chip = -1;
    return chip_fd() < 0 ? -1 : 0;
}

/* The number after the n-th ':' of a question's argument. */
static uint64_t number(const char *argument, unsigned n)
{
    while (n-- > 0 && argument)
        argument = strchr(argument, ':') ? strchr(argument, ':') + 1 : NULL;
    return argument ? strtoull(argument, NULL, 0) : 0;
}

static double now(void)
{
    struct timespec time;

    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static long read_u32(unsigned long request)
{
    uint32_t value = 0;

    return ioctl(spi_fd(), request, &value) < 0 ? -1 : (long)value;
}

static long write_u32(unsigned long request, const char *argument)
{
    uint32_t value = (uint32_t)number(argument, 0);

    return ioctl(spi_fd(), request, &value);
}

/* "b4,t128@1000000,...": what has a buffer (both, t, r, n for none), how many bytes, at which
 * frequency, and after '+' how many microseconds of rest. */
static long message(const char *argument)
{
    static uint8_t tx[LARGEST], rx[LARGEST];
    struct spi_ioc_transfer transfer[MOST_TRANSFERS] = {0};
    unsigned n = 0;

    for (const char *at = argument; at && *at && n < MOST_TRANSFERS; n++) {
        const char *comma = strchr(at, ','), *speed = strchr(at, '@'), *rest = strchr(at, '+');

        transfer[n].tx_buf = *at == 'b' || *at == 't' ? (uintptr_t)tx : 0;
        transfer[n].rx_buf = *at == 'b' || *at == 'r' ? (uintptr_t)rx : 0;
        transfer[n].len = (uint32_t)strtoul(at + 1, NULL, 0);
        if (speed && (!comma || speed < comma))
            transfer[n].speed_hz = (uint32_t)strtoul(speed + 1, NULL, 0);
        if (rest && (!comma || rest < comma))
            transfer[n].delay_usecs = (uint16_t)strtoul(rest + 1, NULL, 0);
        at = comma ? comma + 1 : NULL;
    }
    return n ? ioctl(spi_fd(), SPI_IOC_MESSAGE(n), transfer) : 0;
}

/* Sends bytes in hex, at 100 kHz, and prints those that come back. */
static long send_bytes(const char *argument)
{
    uint8_t bytes[64];
    struct spi_ioc_transfer transfer = {
        .tx_buf = (uintptr_t)bytes, .rx_buf = (uintptr_t)bytes, .speed_hz = 100000};
    uint32_t n = 0;
    int result;

    for (; argument && n < sizeof bytes && argument[2 * n] && argument[2 * n + 1]; n++) {
        const char digits[] = {argument[2 * n], argument[2 * n + 1], '\0'};

        bytes[n] = (uint8_t)strtoul(digits, NULL, 16);
    }
    transfer.len = n;
    result = ioctl(spi_fd(), SPI_IOC_MESSAGE(1), &transfer);
    for (uint32_t at = 0; result >= 0 && at < n; at++)
        (void)printf("%02X", bytes[at]);
    (void)printf(" ");
    return result;
}

/* How long a message takes, in microseconds. */
static long time_message(const char *argument)
{
    double before = now();

    return message(argument) < 0 ? -1 : (long)((now() - before) * 1e6);
}

/* What one ioctl costs, in nanoseconds: a mean of so many. */
static long time_ioctl(const char *argument)
{
    uint64_t n = number(argument, 0);
    uint32_t mode;
    double before;

    (void)spi_fd();
    before = now();
    for (uint64_t i = 0; i < n; i++) {
        if (ioctl(spi, SPI_IOC_RD_MODE32, &mode) < 0)
            return -1;
    }
    return (long)((now() - before) / (double)n * 1e9);
}

static long bits_of_transfer(const char *argument)
{
    uint8_t byte = 0;
    struct spi_ioc_transfer transfer = {.tx_buf = (uintptr_t)&byte,
                                        .rx_buf = (uintptr_t)&byte,
                                        .len = 1,
                                        .bits_per_word = (uint8_t)number(argument, 0)};

    return ioctl(spi_fd(), SPI_IOC_MESSAGE(1), &transfer);
}

/* A buffer that is not there. */
static long fault(const char *argument)
{
    struct spi_ioc_transfer transfer = {.tx_buf = 16, .len = 4};

    (void)argument;
    return ioctl(spi_fd(), SPI_IOC_MESSAGE(1), &transfer);
}

static long request_v1(const char *argument)
{
    struct gpiohandle_request request = {.lines = 1, .consumer_label = "probe"};

    request.lineoffsets[0] = (uint32_t)number(argument, 0);
    request.flags = (uint32_t)number(argument, 1);
    request.default_values[0] = (uint8_t)number(argument, 2);
    if (ioctl(chip_fd(), GPIO_GET_LINEHANDLE_IOCTL, &request) < 0)
        return -1;
    line = request.fd;
    line_is_v1 = true;
    return 0;
}

static long request_v2(const char *argument)
{
    struct gpio_v2_line_request request = {.num_lines = 1, .consumer = "probe"};

    request.offsets[0] = (uint32_t)number(argument, 0);
    request.config.flags = number(argument, 1);
    request.config.num_attrs = 1;
    request.config.attrs[0].mask = 1;
    request.config.attrs[0].attr.id = GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES;
    request.config.attrs[0].attr.values = number(argument, 2);
    if (ioctl(chip_fd(), GPIO_V2_GET_LINE_IOCTL, &request) < 0)
        return -1;
    line = request.fd;
    line_is_v1 = false;
    return 0;
}

static long set_line(const char *argument)
{
    struct gpiohandle_data v1 = {.values = {(uint8_t)number(argument, 0)}};
    struct gpio_v2_line_values v2 = {.mask = 1, .bits = number(argument, 0)};

    return line_is_v1 ? ioctl(line, GPIOHANDLE_SET_LINE_VALUES_IOCTL, &v1)
                      : ioctl(line, GPIO_V2_LINE_SET_VALUES_IOCTL, &v2);
}

static long get_line(const char *argument)
{
    struct gpiohandle_data v1 = {0};
    struct gpio_v2_line_values v2 = {.mask = 1};

    (void)argument;
    if (line_is_v1)
        return ioctl(line, GPIOHANDLE_GET_LINE_VALUES_IOCTL, &v1) < 0 ? -1 : v1.values[0];
    return ioctl(line, GPIO_V2_LINE_GET_VALUES_IOCTL, &v2) < 0 ? -1 : (long)v2.bits;
}

static long configure_line(const char *argument)
{
    struct gpiohandle_config v1 = {.flags = (uint32_t)number(argument, 0)};
    struct gpio_v2_line_config v2 = {.flags = number(argument, 0)};

    return line_is_v1 ? ioctl(line, GPIOHANDLE_SET_CONFIG_IOCTL, &v1)
                      : ioctl(line, GPIO_V2_LINE_SET_CONFIG_IOCTL, &v2);
}

/* The flags of a line, with its consumer on standard output before. */
static long info_v1(const char *argument)
{
    struct gpioline_info info = {.line_offset = (uint32_t)number(argument, 0)};

    if (ioctl(chip_fd(), GPIO_GET_LINEINFO_IOCTL, &info) < 0)
        return -1;
    (void)printf("%s %s ", info.name, *info.consumer ? info.consumer : "-");
    return info.flags;
}

static long info_v2(const char *argument)
{
    struct gpio_v2_line_info info = {.offset = (uint32_t)number(argument, 0)};

    if (ioctl(chip_fd(), GPIO_V2_GET_LINEINFO_IOCTL, &info) < 0)
        return -1;
    (void)printf("%s %s ", info.name, *info.consumer ? info.consumer : "-");
    return (long)info.flags;
}

static long close_line(const char *argument)
{
    (void)argument;
    return close(line);
}

/* The line lives on in a copy of its descriptor. */
static long copy_line(const char *argument)
{
    int copy = dup(line);

    (void)argument;
    (void)close(line);
    line = copy;
    return 0;
}

/* A child that inherits the line and keeps it for so many milliseconds. */
static long leave_child(const char *argument)
{
    const struct timespec time = {.tv_nsec = (long)number(argument, 0) * 1000000};

    if (fork() == 0) {
        (void)nanosleep(&time, NULL);
        _exit(0);
    }
    return close(line);
}

static long wait_child(const char *argument)
{
    (void)argument;
    return wait(NULL) < 0 ? -1 : 0;
}

static long wait_ms(const char *argument)
{
    const struct timespec time = {.tv_sec = (time_t)(number(argument, 0) / 1000),
                                  .tv_nsec = (long)(number(argument, 0) % 1000) * 1000000};

    return nanosleep(&time, NULL);
}

/* flock() by its numbers: 1 shared, 2 exclusive, 8 unlock; 4 added does not wait. */
static long lock_spi(const char *argument)
{
    return flock(spi_fd(), (int)number(argument, 0));
}

static long close_spi(const char *argument)
{
    int fd = spi;

    (void)argument;
    spi = -1;
    return close(fd);
}

static long wr_mode(const char *argument)
{
    return write_u32(SPI_IOC_WR_MODE, argument);
}

static long wr_mode32(const char *argument)
{
    return write_u32(SPI_IOC_WR_MODE32, argument);
}

static long wr_lsb(const char *argument)
{
    return write_u32(SPI_IOC_WR_LSB_FIRST, argument);
}

static long wr_bits(const char *argument)
{
    return write_u32(SPI_IOC_WR_BITS_PER_WORD, argument);
}

static long wr_speed(const char *argument)
{
    return write_u32(SPI_IOC_WR_MAX_SPEED_HZ, argument);
}

static long rd_mode(const char *argument)
{
    (void)argument;
    return read_u32(SPI_IOC_RD_MODE);
}

static long rd_mode32(const char *argument)
{
    (void)argument;
    return read_u32(SPI_IOC_RD_MODE32);
}

static long rd_bits(const char *argument)
{
    (void)argument;
    return read_u32(SPI_IOC_RD_BITS_PER_WORD);
}

static long rd_speed(const char *argument)
{
    (void)argument;
    return read_u32(SPI_IOC_RD_MAX_SPEED_HZ);
}

/* GPIO's question to spidev, and spidev's to a GPIO chip. */
static long strange_spi(const char *argument)
{
    struct gpiochip_info info;

    (void)argument;
    return ioctl(spi_fd(), GPIO_GET_CHIPINFO_IOCTL, &info);
}

static long strange_gpio(const char *argument)
{
    uint32_t mode;

    (void)argument;
    return ioctl(chip_fd(), SPI_IOC_RD_MODE32, &mode);
}

static const struct question {
    const char *name;
    long (*ask)(const char *argument);
} questions[] = {
    {"use-spi", use_spi},
    {"use-chip", use_chip},
    {"message", message},
    {"send", send_bytes},
    {"time-message", time_message},
    {"time-ioctl", time_ioctl},
    {"bits-of-transfer", bits_of_transfer},
    {"fault", fault},
    {"wr-mode", wr_mode},
    {"wr-mode32", wr_mode32},
    {"wr-lsb", wr_lsb},
    {"wr-bits", wr_bits},
    {"wr-speed", wr_speed},
    {"rd-mode", rd_mode},
    {"rd-mode32", rd_mode32},
    {"rd-bits", rd_bits},
    {"rd-speed", rd_speed},
    {"lock-spi", lock_spi},
    {"close-spi", close_spi},
    {"request-v1", request_v1},
    {"request-v2", request_v2},
    {"set", set_line},
    {"get", get_line},
    {"configure", configure_line},
    {"info-v1", info_v1},
    {"info-v2", info_v2},
    {"close", close_line},
    {"copy", copy_line},
    {"leave-child", leave_child},
    {"wait-child", wait_child},
    {"sleep", wait_ms},
    {"strange-spi", strange_spi},
    {"strange-gpio", strange_gpio},
};

int main(int argc, char **argv)
{
    for (int n = 1; n < argc; n++) {
        size_t length = strcspn(argv[n], "="), q = 0;
        long answer;

        while (q < sizeof questions / sizeof *questions &&
               (strlen(questions[q].name) != length ||
                strncmp(questions[q].name, argv[n], length) != 0))
            q++;
        if (q == sizeof questions / sizeof *questions) {
            (void)fprintf(stderr, "probe: no question '%s'\n", argv[n]);
            return 2;
        }
        (void)printf("%s: ", argv[n]);
        answer = questions[q].ask(argv[n][length] ? argv[n] + length + 1 : NULL);
        if (answer < 0) {
            (void)printf("%s\n", strerrorname_np(errno));
        } else {
            (void)printf("%ld\n", answer);
        }
        (void)fflush(stdout);
    }
    return 0;
}
