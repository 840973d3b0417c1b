/* SPDX-License-Identifier: MIT */
/*
 * Which lines of a Raspberry Pi's header the settings of config.txt take, by the README of the
 * overlays in raspberrypi/linux. UARTs and buses beyond the second are those of a Pi 4.
 */
#include "host/boot_config.h"

#include <string.h>

#include "base/number.h"

#define LENGTH(array)      (sizeof(array) / sizeof *(array))
#define LINE(n)            (UINT32_C(1) << (n))
#define LINES(first, last) (((UINT32_C(2) << (last)) - 1) & ~((UINT32_C(1) << (first)) - 1))

enum {
    FIRST_WIRE = 9, /* MISO, MOSI, SCK of the first bus */
    LAST_WIRE = 11,
    HEADER_LINES = 28,
};

/* Sound goes over these. */
#define I2S LINES(18, 21)

/* The lines of an overlay, where a parameter is given, or is not; NULL: in any case. */
static const struct overlay {
    const char *name, *with, *without;
    uint32_t lines;
} overlays[] = {
    {"jtag-gpio", NULL, NULL, LINES(22, 27)},
    {"sdio", NULL, NULL, LINES(22, 27)},
    {"vga666", NULL, NULL, LINES(2, 21)},
    {"dpi18", NULL, NULL, LINES(0, 21)},
    {"dpi24", NULL, NULL, LINES(0, 27)},
    {"fsm-demo", NULL, NULL, LINES(7, 8) | LINE(25)},
    {"gc9a01", NULL, NULL, LINE(18) | LINE(25) | LINE(27)},
    {"adafruit18", NULL, "dc_pin", LINE(24)},
    {"adafruit18", NULL, "reset_pin", LINE(25)},
    {"adafruit18", NULL, "led_pin", LINE(18)},
    {"adafruit-st7735r", NULL, "dc_pin", LINE(24)},
    {"adafruit-st7735r", NULL, "reset_pin", LINE(25)},
    {"adafruit-st7735r", NULL, "led_pin", LINE(18)},
    {"goodix", NULL, "interrupt", LINE(4)},
    {"goodix", NULL, "reset", LINE(17)},
    /* a clock, and what listens or speaks on a line */
    {"pwm", NULL, "pin", LINE(18)},
    {"pwm-2chan", NULL, "pin", LINE(18)},
    {"pwm-2chan", NULL, "pin2", LINE(19)},
    {"audremap", NULL, "pins_18_19", LINES(12, 13)},
    {"audremap", "pins_18_19", NULL, LINES(18, 19)},
    {"gpio-ir", NULL, "gpio_pin", LINE(18)},
    {"gpio-ir-tx", NULL, "gpio_pin", LINE(18)},
    {"pwm-ir-tx", NULL, "gpio_pin", LINE(18)},
    {"pps-gpio", NULL, "gpiopin", LINE(18)},
    {"w1-gpio", NULL, "gpiopin", LINE(4)},
    {"w1-gpio-pullup", NULL, "gpiopin", LINE(4)},
    {"w1-gpio-pullup", NULL, "extpullup", LINE(5)},
    {"dht11", NULL, "gpiopin", LINE(4)},
    {"rotary-encoder", NULL, "pin_a", LINE(4)},
    {"rotary-encoder", NULL, "pin_b", LINE(17)},
    {"gpio-charger", NULL, "gpio", LINE(4)},
    {"gpio-fan", NULL, "gpiopin", LINE(12)},
    {"gpio-hog", NULL, "gpio", LINE(26)},
    {"gpio-key", NULL, "gpio", LINE(3)},
    {"gpio-led", NULL, "gpio", LINE(19)},
    {"gpio-poweroff", NULL, "gpiopin", LINE(26)},
    {"gpio-shutdown", NULL, "gpio_pin", LINE(3)},
    /* UARTs and I2C */
    {"uart2", NULL, NULL, LINES(0, 1)},
    {"uart3", NULL, NULL, LINES(4, 5)},
    {"uart4", NULL, NULL, LINES(8, 9)},
    {"uart5", NULL, NULL, LINES(12, 13)},
    {"i2c3", NULL, "pins_2_3", LINES(4, 5)},
    {"i2c3", "pins_2_3", NULL, LINES(2, 3)},
    {"i2c4", NULL, "pins_6_7", LINES(8, 9)},
    {"i2c4", "pins_6_7", NULL, LINES(6, 7)},
    {"i2c5", NULL, "pins_10_11", LINES(12, 13)},
    {"i2c5", "pins_10_11", NULL, LINES(10, 11)},
    {"i2c6", NULL, "pins_0_1", LINES(22, 23)},
    {"i2c6", "pins_0_1", NULL, LINES(0, 1)},
    /* SPI */
    {"spi1-1cs", NULL, NULL, LINES(19, 21)},
    {"spi1-1cs", NULL, "cs0_pin", LINE(18)},
    {"spi1-2cs", NULL, NULL, LINES(19, 21)},
    {"spi1-2cs", NULL, "cs0_pin", LINE(18)},
    {"spi1-2cs", NULL, "cs1_pin", LINE(17)},
    {"spi1-3cs", NULL, NULL, LINES(19, 21)},
    {"spi1-3cs", NULL, "cs0_pin", LINE(18)},
    {"spi1-3cs", NULL, "cs1_pin", LINE(17)},
    {"spi1-3cs", NULL, "cs2_pin", LINE(16)},
    {"spi3-1cs", NULL, NULL, LINES(1, 3)},
    {"spi3-1cs", NULL, "cs0_pin", LINE(0)},
    {"spi3-2cs", NULL, NULL, LINES(1, 3)},
    {"spi3-2cs", NULL, "cs0_pin", LINE(0)},
    {"spi3-2cs", NULL, "cs1_pin", LINE(24)},
    {"spi4-1cs", NULL, NULL, LINES(5, 7)},
    {"spi4-1cs", NULL, "cs0_pin", LINE(4)},
    {"spi4-2cs", NULL, NULL, LINES(5, 7)},
    {"spi4-2cs", NULL, "cs0_pin", LINE(4)},
    {"spi4-2cs", NULL, "cs1_pin", LINE(25)},
    {"spi5-1cs", NULL, NULL, LINES(13, 15)},
    {"spi5-1cs", NULL, "cs0_pin", LINE(12)},
    {"spi5-2cs", NULL, NULL, LINES(13, 15)},
    {"spi5-2cs", NULL, "cs0_pin", LINE(12)},
    {"spi5-2cs", NULL, "cs1_pin", LINE(26)},
    {"spi6-1cs", NULL, NULL, LINES(19, 21)},
    {"spi6-1cs", NULL, "cs0_pin", LINE(18)},
    {"spi6-2cs", NULL, NULL, LINES(19, 21)},
    {"spi6-2cs", NULL, "cs0_pin", LINE(18)},
    {"spi6-2cs", NULL, "cs1_pin", LINE(27)},
    /* sound cards */
    {"googlevoicehat-soundcard", NULL, NULL, I2S},
    {"hifiberry-amp", NULL, NULL, I2S},
    {"hifiberry-dac", NULL, NULL, I2S},
    {"hifiberry-dacplus", NULL, NULL, I2S},
    {"hifiberry-digi", NULL, NULL, I2S},
    {"i2s-dac", NULL, NULL, I2S},
    {"iqaudio-dac", NULL, NULL, I2S},
    {"iqaudio-dacplus", NULL, NULL, I2S},
    {"justboom-dac", NULL, NULL, I2S},
    {"max98357a", NULL, NULL, I2S},
    {"rpi-dac", NULL, NULL, I2S},
};

