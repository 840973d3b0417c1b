/* SPDX-License-Identifier: MIT */
#include "host/models.h"

#include <stdio.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof *(array))

enum {
    HEADER_LINES = 28, /* GPIO0 to GPIO27 */
    PWM_HZ = 50000000, /* since kernels of March 2024; before, 100 MHz with the overlay */
};

/* The chips of Raspberry Pi 1 to 4 differ in the clock of their SPI, the "core" clock in the
 * documentation of config.txt, and in their GPIO. */
#define BCM_SOC(chip, hz, label, lines, pwm_device)                                                \
    {                                                                                              \
        .name = (chip), .spi = AVRSPI_HOST_CONTROLLER_BCM2835,                                     \
        .aux = AVRSPI_HOST_CONTROLLER_BCM2835_AUX, .spi_hz = (hz), .gpio_label = (label),          \
        .gpio_lines = (lines), .numbered = true, .gpio_chips = {"gpiochip0"}, .gpio_base = 512,    \
        .pwm = (pwm_device), .counter_hz = PWM_HZ                                                  \
    }

static const struct avrspi_host_soc pi_1 =
    BCM_SOC("BCM2835", 250000000, "pinctrl-bcm2835", 54, "2020c000.pwm");
static const struct avrspi_host_soc zero =
    BCM_SOC("BCM2835", 400000000, "pinctrl-bcm2835", 54, "2020c000.pwm");
static const struct avrspi_host_soc pi_2 =
    BCM_SOC("BCM2836 or BCM2837", 250000000, "pinctrl-bcm2835", 54, "3f20c000.pwm");
static const struct avrspi_host_soc pi_3 =
    BCM_SOC("BCM2837", 400000000, "pinctrl-bcm2835", 54, "3f20c000.pwm");
static const struct avrspi_host_soc pi_4 =
    BCM_SOC("BCM2711", 500000000, "pinctrl-bcm2711", 58, "fe20c000.pwm");

/* The first Compute Module: its clock is in no source. */
static const struct avrspi_host_soc cm_1 =
    BCM_SOC("BCM2835", 0, "pinctrl-bcm2835", 54, "2020c000.pwm");

static const struct avrspi_host_soc pi_5 = {
    .name = "BCM2712 with RP1",
    .spi = AVRSPI_HOST_CONTROLLER_DW_APB_SSI,
    .spi_hz = 200000000,
    .gpio_label = "pinctrl-rp1",
    .gpio_lines = 54,
    .numbered = true,
    .gpio_chips = {"gpiochip0", "gpiochip4"}, /* the second up to Linux 6.6.44 */
    .pwm = "1f00098000.pwm",
    .pwm_of_each = true,
    .counter_hz = PWM_HZ,
};

static const struct avrspi_host_soc am335x = {.name = "AM335x"};
static const struct avrspi_host_soc rk3588 = {.name = "RK3588"};
static const struct avrspi_host_soc h6 = {.name = "Allwinner H6", .gpio_label = "300b000.pinctrl"};
static const struct avrspi_host_soc tegra = {.name = "Tegra"};

/* SPI1 is not on a header of 26 pins. The Raspberry Pi 5 has its boot EEPROM behind bus 10. */
#define SPI0      "spidev0.0", "spidev0.1"
#define BONE_SPI  "spidev0.0", "spidev1.0"
#define BOOT_SPI  "spidev10.0"
#define PI        "Raspberry Pi "
#define PI_MODULE PI "Compute Module"

