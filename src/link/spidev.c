/* SPDX-License-Identifier: MIT */
#include "link/spidev.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/spi/spidev.h>

#include "base/error.h"
#include "host/absent.h"
#include "host/access.h"
#include "host/host.h"
#include "link/again.h"

enum {
    DEFAULT_BUFSIZ = 4096,    /* of drivers/spi/spidev.c, and what its parameter mostly says */
    LARGEST_BUFSIZ = 1 << 20, /* larger values of the parameter are not used */
    DMA_ALIGNMENT = 128,      /* the largest ARCH_DMA_MINALIGN, arm64's */
};

int avrspi_spidev_fail_open(const char *path, struct avrspi_error *error)
{
    int sys_errno = errno;

    avrspi_fail_errno(error, AVRSPI_ERR_DEVICE, "can't open '%s'", path);
    if (sys_errno == ENOENT)
        avrspi_host_hint_absence("", path, error);
    else if (sys_errno == EACCES || sys_errno == EPERM)
        avrspi_host_hint_access(&avrspi_host_spidev_nodes, path, error);
    else if (sys_errno == EBUSY)
        avrspi_hint(error, "another program holds the device; wait for it to end");
    return AVRSPI_ERR_DEVICE;
}

int avrspi_spidev_check(struct avrspi_spidev *spi, struct avrspi_error *error)
{
    if (ioctl(spi->fd, SPI_IOC_RD_MODE32, &spi->saved_mode) == 0)
        return 0;
    avrspi_fail_errno(error, AVRSPI_ERR_DEVICE, "'%s' is not a spidev device", spi->path);
    avrspi_advise(error, AVRSPI_ADVICE_PORT, NULL);
    return AVRSPI_ERR_DEVICE;
}

static int set_mode(struct avrspi_spidev *spi, struct avrspi_error *error)
{
    uint32_t mode = SPI_MODE_0 | SPI_NO_CS;

    spi->no_cs = ioctl(spi->fd, SPI_IOC_WR_MODE32, &mode) == 0;
    if (spi->no_cs)
        return 0;
    mode = SPI_MODE_0;
    if (ioctl(spi->fd, SPI_IOC_WR_MODE32, &mode) < 0)
        return avrspi_fail_errno(error, AVRSPI_ERR_DEVICE,
                                 "the controller of '%s' refuses SPI mode 0", spi->path);
    return 0;
}

int avrspi_spidev_open(struct avrspi_spidev *spi, const char *path, struct avrspi_error *error)
{
    int result;

    *spi = (struct avrspi_spidev){.path = strdup(path)};
    if (!spi->path)
        return avrspi_fail_memory(error);
    spi->fd = open(path, O_RDWR | O_CLOEXEC);
    if (spi->fd >= 0)
        return 0;
    result = avrspi_spidev_fail_open(path, error);
    free(spi->path);
    return result;
}

int avrspi_spidev_claim(struct avrspi_spidev *spi, struct avrspi_error *error)
{
    int result = avrspi_spidev_check(spi, error);

    return result == 0 ? set_mode(spi, error) : result;
}

void avrspi_spidev_restore(const struct avrspi_spidev *spi)
{
    (void)ioctl(spi->fd, SPI_IOC_WR_MODE32, &spi->saved_mode);
}

int avrspi_spidev_transfer(const struct avrspi_spidev *spi, const uint8_t *out, uint8_t *in,
                           size_t size, uint32_t hz, struct avrspi_error *error)
{
    const struct spi_ioc_transfer transfer = {
        .tx_buf = (uintptr_t)out,
        .rx_buf = (uintptr_t)in,
        .len = (uint32_t)size,
        .speed_hz = hz,
        .bits_per_word = 8,
    };
    int moved;

    /* a signal can only interrupt the wait for the bus, before the first bit is sent */
    do {
        moved = ioctl(spi->fd, SPI_IOC_MESSAGE(1), &transfer);
    } while (avrspi_call_again(moved));
    if (moved >= 0)
        return 0;
    avrspi_fail_errno(error, AVRSPI_ERR_DEVICE, "an SPI transfer of %zu bytes on '%s' failed", size,
                      spi->path);
    if (errno == EMSGSIZE)
        avrspi_advise(error, AVRSPI_ADVICE_RAISE_BUFSIZ, NULL);
    return AVRSPI_ERR_DEVICE;
}

void avrspi_spidev_close(struct avrspi_spidev *spi)
{
    (void)close(spi->fd);
    free(spi->path);
}

size_t avrspi_spidev_bufsiz(void)
{
    size_t size = avrspi_host_bufsiz("");

    if (size == 0 || size > LARGEST_BUFSIZ)
        size = DEFAULT_BUFSIZ;
    /* less than one alignment carries nothing on some processors, and all of it on others */
    return size < DMA_ALIGNMENT ? size : size / DMA_ALIGNMENT * DMA_ALIGNMENT;
}
