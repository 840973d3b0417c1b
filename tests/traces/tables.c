/* SPDX-License-Identifier: MIT */
/*
 * The instruction sets for serial programming of some chips, carried over from the tables of
 * their datasheets and not from chips/: what those say is held against what these say.
 */
#include "traces.h"

#include <stdlib.h>
#include <string.h>

static const struct row at90s1200[] = {
    {"programming enable", "AC 53 xx xx"},
    {"chip erase", "AC 100xxxxx xx xx"},
    {"read flash, low byte", "20 0000000a aa oo"},
    {"read flash, high byte", "28 0000000a aa oo"},
    {"write flash, low byte", "40 0000000a aa ii"},
    {"write flash, high byte", "48 0000000a aa ii"},
    {"read EEPROM", "A0 00 00aaaaaa oo"},
    {"write EEPROM", "C0 00 00aaaaaa ii"},
    {"write lock bits", "AC 11111ii1 xx xx"},
    {"read signature", "30 xx xxxxxxaa oo"},
    {0},
};

static const struct row at90s2313[] = {
    {"programming enable", "AC 53 xx xx"},
    {"chip erase", "AC 100xxxxx xx xx"},
    {"read flash, low byte", "20 xxxxxxaa aa oo"},
    {"read flash, high byte", "28 xxxxxxaa aa oo"},
    {"write flash, low byte", "40 xxxxxxaa aa ii"},
    {"write flash, high byte", "48 xxxxxxaa aa ii"},
    {"read EEPROM", "A0 xx xaaaaaaa oo"},
    {"write EEPROM", "C0 xx xaaaaaaa ii"},
    {"write lock bits", "AC 111xxiix xx xx"},
    {"read signature", "30 xx xxxxxxaa oo"},
    {0},
};

static const struct row attiny12[] = {
    {"programming enable", "AC 53 xx xx"},
    {"chip erase", "AC 100xxxxx xx xx"},
    {"read flash, low byte", "20 xxxxxxxa aa oo"},
    {"read flash, high byte", "28 xxxxxxxa aa oo"},
    {"write flash, low byte", "40 xxxxxxxa aa ii"},
    {"write flash, high byte", "48 xxxxxxxa aa ii"},
    {"read EEPROM", "A0 xx xxaaaaaa oo"},
    {"write EEPROM", "C0 xx xxaaaaaa ii"},
    {"write lock bits", "AC 11111ii1 xx xx"},
    {"read lock bits", "58 xx xx xxxxxoox"},
    {"read signature", "30 xx 000000aa oo"},
    {"presence check", "30 xx xxxxxxaa oo"}, /* as was learned that the chip takes it */
    {"read calibration", "38 xx 00 oo"},
    {"write fuses", "AC 101xxxxx xx ii"},
    {"read fuses", "50 xx xx oo"},
    {0},
};

static const struct row attiny26[] = {
    {"programming enable", "AC 53 xx xx"},
    {"chip erase", "AC 100xxxxx xx xx"},
    {"read flash, low byte", "20 xxxxxxaa aa oo"},
    {"read flash, high byte", "28 xxxxxxaa aa oo"},
    {"load flash page, low byte", "40 xx xxxxaaaa ii"},
    {"load flash page, high byte", "48 xx xxxxaaaa ii"},
    {"write flash page", "4C xxxxxxaa aaaaxxxx xx"},
    {"read EEPROM", "A0 xx xaaaaaaa oo"},
    {"write EEPROM", "C0 xx xaaaaaaa ii"},
    {"read lock bits", "58 00 xx xxxxxxoo"},
    {"write lock bits", "AC 111xxxxx xx 111111ii"},
    {"read signature", "30 xx xxxxxxaa oo"},
    {"write fuses", "AC A0 xx ii"},
    {"write high fuses", "AC A8 xx xxxiiiii"},
    {"read fuses", "50 00 xx oo"},
    {"read high fuses", "58 08 xx xxxooooo"},
    {"read calibration", "38 xx 000000aa oo"},
    {0},
};

static const struct row atmega103[] = {
    {"programming enable", "AC 53 xx xx"},
    {"chip erase", "AC 100xxxxx xx xx"},
    {"read flash, low byte", "20 aa aa oo"},
    {"read flash, high byte", "28 aa aa oo"},
    {"load flash page, low byte", "40 xx xaaaaaaa ii"},
    {"load flash page, high byte", "48 xx xaaaaaaa ii"},
    {"write flash page", "4C aa axxxxxxx xx"},
    {"read EEPROM", "A0 xxxxaaaa aa oo"},
    {"write EEPROM", "C0 xxxxaaaa aa ii"},
    {"read lock bits", "58 xx xx xxxxxoox"},
    {"write lock bits", "AC 11111ii1 xx xx"},
    {"read fuses", "50 xx xx xxoxo1oo"},
    {"write fuses", "AC 1011i1ii xx xx"},
    {"read signature", "30 xx xxxxxxaa oo"},
    {0},
};

static const struct row atmega161[] = {
    {"programming enable", "AC 53 xx xx"},
    {"chip erase", "AC 100xxxxx xx xx"},
    {"read flash, low byte", "20 xxxaaaaa aa oo"},
    {"read flash, high byte", "28 xxxaaaaa aa oo"},
    {"load flash page, low byte", "40 xx xxaaaaaa ii"},
    {"load flash page, high byte", "48 xx xxaaaaaa ii"},
    {"write flash page", "4C xxxaaaaa aaxxxxxx xx"},
    {"read EEPROM", "A0 xxxxxxxa aa oo"},
    {"write EEPROM", "C0 xxxxxxxa aa ii"},
    {"read lock bits", "58 xx xx xxoooooo"},
    {"write lock bits", "AC 111xxxxx xx 11iiiiii"},
    {"read signature", "30 xx xxxxxxaa oo"},
    {"write fuses", "AC 101xxxxx xx 1i1i1iii"},
    {"read fuses", "50 xx xx xooo1ooo"},
    {0},
};

