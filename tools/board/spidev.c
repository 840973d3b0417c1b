/* SPDX-License-Identifier: MIT */
/*
 * spidev as the kernel does it: the rules of drivers/spi/spidev.c (Linux 6.6) on arm64, over
 * the controllers of a Raspberry Pi (see model.c).
 */
#include "board.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/spi/spidev.h>

enum {
    ONE_WIRE = 1,         /* of tx_nbits and rx_nbits; 0 means the same */
    DMA_ALIGNMENT = 128,  /* ARCH_DMA_MINALIGN of arm64 */
    CS_CHANGE_DELAY = 10, /* us that chip select rests between two transfers */
    MAX_TRANSFERS = 512,  /* 14 bits of size in an ioctl's number */
};

/* What spidev lets through to the controller. */
#define USER_MODES                                                                                 \
    (SPI_MODE_3 | SPI_CS_HIGH | SPI_LSB_FIRST | SPI_3WIRE | SPI_LOOP | SPI_NO_CS | SPI_READY |     \
     SPI_TX_DUAL | SPI_TX_QUAD | SPI_TX_OCTAL | SPI_RX_DUAL | SPI_RX_QUAD | SPI_RX_OCTAL |         \
     SPI_3WIRE_HIZ)
/* These the core drops with a warning when the controller has none of them. */
#define WIDE_MODES                                                                                 \
    (SPI_TX_DUAL | SPI_TX_QUAD | SPI_TX_OCTAL | SPI_RX_DUAL | SPI_RX_QUAD | SPI_RX_OCTAL)

struct spidev {
    const struct options *options;
    unsigned bus;
    char name[16];
    struct wires *wires;
    struct trace *trace;
    uint32_t mode;     /* stays when the device is closed */
    uint32_t speed_hz; /* goes back to the device's maximum with the last close */
    unsigned users;
    uint64_t selects; /* how often chip select went active */
};

/* A message on its way: the bounce buffers, and a log of what was done. */
struct message {
    struct spi_ioc_transfer transfer[MAX_TRANSFERS];
    unsigned n;
    uint32_t total;
    uint8_t *tx, *rx; /* the bytes of all transfers, one after the other; no tx: zeros */
    char *text;       /* for the trace, or NULL */
    size_t text_size;
};

struct spidev *spidev_open(const struct options *options, unsigned number, struct wires *wires,
                           struct trace *trace)
{
    const struct spidev_model *model = &model_spidev[number];
    struct spidev *spidev = calloc(1, sizeof *spidev);

    if (!spidev)
        return NULL;
    *spidev = (struct spidev){
        .options = options,
        .bus = model->bus,
        .wires = wires,
        .trace = trace,
        .speed_hz = options->max_speed_hz,
    };
    (void)snprintf(spidev->name, sizeof spidev->name, "spidev%u.%u", model->bus, model->select);
    return spidev;
}

void spidev_close(struct spidev *spidev)
{
    free(spidev);
}

void spidev_opened(struct spidev *spidev)
{
    spidev->users++;
}

void spidev_closed(struct spidev *spidev)
{
    if (--spidev->users == 0)
        spidev->speed_hz = spidev->options->max_speed_hz;
}

const char *spidev_name(const struct spidev *spidev)
{
    return spidev->name;
}

uint64_t spidev_selects(const struct spidev *spidev)
{
    return spidev->selects;
}

/* More than one width of a direction, or a width of one shared wire: spi_setup() refuses those
 * before it drops the widths that the controller does not have. */
static bool widths_conflict(uint32_t mode)
{
    uint32_t out = mode & (SPI_TX_DUAL | SPI_TX_QUAD | SPI_TX_OCTAL);
    uint32_t in = mode & (SPI_RX_DUAL | SPI_RX_QUAD | SPI_RX_OCTAL);

    return (out & (out - 1)) || (in & (in - 1)) || ((mode & SPI_3WIRE) && (out | in));
}

