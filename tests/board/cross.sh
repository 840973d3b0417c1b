#!/bin/bash
# avrdude as the judge: what avrdude wrote avrspi reads back equal, and the other way round, part
# by part and memory by memory, on the virtual board.
#
#     tests/board/cross.sh BUILD
#
# avrspi must not violate the datasheet once. avrdude 7.1 does, and its violations are shown: it sends
# Programming Enable before RESET has been low for 20 ms, and reads a byte to see whether its
# write is over. Neither changes what is compared.
set -euo pipefail

build=$(cd "${1:?usage: tests/board/cross.sh BUILD}" && pwd)
avrspi=$build/avrspi
board=$build/avrspi-board
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
temporary
work=$tmp

# avrspi's name, avrdude's name, bytes of flash and EEPROM to write, a harmless fuse change
parts='
ATmega328P   m328p   32768  256   high 0xD1
ATmega328PB  m328pb  32768  256   high 0xD1
ATmega8      m8      8192   256   high 0xD1
ATmega16     m16     16384  256   high 0x91
ATmega644PA  m644p   65536  256   high 0x91
ATmega1284P  m1284p  131072 256   high 0x91
ATmega2560   m2560   262144 256   high 0x91
ATmega32U4   m32u4   32768  256   high 0x91
AT90S2313    2313    2048   128   - -
AT90S8515    8515    8192   256   - -
'

violations=
on_board() { # CHIP PROGRAM...: runs it, and leaves the violations in $violations
    local chip=$1
    shift
    rm -f "$work/stats"
    "$board" "$chip,state=$work/chip.sim,virtual=65536,stats=$work/stats" -- "$@" \
        >"$work/out" 2>&1 || return 1
    violations=$(sed -n 's/^violation\.//p' "$work/stats" | tr '\n' ' ')
}

theirs() { # CHIP PART ARGUMENTS...
    local chip=$1 part=$2
    shift 2
    on_board "$chip" avrdude -q -q -c linuxspi -P /dev/spidev0.0:/dev/gpiochip0 -p "$part" "$@"
}

ours() { # CHIP ARGUMENTS...
    local chip=$1
    shift
    on_board "$chip" "$avrspi" -c "$chip" "$@" && [ -z "$violations" ]
}

name() { # CHIP MEMORY DIRECTION
    printf '%-12s %-7s %-18s' "$1" "$2" "$3"
}

row() { # CHIP MEMORY DIRECTION FILE FILE
    local name
    name="$(name "$1" "$2" "$3")${violations_told:+   avrdude: $violations_told}"
    check "$name" cmp -n "$(stat -c %s "$4")" "$4" "$5"
}

fail() { # CHIP MEMORY DIRECTION
    not_ok "$(name "$1" "$2" "$3")"
    sed 's/^/# output    /' "$work/out"
}

fresh() {
    rm -f "$work/chip.sim" "$work/back.bin"
    violations_told=
}

# Takes the violation counts of the run before out of the chip's state: each program answers for its
# own.
forget() {
    violations_told=$violations
    sed -i '/^violation/d' "$work/chip.sim"
}

memory_rows() { # CHIP PART MEMORY BYTES
    local chip=$1 part=$2 memory=$3 size=$4 command=flash
    [ "$memory" = eeprom ] && command=eeprom
    head -c "$size" /dev/urandom >"$work/data.bin"

    fresh
    if theirs "$chip" "$part" -V -U "$memory:w:$work/data.bin:r" && forget &&
        ours "$chip" read "$memory" -o "$work/back.bin"; then
        row "$chip" "$memory" "avrdude -> avrspi" "$work/data.bin" "$work/back.bin"
    else
        fail "$chip" "$memory" "avrdude -> avrspi"
    fi
    fresh
    if ours "$chip" "$command" "$work/data.bin" &&
        theirs "$chip" "$part" -U "$memory:r:$work/back.bin:r"; then
        violations_told=$violations
        row "$chip" "$memory" "avrspi -> avrdude" "$work/data.bin" "$work/back.bin"
    else
        fail "$chip" "$memory" "avrspi -> avrdude"
    fi
}

fuse_name() {
    case $1 in low) echo lfuse ;; high) echo hfuse ;; ext) echo efuse ;; esac
}

fuse_rows() { # CHIP PART FUSE VALUE
    local chip=$1 part=$2 fuse=$3 value=$4
    [ "$fuse" != - ] || return 0
    printf '%s\n' "$value" >"$work/wanted"

    fresh
    if theirs "$chip" "$part" -V -U "$(fuse_name "$fuse"):w:$value:m" && forget &&
        ours "$chip" --json fuses; then
        jq -r ".fuses.$fuse.hex" "$work/out" >"$work/found"
        row "$chip" "$fuse" "avrdude -> avrspi" "$work/wanted" "$work/found"
    else
        fail "$chip" "$fuse" "avrdude -> avrspi"
    fi
    fresh
    if ours "$chip" fuses "--$fuse" "$value" &&
        theirs "$chip" "$part" -U "$(fuse_name "$fuse"):r:$work/found:h"; then
        violations_told=$violations
        tr 'a-f' 'A-F' <"$work/found" >"$work/upper"
        row "$chip" "$fuse" "avrspi -> avrdude" "$work/wanted" "$work/upper"
    else
        fail "$chip" "$fuse" "avrspi -> avrdude"
    fi
}

lock_rows() { # CHIP PART
    local chip=$1 part=$2
    fresh
    if theirs "$chip" "$part" -V -U "lock:w:0xFE:m" && forget && ours "$chip" --json fuses; then
        if jq -e .fuses.lock "$work/out" >/dev/null; then
            echo 254 >"$work/wanted"
            jq -r '.fuses.lock.value' "$work/out" >"$work/found"
            row "$chip" lock "avrdude -> avrspi" "$work/wanted" "$work/found"
        fi
    else
        fail "$chip" lock "avrdude -> avrspi"
    fi
    fresh
    if ours "$chip" fuses --lock 0xFE && theirs "$chip" "$part" -U "lock:r:$work/found:h"; then
        violations_told=$violations
        # the bits that the part has: avrdude shows the others as it finds them
        printf '%d\n' "$(($(cat "$work/found") | 0xFC))" >"$work/upper"
        echo 254 >"$work/wanted"
        row "$chip" lock "avrspi -> avrdude" "$work/wanted" "$work/upper"
    else
        fail "$chip" lock "avrspi -> avrdude"
    fi
}

while read -r chip part flash eeprom fuse value; do
    [ -n "$chip" ] || continue
    memory_rows "$chip" "$part" flash "$flash"
    memory_rows "$chip" "$part" eeprom "$eeprom"
    fuse_rows "$chip" "$part" "$fuse" "$value"
    case $chip in AT90S*) ;; *) lock_rows "$chip" "$part" ;; esac
done <<<"$parts"
finish
