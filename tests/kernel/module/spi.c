/* SPDX-License-Identifier: MIT */
/* An SPI controller with one device on it, to which the kernel's spidev binds. */
#include "target.h"

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/spi/spi.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
#define spi_alloc_host spi_alloc_master
#endif

#define CORE_HZ      500000000 /* of a Raspberry Pi 4 */
#define MAX_DIVISOR  65536
#define MAX_SPEED_HZ 125000000 /* as the device trees have it */

static struct spi_controller *controller;

/* drivers/spi/spi-bcm2835.c: the fastest SCK at or below 'hz' that an even divisor makes. */
static u32 sck_of(u32 hz)
{
    u32 divisor;

    if (hz >= CORE_HZ / 2)
        return CORE_HZ / 2;
    divisor = hz ? DIV_ROUND_UP(CORE_HZ, hz) : MAX_DIVISOR;
    divisor += divisor % 2;
    return CORE_HZ / min_t(u32, divisor, MAX_DIVISOR);
}

static int spi_transfer_one(struct spi_controller *self, struct spi_device *device,
                            struct spi_transfer *transfer)
{
    u32 hz = sck_of(transfer->speed_hz);

    transfer->effective_speed_hz = hz;
    target_transfer(transfer->tx_buf, transfer->rx_buf, transfer->len, hz);
    return 0;
}

static void spi_set_cs_line(struct spi_device *device, bool high)
{
    if (!high && !(device->mode & SPI_NO_CS))
        target_count_chip_select();
}

void target_spi_choose(const struct target_words *words)
{
    controller->mode_bits = SPI_CPOL | SPI_CPHA | SPI_CS_HIGH | SPI_3WIRE;
    if (!words->no_cs)
        controller->mode_bits |= SPI_NO_CS;
}

int target_spi_init(struct device *parent)
{
    struct spi_board_info info = {
        .modalias = "dh2228fv", /* a name that spidev takes without a word about it */
        .max_speed_hz = MAX_SPEED_HZ,
    };
    int error;

    controller = spi_alloc_host(parent, 0);
    if (!controller)
        return -ENOMEM;
    controller->bus_num = 0;
    controller->num_chipselect = 2;
    controller->mode_bits = SPI_CPOL | SPI_CPHA | SPI_CS_HIGH | SPI_3WIRE | SPI_NO_CS;
    controller->bits_per_word_mask = SPI_BPW_MASK(8);
    controller->transfer_one = spi_transfer_one;
    controller->set_cs = spi_set_cs_line;
    error = spi_register_controller(controller);
    if (error) {
        spi_controller_put(controller);
        return error;
    }
    if (!spi_new_device(controller, &info)) {
        spi_unregister_controller(controller);
        return -ENODEV;
    }
    return 0;
}

void target_spi_exit(void)
{
    spi_unregister_controller(controller);
}
