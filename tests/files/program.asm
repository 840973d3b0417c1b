; SPDX-License-Identifier: MIT
; A program for an ATmega328P as avra assembles it: code, a table at another address, EEPROM data.
.include "m328Pdef.inc"
.cseg
    rjmp start
.org 0x40
start:
    ldi r16, low(RAMEND)
    out SPL, r16
    ldi ZL, low(2 * table)
    ldi ZH, high(2 * table)
loop:
    lpm r17, Z+
    out PORTB, r17
    rjmp loop
.org 0x3E00
table:
    .db 1, 2, 3, 4, "text", 0xFF, 0
.eseg
    .db 0x10, 0x20, 0x30
