/* SPDX-License-Identifier: MIT */
/*
 * Which lines of a Raspberry Pi's header an overlay takes, by the README of the overlays in
 * raspberrypi/linux. UARTs and buses beyond the second are those of a Pi 4.
 */
#include "host/boot_config.h"

#include <string.h>

#include "base/number.h"
#include "host/lines.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* The lines of an overlay, where one of these parameters is given, or none; NULL: in any case. */
static const struct overlay {
    const char *name, *with, *without;
    uint32_t lines;
} overlays[] = {
    {"jtag-gpio", NULL, NULL, LINES(22, 27)},
    {"sdio", NULL, "gpios_22_25 gpios_34_37 gpios_34_39", LINES(22, 27)},
    {"sdio", "gpios_22_25", NULL, LINES(22, 25)},
    {"sdio-1bit", NULL, "gpios_34_37", LINES(22, 25)},
    {"sdio-pi5", NULL, NULL, LINES(22, 27)},
    {"smi", NULL, NULL, LINES(2, 25)},
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
    {"sainsmart18", NULL, "dc_pin", LINE(24)},
    {"sainsmart18", NULL, "reset_pin", LINE(25)},
    {"sh1106-spi", NULL, "dc_pin", LINE(24)},
    {"sh1106-spi", NULL, "reset_pin", LINE(25)},
    {"goodix", NULL, "interrupt", LINE(4)},
    {"goodix", NULL, "reset", LINE(17)},
    /* a clock, and what listens or speaks on a line */
    {"pwm", NULL, "pin", LINE(18)},
    {"pwm-2chan", NULL, "pin", LINE(18)},
    {"pwm-2chan", NULL, "pin2", LINE(19)},
    {"audremap", NULL, "pins_18_19 pins_40_41 pins_40_45", LINES(12, 13)},
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
    /* SPI; "spi0-cs" is what "spi0-2cs" was called */
    {"spi0-1cs", NULL, "cs0_pin", LINE(8)},
    {"spi0-2cs", NULL, "cs0_pin", LINE(8)},
    {"spi0-2cs", NULL, "cs1_pin", LINE(7)},
    {"spi0-cs", NULL, "cs0_pin", LINE(8)},
    {"spi0-cs", NULL, "cs1_pin", LINE(7)},
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
    "sainsmart18",
    "sc16is752-spi0",
    "sh1106-spi",
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

/* --- the parameters of an overlay, of which the last one of a name counts */

/* They stand behind its name, and in lines dtparam= up to the next overlay. */
static const char *parameter(const struct avrspi_host_boot_config *config, size_t overlay,
                             const char *name, char value[32])
{
    const struct avrspi_host_setting *settings = config->settings;
    const char *found = avrspi_host_parameter(settings[overlay].value, name, value);

    for (size_t n = overlay + 1; n < config->n_settings; n++) {
        if (strcmp(settings[n].key, "dtoverlay") == 0)
            break;
        if (strcmp(settings[n].key, "dtparam") == 0 &&
            avrspi_host_parameter(settings[n].value, name, value))
            found = value;
    }
    return found;
}

/* Whether one of several parameters is given; 'names' has blanks between them. */
static bool has_any(const struct avrspi_host_boot_config *config, size_t overlay, const char *names)
{
    char name[32], value[32];

    for (; *names; names += strspn(names, " ")) {
        const size_t length = strcspn(names, " ");

        *stpncpy(name, names, length) = '\0';
        names += length;
        if (parameter(config, overlay, name, value))
            return true;
    }
    return false;
}

static uint32_t lines_by_parameter(const struct avrspi_host_boot_config *config, size_t overlay)
{
    uint32_t lines = 0, line;
    char number[32];

    for (size_t n = 0; n < LENGTH(with_line); n++)
        if (parameter(config, overlay, with_line[n], number) &&
            avrspi_number_parse_within(number, strlen(number), 0, HEADER_LINES - 1, &line))
            lines |= LINE(line);
    return lines;
}

/* --- what it takes */

bool avrspi_host_overlay_is(const struct avrspi_host_setting *setting, const char *name)
{
    return strcmp(setting->key, "dtoverlay") == 0 && is_word(setting->value, name);
}

uint32_t avrspi_host_overlay_lines(const struct avrspi_host_boot_config *config, size_t n)
{
    const struct avrspi_host_setting *setting = &config->settings[n];
    uint32_t lines = 0;

    if (strcmp(setting->key, "dtoverlay") != 0)
        return 0;
    for (size_t at = 0; at < LENGTH(overlays); at++) {
        const struct overlay *overlay = &overlays[at];

        if (is_word(setting->value, overlay->name) &&
            (!overlay->with || has_any(config, n, overlay->with)) &&
            (!overlay->without || !has_any(config, n, overlay->without)))
            lines |= overlay->lines;
    }
    return lines | lines_by_parameter(config, n);
}

bool avrspi_host_overlay_has_device(const struct avrspi_host_setting *setting)
{
    for (size_t n = 0; n < LENGTH(with_devices); n++)
        if (avrspi_host_overlay_is(setting, with_devices[n]))
            return true;
    return false;
}
