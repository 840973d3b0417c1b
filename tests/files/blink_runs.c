/* SPDX-License-Identifier: MIT */
/*
 * Runs examples/blink in simavr, from an Intel HEX file that is read by simavr itself: the pin PB5
 * of an ATmega328P has to change its level four times a second.
 *
 *     blink_runs FILE.hex
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <avr_ioport.h>
#include <sim_avr.h>
#include <sim_hex.h>

enum {
    F_CPU_HZ = 1000000,
    SECONDS = 3,
    TOGGLES = 4 * SECONDS,
};

static void count_change(struct avr_irq_t *irq, uint32_t value, void *user)
{
    unsigned *toggles = user;

    (void)irq;
    (void)value;
    ++*toggles;
}

static avr_t *start(char *path)
{
    ihex_chunk_p chunks = NULL;
    int count = read_ihex_chunks(path, &chunks);
    avr_t *avr = avr_make_mcu_by_name("atmega328p");

    if (count < 1 || !avr)
        return NULL;
    (void)avr_init(avr);
    avr->frequency = F_CPU_HZ;
    for (int n = 0; n < count; n++)
        avr_loadcode(avr, chunks[n].data, chunks[n].size, chunks[n].baseaddr);
    avr->codeend = avr->flashend;
    free_ihex_chunks(chunks);
    return avr;
}

int main(int argc, char **argv)
{
    avr_t *avr = argc == 2 ? start(argv[1]) : NULL;
    unsigned toggles = 0;
    int state = cpu_Running;

    if (!avr) {
        (void)fputs("usage: blink_runs FILE.hex\n", stderr);
        return EXIT_FAILURE;
    }
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ('B'), IOPORT_IRQ_PIN0 + 5),
                            count_change, &toggles);
    while (avr->cycle < (avr_cycle_count_t)SECONDS * F_CPU_HZ && state != cpu_Done &&
           state != cpu_Crashed)
        state = avr_run(avr);
    (void)printf("%u changes of PB5 in %d s\n", toggles, (int)SECONDS);
    /* the last one falls on the end of the time */
    return toggles >= TOGGLES - 1 && toggles <= TOGGLES + 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
