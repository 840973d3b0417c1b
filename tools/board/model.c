/* SPDX-License-Identifier: MIT */
#include "model.h"

#include <linux/spi/spidev.h>

/* drivers/spi/spi-bcm2835.c, drivers/spi/spi-bcm2835aux.c */
const struct bus_model model_bus[MODEL_BUSES] = {
    {
        .folder = "fe204000.spi",
        .node = "spi@7e204000",
        .compatible = "brcm,bcm2835-spi",
        .driver = "spi-bcm2835",
        .modes = SPI_MODE_3 | SPI_CS_HIGH | SPI_NO_CS | SPI_3WIRE,
        .largest_divisor = 65536,
        .sck = 11,
        .mosi = 10,
        .miso = 9,
    },
    {
        .folder = "fe215080.spi",
        .node = "spi@7e215080",
        .compatible = "brcm,bcm2835-aux-spi",
        .driver = "spi-bcm2835aux",
        .modes = SPI_CPOL | SPI_CS_HIGH | SPI_NO_CS,
        .largest_divisor = 8192,
        .sck = 21,
        .mosi = 20,
        .miso = 19,
    },
};

/* drivers/spi/spi-dw-core.c, whose divider is masked and not limited */
const struct bus_model model_dw = {
    .folder = "fe204000.spi",
    .node = "spi@7e204000",
    .compatible = "snps,dw-apb-ssi",
    .driver = "dw_spi_mmio",
    .modes = SPI_MODE_3 | SPI_CS_HIGH | SPI_NO_CS | SPI_LOOP,
    .largest_divisor = 65534,
    .sck = 11,
    .mosi = 10,
    .miso = 9,
    .wraps = true,
};

const struct spidev_model model_spidev[MODEL_SPIDEVS] = {
    {.bus = 0, .select = 0, .line = 8},
    {.bus = 0, .select = 1, .line = 7},
    {.bus = 1, .select = 0, .line = 18},
};

/* arch/arm/boot/dts/broadcom/bcm2711-rpi-4-b.dts */
static const char *const header_lines[] = {
    "ID_SDA",
    "ID_SCL",
    "GPIO2",
    "GPIO3",
    "GPIO4",
    "GPIO5",
    "GPIO6",
    "GPIO7",
    "GPIO8",
    "GPIO9",
    "GPIO10",
    "GPIO11",
    "GPIO12",
    "GPIO13",
    "GPIO14",
    "GPIO15",
    "GPIO16",
    "GPIO17",
    "GPIO18",
    "GPIO19",
    "GPIO20",
    "GPIO21",
    "GPIO22",
    "GPIO23",
    "GPIO24",
    "GPIO25",
    "GPIO26",
    "GPIO27",
    "RGMII_MDIO",
    "RGMIO_MDC",
    "CTS0",
    "RTS0",
    "TXD0",
    "RXD0",
    "SD1_CLK",
    "SD1_CMD",
    "SD1_DATA0",
    "SD1_DATA1",
    "SD1_DATA2",
    "SD1_DATA3",
    "PWM0_MISO",
    "PWM1_MOSI",
    "STATUS_LED_G_CLK",
    "SPIFLASH_CE_N",
    "SDA0",
    "SCL0",
    "RGMII_RXCLK",
    "RGMII_RXCTL",
    "RGMII_RXD0",
    "RGMII_RXD1",
    "RGMII_RXD2",
    "RGMII_RXD3",
    "RGMII_TXCLK",
    "RGMII_TXCTL",
    "RGMII_TXD0",
    "RGMII_TXD1",
    "RGMII_TXD2",
    "RGMII_TXD3",
};

static const char *const firmware_lines[] = {
    "BT_ON",         "WL_ON",    "PWR_LED_OFF", "GLOBAL_RESET",
    "VDD_SD_IO_SEL", "CAM_GPIO", "SD_PWR_ON",   "SD_OC_N",
};

const struct gpiochip_model model_gpiochip[MODEL_GPIOCHIPS] = {
    {
        .label = "pinctrl-bcm2711",
        .folder = "fe200000.gpio",
        .names = header_lines,
        .n_lines = sizeof header_lines / sizeof *header_lines,
        .pulled_up = 9,
    },
    {
        .label = "raspberrypi-exp-gpio",
        .folder = "soc:firmware/soc:firmware:gpio",
        .names = firmware_lines,
        .n_lines = sizeof firmware_lines / sizeof *firmware_lines,
    },
};

const struct kernel_model model_kernel[MODEL_KERNELS] = {
    {.name = "upstream"},
    {.name = "pi", .keeps_level = true},
    {.name = "5.4", .first_interface_only = true},
};
