# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # run.sh and scenes.sh set $chip and $here
# Scenes about files: what is read, what is refused and in which words. run.sh reads it.

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

# Bootloaders of an Arduino core of our own, and what its mistakes are called.
scene_boards() {
    local board boards=core/boards.txt
    cp -r "$here"/../data/arduino/. .
    port "$chip"
    cli burn --boards $boards --list
    cli --json burn --boards $boards --list
    cli burn --boards $boards --show menus:cpu=atmega168
    cli --json burn --boards $boards --show plain
    cli burn --boards $boards plain
    cli fuses --verify --low 0xFF --high 0xDE --ext 0xFC --lock 0xCF
    cli verify core/bootloaders/boot.hex
    cli -n burn --boards $boards --menu clock=1MHz_internal,bod=off x:avr:menus
    cli -p sim:attiny85,state=85.sim burn --boards $boards none
    # the recipe of a board without a bootloader does the same
    cli burn --boards $boards --show none
    "$avrspi" burn --boards $boards --show none >none.recipe
    cli -p sim:attiny85,state=recipe.sim burn none.recipe
    same "the chip is the same by the recipe" "$(cat 85.sim)" "$(cat recipe.sim)"
    cli burn --boards $boards --show tpi
    cli burn --boards $boards missing
    cli burn --boards $boards --file core/bootloaders/boot.hex missing
    cli burn --boards bare/boards.txt old
    cli burn --boards bare/boards.txt --show more
    cli burn --boards bare/boards.txt --show old:cpu=x
    cli burn --boards packages/mini/hardware/avr/3.0.2/boards.txt --list
    cli burn --boards packages/mini/hardware/avr/3.0.2/boards.txt --show 328
    cli burn --boards packages/tiny/hardware/avr/1.5.2/boards.txt --show x5:chip=45
    for board in plane menus:cpu=x outside beside stranger unset loop number other nowhere tpi; do
        cli burn --boards $boards $board
    done
    cli burn --boards $boards --menu cpu=atmega168 --menu clock=1MHz_internal --show menus
    cli burn --boards $boards --file core/bootloaders/boot.hex erased
    cli burn --boards $boards self
    cli burn --boards $boards erased
    cli burn --boards $boards adding
    cli burn --boards $boards menus:bod=odd
    cli -c atmega8 burn --boards $boards plain
    cli -p sim:atmega2560,state=2560.sim burn --boards $boards plain
    cli burn --boards bare/boards.txt number
    cli burn --boards no-such-file uno
    cli burn --boards $boards
    cli burn --boards $boards --list plain
    cli burn --list
    cli burn --menu cpu=x program.hex
}
