/* SPDX-License-Identifier: MIT */
/* A program for an ATmega328P that has something for each of its memories. Compiled by made.sh. */
#include <avr/eeprom.h>
#include <avr/io.h>
#include <avr/pgmspace.h>
#include <avr/signature.h>

FUSES = {.low = 0xE2, .high = 0xD9, .extended = 0xFD};
LOCKBITS = 0xFC;

EEMEM uint8_t settings[9] = {1, 2, 3, 4, 5, 6, 7, 8, 0xFF};
static const PROGMEM char text[] = "a text that is in the flash, and makes the program longer";
static volatile uint16_t counter = 0x1234; /* .data: its first value is in the flash too */

int main(void)
{
    for (;;)
        PORTB = pgm_read_byte(&text[counter++ % sizeof text]);
}