static const struct avrspi_host_model models[] = {
    {PI "Model A", "raspberrypi,model-a", &pi_1, 26, {SPI0}, NULL},
    {PI "Model B", "raspberrypi,model-b", &pi_1, 26, {SPI0}, NULL},
    {PI "Model B", "raspberrypi,model-b-i2c0", &pi_1, 26, {SPI0}, NULL},
    {PI "Model B", "raspberrypi,model-b-rev2", &pi_1, 26, {SPI0}, NULL},
    {PI "Model A Plus", "raspberrypi,model-a-plus", &pi_1, 40, {SPI0}, NULL},
    {PI "Model B Plus", "raspberrypi,model-b-plus", &pi_1, 40, {SPI0}, NULL},
    {PI_MODULE, "raspberrypi,compute-module", &cm_1, 0, {SPI0}, NULL},
    {PI "Zero", "raspberrypi,model-zero", &zero, 40, {SPI0}, NULL},
    {PI "Zero W", "raspberrypi,model-zero-w", &zero, 40, {SPI0}, NULL},
    {PI "2 Model B", "raspberrypi,2-model-b", &pi_2, 40, {SPI0}, NULL},
    {PI "2 Model B", "raspberrypi,2-model-b-rev2", &pi_2, 40, {SPI0}, NULL},
    {PI "3 Model A Plus", "raspberrypi,3-model-a-plus", &pi_3, 40, {SPI0}, NULL},
    {PI "3 Model B", "raspberrypi,3-model-b", &pi_3, 40, {SPI0}, NULL},
    {PI "3 Model B Plus", "raspberrypi,3-model-b-plus", &pi_3, 40, {SPI0}, NULL},
    {PI_MODULE " 3", "raspberrypi,3-compute-module", &pi_3, 0, {SPI0}, NULL},
    {PI_MODULE " 3", "raspberrypi,3-compute-module-lite", &pi_3, 0, {SPI0}, NULL},
    {PI "Zero 2", "raspberrypi,model-zero-2", &pi_3, 40, {SPI0}, NULL},
    {PI "Zero 2 W", "raspberrypi,model-zero-2-w", &pi_3, 40, {SPI0}, NULL},
    {PI "4 Model B", "raspberrypi,4-model-b", &pi_4, 40, {SPI0}, NULL},
    {PI "400", "raspberrypi,400", &pi_4, 40, {SPI0}, NULL},
    {PI_MODULE " 4", "raspberrypi,4-compute-module", &pi_4, 0, {SPI0}, NULL},
    {PI_MODULE " 4S", "raspberrypi,4-compute-module-s", &pi_4, 0, {SPI0}, NULL},
    {PI "5 Model B", "raspberrypi,5-model-b", &pi_5, 40, {SPI0}, BOOT_SPI},
    {PI "500", "raspberrypi,500", &pi_5, 40, {SPI0}, BOOT_SPI},
    {PI_MODULE " 5", "raspberrypi,5-compute-module", &pi_5, 0, {SPI0}, BOOT_SPI},
    {"TI AM335x BeagleBone Black", "ti,am335x-bone-black", &am335x, 0, {BONE_SPI}, NULL},
    {"TI AM335x PocketBeagle", "ti,am335x-pocketbeagle", &am335x, 0, {BONE_SPI}, NULL},
    {"Rockchip RK3588", "rockchip,rk3588", &rk3588, 0, {NULL}, NULL},
    {"Allwinner H6", "allwinner,sun50i-h6", &h6, 0, {"spidev1.0"}, NULL},
    {"NVIDIA Jetson", "nvidia,tegra210", &tegra, 0, {SPI0}, NULL},
    {"NVIDIA Jetson", "nvidia,tegra234", &tegra, 0, {SPI0}, NULL},
};

/* Other names: Linux's own device trees, and Raspberry Pi's in older kernels. Lines 14 and 15 are
 * TXD0 and RXD0 on some models and TXD1 and RXD1 on others, where TXD0 is another line. Pins 3, 5
 * and 13 of the first Model B have GPIO0, GPIO1 and GPIO21; its device tree does not name them. */
static const struct avrspi_host_pin header[] = {
    {1, -1, "3.3 V", NULL},         {2, -1, "5 V", NULL},           {3, 2, "GPIO2", "SDA1"},
    {4, -1, "5 V", NULL},           {5, 3, "GPIO3", "SCL1"},        {6, -1, "GND", NULL},
    {7, 4, "GPIO4", "GPIO_GCLK"},   {8, 14, "GPIO14", NULL},        {9, -1, "GND", NULL},
    {10, 15, "GPIO15", NULL},       {11, 17, "GPIO17", NULL},       {12, 18, "GPIO18", NULL},
    {13, 27, "GPIO27", NULL},       {14, -1, "GND", NULL},          {15, 22, "GPIO22", NULL},
    {16, 23, "GPIO23", NULL},       {17, -1, "3.3 V", NULL},        {18, 24, "GPIO24", NULL},
    {19, 10, "GPIO10", "SPI_MOSI"}, {20, -1, "GND", NULL},          {21, 9, "GPIO9", "SPI_MISO"},
    {22, 25, "GPIO25", NULL},       {23, 11, "GPIO11", "SPI_SCLK"}, {24, 8, "GPIO8", "SPI_CE0_N"},
    {25, -1, "GND", NULL},          {26, 7, "GPIO7", "SPI_CE1_N"},  {27, 0, "GPIO0", "ID_SDA"},
    {28, 1, "GPIO1", "ID_SCL"},     {29, 5, "GPIO5", NULL},         {30, -1, "GND", NULL},
    {31, 6, "GPIO6", NULL},         {32, 12, "GPIO12", NULL},       {33, 13, "GPIO13", NULL},
    {34, -1, "GND", NULL},          {35, 19, "GPIO19", NULL},       {36, 16, "GPIO16", NULL},
    {37, 26, "GPIO26", NULL},       {38, 20, "GPIO20", NULL},       {39, -1, "GND", NULL},
    {40, 21, "GPIO21", NULL},
};

