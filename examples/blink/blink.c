/* SPDX-License-Identifier: MIT */
/*
 * Blinks the LED at PB5 (pin 19 of an ATmega328P in a DIP, "13" on an Arduino) twice a second,
 * by timer 1 and its compare interrupt. The CPU sleeps in between.
 *
 * Made for the clock that the chip has when it leaves the factory: 8 MHz / 8 = 1 MHz.
 */
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>

#define F_CPU_HZ      1000000UL
#define PRESCALER     64UL
#define TOGGLES_PER_S 4UL

ISR(TIMER1_COMPA_vect)
{
    PINB = _BV(PINB5); /* writing a 1 to PIN toggles the port bit */
}

int main(void)
{
    DDRB = _BV(DDB5);
    OCR1A = F_CPU_HZ / PRESCALER / TOGGLES_PER_S - 1;
    TCCR1B = _BV(WGM12) | _BV(CS11) | _BV(CS10); /* clear on compare, clock / 64 */
    TIMSK1 = _BV(OCIE1A);
    sei();
    for (;;)
        sleep_mode();
}
