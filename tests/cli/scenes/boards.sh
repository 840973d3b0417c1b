# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # avrspi, chip, here, tmp: of run.sh
# Scenes of burn, by a boards.txt.

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
