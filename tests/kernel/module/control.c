/* SPDX-License-Identifier: MIT */
/*
 * /dev/avrspi-target. Writing "CHIP[,WORD...]" puts a new chip of that kind on the board; reading
 * tells the numbers since then.
 */
#include "target.h"

#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

enum {
    LONGEST_WORDS = 255,
    LONGEST_NUMBERS = 2048,
};

int target_control_choose(const char *text)
{
    struct target_words words;
    char *copy = kstrdup(text, GFP_KERNEL);
    int error;

    if (!copy)
        return -ENOMEM;
    error = target_parse(&words, strim(copy));
    if (!error) {
        target_spi_choose(&words);
        target_gpio_choose(&words);
        target_choose(&words);
    }
    kfree(copy);
    return error;
}

static ssize_t control_write(struct file *file, const char __user *data, size_t size, loff_t *at)
{
    char *text;
    int error;

    if (size > LONGEST_WORDS)
        return -EINVAL;
    text = memdup_user_nul(data, size);
    if (IS_ERR(text))
        return PTR_ERR(text);
    error = target_control_choose(text);
    kfree(text);
    return error ? error : (ssize_t)size;
}

static ssize_t control_read(struct file *file, char __user *data, size_t size, loff_t *at)
{
    char *text = kmalloc(LONGEST_NUMBERS, GFP_KERNEL);
    ssize_t result;

    if (!text)
        return -ENOMEM;
    result = simple_read_from_buffer(data, size, at, text, target_numbers(text, LONGEST_NUMBERS));
    kfree(text);
    return result;
}

static const struct file_operations operations = {
    .owner = THIS_MODULE,
    .read = control_read,
    .write = control_write,
    .llseek = default_llseek,
};

static struct miscdevice control = {
    .minor = MISC_DYNAMIC_MINOR,
    .name = "avrspi-target",
    .fops = &operations,
};

int target_control_init(void)
{
    return misc_register(&control);
}

void target_control_exit(void)
{
    misc_deregister(&control);
}
