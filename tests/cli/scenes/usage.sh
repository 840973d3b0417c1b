# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # avrspi, chip, here, tmp: of run.sh
# Scenes of command lines: help, wrong ones, ports, settings.

scene_help() {
    cli --help
    cli --version
    for command in $("$avrspi" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
        cli help "$command"
        same "$command --help" "$("$avrspi" help "$command")" "$("$avrspi" "$command" --help)"
    done
    same "-h" "$("$avrspi" --help)" "$("$avrspi" -h)"
    same "help" "$("$avrspi" --help)" "$("$avrspi" help)"
    same "help help" "$("$avrspi" --help)" "$("$avrspi" help help)"
    same "-V" "$("$avrspi" --version)" "$("$avrspi" -V)"
    same "-V after a command" "$("$avrspi" --version)" "$("$avrspi" sig -V)"
}

# Help at 40 columns; a command line that is to be copied is not broken.
scene_narrow() {
    COLUMNS=40 "$avrspi" help clock | sed '/^Options of every/,$d' >clock.txt
    show clock.txt
    # shellcheck disable=SC2086 # or none
    for command in '' $("$avrspi" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
        same "help $command at 40 columns" "" \
            "$(COLUMNS=40 "$avrspi" help $command | grep '.\{41\}')"
        same "help $command in a pipe" "" "$("$avrspi" help $command | grep '.\{89\}')"
    done
}

scene_usage() {
    port "$chip"
    cli
    cli --json
    cli flush
    cli help flush
    cli flush --json
    cli fuse
    cli nonsense
    cli --nonsense sig
    cli --dry sig
    cli --dry=1 sig
    cli --por
    cli flash program.hex --no-erse
    cli flash program.hex --up
    cli sig --nonsense
    cli -x sig
    cli sig --update
    cli sig -o x
    cli --update flash program.hex
    cli -o all.hex read flash
    cli sig --quiet=1
    cli flash
    cli flash --update
    cli flash program.hex other.hex
    cli sig program.hex
    cli verify
    cli read
    cli read rom
    cli read flsh
    cli read userrow
    cli -p
    cli flash program.hex --format
    cli --json sig extra
    cli --speed fast sig --json
    cli flash -V program.hex
    cli eeprom -qV settings.eep
    check "nothing was sent" test ! -e chip.sim
}

# Names are shown so that they can't write to the terminal.
scene_control_characters() {
    cli flash $'no\033[31msuch\007file'
    cli -c $'at\tmega' sig
    cli -p $'sim:atmega328p,state=a\001b.sim' fuses --set $'X\nY=1'
    same "U+009B, which begins a control sequence too" \
        "avrspi: can't open 'no\x9Bsuch': No such file or directory" \
        "$("$avrspi" flash $'no\302\233such' 2>&1)"
    cli --json flash $'no\033file'
}

scene_bad_values() {
    port "$chip"
    cli --speed fast sig
    cli --speed 0 sig
    cli --fcpu 1G sig
    cli -c '' sig
    cli --json=5 sig
    cli -é sig
    cli --color red sig
    cli fuses --low 256
    cli fuses --low 0x1FF
    cli fuses --high high
    cli fuses --verify
    cli fuses --list
    cli fuses --calc
    cli fuses --list --calc
    cli fuses --list --low 0xFF
    cli fuses --calc --verify --low 0xFF
    cli flash ''
    cli read flash --range 5
    cli read flash --range 5:5
    cli read flash --format elf
    cli read flash -o program.rom
    cli read flash -o program.firmware
    cli read flash -o program.ELF
    cli --json read flash --format raw
    cli read flash --full
    cli flash program.hex --format elf
    cli flash program.hex --format hexx
    cli flash program.hex --verify --no-verify
    cli flash program.hex --update --no-erase
    cli flash program.hex --full --no-erase
    cli flash program.hex --no-verify --full
    cli flash program.hex --turbo --no-erase
    cli flash program.hex --keep-eeprom --no-erase
    cli eeprom settings.eep --verify --no-verify
    cli verify program.hex --memory fuses
    cli chips --signature 1E95
    cli --json read flash -o -
    check "nothing was sent" test ! -e chip.sim
}

scene_unknown_chip() {
    cli -c atmega328q sig
    cli -c nonsense sig
    AVRSPI_CHIP=nonsense cli sig
    cli -p sim:atmega328q sig
    cli --json -c attiny58 sig
    cli chips attiny58
    cli chips nonsense
    # AVRs without SPI programming, and what stands on a chip
    for name in attiny412 ATtiny1616 attiny10 attiny104 atmega4809 avr128da48 atxmega128a1; do
        cli -c $name sig
    done
    cli chips attiny3226
    cli chips attiny85-20pu --signature 1E930B
}

scene_ports() {
    cli -p /dev/no-such-device sig
    cli -p /dev/null sig
    cli --json -p /dev/no-such-device sig
    cli -p usb sig
    cli -p sim: sig
    cli -p sim:atmega8,speed=1 sig
    cli -p sim:atmega8,fault=gremlins sig
    cli -p /dev/spidev0.0 -r gpiochip0: sig
    cli -p gpio:sck=GPIO11,mosi=GPIO10 sig
    cli -p gpio:sck=GPIO11,mosi=GPIO10,miso=GPIO9,reset=GPIO25 sig
    cli -p gpio:sck=GPIO11,active-high sig
    cli -p gpio:sck=gpiochip0:x sig
    cli --json -p gpio:11,10,9 sig
}

scene_settings() {
    mkdir -p config/avrspi
    export XDG_CONFIG_HOME=$PWD/config
    printf 'port = sim:attiny85,state=85.sim\nchip = attiny85\n' >config/avrspi/config
    show config/avrspi/config
    cli sig
    note AVRSPI_CHIP=attiny13
    AVRSPI_CHIP=attiny13 cli sig
    AVRSPI_CHIP=attiny13 cli -c attiny85 sig
    AVRSPI_PORT=sim:attiny13,state=13.sim cli -c attiny13 sig
    printf 'port = sim:attiny85\nspeed = fast\nchip = 1\n' >config/avrspi/config
    cli sig
    cli --json sig
    printf 'chip = atiny85\n' >config/avrspi/config
    cli sig
    printf 'sck = 1M\n' >config/avrspi/config
    cli sig
    printf 'colour = never\n' >config/avrspi/config
    cli sig
    printf 'plain = yes\nport = sim:attiny85\n' >config/avrspi/config
    cli chips t85
    AVRSPI_PLAIN=no cli chips t85
    AVRSPI_PLAIN=maybe cli sig
    printf 'plain = on\n' >config/avrspi/config
    cli sig
    printf '[main]\nspeed = 1M\n' >config/avrspi/config
    cli sig
    printf '#%0250d chip = attiny85\nport = sim:atmega328p\n' 0 >config/avrspi/config
    cli sig
    printf 'speed = 1M\nport = sim:%0250d\n' 0 >config/avrspi/config
    cli sig
    cli --help
    mkdir config/avrspi/chips
    : >config/avrspi/config
    cp chips.conf config/avrspi/chips/mine.conf
    cli chips mychip
    cp bad.conf config/avrspi/chips/mine.conf
    cli chips mychip
}

scene_state() {
    port "$chip"
    cli sig
    cli -p sim:attiny85,state=chip.sim sig
    printf 'junk\n' >junk.sim
    cli -p sim:atmega328p,state=junk.sim sig
    same "it is left as it was" junk "$(cat junk.sim)"
    cli -p sim:atmega328p,state=no-such-folder/x.sim sig
    cli --json -p sim:atmega328p,state=. sig
}