const struct avrspi_host_model *avrspi_host_model(size_t n)
{
    return n < LENGTH(models) ? &models[n] : NULL;
}

static const struct avrspi_host_model *find_compatible(const char *compatible, size_t size)
{
    const char *end = compatible + size;

    while (compatible < end) {
        size_t length = strnlen(compatible, (size_t)(end - compatible));

        for (size_t n = 0; n < LENGTH(models); n++) {
            if (strlen(models[n].compatible) == length &&
                memcmp(models[n].compatible, compatible, length) == 0)
                return &models[n];
        }
        compatible += length + 1;
    }
    return NULL;
}

/* "Raspberry Pi 4" is not the beginning of "Raspberry Pi 400 Rev 1.0". */
static bool begins_with_words(const char *text, const char *words)
{
    size_t length = strlen(words);

    return strncmp(text, words, length) == 0 && (text[length] == ' ' || text[length] == '\0');
}

const struct avrspi_host_model *avrspi_host_model_find(const char *text, const char *compatible,
                                                       size_t size)
{
    const struct avrspi_host_model *best = find_compatible(compatible, size);

    if (best)
        return best;
    for (size_t n = 0; n < LENGTH(models); n++) {
        if (begins_with_words(text, models[n].name) &&
            (!best || strlen(models[n].name) > strlen(best->name)))
            best = &models[n];
    }
    return best;
}

uint32_t avrspi_host_model_clock(const struct avrspi_host_model *model,
                                 enum avrspi_host_controller controller)
{
    if (!model || controller == AVRSPI_HOST_CONTROLLER_UNKNOWN)
        return 0;
    return controller == model->soc->spi || controller == model->soc->aux ? model->soc->spi_hz : 0;
}

bool avrspi_host_model_line(const struct avrspi_host_model *model, const char *name,
                            unsigned *offset)
{
    char numbered[16];

    if (!model || !model->soc->numbered)
        return false;
    for (unsigned n = 0; n < HEADER_LINES; n++) {
        (void)snprintf(numbered, sizeof numbered, "GPIO%u", n);
        if (strcmp(name, numbered) == 0) {
            *offset = n;
            return true;
        }
    }
    return false;
}

const struct avrspi_host_pin *avrspi_host_model_pin(const struct avrspi_host_model *model,
                                                    unsigned pin)
{
    return model && pin >= 1 && pin <= model->header_pins ? &header[pin - 1] : NULL;
}

const struct avrspi_host_pin *avrspi_host_model_gpio(const struct avrspi_host_model *model,
                                                     unsigned offset)
{
    for (unsigned n = 0; model && n < model->header_pins; n++) {
        if (header[n].gpio >= 0 && (unsigned)header[n].gpio == offset)
            return &header[n];
    }
    return NULL;
}

const struct avrspi_host_pin *avrspi_host_model_named_pin(const struct avrspi_host_model *model,
                                                          const char *name)
{
    for (unsigned n = 0; model && n < model->header_pins; n++) {
        if (header[n].other_name && strcmp(header[n].other_name, name) == 0)
            return &header[n];
    }
    return NULL;
}

bool avrspi_host_model_usual_chip(const struct avrspi_host_model *model, const char *chip)
{
    for (size_t n = 0; model && n < LENGTH(model->soc->gpio_chips); n++)
        if (model->soc->gpio_chips[n] && strcmp(model->soc->gpio_chips[n], chip) == 0)
            return true;
    return false;
}

struct avrspi_host_floor avrspi_host_raspberry_pi_floor(void)
{
    struct avrspi_host_floor floor = {.lowest = UINT32_MAX};

    for (size_t n = 0; n < LENGTH(models); n++) {
        const struct avrspi_host_soc *soc = models[n].soc;
        uint32_t slowest = avrspi_host_sck_slowest(soc->spi, soc->spi_hz);

        if (slowest == 0 || strncmp(models[n].name, PI, strlen(PI)) != 0)
            continue;
        if (slowest < floor.lowest)
            floor.lowest = slowest;
        if (slowest > floor.highest)
            floor.highest = slowest;
    }
    return floor;
}

uint32_t avrspi_host_common_floor(void)
{
    uint32_t highest = 0;

    for (size_t n = 0; n < LENGTH(models); n++) {
        const struct avrspi_host_soc *soc = models[n].soc;
        uint32_t spi = avrspi_host_sck_slowest(soc->spi, soc->spi_hz);
        uint32_t aux = avrspi_host_sck_slowest(soc->aux, soc->spi_hz);

        if (spi > highest)
            highest = spi;
        if (aux > highest)
            highest = aux;
    }
    return highest;
}