static int set_mode(struct spidev *spidev, uint32_t mode)
{
    uint32_t known = options_bus(spidev->options, spidev->bus)->modes;

    if (mode & ~(uint32_t)USER_MODES || widths_conflict(mode))
        return -EINVAL;
    if (spidev->options->no_cs)
        known &= ~(uint32_t)SPI_NO_CS;
    mode &= ~(uint32_t)WIDE_MODES;
    if (mode & ~known)
        return -EINVAL;
    spidev->mode = mode;
    return 0;
}

/* A bus in mode 1 or 2 samples on the edge on which the chip changes its bits: all bits come
 * one place late. */
static void slip(uint8_t *data, size_t size)
{
    unsigned carry = 1;

    for (size_t n = 0; n < size; n++) {
        unsigned byte = data[n] | carry << 8;

        carry = byte & 1;
        data[n] = (uint8_t)(byte >> 1);
    }
}

static bool clock_edge_wrong(const struct spidev *spidev)
{
    uint32_t mode = spidev->mode & SPI_MODE_3;

    return mode == SPI_MODE_1 || mode == SPI_MODE_2;
}

/* Adds up the lengths as spidev does, which gives each transfer a place of its own, aligned,
 * in each of its two buffers. */
static int check_sizes(const struct spidev *spidev, struct message *message)
{
    const uint32_t bufsiz = spidev->options->bufsiz;
    uint64_t total = 0, tx = 0, rx = 0;

    for (unsigned n = 0; n < message->n; n++) {
        const struct spi_ioc_transfer *transfer = &message->transfer[n];
        uint64_t aligned =
            ((uint64_t)transfer->len + DMA_ALIGNMENT - 1) / DMA_ALIGNMENT * DMA_ALIGNMENT;

        total += transfer->len;
        if (total > INT_MAX)
            return -EMSGSIZE;
        rx += transfer->rx_buf ? aligned : 0;
        tx += transfer->tx_buf ? aligned : 0;
        if (rx > bufsiz || tx > bufsiz)
            return -EMSGSIZE;
    }
    message->total = (uint32_t)total;
    return 0;
}

static int check_transfers(const struct spidev *spidev, const struct message *message)
{
    for (unsigned n = 0; n < message->n; n++) {
        const struct spi_ioc_transfer *transfer = &message->transfer[n];

        if (transfer->bits_per_word != 0 && transfer->bits_per_word != 8)
            return -EINVAL;
        if ((transfer->tx_buf && transfer->tx_nbits > ONE_WIRE) ||
            (transfer->rx_buf && transfer->rx_nbits > ONE_WIRE))
            return -EINVAL;
        if ((spidev->mode & SPI_3WIRE) && transfer->tx_buf && transfer->rx_buf)
            return -EINVAL;
    }
    return 0;
}

static void note(struct message *message, const char *format, const uint8_t *data, uint32_t size,
                 uint32_t hz)
{
    size_t length;

    if (!message->text)
        return;
    length = strlen(message->text);
    length +=
        (size_t)snprintf(message->text + length, message->text_size - length, format, size, hz);
    for (uint32_t n = 0; data && n < size && length + 3 < message->text_size; n++)
        length += (size_t)snprintf(message->text + length, 3, "%02x", data[n]);
}

/* One transfer on the wire. The device's own limit is for those who name no speed; a Pi's
 * controller has none but its clock. */
static uint64_t transfer_bytes(struct spidev *spidev, struct message *message,
                               const struct spi_ioc_transfer *transfer, uint8_t *tx, uint8_t *rx)
{
    uint32_t asked = transfer->speed_hz ? transfer->speed_hz : spidev->speed_hz;
    uint32_t hz = wires_sck(spidev->wires, spidev->bus, asked);

    note(message, ", %u bytes at %u Hz", NULL, transfer->len, hz);
    if (transfer->len && (transfer->tx_buf || transfer->rx_buf)) {
        note(message, ": ", tx, transfer->len, 0);
        if (clock_edge_wrong(spidev))
            slip(tx, transfer->len);
        wires_transfer(spidev->wires, spidev->bus, tx, rx, transfer->len, hz);
        if (clock_edge_wrong(spidev))
            slip(rx, transfer->len);
        note(message, " > ", rx, transfer->len, 0);
        return (uint64_t)transfer->len * 8 * NS_PER_S / hz;
    }
    return 0;
}

