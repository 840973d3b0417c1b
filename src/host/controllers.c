/* SPDX-License-Identifier: MIT */
#include "host/controllers.h"

#include <string.h>

enum {
    BCM2835_LARGEST = 65536, /* the register holds 16 bits, and 0 stands for 65536 */
    AUX_LARGEST = 8192,      /* 2 x (n + 1), with 12 bits of n */
    DW_LARGEST = 65534,      /* 16 bits, of which the lowest is not used */
};

static uint32_t divide_up(uint32_t clock_hz, uint32_t wanted_hz)
{
    return (uint32_t)(((uint64_t)clock_hz + wanted_hz - 1) / wanted_hz);
}

/* The even number at or above clock / wanted, up to a limit. */
static uint32_t even_divider(uint32_t clock_hz, uint32_t wanted_hz, uint32_t largest)
{
    uint32_t divider = divide_up(clock_hz, wanted_hz);

    return divider >= largest ? largest : divider + divider % 2;
}

/* drivers/spi/spi-bcm2835.c */
static uint32_t bcm2835_divider(uint32_t clock_hz, uint32_t wanted_hz)
{
    return even_divider(clock_hz, wanted_hz, BCM2835_LARGEST);
}

/* drivers/spi/spi-bcm2835aux.c */
static uint32_t aux_divider(uint32_t clock_hz, uint32_t wanted_hz)
{
    return even_divider(clock_hz, wanted_hz, AUX_LARGEST);
}

/* drivers/spi/spi-dw-core.c masks the divider and does not limit it: one that is too large wraps,
 * and 0 stops SCK. From a reading of one version. */
static uint32_t dw_divider(uint32_t clock_hz, uint32_t wanted_hz)
{
    return (divide_up(clock_hz, wanted_hz) + 1) & 0xFFFE;
}

static const struct {
    const char *compatible, *driver;
    uint32_t (*divider)(uint32_t clock_hz, uint32_t wanted_hz);
    uint32_t largest;
} controllers[AVRSPI_HOST_CONTROLLERS] = {
    [AVRSPI_HOST_CONTROLLER_BCM2835] = {"brcm,bcm2835-spi", "spi-bcm2835", bcm2835_divider,
                                        BCM2835_LARGEST},
    [AVRSPI_HOST_CONTROLLER_BCM2835_AUX] = {"brcm,bcm2835-aux-spi", "spi-bcm2835aux", aux_divider,
                                            AUX_LARGEST},
    [AVRSPI_HOST_CONTROLLER_DW_APB_SSI] = {"snps,dw-apb-ssi", "dw_spi_mmio", dw_divider,
                                           DW_LARGEST},
};

enum avrspi_host_controller avrspi_host_controller_find(const char *compatible, const char *driver)
{
    for (unsigned n = AVRSPI_HOST_CONTROLLER_UNKNOWN + 1; n < AVRSPI_HOST_CONTROLLERS; n++) {
        if (strcmp(compatible, controllers[n].compatible) == 0 ||
            strcmp(driver, controllers[n].driver) == 0)
            return (enum avrspi_host_controller)n;
    }
    return AVRSPI_HOST_CONTROLLER_UNKNOWN;
}

const char *avrspi_host_controller_name(enum avrspi_host_controller controller)
{
    return controllers[controller].driver ? controllers[controller].driver : "unknown";
}

uint32_t avrspi_host_sck(enum avrspi_host_controller controller, uint32_t clock_hz,
                         uint32_t wanted_hz)
{
    uint32_t divider;

    if (!controllers[controller].divider || clock_hz == 0 || wanted_hz == 0)
        return 0;
    divider = controllers[controller].divider(clock_hz, wanted_hz);
    return divider ? clock_hz / divider : 0;
}

uint32_t avrspi_host_sck_slowest(enum avrspi_host_controller controller, uint32_t clock_hz)
{
    return controllers[controller].largest ? clock_hz / controllers[controller].largest : 0;
}
