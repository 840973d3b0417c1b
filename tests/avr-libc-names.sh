#!/bin/sh
# Tries every name of a fuse or a lock mode in the headers of avr-libc (fuse.h, lock.h, io*.h) on
# every chip: '--set' has to take it for the value meant, or not at all.
#
#   avr-libc-names.sh DUMP SET    DUMP is the compiled dump_chips.c, SET set_names.c
#
# Exit 0: so it is; 1: it is not; 77: no avr-gcc.
set -u

command -v avr-gcc >/dev/null || exit 77

# names CHIP: rows "CHIP FIELD=VALUE BYTE"
names() {
    mcu=$(printf '%s' "$1" | tr '[:upper:]' '[:lower:]')
    echo '#include <avr/io.h>
#include <avr/lock.h>' | avr-gcc -mmcu="$mcu" -E -dM - 2>/dev/null | awk -v chip="$1" '
        # "#define FUSE_CKSEL0 (unsigned char)~_BV(0)": programmed, that bit is 0
        $2 ~ /^FUSE_[A-Z0-9]+$/ && match($0, /~ *_BV\([0-7]\)/) {
            bit = substr($0, RSTART + RLENGTH - 2, 1)
            name = substr($2, 6)
            byte = sprintf("%02X", 255 - 2 ^ bit)
            print chip, name "=0", byte
            print chip, name "=on", byte
            print chip, name "=1", "FF"
            print chip, name "=off", "FF"
        }
        # "#define BLB0_MODE_2 (0xFB)"
        $2 ~ /^(LB|BLB[01])_MODE_[1-4]$/ {
            field = substr($2, 1, index($2, "_") - 1)
            byte = substr($3, 4, 2)
            print chip, field "=" $2, byte
            print chip, field "=MODE_" substr($2, length($2)), byte
            print chip, field "=mode" substr($2, length($2)), byte
        }'
}

# Differences on purpose: where the bits lie that these names stand for.
# - The lock bits of the oldest parts are bits 2 and 1 (datasheet of the AT90S8515, 0841), while
#   lock.h has them in bits 1 and 0 for every part.
# - SPIEN and FSTRT are bits 5 and 0 of what serial programming reads (same datasheet), and avr-libc
#   numbers them by another table.
expected_otherwise() {
    grep -vE '^(AT90S[0-9]+|ATmega103|ATtiny12|ATtiny15|ATtiny22) LB=' |
        grep -vE '^AT90S(4414|4434|8515|8535) (SPIEN|FSTRT)='
}

"$1" | while read -r chip rest; do
    names "$chip"
done | expected_otherwise | "$2"