static void select_chip(struct spidev *spidev)
{
    if (!(spidev->mode & SPI_NO_CS))
        spidev->selects++;
}

static void transfer_all(struct spidev *spidev, struct message *message)
{
    uint64_t wire_ns = 0;
    uint32_t at = 0;

    select_chip(spidev);
    wires_advance(spidev->wires, spidev->bus, (uint64_t)spidev->options->overhead_us * NS_PER_US);
    for (unsigned n = 0; n < message->n; n++) {
        const struct spi_ioc_transfer *transfer = &message->transfer[n];
        uint64_t rest = transfer->delay_usecs;

        wire_ns += transfer_bytes(spidev, message, transfer, message->tx + at, message->rx + at);
        if (transfer->cs_change && n + 1 < message->n) {
            rest += CS_CHANGE_DELAY;
            select_chip(spidev);
        }
        wires_advance(spidev->wires, spidev->bus, rest * NS_PER_US);
        if (transfer->tx_buf || transfer->rx_buf)
            at += transfer->len;
    }
    trace_count_spi(spidev->trace, at, wire_ns);
}

/* Fetches what is to be sent. Transfers without a buffer take no room: they move nothing. */
static int fetch(const struct call *call, struct message *message)
{
    uint32_t at = 0, size = 0;

    for (unsigned n = 0; n < message->n; n++) {
        if (message->transfer[n].tx_buf || message->transfer[n].rx_buf)
            size += message->transfer[n].len;
    }
    message->tx = calloc(1, (size_t)size + 1);
    message->rx = calloc(1, (size_t)size + 1);
    if (!message->tx || !message->rx)
        return -ENOMEM;
    for (unsigned n = 0; n < message->n; n++) {
        const struct spi_ioc_transfer *transfer = &message->transfer[n];

        if (transfer->tx_buf &&
            !memory_read(call, transfer->tx_buf, message->tx + at, transfer->len))
            return -EFAULT;
        if (transfer->tx_buf || transfer->rx_buf)
            at += transfer->len;
    }
    return 0;
}

static int deliver(const struct call *call, const struct message *message)
{
    uint32_t at = 0;

    for (unsigned n = 0; n < message->n; n++) {
        const struct spi_ioc_transfer *transfer = &message->transfer[n];

        if (transfer->rx_buf &&
            !memory_write(call, transfer->rx_buf, message->rx + at, transfer->len))
            return -EFAULT;
        if (transfer->tx_buf || transfer->rx_buf)
            at += transfer->len;
    }
    return 0;
}

static int64_t run_message(struct spidev *spidev, struct call *call, struct message *message)
{
    int error = check_sizes(spidev, message);

    if (!error)
        error = fetch(call, message);
    if (!error)
        error = check_transfers(spidev, message);
    if (error)
        return error;
    if (trace_wanted(spidev->trace)) {
        message->text_size = (size_t)message->total * 4 + (size_t)message->n * 64 + 64;
        message->text = calloc(1, message->text_size);
    }
    transfer_all(spidev, message);
    call->due = wires_due(spidev->wires, spidev->bus, message->total);
    error = deliver(call, message);
    return error ? error : (int64_t)message->total;
}

static int64_t ioctl_message(struct spidev *spidev, struct call *call)
{
    const uint32_t command = (uint32_t)call->arg[1];
    const size_t size = _IOC_SIZE(command);
    struct message *message;
    int64_t result;

    if (_IOC_NR(command) != _IOC_NR(SPI_IOC_MESSAGE(1)) || _IOC_DIR(command) != _IOC_WRITE)
        return -ENOTTY;
    if (size % sizeof(struct spi_ioc_transfer) != 0)
        return -EINVAL;
    if (size == 0)
        return 0;
    message = calloc(1, sizeof *message);
    if (!message)
        return -ENOMEM;
    message->n = (unsigned)(size / sizeof(struct spi_ioc_transfer));
    if (memory_read(call, call->arg[2], message->transfer, size)) {
        result = run_message(spidev, call, message);
    } else {
        result = -EFAULT;
    }
    trace_call(spidev->trace, call, result, "%s SPI_IOC_MESSAGE(%u)%s", spidev->name, message->n,
               message->text ? message->text : "");
    free(message->text);
    free(message->tx);
    free(message->rx);
    free(message);
    return result;
}