static const struct row atmega328p[] = {
    /* bits that mean nothing: 0 in this datasheet, x in those of the same family's older members
     * (that the chip does not look at them: not measured) */
    {"programming enable", "AC 53 xx xx"},
    {"chip erase", "AC 80 00 xx"},
    {"poll RDY/BSY", "F0 00 00 oo"},
    {"load flash page, low byte", "40 00 aa ii"},
    {"load flash page, high byte", "48 00 aa ii"},
    {"load EEPROM page", "C1 00 000000aa ii"},
    {"read flash, low byte", "20 aa aa oo"},
    {"read flash, high byte", "28 aa aa oo"},
    {"read EEPROM", "A0 000000aa aa oo"},
    {"read lock bits", "58 00 00 oo"},
    {"read signature", "30 00 000000aa oo"},
    {"presence check", "30 xx xxxxxxaa oo"}, /* as was learned that the chip takes it */
    {"read low fuses", "50 00 00 oo"},
    {"read high fuses", "58 08 00 oo"},
    {"read ext fuses", "50 08 00 oo"},
    {"read calibration", "38 00 00 oo"},
    {"write flash page", "4C aa aa 00"},
    {"write EEPROM", "C0 000000aa aa ii"},
    {"write EEPROM page", "C2 000000aa aaaaaa00 00"},
    {"write lock bits", "AC E0 00 ii"},
    {"write low fuses", "AC A0 00 ii"},
    {"write high fuses", "AC A8 00 ii"},
    {"write ext fuses", "AC A4 00 ii"},
    {0},
};

static const struct row atmega2560[] = {
    /* bits that mean nothing: 0 in this datasheet, x in those of the same family's older members
     * (that the chip does not look at them: not measured) */
    {"programming enable", "AC 53 xx xx"},
    {"chip erase", "AC 80 00 xx"},
    {"poll RDY/BSY", "F0 00 00 oo"},
    {"load extended address", "4D 00 aa 00"},
    {"load flash page, low byte", "40 00 aa ii"},
    {"load flash page, high byte", "48 00 aa ii"},
    {"load EEPROM page", "C1 00 00000aaa ii"}, /* pages of 8 bytes; the table has two bits only */
    {"read flash, low byte", "20 aa aa oo"},
    {"read flash, high byte", "28 aa aa oo"},
    {"read EEPROM", "A0 0000aaaa aa oo"},
    {"read lock bits", "58 00 00 oo"},
    {"read signature", "30 00 000000aa oo"},
    {"presence check", "30 xx xxxxxxaa oo"}, /* as was learned that the chip takes it */
    {"read low fuses", "50 00 00 oo"},
    {"read high fuses", "58 08 00 oo"},
    {"read ext fuses", "50 08 00 oo"},
    {"read calibration", "38 00 00 oo"},
    {"write flash page", "4C aa aa 00"},
    {"write EEPROM", "C0 0000aaaa aa ii"},
    {"write EEPROM page", "C2 0000aaaa aaaaaa00 00"},
    {"write lock bits", "AC E0 00 ii"},
    {"write low fuses", "AC A0 00 ii"},
    {"write high fuses", "AC A8 00 ii"},
    {"write ext fuses", "AC A4 00 ii"},
    {0},
};

#define INSTRUCTION_SET "'Serial Programming Instruction Set'"

static const struct table tables[] = {
    {"AT90S1200", "0838H, table 19 " INSTRUCTION_SET, at90s1200},
    {"AT90S2313", "0839I, table 28 " INSTRUCTION_SET, at90s2313},
    {"ATtiny12", "1006D, table 25 'Low-voltage Serial Programming Instruction Set'", attiny12},
    {"ATtiny26", "1477G, table 61 " INSTRUCTION_SET, attiny26},
    {"ATmega103", "0945G, table 44 " INSTRUCTION_SET, atmega103},
    {"ATmega161", "1228C, table 48 " INSTRUCTION_SET, atmega161},
    {"ATmega328P", "DS40002061A, 28.8.3, table 28-19 " INSTRUCTION_SET, atmega328p},
    {"ATmega2560", "2549O, 30.8.3, table 30-17 " INSTRUCTION_SET, atmega2560},
};

const struct table *table_at(size_t n)
{
    return n < sizeof tables / sizeof *tables ? &tables[n] : NULL;
}

/* Whether a byte is what a word of a row asks for. */
static bool fits(const char *word, size_t size, uint8_t byte)
{
    if (size == 2)
        return strspn(word, "0123456789ABCDEF") < 2 || strtoul(word, NULL, 16) == byte;
    for (size_t bit = 0; bit < size; bit++)
        if ((word[bit] == '0' || word[bit] == '1') && (word[bit] == '1') != (byte >> (7 - bit) & 1))
            return false;
    return true;
}

static bool matches(const char *bytes, const uint8_t instruction[4])
{
    for (size_t n = 0; n < 4; n++) {
        size_t size = strcspn(bytes, " ");
        bool answer = memchr(bytes, 'o', size) != NULL;

        if (!answer && !fits(bytes, size, instruction[n]))
            return false;
        bytes += size + 1;
    }
    return true;
}

const struct row *table_find(const struct table *table, const uint8_t bytes[4])
{
    for (const struct row *row = table->rows; row->name; row++)
        if (matches(row->bytes, bytes))
            return row;
    return NULL;
}
