# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # avrspi, chip, here, tmp: of run.sh
# Scenes of fuses and lock bits.

scene_fuses() {
    port "$chip"
    cli fuses
    cli --json fuses
    cli -n fuses --low 0xE2
    cli fuses --low 0xE2
    cli fuses --low 0xE2
    cli --json fuses --low 0x62 --ext 0x05
    cli fuses --set BODLEVEL=2.7V --set CKDIV8=off
    cli fuses --set NONSENSE=1
    cli fuses --set CKDVI8=off
    cli fuses --set CK=on
    cli fuses --verify --low 0xE2 --ext 0x05
    cli fuses --verify --low 0x62
    cli --json fuses --verify --high 0
    cli fuses --default
    cli fuses --low 0b11111111
    cli fuses --low 0
    cli -v --fcpu 8M fuses
    cli -p sim:attiny13,state=13.sim fuses --default
    cli -p sim:at90s2333,state=2333.sim fuses --set BODEN=on
}

scene_fuses_set() {
    chip=sim:atmega328p,state=set.sim
    cli -p "$chip" fuses --set SUT=2
    cli -p "$chip" fuses --set CKSEL=0xF
    cli -p "$chip" fuses --set LB=3
    cli -p "$chip" --json fuses --set LB=3
    cli -p "$chip" fuses --set LB=mode3
    cli -p "$chip" fuses --set BODLEVEL=8
    cli -p "$chip" fuses --set KSEL=2
    cli -c attiny88 fuses --list
    cli -c attiny88 fuses --calc --low 0xE2
    cli -c attiny88 --json fuses --calc --set SUT=0 --set CKSEL=3
}

scene_fuses_intent() {
    chip=sim:atmega328p,state=intent.sim
    cli -p "$chip" fuses --set clock=16MHz-crystal --set brownout=2.7V --set boot=512B --set start=boot
    cli -p "$chip" fuses
    cli -p "$chip" fuses --set clock=30MHz-crystal
    cli -p "$chip" fuses --set boot=512
    cli -p sim:attiny85,state=85.sim fuses --set boot=512B
    cli -c atmega8 fuses --calc --set clock=16MHz-crystal
    cli -c at90s1200 fuses --calc
}

scene_fuses_supply() {
    chip=sim:atmega328p,state=supply.sim
    cli -n -p "$chip" fuses --set brownout=4.3V
    cli -n -p "$chip" --vcc 5V fuses --set brownout=4.3V
    cli -n -p "$chip" --vcc 1.8 fuses --set brownout=2.7V --set clock=internal-8MHz
    cli -n -p "$chip" fuses --set clock=16MHz-crystal
    cli -n -p "$chip" --vcc 5 fuses --set clock=16MHz-crystal
    cli -n -p "$chip" --fcpu 8M fuses --low 0xFF
    cli -n -p "$chip" --fcpu 16M fuses --set clock=16MHz-crystal
    cli -n -p "$chip" --vcc 2 flash --turbo program.hex
    cli -n -p sim:atmega8,state=8.sim fuses --set clock=internal-8MHz
    cli -n -p sim:atmega128rfa1,state=rfa1.sim --vcc 5 fuses --set brownout=2.4V
    cli -p "$chip" --vcc 12 fuses
    cli -p "$chip" --vcc 3,3 fuses
}

scene_fuses_reserved() {
    chip=sim:atmega328p,state=reserved.sim
    cli -p "$chip" fuses --low 0xE1
    cli -p "$chip" fuses --set BODLEVEL=2
    cli -p "$chip" fuses --low 0xDE --high 0xE2
    cli -p "$chip" fuses --low 0x72
    cli -n -p "$chip" --force fuses --low 0xE1
    cli -p "$chip" fuses --ext 0x05
    cli -p "$chip" --json fuses --ext 0x05
    cli -p "$chip" fuses --verify --ext 0x05
    cli -p "$chip" --json=lines fuses --ext 0x07
    cli -p sim:atmega2560,state=2560.sim fuses --ext 0xDA
    cli -p sim:atmega328pb,state=328pb.sim fuses --low 0xF7
    cli -p sim:attiny13,state=13.sim fuses --high 0xFB --ext 0xFF
    cli -p sim:attiny13,state=13.sim fuses --verify --high 0xFB --ext 0xFF
    cli -p sim:attiny13,state=13.sim fuses --verify --ext 0x0F
    cli -p sim:attiny13,state=13.sim fuses --ext 0xFE
}

scene_fuses_warn() {
    port "$chip"
    cli fuses --set BOOTRST=on
    cli fuses --default
    cli flash program.hex
    cli fuses --set BOOTSZ=256W --set BOOTRST=on
    cli fuses --default
    cli -n fuses --set BOOTRST=on
    cli -n fuses --low 0xFF
    cli -n fuses --low 0x60
    cli -n fuses --low 0x23
    cli -n fuses --lock 0xFE
    cli -n fuses --lock 0xFC
    cli -n fuses --set LB=write-locked --set BOOTRST=on
    cli fuses --low 0xFF
    cli fuses --low 0x23
    cli fuses --low 0x62
    cli fuses --set BOOTRST=on
    cli fuses --set BOOTSZ=512W
    cli fuses --lock 0xFC
    cli --json fuses --set CKOUT=on
    cli -n fuses --set CKOUT=on
}

scene_fuses_refused() {
    port "$chip"
    cli fuses --high 0x59
    cli fuses --high 0x99 --low 0xE2
    cli --json fuses --high 0xF9
    cli -n fuses --high 0x59
    cli --force fuses --high 0xF9
    cli -p sim:attiny13,state=13.sim fuses --ext 0xFF
    cli -p sim:at90s2313,state=2313.sim fuses
    cli -p sim:at90s2313,state=2313.sim fuses --low 0xDE
    cli -p sim:at90s2313,state=2313.sim fuses --verify --lock 0xFF
    cli -p sim:at90s2313,state=2313.sim fuses --lock 0xFB
    cli -p sim:at90s2313,state=2313.sim fuses --lock 0xFD
    cli fuses
    cli --force fuses --high 0x59
    cli sig
}

scene_fuses_lost() {
    cli -p "$chip,fault=power-loss:200" fuses --ext 0xFD --high 0xDE --low 0xE2
    cli --json -p "$chip,fault=power-loss:200" fuses --ext 0xFF --high 0xD9 --low 0xE2
    cli --json -p "$chip,fault=power-loss:300" verify program.hex
}

scene_lock() {
    port "$chip"
    cli flash program.hex
    cli fuses --lock 0xFE
    cli fuses --lock 0xFF
    cli flash --no-erase other.hex
    cli eeprom settings.eep
    cli fuses --low 0xE2
    cli flash --update program.hex
    cli fuses --lock 0xFC
    cli read flash
    cli verify program.hex
    cli --json flash --update program.hex
    cli erase --keep-eeprom
    cli flash other.hex
    cli fuses --verify --lock 0xFF
}

# LB = 01
scene_lock_invalid() {
    port "$chip"
    cli flash program.hex
    cli fuses --lock 0xFD
    cli -n fuses --lock 0xFD
    cli -n --force fuses --lock 0xFD
    cli --force fuses --lock 0xFD
    cli fuses
    cli read flash
    cli verify program.hex
    cli eeprom settings.eep
    cli read eeprom
    cli fuses --lock 0xFC
    cli --json read flash
    cli erase
    cli fuses --verify --lock 0xFF
}
