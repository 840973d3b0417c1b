# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # avrspi, chip, here, tmp: of run.sh
# Scenes of read.

scene_read() {
    port "$chip"
    cli flash program.hex
    cli eeprom settings.eep
    cli read signature
    cli read calibration
    cli read fuses
    cli read lock
    cli read flash
    cli read eeprom --range 0:0x20
    cli --json read signature
    cli --json read flash --range 0x10:0x14
    cli read flash --range 0x7FF0:0x8010
    cli read eeprom --range 1024:1025
    cli read flash --range 0:0xFFFFFFFF
    cli read fuses --range 0:1
    cli read fuses --turbo
    cli -v read lock
    cli -p sim:atmega8,state=8.sim read calibration
    cli read fuses --range 1:2
    cli -v read lock --range 5:9 -o lock.hex
    cli -p sim:at90s2313,state=2313.sim read fuses
    cli -p sim:at90s2313,state=2313.sim read calibration
}

scene_read_files() {
    port "$chip"
    cli flash program.hex
    cli read flash -o all.hex
    show all.hex
    cli verify all.hex
    cli read flash --range 0x80:0xA0 -o part.hex
    show part.hex
    cli read flash --range 0x80:0xA0 -o part.bin
    same "raw is what was asked for" 32 "$(wc -c <part.bin)"
    cli read flash -o all.bin
    same "all of it" 32768 "$(wc -c <all.bin)"
    cli read flash -o part.txt --format raw --range 0:0x10
    same "format over name" 16 "$(wc -c <part.txt)"
    cli -p sim:atmega328p,state=blank.sim read flash -o blank.hex
    show blank.hex
    cli -p sim:atmega328p,state=blank.sim verify --full blank.hex
    cli read flash --range 0:0x10 -o -
    cli read flash --range 0:0x10 -o - --format hex
    cli -v read flash --range 0x7E10:0x7E30 --full -o -
    cli read fuses -o fuses.hex
    show fuses.hex
    cli read eeprom -o blank.hex
    show blank.hex
    cli --json read flash -o all.hex
    "$avrspi" read flash --format raw -o - >again.bin
    check "raw on standard output" cmp all.bin again.bin
    "$avrspi" -v read flash --format raw -o - >again.bin
    check "raw on standard output, with -v" cmp all.bin again.bin
    "$avrspi" read flash -f raw | cat >again.bin
    check "raw into a pipe" cmp all.bin again.bin
    cli read flash --range 0:0x10 -f hex
    cli read flash --range 0:0x10 -f auto
    cli read flash --range 0:0x10 -o hex.srec -f hex
    show hex.srec
}

scene_read_twice() {
    port "$chip"
    cli flash program.hex
    cli read flash --range 0:64 --twice
    cli -p "$chip,fault=flip:1003" read flash --range 0:8192 --twice -o wrong.bin
    check "nothing was written" [ ! -e wrong.bin ]
}

scene_read_unwritable() {
    port "$chip"
    cli read lock -o no-such-folder/lock.hex
    cli read lock -o /dev/full
    cli --json read lock -o no-such-folder/lock.hex
    mkdir folder
    cli read lock -o folder
    cli read lock -o /dev/null
    port sim:atmega328p,fault=no-power
    cli read flash -o no-such-folder/flash.hex
    echo old >kept.hex
    "$avrspi" -p sim:atmega328p,fault=no-power read flash -o kept.hex 2>"$tmp/err"
    same "a file is not touched when the read fails" old "$(cat kept.hex)"
}

# A file that names its memories by the addresses of avr-gcc.
scene_memories() {
    port "$chip"
    cli flash both.hex
    cli eeprom both.hex
    cli verify both.hex
    cli --json verify both.hex --memory eeprom
    cli -q flash both.hex
    cli -c attiny13 flash both.hex
    sed 1d both.hex >settings.hex
    cli flash settings.hex
    sed 2,3d both.hex >fuses.hex
    cli eeprom fuses.hex
    cli --json eeprom fuses.hex
    cli flash ram.hex
}
