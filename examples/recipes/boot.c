/* SPDX-License-Identifier: MIT */
/*
 * The smallest thing that deserves the name of a boot loader: it says that it is there (the LED
 * blinks three times) and starts the program. Where a real one would listen for a new program, it
 * only waits. The Makefile puts it into the boot section.
 */
#include <avr/io.h>
#include <avr/wdt.h>
#include <util/delay.h>

/* The LED of an Arduino Uno is at PB5, that of a Mega 2560 at PB7. */
#ifdef __AVR_ATmega2560__
#define LED PB7
#else
#define LED PB5
#endif

int main(void)
{
    void (*const program)(void) = 0; /* the reset vector of the application section */

    MCUSR = 0; /* after a reset by the watchdog it goes on, with its shortest time */
    wdt_disable();
    DDRB |= 1 << LED;
    for (uint8_t n = 0; n < 6; n++) {
        PINB = 1 << LED; /* a 1 there toggles the pin */
        _delay_ms(100);
    }
    DDRB &= (uint8_t) ~(1 << LED);
    program();
}
