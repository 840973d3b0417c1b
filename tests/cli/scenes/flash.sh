# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # avrspi, chip, here, tmp: of run.sh
# Scenes of flash, eeprom and verify.

scene_flash() {
    port "$chip"
    cli flash program.hex
    cli -v flash program.hex
    cli --json flash program.hex
    cli -q flash program.hex
    cli -n flash program.hex
    cli --json -n flash program.hex
    cli flash --no-verify other.hex
    cli verify other.hex
    cli_with program.hex flash -
    cli verify --full program.hex
    cli -v flash --full program.hex
    cli -c atmega328p flash program.hex
    cli -c attiny85 flash program.hex
    cli verify program.hex
    cli --color always flash program.hex
    cli flash --turbo program.hex
    cli fuses --verify --low 0x62
}

scene_flash_turbo() {
    port "$chip"
    cli flash --turbo program.hex
    cli --json flash --turbo program.hex
    cli --speed 100k flash --turbo program.hex
    cli flash --turbo --no-erase program.hex
    cli -p sim:atmega8,state=8.sim flash --turbo program.hex
    cli -v -p sim:atmega328p,state=chip.sim,fault=flip:5001 verify --turbo program.hex
    cli fuses --low 0x63
    cli flash --turbo program.hex
    cli fuses --verify --low 0x63
}

# What would make a slow job faster.
scene_flash_slow() {
    port "$chip"
    head -c 30000 /dev/zero | tr '\0' '\300' >same.bin
    cli flash same.bin
    cli flash --turbo same.bin
    cli --speed 200k flash same.bin
    cli fuses --low 0xF7
    cli flash same.bin
    cli --json read flash -o back.hex
    cli --fcpu 16M flash same.bin
    cli --speed 100k flash same.bin
    cli --fcpu 1M flash same.bin
    cli -q -p sim:atmega2560,state=2560.sim fuses --low 0xFF
    cli -p sim:atmega2560,state=2560.sim read flash -o all.hex
    cli -p sim:atmega328p,fault=flip:9001 flash same.bin
}

# A clock that the fuses leave open.
scene_flash_trials() {
    port "$chip"
    head -c 30000 /dev/zero | tr '\0' '\300' >same.bin
    cli -q fuses --low 0xF7
    for sync in 2.2 3 limit; do
        cli -p "$chip,sync=$sync" -v flash same.bin
        cli -p "$chip,sync=$sync" -n flash same.bin
    done
    cli -p "$chip,fcpu=1M" -v flash same.bin
    cli -p "$chip,sync=3" --no-probe read eeprom -o back.hex
    cli -p "$chip,sync=3,idle_ms=200" --json=lines verify same.bin
    cli -p "$chip,sync=2.2" -v sig
    cli -p "$chip,sync=2" sig
    cli -p "$chip,clkpr=0" sig
}

scene_flash_update() {
    port "$chip"
    cli flash --update program.hex
    cli flash --update program.hex
    cli --json flash --update program.hex
    cli flash --update clears.hex
    cli verify --full clears.hex
    cli flash --update other.hex
    cli verify --full other.hex
    cli flash --update --full program.hex
    cli flash --update --full program.hex
}

scene_flash_no_erase() {
    port "$chip"
    cli flash --no-erase program.hex
    cli flash --no-erase clears.hex
    cli verify clears.hex
    cli flash --no-erase other.hex
    cli verify clears.hex
    cli --json flash --no-erase other.hex
}

scene_flash_raw() {
    head -c 300 /dev/zero | tr '\0' '\301' >a.bin
    head -c 300 /dev/zero | tr '\0' '\377' >blank.bin
    cp a.bin a.dat
    printf ':02000000C1C17C\n:00000001FF\n' >a.hex
    port sim:attiny85,state=chip.sim
    cli flash a.bin
    cli flash a.dat
    cli flash a.dat --format raw
    cli verify a.bin
    cli_with a.bin verify - --format raw
    cli -p sim:ata5831,state=ata.sim -c ata5831 flash a.bin
    cli -p sim:ata5831,state=ata.sim -c ata5831 verify a.bin
    cli -p sim:ata5831,state=ata.sim -c ata5831 read flash --range 0x8000:0x8010
    cli -p sim:ata5831,state=ata.sim -c ata5831 flash a.hex
    cli_with a.bin verify -
    cli flash blank.bin
    cli verify --full blank.bin
}

# What a job would do, with the clock raised and with the EEPROM kept.
scene_dry_run() {
    port "$chip"
    cli -n flash --turbo program.hex
    cli -n flash --turbo --no-verify program.hex
    cli flash program.hex
    cli eeprom settings.eep
    cp chip.sim before.sim
    cli -n flash --turbo --update other.hex
    cli -n flash --update program.hex
    cli -n eeprom --turbo settings.eep
    cli -n erase --keep-eeprom
    cli --json -n erase --keep-eeprom
    cli -n -q erase --keep-eeprom
    cli -n fuses --set EESAVE=on --low 0xE2
    for address in 00 01 02 03 04; do # five pages that do not touch one another
        printf ':01%s000000%02X\n' $address $((255 - 0x$address))
    done >pages.hex
    echo ':00000001FF' >>pages.hex
    cli -n flash pages.hex
    check "nothing was written" cmp before.sim chip.sim
    check "no copy was made" [ -z "$(ls -A "$XDG_STATE_HOME/avrspi" 2>/dev/null)" ]
    cli fuses --set EESAVE=on
    cli -n erase --keep-eeprom
}

scene_bad_files() {
    : >empty.hex
    printf 'not a program\n' >text
    port "$chip"
    cli flash no-such-file.hex
    cli flash empty.hex
    cli flash text
    cli flash checksum.hex
    cli flash beyond.hex
    cli -c atmega328p flash beyond.hex
    cli -c attiny13 eeprom settings.eep
    cli --json flash checksum.hex
    cli flash .
    cli_with empty.hex flash -
    cli verify beyond.hex
    same "nothing was written" "" "$(grep '^flash\|^eeprom' chip.sim)"
}

scene_eeprom() {
    port "$chip"
    cli eeprom settings.eep
    cli eeprom settings.eep
    cli --json eeprom settings.eep
    cli -n eeprom settings.eep
    cli eeprom --no-verify settings.eep
    cli eeprom program.hex
    cli_with settings.eep eeprom -
    cli verify settings.eep -m eeprom
    cli verify settings.eep -m eeprom --full
    cli -v -p sim:atmega8,state=8.sim eeprom settings.eep
    head -c 8 program.hex >short
    printf 'abcdefgh' >eight.bin
    cli -v -p sim:atmega8,state=8.sim eeprom eight.bin
    cli --json -p sim:atmega8,state=8.sim eeprom eight.bin
}

scene_verify() {
    port "$chip"
    cli flash program.hex
    cli verify program.hex
    cli --json verify program.hex
    cli verify clears.hex
    cli verify other.hex
    cli --json verify other.hex
    cli verify --full other.hex
    cli verify --full program.hex
    cli verify --turbo program.hex
    cli -q verify program.hex
    cli -q verify other.hex
}
