# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # variables of judges.sh
# Files that were made by compilers and converters. judges.sh reads it.

# --- avr-gcc, avr-objcopy

part_of() { # ELF SECTION: its bytes as raw binary, by avr-objcopy
    avr-objcopy -j "$2" --change-section-lma "$2=0" -O binary "$1" "${2#.}.raw"
}

# All memories of an ELF file, as avr-objcopy sees them.
judge_memories() { # TOOL FILE FORMAT
    read_row "$1" "$2" "$3" flash.raw
    read_row "$1" "$2" "$3, EEPROM" eeprom.raw eeprom
    read_row "$1" "$2" "$3, fuses" fuse.raw fuses
    read_row "$1" "$2" "$3, lock" lock.raw lock
    read_row "$1" "$2" "$3, sig." signature.raw signature
}

# Linked so that the first segment begins with the headers of the file.
judge_headers_in_segment() {
    local first
    avr-gcc -mmcu=atmega328p -Os -Wl,--section-start=.text=0x7000,-z,max-page-size=4096 \
        -o loader.elf "$files/program.c"
    avr-objcopy -j .text -j .data -O binary loader.elf loader.raw
    head -c 28672 /dev/zero | tr '\0' '\377' | cat - loader.raw >flash.raw
    first=$(readelf -lW loader.elf | awk '$1 == "LOAD" { print $2; exit }')
    read_row avr-gcc loader.elf "ELF, 1st at $((first))" flash.raw
}

judge_avr_gcc() {
    local section
    have avr-gcc avr-objcopy || return 0
    avr-gcc -mmcu=atmega328p -Os -o program.elf "$files/program.c" || exit 1
    avr-objcopy -j .text -j .data -O binary program.elf flash.raw
    for section in .eeprom .fuse .lock .signature; do
        part_of program.elf $section
    done
    avr-objcopy -O ihex program.elf program.hex
    avr-objcopy -O srec program.elf program.srec
    cp flash.raw flash.bin
    judge_memories avr-gcc program.elf ELF
    judge_memories avr-objcopy program.hex "Intel HEX"
    judge_memories avr-objcopy program.srec S-record
    read_row avr-objcopy flash.bin raw flash.raw
    avr-objcopy -j .eeprom --change-section-lma .eeprom=0 -O ihex program.elf program.eep
    read_row avr-objcopy program.eep "Intel HEX" eeprom.raw eeprom
    judge_headers_in_segment
}

# --- srec_cat

# Up to 40 all of them, then each ninth, and the last.
each_width() { # FORMAT EXTENSION LAST
    local width
    for width in $(seq 1 40) $(seq 49 9 "$3") "$3"; do
        srec_cat data.bin -binary -o "width.$2" "-$1" "-output_block_size=$width"
        if ! reads_same "width.$2" data.bin; then
            echo "with $width bytes in a record"
            return 1
        fi
    done
}

without_end() { # FILE
    grep -v -e '^:00000001FF' -e '^S[0579]' "$1"
}

# The records of data.hex in another order.
reordered() { # NAME COMMAND...
    local name=$1
    shift
    { without_end data.hex | grep -v '^:02000004' | "$@" && echo ':00000001FF'; } >"$name"
    read_row srec_cat "$name" "Intel HEX" data.bin
}

judge_orders() {
    reordered descending.hex tac
    reordered interleaved.hex sort -k 1.7,1.7 -s # by a digit of the address
    srec_cat data.bin -binary -split 2 0 -unsplit 2 0 -o even.hex -intel
    srec_cat data.bin -binary -split 2 1 -unsplit 2 1 -o odd.hex -intel
    { without_end even.hex && cat odd.hex; } >bytes.hex
    read_row srec_cat bytes.hex "single bytes" data.bin
}

judge_srec_cat() {
    local length
    have srec_cat srec_cmp || return 0
    head -c 3000 /dev/urandom >data.bin
    row srec_cat "records of 1 to 255 bytes" "Intel HEX" 3000 "reads the same" each_width intel hex 255
    row srec_cat "records of 1 to 250 bytes" S-record 3000 "reads the same" each_width motorola srec 250
    srec_cat data.bin -binary -o data.hex -intel
    judge_orders
    for length in 2 3 4; do
        srec_cat data.bin -binary -o "address$length.hex" -intel -address_length=$length
        read_row srec_cat "address$length.hex" "Intel HEX" data.bin
        srec_cat data.bin -binary -o "address$length.srec" -motorola -address_length=$length
        read_row srec_cat "address$length.srec" S-record data.bin
    done
    srec_cat data.bin -binary -o data.rom -atmel_generic_be
    read_row srec_cat data.rom "Atmel generic" data.bin
    head -c 65000 /dev/zero | tr '\0' '\377' | cat - data.bin >high.raw
    srec_cat data.bin -binary -offset 65000 -o high.hex -intel
    read_row srec_cat high.hex "Intel HEX" high.raw
}

# --- avra

judge_avra() {
    have avra srec_cat || return 0
    cp "$files/program.asm" .
    avra -o avra.hex -e avra.eep program.asm >out 2>&1 || cat out
    srec_cat avra.hex -intel -fill 0xFF 0 0x7C0A -o avra.raw -binary
    srec_cat avra.eep -intel -o avra-eep.raw -binary
    read_row avra avra.hex "Intel HEX" avra.raw
    read_row avra avra.eep "Intel HEX" avra-eep.raw eeprom
}
