/* SPDX-License-Identifier: MIT */
/* Blinks the LED of an Adafruit Trinket, at PB1. */
#include <avr/io.h>
#include <util/delay.h>

int main(void)
{
    DDRB |= 1 << PB1;
    for (;;) {
        PINB = 1 << PB1; /* a 1 there toggles the pin */
        _delay_ms(500);
    }
}