/* Devices on the first SPI bus. */
static const char *const with_devices[] = {
    "adafruit18",
    "adafruit-st7735r",
    "ads7846",
    "at86rf233",
    "enc28j60",
    "hy28a",
    "hy28b",
    "jedec-spi-nor",
    "mcp2515-can0",
    "mcp2515-can1",
    "mcp251xfd",
    "mcp3008",
    "mcp3202",
    "mipi-dbi-spi",
    "piscreen",
    "piscreen2r",
    "pitft22",
    "pitft28-capacitive",
    "pitft28-resistive",
    "pitft35-resistive",
    "qca7000",
    "rpi-display",
    "sc16is752-spi0",
    "spi-rtc",
    "ssd1306-spi",
    "ssd1331-spi",
    "ssd1351-spi",
    "tinylcd35",
    "tpm-slb9670",
    "w5500",
};

/* Parameters whose value is a line. */
static const char *const with_line[] = {
    "gpiopin",   "gpio_pin", "gpio",      "interrupt", "int_pin", "pin",
    "pin2",      "pin_a",    "pin_b",     "cs0_pin",   "cs1_pin", "cs2_pin",
    "extpullup", "reset",    "reset_pin", "dc_pin",    "led_pin",
};

/* Whether a value is that word, with parameters after it or not. */
static bool is_word(const char *value, const char *word)
{
    size_t length = strcspn(value, ",");

    return strlen(word) == length && strncmp(value, word, length) == 0;
}

