# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # avrspi, chip, here, tmp: of run.sh
# Scenes of files: what is read, what is refused and in which words; info and diff.

# Each line of odd_files.txt is a name, a blank, and what printf makes the file of.
scene_odd_files() {
    local name content
    port "$chip"
    while read -r name content; do
        # shellcheck disable=SC2059
        printf "$content" >"$name"
        cli -n -q -c atmega328p flash "$name"
    done <odd_files.txt
    cp code.dat no-ending
    cli -n -q flash no-ending
    cli -n -q flash --format raw page.bin
    cli -n -q eeprom text.bin
    cli -n -q eeprom page.bin
    cli -n -q eeprom pointer.bin
    cli eeprom only-end.hex
    cli -n flash --first-image two-over.hex
    cli -q flash cut-file.hex
    same "nothing was written" "" "$(grep -s '^flash\|^eeprom' chip.sim)"
}

# What all of these say is the same program.
scene_formats() {
    local format name
    port "$chip"
    cli -q flash whole.elf
    for format in hex srec raw dump c; do
        cli -q read flash --range 0:0xC0 --format $format -o out.$format
        case $format in
        c | raw) ;;
        *) show out.$format ;;
        esac
    done
    for name in out.hex out.srec out.dump; do
        cli verify $name
    done
    cp out.raw out.bin
    cli verify out.bin
    sed -n 's/^    //p' out.c >out.list
    cli verify out.list
    head -n 3 out.c >few.c
    show few.c
    cli verify --at 0x10 --format raw out.raw
    cli verify --at 0x10 out.hex
    cli_with out.srec verify -
}

scene_elf() {
    port "$chip"
    cli flash whole.elf
    cli --json flash whole.elf
    cli eeprom whole.elf
    cli -p sim:attiny85,state=85.sim flash whole.elf
    cli -p sim:atmega328pb,state=pb.sim flash whole.elf
    cli -p sim:atmega328pb,state=pb.sim -c atmega328pb flash whole.elf
    same "nothing was written" "" "$(grep -s '^flash' 85.sim)"
    head -c 400 whole.elf >cut.elf
    cli flash cut.elf
    head -c 700 whole.elf >cut.elf
    cli flash cut.elf
}

scene_several_files() {
    printf ':0200000002C03C\n:00000001FF\n' >application.hex
    printf ':027E0000FFCFB2\n:00000001FF\n' >loader.hex
    printf '\377\317' >loader.bin
    port "$chip"
    cli flash application.hex loader.hex
    cli verify application.hex loader.bin@0x7E00
    cli verify loader.bin@0x7E00
    cli verify loader.bin@there
    cli verify application.hex@0x10
    cli verify --range 0x7E00:0x8000 application.hex loader.hex
    cli flash --range 0x100:0x200 application.hex
    cli flash application.hex application.hex
    cli --json -n flash application.hex loader.hex
}

# Every kind of line of 'info', and maps as wide as they may be, or narrow.
scene_info() {
    cli info whole.elf
    cli info program.hex settings.eep both.hex
    cli -c attiny13 info program.hex
    cli -c attiny85 info whole.elf
    cli -c at90s2313 info program.hex
    cli_with program.hex -c atmega328p info -
    cli -c atmega328p info checksum.hex settings.eep beyond.hex nothing.hex
    cli --json -c attiny13 info beyond.hex other.hex
    cli info
    cli -n info --svg x.svg program.hex other.hex
    cli info --svg x.svg program.hex
    cli -q -c atmega328p info --svg x.svg program.hex
    same "cells of the picture" 257 "$(grep -c '<rect.*<title>\|<rect width' x.svg)"
    command -v xmllint >/dev/null && check "the picture is XML" xmllint --noout x.svg
    same "SHA-256" "$(sha256sum whole.elf | cut -d' ' -f1)" \
        "$("$avrspi" info whole.elf | sed -n 's/^sha256 *//p')"
}

# On a terminal that takes UTF-8, of several widths, and in colour.
scene_info_map() {
    export LC_ALL=C.UTF-8 TERM=xterm
    printf ':02000000FFCF30\n:10020000000102030405060708090A0B0C0D0E0F76\n:00000001FF\n' >two.hex
    for columns in 80 41 20 5; do
        note "COLUMNS=$columns"
        COLUMNS=$columns cli -c atmega2560 info program.hex
        COLUMNS=$columns cli -c attiny13 info two.hex
    done
    cli --color always -c atmega328p info program.hex
    TERM=dumb cli -c atmega328p info program.hex
    port "$chip"
    cli -n -v flash program.hex
    cli -q flash program.hex
    cli -n -v flash --update other.hex
    cli -n -v flash --update program.hex
    cli -n -v -p sim:at90s2313,state=2313.sim flash two.hex
}

# How a file lies to the boot section: that of the fuses in it, or of the factory's.
scene_info_boot() {
    {
        echo ':020000040000FA'
        echo ':0200000018C026'
        echo ':107E0000035EB91570CB2782DD3994EF4BA6025D76'
        echo ':00000001FF'
    } >high.hex
    {
        echo ':047E00000C94003F9F'
        echo ':00000001FF'
    } >loader.hex
    {
        echo ':047E00000C94003F9F'
        echo ':020000040082 78' | tr -d ' '
        echo ':03000000FFDEFD23'
        echo ':00000001FF'
    } >agrees.hex
    sed 's/FFDEFD23/FFDFFD22/' agrees.hex >application.hex
    cli -c atmega328p info high.hex
    cli -c atmega328p info loader.hex
    cli -c atmega328p info agrees.hex
    cli -c atmega328p info application.hex
    cli --json -c atmega328p info application.hex
}

scene_diff() {
    cli diff program.hex program.hex
    cli diff program.hex other.hex
    cli diff whole.elf both.hex
    cli diff -m eeprom whole.elf both.hex
    cli diff settings.eep whole.elf
    cli --color always diff -m eeprom whole.elf both.hex
    cli --json diff -m eeprom whole.elf both.hex
    cli -q diff program.hex other.hex
    cli diff program.hex
    cli diff target target
    cli diff nothing.hex program.hex
    cli_with program.hex diff - other.hex
    port "$chip"
    cli -q flash program.hex
    cli diff program.hex target
    cli diff target program.hex
    cli diff other.hex target
    cli --json diff program.hex target
    cli -c attiny13 -p sim:attiny13,state=13.sim diff program.hex target
    cli -q read flash -o all.bin
    cli diff program.hex all.bin
    cli -q eeprom settings.eep
    cli diff settings.eep target
    cli diff -m flash settings.eep target
    cli -p sim:attiny13,state=13.sim diff target program.hex
}
