/* SPDX-License-Identifier: MIT */
#include "target.h"

#include <linux/err.h>
#include <linux/module.h>
#include <linux/platform_device.h>

static char *target = "atmega328p";
module_param(target, charp, 0444);
MODULE_PARM_DESC(target, "CHIP[,WORD...] to begin with, as written to /dev/avrspi-target");

static struct platform_device *board;

static int __init board_init(void)
{
    int error = target_init();

    if (error)
        return error;
    board = platform_device_register_simple("avrspi-target", PLATFORM_DEVID_NONE, NULL, 0);
    if (IS_ERR(board)) {
        error = PTR_ERR(board);
        goto exit_target;
    }
    error = target_gpio_init(&board->dev);
    if (error)
        goto unregister;
    error = target_pwm_init(&board->dev);
    if (error)
        goto exit_gpio;
    error = target_spi_init(&board->dev);
    if (error)
        goto exit_pwm;
    error = target_control_choose(target);
    if (error)
        goto exit_spi;
    error = target_control_init();
    if (error)
        goto exit_spi;
    return 0;
exit_spi:
    target_spi_exit();
exit_pwm:
    target_pwm_exit();
exit_gpio:
    target_gpio_exit();
unregister:
    platform_device_unregister(board);
exit_target:
    target_exit();
    return error;
}

static void __exit board_exit(void)
{
    target_control_exit();
    target_spi_exit();
    target_pwm_exit();
    target_gpio_exit();
    platform_device_unregister(board);
    target_exit();
}

module_init(board_init);
module_exit(board_exit);
MODULE_DESCRIPTION("a simulated AVR behind an SPI controller and a GPIO chip");
MODULE_AUTHOR("the authors of avrspi");
/* the kernel has no word for MIT alone, and lends spi and gpiolib to what may be GPL */
MODULE_LICENSE("Dual MIT/GPL");
