#!/bin/sh
# Compares the chip definitions with the headers of avr-libc, which come from other hands.
#
#   avr-libc.sh PROGRAM    PROGRAM is the compiled tests/dump_chips.c
#
# Exit 0: they agree, but for what is in the list below; 1: they do not; 77: no avr-gcc.
set -u

# differs WHAT REASON CHIP...: a difference on purpose
differs() {
    what=$1 reason=$2
    shift 2
    for chip; do
        printf '%s %s %s\n' "$chip" "$what" "$reason"
    done
}

deviations() {
    differs signature 'that of a sister part in avr-libc; the other sources agree with us' \
        AT90S4434 ATmega164A ATmega164P ATmega165 ATmega169A ATmega325P ATmega329PA \
        ATmega645P ATmega3250P ATmega3290P ATmega6450P ATmega6490P
    differs low 'avr-libc has no factory value there' \
        AT90S2313 AT90S2323 AT90S2343 AT90S4414 AT90S4433 AT90S4434 AT90S8515 AT90S8535
    differs low 'delivered with a bootloader, some for a crystal; the other sources agree with us' \
        AT90USB646 AT90USB647 AT90USB1286 AT90USB1287 ATmega8U2 ATmega16U2 ATmega16U4 \
        ATmega32U2 ATmega32U4
    differs high 'as above' \
        AT90USB646 AT90USB647 ATmega32U4
    differs ext 'as above' \
        ATmega8U2 ATmega16U2 ATmega16U4 ATmega32U2 ATmega32U4
    differs low 'not the factory value in avr-libc; the other sources agree with us' \
        ATmega16A ATmega16HVB ATmega16HVBrevB ATmega16M1 ATmega32C1 ATmega32HVB ATmega32M1 \
        ATmega64C1 ATmega64M1 ATmega103 ATmega128RFA1 ATmega164A ATmega164P ATmega324PA \
        ATmega644 ATmega644A ATmega644P ATmega644PA ATmega1284P ATmega8535 ATtiny22 ATtiny48 \
        ATtiny88
    differs high 'as above' \
        ATmega128RFA1 ATmega1284P
    differs ext 'as above' \
        AT90PWM81 ATmega16M1 ATmega32C1 ATmega32M1 ATmega64C1 ATmega64M1
}

command -v avr-gcc >/dev/null || exit 77
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

cat >"$work/facts.c" <<'END'
#include <avr/io.h>
#ifndef SPM_PAGESIZE
#define SPM_PAGESIZE -1
#endif
#ifndef E2END
#define E2END -1
#endif
#if defined(LFUSE_DEFAULT)
#define LOW LFUSE_DEFAULT
#elif defined(FUSE_DEFAULT)
#define LOW FUSE_DEFAULT
#else
#define LOW -1
#endif
#ifdef HFUSE_DEFAULT
#define HIGH HFUSE_DEFAULT
#else
#define HIGH -1
#endif
#ifdef EFUSE_DEFAULT
#define EXT EFUSE_DEFAULT
#else
#define EXT -1
#endif
#define NUMBER(name, value) const long name = (value);
NUMBER(a, SIGNATURE_0) NUMBER(b, SIGNATURE_1) NUMBER(c, SIGNATURE_2)
NUMBER(d, FLASHEND + 1L) NUMBER(e, SPM_PAGESIZE) NUMBER(f, E2END + 1L)
NUMBER(g, LOW) NUMBER(h, HIGH) NUMBER(i, EXT)
END

# compare CHIP WHAT OURS THEIRS: prints a row where they differ; -1 is not known over there
compare() {
    [ "$4" = -1 ] || [ "$3" = "$4" ] || printf '%s %s: %s here, %s in avr-libc\n' "$@"
}

compare_fuse() {
    if [ "$3" != - ]; then
        compare "$@"
    fi
}

compare_chip() {
    mcu=$(printf '%s' "$1" | tr '[:upper:]' '[:lower:]')
    avr-gcc -mmcu="$mcu" -S -o "$work/facts.s" "$work/facts.c" 2>/dev/null || return
    theirs=$(awk '
        function finish() { if (label) print (sum < 2147483648 ? sum : sum - 4294967296); label = 0 }
        /^[a-i]:$/ { finish(); label = 1; sum = 0; weight = 1 }
        label && $1 == ".byte" { sum += ($2 + 256) % 256 * weight; weight *= 256 }
        END { finish() }' "$work/facts.s" | tr '\n' ' ')
    echo "$1" >>"$work/compared"
    name=$1 s0=$2 s1=$3 s2=$4 flash=$5 page=$6 eeprom=$7 low=$8 high=$9
    shift 9
    ext=$1
    # shellcheck disable=SC2086 # nine numbers
    set -- $theirs
    [ $# -eq 9 ] || { echo "$name avr-gcc: $# numbers instead of 9"; return; }
    compare "$name" signature "$s0 $s1 $s2" "$1 $2 $3"
    compare "$name" flash "$flash" "$4"
    [ "$page" = 0 ] || compare "$name" page "$page" "$5"
    compare "$name" eeprom "$eeprom" "$6"
    compare_fuse "$name" low "$low" "$7"
    compare_fuse "$name" high "$high" "$8"
    compare_fuse "$name" ext "$ext" "$9"
}

"$1" >"$work/chips" || exit 1
: >"$work/compared"
while read -r row; do
    # shellcheck disable=SC2086 # ten columns
    compare_chip $row
done <"$work/chips" >"$work/found"

deviations >"$work/expected"
status=0
while read -r chip what rest; do
    grep -q "^$chip ${what%:} " "$work/expected" || { echo "$chip $what $rest"; status=1; }
done <"$work/found"
while read -r chip what reason; do
    grep -q "^$chip $what:" "$work/found" ||
        echo "note: $chip $what agrees by now ($reason)"
done <"$work/expected"
echo "$(wc -l <"$work/compared") of $(wc -l <"$work/chips") chips compared with avr-libc"
exit $status