static uint32_t lines_by_parameter(const char *value)
{
    uint32_t lines = 0, line;
    char number[32];

    for (size_t n = 0; n < LENGTH(with_line); n++)
        if (avrspi_host_parameter(value, with_line[n], number) &&
            avrspi_number_parse_within(number, strlen(number), 0, HEADER_LINES - 1, &line))
            lines |= LINE(line);
    return lines;
}

static uint32_t lines_of_overlay(const char *value)
{
    uint32_t lines = lines_by_parameter(value);
    char text[32];

    for (size_t n = 0; n < LENGTH(overlays); n++) {
        const struct overlay *overlay = &overlays[n];

        if (is_word(value, overlay->name) &&
            (!overlay->with || avrspi_host_parameter(value, overlay->with, text)) &&
            (!overlay->without || !avrspi_host_parameter(value, overlay->without, text)))
            lines |= overlay->lines;
    }
    return lines;
}

static uint32_t lines_of(const struct avrspi_host_setting *setting)
{
    char value[32];

    if (strcmp(setting->key, "dtoverlay") == 0)
        return lines_of_overlay(setting->value);
    if (strcmp(setting->key, "enable_jtag_gpio") == 0 && strcmp(setting->value, "1") == 0)
        return LINES(22, 27);
    if (strcmp(setting->key, "dtparam") == 0 &&
        avrspi_host_parameter(setting->value, "i2s", value) && avrspi_host_is_on(value))
        return I2S;
    return 0;
}

static bool puts_device(const struct avrspi_host_setting *setting)
{
    for (size_t n = 0; n < LENGTH(with_devices); n++)
        if (strcmp(setting->key, "dtoverlay") == 0 && is_word(setting->value, with_devices[n]))
            return true;
    return false;
}

static bool takes(const struct avrspi_host_setting *setting, int reset,
                  struct avrspi_host_taken *taken)
{
    uint32_t wanted = LINES(FIRST_WIRE, LAST_WIRE);
    uint32_t lines;

    if (reset >= 0 && reset < HEADER_LINES)
        wanted |= UINT32_C(1) << reset;
    lines = lines_of(setting) & wanted;
    *taken = (struct avrspi_host_taken){.by = *setting, .bus = puts_device(setting)};
    while (lines && !(lines >> taken->line & 1))
        taken->line++;
    taken->bus &= !lines;
    return lines || taken->bus;
}

bool avrspi_host_boot_config_taken(const struct avrspi_host_boot_config *config, int reset,
                                   size_t n, struct avrspi_host_taken *taken)
{
    for (size_t at = 0; at < config->n_settings; at++)
        if (takes(&config->settings[at], reset, taken) && n-- == 0)
            return true;
    return false;
}
