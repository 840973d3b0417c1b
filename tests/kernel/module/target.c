/* SPDX-License-Identifier: MIT */
/*
 * The simulated AVR in real time: before anything happens to the chip it catches up with the
 * clock, and a transfer lasts as long as it would on the wire.
 */
#include "target.h"

#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "sim/sim.h"

enum {
    CRYSTAL_HZ = 16000000,
    AHEAD_NS = 2000000, /* a transfer is worked out in pieces of about this time */
    SPIN_NS = 60000,    /* below that a sleep is longer than asked for */
};

static DEFINE_MUTEX(lock);
static struct avrspi_sim *sim;
static const char *chip_name;
static u64 started_ns; /* when the simulation's time was 0 */
static u64 transfers, bytes, chip_selects, reset_edges, let_go_low;

static u64 due_ns(void)
{
    return started_ns + avrspi_sim_now(sim);
}

static void catch_up(void)
{
    u64 now = ktime_get_ns(), due = due_ns();

    if (now > due)
        avrspi_sim_advance(sim, now - due);
}

static void wait_until(u64 due)
{
    u64 now = ktime_get_ns();

    if (due > now + SPIN_NS) {
        unsigned long us = (unsigned long)(due - now - SPIN_NS) / 1000;

        usleep_range(us, us + 20);
    }
    while (ktime_get_ns() < due)
        cpu_relax();
}

int target_init(void)
{
    sim = vzalloc(avrspi_sim_size);
    return sim ? 0 : -ENOMEM;
}

void target_exit(void)
{
    vfree(sim);
}

/* The words. */

static int parse_fault(struct target_words *words, const char *name)
{
    static const struct {
        const char *name;
        unsigned bit;
    } faults[] = {
        {"no-power", AVRSPI_FAULT_NO_POWER},     {"miso-high", AVRSPI_FAULT_MISO_HIGH},
        {"miso-low", AVRSPI_FAULT_MISO_LOW},     {"no-reset", AVRSPI_FAULT_NO_RESET},
        {"swapped", AVRSPI_FAULT_SWAPPED},       {"loopback", AVRSPI_FAULT_LOOPBACK},
        {"no-crystal", AVRSPI_FAULT_NO_CRYSTAL}, {"no-sck", AVRSPI_FAULT_NO_SCK},
    };

    for (unsigned n = 0; n < ARRAY_SIZE(faults); n++) {
        if (strcmp(name, faults[n].name) == 0) {
            words->faults |= faults[n].bit;
            return 0;
        }
    }
    return -EINVAL;
}

static int parse_word(struct target_words *words, char *word)
{
    char *value = strchr(word, '='), *name;

    if (value)
        *value++ = '\0';
    if (value && strcmp(word, "fcpu") == 0)
        return kstrtou32(value, 10, &words->fcpu_hz);
    if (value && strcmp(word, "fault") == 0) {
        while ((name = strsep(&value, "+")) != NULL) {
            if (parse_fault(words, name))
                return -EINVAL;
        }
    } else if (strcmp(word, "no-spi-no-cs") == 0) {
        words->no_cs = true;
    } else if (value && strcmp(word, "kernel") == 0) {
        words->keep_level = strcmp(value, "pi") == 0;
        return words->keep_level || strcmp(value, "upstream") == 0 ? 0 : -EINVAL;
    } else {
        return -EINVAL;
    }
    return 0;
}

int target_parse(struct target_words *words, char *text)
{
    const char *name = strsep(&text, ",");
    char *word;

    *words = (struct target_words){.fcpu_hz = CRYSTAL_HZ};
    for (unsigned n = 0; n < target_n_chips; n++) {
        if (strcasecmp(target_chips[n].name, name) == 0)
            words->chip = &target_chips[n];
    }
    if (!words->chip)
        return -EINVAL;
    while ((word = strsep(&text, ",")) != NULL) {
        int error = parse_word(words, word);

        if (error)
            return error;
    }
    return 0;
}

/* The chip. */

void target_choose(const struct target_words *words)
{
    const struct avrspi_sim_config config = {
        .chip = words->chip, .fcpu_hz = words->fcpu_hz, .faults = words->faults};

    mutex_lock(&lock);
    avrspi_sim_init(sim, &config);
    avrspi_sim_reset(sim, target_gpio_reset_is_low());
    started_ns = ktime_get_ns();
    chip_name = words->chip->name;
    transfers = bytes = chip_selects = reset_edges = let_go_low = 0;
    mutex_unlock(&lock);
}

void target_set_reset(bool low)
{
    static bool was_low;

    mutex_lock(&lock);
    catch_up();
    reset_edges += low && !was_low;
    was_low = low;
    avrspi_sim_reset(sim, low);
    mutex_unlock(&lock);
}

void target_set_pins(bool sck, bool mosi)
{
    mutex_lock(&lock);
    catch_up();
    avrspi_sim_pins(sim, sck, mosi);
    mutex_unlock(&lock);
}

bool target_drives_miso(bool *high)
{
    bool drives;

    mutex_lock(&lock);
    catch_up();
    *high = avrspi_sim_miso(sim);
    drives = avrspi_sim_drives_miso(sim);
    mutex_unlock(&lock);
    return drives;
}

/* In pieces, so that RESET can move meanwhile, as it can on a board. */
void target_transfer(const u8 *out, u8 *in, size_t size, u32 hz)
{
    u64 piece_bytes = max_t(u64, div_u64((u64)hz * (AHEAD_NS / 1000), 8000000), 1);

    mutex_lock(&lock);
    catch_up();
    transfers++;
    bytes += size;
    for (size_t at = 0; at < size;) {
        size_t piece = min_t(u64, size - at, piece_bytes);
        u64 due;

        for (size_t end = at + piece; at < end; at++) {
            u8 byte = out ? out[at] : 0;

            avrspi_sim_transfer(sim, &byte, &byte, 1, hz);
            if (in)
                in[at] = byte;
        }
        due = due_ns();
        mutex_unlock(&lock);
        wait_until(due);
        mutex_lock(&lock);
    }
    mutex_unlock(&lock);
}

void target_count_let_go(void)
{
    mutex_lock(&lock);
    let_go_low++;
    mutex_unlock(&lock);
}

void target_count_chip_select(void)
{
    mutex_lock(&lock);
    chip_selects++;
    mutex_unlock(&lock);
}

size_t target_numbers(char *text, size_t size)
{
    size_t used;

    mutex_lock(&lock);
    catch_up();
    used = scnprintf(text, size,
                     "chip=%s\nspi_transfers=%llu\nspi_bytes=%llu\nchip_selects=%llu\n"
                     "reset_level=%s\nreset_pull=%s\nreset_edges=%llu\nlet_go_low=%llu\n"
                     "pwm_hz=%u\nviolations=%llu\n",
                     chip_name, transfers, bytes, chip_selects,
                     target_gpio_reset_is_low() ? "low" : "high", target_gpio_reset_pull(),
                     reset_edges, let_go_low, target_pwm_hz(), avrspi_sim_violations(sim));
    for (unsigned kind = 0; kind < AVRSPI_VIOLATIONS; kind++) {
        u64 count = avrspi_sim_violation(sim, kind);

        if (count)
            used += scnprintf(text + used, size - used, "violation.%s=%llu\n",
                              avrspi_sim_violation_name(kind), count);
    }
    mutex_unlock(&lock);
    return used;
}
