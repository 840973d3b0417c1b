#!/bin/bash
# SPDX-License-Identifier: MIT
# Burns the bootloaders of the most common boards of Debian's arduino-core-avr onto simulated chips,
# and compares fuses, lock bits and each byte of flash with what boards.txt and the file have:
# common_boards.sh AVRSPI [BOARDS.TXT]
#
# Releases of Debian differ in which files are there, and in whether they fit. Where one does not, the
# job has to end before anything is erased and to name the file; with --file it is done with another.
# The flash is judged by objcopy and the simulated chip's state, not by avrspi.
set -u
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/lib.sh
. "$here/../lib.sh"
program "common_boards.sh AVRSPI [BOARDS.TXT]" "$@"
boards=${2-/usr/share/arduino/hardware/arduino/avr/boards.txt}
examples=$here/../../examples/recipes
have jq objcopy objdump || exit 77
[ -f "$boards" ] || {
    echo "# skipped: there is no $boards"
    exit 77
}
temporary
export XDG_STATE_HOME=$tmp/state
state=$tmp/chip.sim

# The bytes of an Intel HEX file as the lines of a state file, 32 bytes each; erased lines left out.
lines_of_file() { # FILE
    local start
    start=$(objdump -h "$1" | awk '$2 ~ /^\.sec/ && (least == "" || $5 < least) { least = $5 }
        END { print least }')
    objcopy -I ihex -O binary --gap-fill 0xff "$1" "$tmp/image"
    od -An -v -tx1 -w32 "$tmp/image" | tr -d ' ' | tr a-f A-F | while read -r line; do
        while [ ${#line} -lt 64 ]; do line=${line}FF; done
        printf '%05X %s\n' "$((0x$start))" "$line"
        start=$(printf %x "$((0x$start + 32))")
    done | grep -v ' F*$'
}

lines_of_chip() {
    sed -n 's/^flash //p' "$state"
}

burn() { # CHIP BOARD [OPTION...]: the exit code; what was said in $tmp/out, the chip in $state
    local chip=$1 board=$2
    shift 2
    rm -f "$state"
    "$avrspi" -q -p "sim:$chip,state=$state" sig >/dev/null
    "$avrspi" --json -p "sim:$chip,state=$state" burn --boards "$boards" "$@" "$board" \
        >"$tmp/out" 2>/dev/null
}

is_burned() { # NAME FUSES FILE
    same "$1: fuses and lock bits" "$2" "$(sed -n 's/^fuses //p' "$state")"
    same "$1: each byte of flash" "$(lines_of_file "$3")" "$(lines_of_chip)"
    same "$1: violations" "" "$(grep '^violation' "$state")"
}

# The core's own file, or that of ours with which the job is done instead.
board() { # BOARD CHIP FUSES THE_CORES_FILE OUR_FILE
    local code own
    own=$(dirname "$boards")/bootloaders/$4
    burn "$2" "$1"
    code=$?
    if [ $code = 0 ]; then
        is_burned "$1" "$3" "$own"
    else
        same "$1: exit without its file" 7 $code
        check "$1: the file is named, and what is wrong with it" grep -q "$(basename "$4").* $(
            [ -f "$own" ] && echo '[1-9][0-9]* bytes too many' || echo 'is not there')" \
            <(jq -r .error.message "$tmp/out")
        same "$1: erased" "erases 0" "$(grep '^erases' "$state")"
        same "$1: flash" "" "$(lines_of_chip)"
    fi
    burn "$2" "$1" --file "$5"
    same "$1 --file: exit" 0 $?
    is_burned "$1 --file" "$3" "$5"
}

board uno atmega328p "FF DE FD CF" optiboot/optiboot_atmega328.hex "$examples/boot328.hex"
board nano atmega328p "FF DA FD CF" optiboot/optiboot_atmega328.hex "$examples/boot328.hex"
board mega:cpu=atmega2560 atmega2560 "FF D8 FD CF" stk500v2/stk500boot_v2_mega2560.hex \
    "$examples/boot2560.hex"
board leonardo atmega32u4 "FF D8 FB EF" caterina/Caterina-Leonardo.hex "$examples/boot328.hex"

# Debian's second core, which has no platform.txt.
mighty=/usr/share/arduino/hardware/mighty-1284p/boards.txt
if [ $# -lt 2 ] && [ -f "$mighty" ]; then
    boards=$mighty
    board mighty_opt atmega1284p "FF DE FD CF" optiboot/optiboot_atmega1284p.hex \
        "$examples/boot328.hex"
fi
finish