static int64_t put_value(struct spidev *spidev, const struct call *call, const char *name,
                         uint32_t value)
{
    const size_t size = _IOC_SIZE((uint32_t)call->arg[1]);
    int64_t result = memory_write(call, call->arg[2], &value, size) ? 0 : -EFAULT;

    trace_call(spidev->trace, call, result, "%s %s %u", spidev->name, name, value);
    return result;
}

static int set_value(struct spidev *spidev, uint32_t command, uint32_t value)
{
    switch (command) {
    case SPI_IOC_WR_MODE:
    case SPI_IOC_WR_MODE32:
        return set_mode(spidev, value);
    case SPI_IOC_WR_LSB_FIRST:
        return set_mode(spidev, value ? spidev->mode | SPI_LSB_FIRST
                                      : spidev->mode & ~(uint32_t)SPI_LSB_FIRST);
    case SPI_IOC_WR_BITS_PER_WORD:
        return value == 0 || value == 8 ? 0 : -EINVAL;
    default:
        if (value == 0)
            return -EINVAL;
        spidev->speed_hz = value;
        return 0;
    }
}

static int64_t get_value(struct spidev *spidev, const struct call *call, const char *name)
{
    const uint32_t command = (uint32_t)call->arg[1];
    uint32_t value = 0;
    int64_t result = -EFAULT;

    /* little endian: a byte in the program is the low one here */
    if (memory_read(call, call->arg[2], &value, _IOC_SIZE(command)))
        result = set_value(spidev, command, value);
    trace_call(spidev->trace, call, result, "%s %s %u", spidev->name, name, value);
    return result;
}

int64_t spidev_ioctl(struct spidev *spidev, struct call *call)
{
    const uint32_t command = (uint32_t)call->arg[1];

    wires_catch_up(spidev->wires);
    if (_IOC_TYPE(command) != SPI_IOC_MAGIC)
        return -ENOTTY;
    switch (command) {
    case SPI_IOC_RD_MODE:
        return put_value(spidev, call, "SPI_IOC_RD_MODE", spidev->mode & ~(uint32_t)SPI_CS_HIGH);
    case SPI_IOC_RD_MODE32:
        return put_value(spidev, call, "SPI_IOC_RD_MODE32", spidev->mode & ~(uint32_t)SPI_CS_HIGH);
    case SPI_IOC_RD_LSB_FIRST:
        return put_value(spidev, call, "SPI_IOC_RD_LSB_FIRST", 0);
    case SPI_IOC_RD_BITS_PER_WORD:
        return put_value(spidev, call, "SPI_IOC_RD_BITS_PER_WORD", 8);
    case SPI_IOC_RD_MAX_SPEED_HZ:
        return put_value(spidev, call, "SPI_IOC_RD_MAX_SPEED_HZ", spidev->speed_hz);
    case SPI_IOC_WR_MODE:
        return get_value(spidev, call, "SPI_IOC_WR_MODE");
    case SPI_IOC_WR_MODE32:
        return get_value(spidev, call, "SPI_IOC_WR_MODE32");
    case SPI_IOC_WR_LSB_FIRST:
        return get_value(spidev, call, "SPI_IOC_WR_LSB_FIRST");
    case SPI_IOC_WR_BITS_PER_WORD:
        return get_value(spidev, call, "SPI_IOC_WR_BITS_PER_WORD");
    case SPI_IOC_WR_MAX_SPEED_HZ:
        return get_value(spidev, call, "SPI_IOC_WR_MAX_SPEED_HZ");
    default:
        return ioctl_message(spidev, call);
    }
}
