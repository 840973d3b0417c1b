# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # variables of judges.sh
# Files that avrdude read from a chip, on the virtual board; and a program that avrspi read, run by
# simavr. judges.sh reads it.

without_violations() { # STATE
    ! grep '^violation' "$1"
}

# --- avrdude

dude() { # ARGUMENTS...
    "$BOARD" atmega8,state=m8.sim,virtual=65536 -- \
        avrdude -q -q -c linuxspi -P /dev/spidev0.0:/dev/gpiochip0 -p m8 "$@" >out 2>&1
}

# One run reads everything, in every format that avrdude has.
dump_all() {
    local memory format
    local -a wanted=()
    for memory in flash eeprom; do
        for format in r i I s h d o b; do
            wanted+=(-U "$memory:r:$memory.$format:$format")
        done
    done
    for memory in lfuse hfuse lock signature calibration; do
        wanted+=(-U "$memory:r:$memory.r:r" -U "$memory:r:$memory.i:i")
    done
    dude "${wanted[@]}"
}

# As later versions of avrdude keep all memories in one file.
join_backup() {
    srec_cat eeprom.i -intel -offset 0x810000 flash.i -intel lfuse.i -intel -offset 0x820000 \
        hfuse.i -intel -offset 0x820001 lock.i -intel -offset 0x830000 \
        signature.i -intel -offset 0x840000 calibration.i -intel -offset 0x840003 \
        -o backup.hex -intel
    cat lfuse.r hfuse.r >fuses.r
}

judge_dumps() {
    local memory format name
    while read -r format name; do
        for memory in flash eeprom; do
            read_row avrdude "$memory.$format" "$name" $memory.r $memory
        done
    done <<END
i Intel HEX
I HEX, comments
s S-record
h list, hex
d list, decimal
o list, octal
b list, binary
END
    for memory in lfuse hfuse; do
        read_row avrdude $memory.i "Intel HEX" $memory.r fuses
    done
}

judge_avrdude() {
    local memory
    if [ -z "$BOARD" ] || ! have avrdude; then
        echo "# skipped: no virtual board with avrdude"
        return 0
    fi
    { printf '\377\317' && head -c 8190 /dev/urandom; } >m8.bin # begins with a jump
    head -c 512 /dev/urandom >m8-eeprom.bin
    row avrspi m8.bin raw 8192 "is flashed" "$avrspi" -q -p sim:atmega8,state=m8.sim flash m8.bin
    row avrspi m8-eeprom.bin raw 512 "is written" \
        "$avrspi" -q -p sim:atmega8,state=m8.sim eeprom m8-eeprom.bin
    row sim m8.sim state - "no violation" without_violations m8.sim
    dump_all || cat out
    row avrdude flash.r raw 8192 "is what avrspi wrote" cmp flash.r m8.bin
    row avrdude eeprom.r raw 512 "is what avrspi wrote" cmp eeprom.r m8-eeprom.bin
    judge_dumps
    have srec_cat || return 0
    join_backup
    read_row avrdude backup.hex "all memories" flash.r
    for memory in eeprom:eeprom fuses:fuses lock:lock signature:signature calibration:calibration; do
        read_row avrdude backup.hex "all, ${memory%:*}" "${memory#*:}.r" "${memory%:*}"
    done
}

# --- simavr

judge_simavr() {
    local port=sim:atmega328p,state=blink.sim
    [ -n "$BLINK_RUNS" ] || {
        echo "# skipped: no libsimavr"
        return 0
    }
    "$avrspi" -q -p $port flash "$files/../../examples/blink/blink.hex"
    "$avrspi" -q -p $port read flash -o blink.hex
    # simavr's reader of Intel HEX loses memory
    row simavr blink.hex "Intel HEX" "$("$convert" blink.hex)" "the program runs" \
        env ASAN_OPTIONS=detect_leaks=0 "$BLINK_RUNS" blink.hex
    row sim blink.sim state - "no violation" without_violations blink.sim
}
