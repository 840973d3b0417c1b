#!/bin/bash
# SPDX-License-Identifier: MIT
# The scenes of run.sh; each begins with a chip as it left the factory.
# shellcheck disable=SC2154 # avrspi, tmp: of run.sh

chip=sim:atmega328p,state=chip.sim

# --- without a target

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

scene_usage() {
    port $chip
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
    port $chip
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

scene_trace() {
    cli -p sim:atmega328p --trace wires.txt sig
    show wires.txt
    cli -p sim:atmega328p,fault=miso-high --trace wires.txt sig
    head -n 6 wires.txt >begin.txt
    show begin.txt
    cli -p sim:atmega328p --trace no-such-folder/wires.txt sig
    cli -p sim:atmega328p --trace /dev/full sig
    cli -p sim:atmega328p --trace - sig
    cli --trace
}

scene_chips() {
    cli chips atmega328p
    cli chips mega328p
    cli chips m328p
    cli chips t85
    cli chips atmega8
    cli chips atmega32u6
    cli --json chips atmega8
    cli chips t85 --signature 1E950F
    cli chips 'attiny1[23]*'
    cli chips --signature '1E 95 0F'
    cli chips --signature 1e420f
    cli --json chips attiny13
    cli --chips chips.conf chips mychip
    cli --chips bad.conf chips mychip
    cli --chips no-such-file chips
    cli -c attiny13 fuses --list
    cli --chips chips.conf -c mychip fuses --list
    cli -c attiny13 fuses --calc --ext 0x00
    cli -c at90s2313 fuses --calc --low 0x00
    cli -c atmega328p fuses --calc
    cli -c atmega328p fuses --calc --low 0xFF --high 0xDE
    cli --json -c attiny85 fuses --calc --set CKDIV8=off
    cli -c attiny85 fuses --calc --high 0x5F
    cli -c atmega328p fuses --calc --low 0xF0 --lock 0xFC
    cli -c atmega328p --vcc 3.3 --fcpu 16M fuses --calc --low 0xFF --ext 0xFC
    cli -c atmega328p --json fuses --calc --low 0xFF
    same "all of them" yes "$([ "$("$avrspi" chips | wc -l)" -gt 200 ] && echo yes)"
    same "by family" "$("$avrspi" chips | grep -c '^ATtiny')" "$("$avrspi" chips tinyAVR | wc -l)"
    same "by family, as JSON" "$("$avrspi" chips tinyAVR | wc -l)" \
        "$("$avrspi" --json chips tinyavr | grep -c '"name"')"
}

# Ten chips, each another kind of package, port names or notes; boards and plugs.
scene_wiring() {
    cli wiring --board pi4
    for chip in atmega328p attiny85 atmega2560 atmega128 at90s1200 attiny13a at90s8515 atmega32u4 \
        at90pwm3b ata5790; do
        cli wiring $chip --board pi4
    done
    cli wiring atmega328p --board pi4 --package tqfp-32
    cli wiring attiny13a --board 'pi zero 2 w' --package qfn
    cli wiring atmega328p --board pi4 --package dip
    cli wiring ata5790 --package dip
    cli wiring --package dip
    for board in uno mega leonardo trinket; do
        cli wiring --board pi4 --plug $board
    done
    cli wiring --plug due
    cli wiring attiny85 --plug uno
    cli wiring --board pi9
    cli wiring --board pi
    cli wiring --board w
    same "boards as people write them" "Zero, Model B, 2 Model B, 3 Model B, 5 Model B, Zero 2, " "$(
        for board in pi0 'pi 1' pi2 pi3 Pi5 zero2; do
            "$avrspi" --plain wiring --board "$board" 2>/dev/null | sed -n '1s/^Raspberry Pi \(.*\)/\1, /p'
        done | tr -d '\n')"
    cli -p spidev1.0 -r GPIO26 wiring atmega328p --board pi4
    cli -p spidev1.0 wiring atmega328p --board 'pi model b'
    cli -p gpio:sck=5,mosi=GPIO6,miso=13 -r 19 wiring --board pi4
    cli -p gpio:sck=5,mosi=GPIO6,miso=gpiochip0:13 wiring --board pi4
    cli -p gpio:sck=5,mosi=BUTTON,miso=13 wiring --board pi4
    cli -r 9 wiring --board pi4
    cli -r 18 wiring --board pi4
    cli -r 45 --plain wiring --board pi4
    # other forms of a line, and what the board alone can tell
    for line in gpiochip0:25 gpiochip4:25 537 gpiochip1:3 BUTTON SPI_CE0_N GPIO7; do
        cli -r $line wiring --board pi4 --svg wires.svg
        cli -r $line wiring --board pi5 --svg wires.svg
    done
    same "the pins of these forms" "22 22 22 24 24 26 18" "$(for line in gpiochip0:25 /dev/gpiochip0:25 537 \
        SPI_CE0_N gpio8 7 24; do
        "$avrspi" --plain -r $line wiring --board pi4 2>/dev/null |
            sed -n 's/^RESET: header pin \([0-9]*\),.*/\1/p'
    done | xargs)"
    cli -p spidev0.0:/dev/gpiochip0:24 wiring --board pi4
    cli -p spidev0.0:/dev/gpiochip0:24 -r 25 wiring --board pi4
    cli -r , wiring --board pi4
    cli -p gpio:sck=8,mosi=GPIO7,miso=13 --plain wiring --board pi4
    cli -p gpio:sck=5,mosi=5,miso=13 wiring --board pi4
    cli -p gpio:sck=5,mosi=6,miso=13 -r 6 wiring --board pi4
    cli --xtal-pin 13 wiring atmega328p --board pi4
    cli --xtal-pin 13 -r GPIO13 wiring atmega328p --board pi4
    cli --xtal-pin 17 wiring atmega328p --board pi4
    cli --xtal-pin pwmchip0:1 --plain wiring atmega328p --board pi4
    cli wiring atmega328p --board 'beaglebone black' --plug uno
    COLUMNS=40 cli wiring atmega328p --board 'beaglebone black'
    cli -r gpiochip0:25 wiring --board 'beaglebone black'
    cli wiring --board pocketbeagle
    cli wiring atmega999
    cli -c attiny85 --json wiring --board pi4
    # -c beside a chip that is named otherwise
    cli -c atmega328p wiring attiny85 --board pi4
    cli -c attiny85 wiring --board pi4 --plug uno
    cli -c m328p wiring atmega328p --board pi4 --svg wires.svg
    AVRSPI_CHIP=atmega328p cli wiring attiny85 --board pi4 --svg wires.svg
    cli --json wiring --board pi4 --plug uno
    cli wiring atmega328p --board pi4 --svg wires.svg
    same "a picture" "<svg" "$(head -c 4 wires.svg)"
    cli wiring atmega328p --board pi4 --svg no-such-folder/wires.svg
    COLUMNS=40 cli wiring atmega328p --board pi4
    same "width" yes "$([ "$(COLUMNS=40 "$avrspi" wiring atmega328p --board pi4 2>/dev/null |
        wc -L)" -le 40 ] && echo yes)"
}

# A chip that its fuses have left without a clock, and the way back. What a real pin does is in
# tests/device.
scene_xtal() {
    port "$chip,fault=no-crystal"
    cli fuses --low 0xF7
    cli sig
    cli --xtal 1M fuses --set clock=internal-8MHz
    cli --xtal 2MHz --json sig
    cli --xtal 1M --fcpu 8M -n fuses --low 0xF7
    cli -p sim:at90s1200 -c at90s1200 --xtal 12.5M sig
    cli -p sim:at90s1200 -c at90s1200 --xtal 12.5M --vcc 5 sig
    same "the bytes alone go to standard output" " 1e 95 0f" \
        "$("$avrspi" --xtal 1M read signature -f raw -o - | od -An -tx1)"
    cli --xtal 16M sig
    cli --xtal fast sig
    cli clock 20M
    cli clock 1k
    cli clock fast
    cli clock off --keep
    cli clock 1M 2M
    cli clock off
}

# What is sent byte by byte: how it may be written, what is refused, and what passes on the wire.
scene_send() {
    port $chip
    cli send AC 53 00 00
    cli send 30 00 00 00 0x30 0x00 0x01 0x00 30000200 '50 0 0 0' 0xF0,0,0,0
    cli send 58 08 00 00 50 08 00 00 58 00 00 00 38 00 00 00 20 00 00 00 28 3F FF 00 A0 03 FF 00
    cli --json send 30 00 01 00 F0 00 00 00
    cli -n send 30 00 00 00
    cli -n --force send AC 80 00 00
    cli --trace wires.txt send AC 80 00 00
    same "what is refused is not sent" 0 "$(grep -c 'AC 80' wires.txt)"
    cli -c atmega328p --trace before.txt send 30 00 00 00 AC A0 00 E2
    same "with -c the target is left alone" no "$([ -e before.txt ] && echo yes || echo no)"
    cli send 20 40 00 00
    cli send 12 34 56 78
    cli --force send AC A0 00 E2 F0 00 00 00 50 00 00 00 AC A0 00 62
    cli --force send C0 00 05 A5 A0 00 05 00 40 00 00 12 48 00 00 34 4C 00 00 00 20 00 00 00 28 00 00 00
    cli --force --trace wires.txt send AC 80 00 00
    same "a pulse on RESET ends it" "reset high wait 1000 us reset low reset high close" \
        "$(tail -n 5 wires.txt | cut -d' ' -f2- | xargs)"
    cli send AC A0 FF 00
    cli send 30 00 FC 00
    cli --force send AC A0 FF E2 AC 53 00 FF 30 00 FD 00 50 00 00 00
    cli -p sim:atmega2560 send 4D 00 01 00 20 FF FF 00
    cli -p sim:atmega2560 send 20000000
    cli -p sim:atmega2560 --force send 4D000100 20000000 4D000000 28000000
    cli -p sim:atmega328p,state=locked.sim --force -q fuses --lock 0xFC
    cli -p sim:atmega328p,state=locked.sim send 30 00 00 00 58 00 00 00
    cli -p sim:atmega328p,state=locked.sim send 20 00 00 00
    cli -p sim:atmega328p,state=locked.sim send A0 00 00 00
    cli -p sim:at90s2313 --force send 40 00 00 12 20 00 00 00
    cli -p sim:atmega328p,fault=miso:593 send 30 00 00 00 30 00 01 00
    cli send 30 00 00
    cli send 30 00 00 0g
    cli send 300 00 00 00
    cli send ''
    cli send
}

# A chip of one's own, and what its definition leaves out.
scene_own_chip() {
    cli --chips own.conf chips known
    cli --chips own.conf chips odd
    cli --chips own.conf chips odd-fast
    cli --chips own.conf -c known -p sim:atmega328p,state=chip.sim flash program.hex
    cli --json --chips own.conf -c known -p sim:atmega328p,state=chip.sim sig
    head -c 30000 /dev/zero | tr '\0' '\300' >same.bin
    port sim:odd-target,state=odd.sim
    cli --chips own.conf -c odd --no-probe flash same.bin
    cli --chips own.conf -c odd-fast flash same.bin
    cli --chips own.conf -c odd --speed 100k flash same.bin
    port sim:odd-fast,state=fast.sim
    cli --chips own.conf -c odd-fast flash program.hex
}

# --- a target

scene_sig() {
    port $chip
    cli sig
    cli -v sig
    cli -q sig
    cli --json sig
    cli -c atmega328p sig
    cli -c attiny85 sig
    cli --json -c attiny85 sig
    cli -c attiny85 --force sig
    cli --json -c attiny85 --force sig
    cli -s 50k sig
    cli -v -p sim:atmega8,state=8.sim sig
    cli -p sim:at90usb82,state=usb.sim sig
    cli -c at90usb82 -p sim:at90usb82,state=usb.sim sig
    cli -c ata5831 -p sim:ata5831,state=ata.sim sig
    cli --chips chips.conf -p sim:mychip,state=my.sim sig
}

# The same command for each kind of chip: exit 0 with its own signature.
scene_sig_of_each_kind() {
    for name in atmega328p attiny85 attiny13a atmega8 atmega2560 at90s2313; do
        cli -v -p "sim:$name,state=$name.sim" sig
    done
    cli -v -c at90s1200 -p sim:at90s1200,state=1200.sim sig
}

scene_faults() {
    for fault in no-power miso-high miso-low no-reset swapped loopback no-sck; do
        cli -v -p "sim:atmega328p,fault=$fault" sig
    done
    cli -v -p sim:atmega328p,pull=down,fault=no-power sig
    cli --json -p sim:atmega328p,fault=loopback sig
    cli --speed 250k -p sim:atmega328p sig
    cli -v -p sim:at90s1200 sig
    cli -v -c atmega328p -p sim:atmega328p,fault=wrong-chip sig
    cli -v -p sim:atmega328p,fault=inverted-reset sig
    cli -v --no-probe -p sim:atmega328p,fault=inverted-reset sig
    cli --json -p sim:atmega328p,fault=inverted-reset sig
    cli -v -p sim:atmega328p,state=fall.sim,reset_fall_ms=60 flash program.hex
    cli -v -p sim:atmega328p,state=fall.sim,reset_fall_ms=60 flash --turbo clears.hex
    cli --json -p sim:atmega328p,state=fall.sim,reset_fall_ms=60 sig
    cli -v -p sim:atmega328p,reset_fall_ms=400 sig
    cli -v -p sim:atmega328p,fault=miso-high,pull=down sig
    cli -v -p sim:atmega328p,fault=miso-low,pull=up sig
    cli -v -c atmega128 -p sim:atmega128,fault=swapped sig
    cli -v -c at90s2313 -p sim:at90s2313,fault=no-power,pull=down sig
    cli --json -p sim:atmega328p,pull=down,fault=no-power sig
    cli -p sim:atmega328p,signature=1E954F sig
    cli --speed 10k -p sim:atmega328p,signature=1E954F sig
    cli -c atmega328p -p sim:atmega328p,signature=1F954F sig
    cli -p sim:at90s2313,signature=000102 sig
    cli -c at90s2313 -p sim:at90s2313,signature=000102 sig
    cli -v -p "$chip,fault=power-loss:3000" flash program.hex
    cli -v -p "sim:atmega328p,state=turbo.sim,fault=power-loss:3000" flash --turbo program.hex
    cli -v -p "sim:atmega328p,state=turbo.sim" fuses --low 0x62
    cli -v -p "$chip" flash program.hex
    cli -v -p "$chip,fault=weak-cell:150" flash clears.hex
    cli -v -p "$chip,fault=flip:1503" flash program.hex
    cli -v -p "$chip" verify program.hex
    cli --json -p "$chip,fault=weak-cell:150" flash clears.hex
    cli -p "sim:atmega328,state=atmega328.sim,fault=weak-cell:150" -c atmega328p --force flash clears.hex
}

scene_erase() {
    port $chip
    cli eeprom settings.eep
    cli -n erase
    cli erase --keep-eeprom
    cli verify settings.eep --memory eeprom
    cli --json erase
    cli verify settings.eep --memory eeprom
    cli eeprom settings.eep
    cli erase
    cli -p sim:attiny13a,state=13.sim erase
    cli eeprom settings.eep
    cli fuses --set EESAVE=on
    cli erase
    cli verify settings.eep --memory eeprom
    cli erase --keep-eeprom
    cli -v -p sim:ata5832,state=ata.sim -c ata5832 erase
    cli -v -p sim:atmega8,state=8.sim erase --keep-eeprom
}

scene_erase_lost() {
    port $chip
    cli eeprom settings.eep
    "$avrspi" read eeprom -f raw -o before.bin >"$tmp/out"
    "$avrspi" -p $chip,fault=power-loss:8400 erase --keep-eeprom >"$tmp/out" 2>"$tmp/err"
    same "power lost after the erase: exit status" 3 $?
    check "what could not be restored is in a file" cmp before.bin "$XDG_STATE_HOME"/avrspi/eeprom-*.bin
    same "how to write it back is said" "avrspi eeprom $(echo "$XDG_STATE_HOME"/avrspi/eeprom-*.bin)" \
        "$(sed -n "s/.*'\(avrspi eeprom .*\)' writes it back/\1/p" "$tmp/err")"
    rm -rf ./*.sim "$XDG_STATE_HOME/avrspi"
    cli eeprom before.bin
    cli -p $chip,fault=flip:2004 erase --keep-eeprom
    "$avrspi" erase --keep-eeprom >"$tmp/out" 2>"$tmp/err"
    check "a copy that is of no use any more is gone" [ -z "$(ls -A "$XDG_STATE_HOME/avrspi")" ]
    cli flash --keep-eeprom program.hex
    cli eeprom before.bin
}

# All memories of one ELF file; -n touches nothing.
recipe() { # NAME LINE...: the lines of a recipe
    printf '%s\n' "${@:2}" >"$1"
}

scene_recipe() {
    local name
    cp -r "$here/../../examples/recipes" .
    port $chip
    recipe board.recipe '[unit]' 'chip = ATmega328P' 'supply = 5.0' 'clock = 16 MHz' \
        'before = sh -c "echo before"' \
        "after = sh -c 'echo \$AVRSPI_VERDICT \$AVRSPI_CHIP: \$AVRSPI_ERROR'" \
        '[flash]' 'file = program.hex' '[eeprom]' 'file = settings.eep' \
        '[fuses]' 'clock = 16MHz-crystal' 'brownout = 2.7V' '[lock]' 'LB = mode2'
    cli burn --check board.recipe
    cli --json burn --check board.recipe
    cli -n burn board.recipe
    cli burn board.recipe
    cli fuses --verify --low 0xFF --ext 0xFD --lock 0xFE
    cli burn board.recipe --json
    cli -c attiny85 burn board.recipe
    cli -p sim:attiny85,state=85.sim burn board.recipe
    cli -p "$chip,fault=power-loss:3500" burn board.recipe
    for name in uno mega trinket; do
        cli -p "sim:$(sed -n 's/^chip = //p' "recipes/$name.recipe"),state=$name.sim" -q \
            burn "recipes/$name.recipe"
    done
    cli -p sim:atmega328p,state=uno.sim fuses --verify --low 0xFF --high 0xDE --ext 0xFD --lock 0xCF
    cli -p sim:atmega2560,state=mega.sim fuses --verify --low 0xFF --high 0xDE --ext 0xFD --lock 0xEF
    cli -p sim:attiny85,state=trinket.sim fuses --verify --low 0xF1 --high 0xD5 --ext 0xFE
    cli -p sim:atmega328p,state=uno.sim verify recipes/boot328.hex
    # an EEPROM that is kept is in a file until it is written back
    recipe keep.recipe '[unit]' 'chip = ATmega328P' 'keep_eeprom = yes' '[flash]' 'file = program.hex'
    cli -q -p sim:atmega328p,state=kept.sim eeprom settings.eep
    cli -q -p sim:atmega328p,state=kept.sim,fault=power-loss:10500 burn keep.recipe
    cli -q -p sim:atmega328p,state=kept2.sim eeprom settings.eep
    cli -q -p sim:atmega328p,state=kept2.sim burn keep.recipe
    cli -q -p sim:atmega328p,state=kept2.sim verify -m eeprom settings.eep
    # several chips, everything of an ELF, and paths from the recipe's folder on
    mkdir -p sub && cp whole.elf sub && cp program.hex sub
    recipe sub/elf.recipe '[unit]' 'chip = ATmega328P' 'firmware = whole.elf'
    cli -p sim:atmega328p,state=elf.sim burn sub/elf.recipe
    recipe sub/two.recipe '[unit]' 'chip = ATmega168P, ATmega328P' '[flash]' 'file = program.hex'
    cli burn --check sub/two.recipe
    cli -p sim:atmega168p,state=168.sim -q burn sub/two.recipe
    cli -p sim:atmega328p,state=elf.sim -q burn sub/two.recipe
    cli -p sim:atmega88p,state=88.sim burn sub/two.recipe
    cli -c m328p burn --check sub/two.recipe
    cli -c m328p -p sim:atmega168p,state=168.sim burn sub/two.recipe
}

# A clock that is raised on the blank chip, and what ends the job meanwhile.
# What is odd about a recipe's files is said once, also where several chips take them.
scene_recipe_remarks() {
    sed -n 's/^ram.hex //p' odd_files.txt | xargs -0 printf >ram.hex
    port "$chip"
    recipe board.recipe '[unit]' 'chip = ATmega168P, ATmega328P' '[flash]' 'file = ram.hex'
    cli -n burn board.recipe
    cli --json burn --check board.recipe
    cli -n flash ram.hex
    cp -r "$here"/../data/arduino/bare .
    cli -n burn --boards bare/boards.txt --file ram.hex old
    recipe ext.recipe '[unit]' 'chip = ATmega8' '[fuses]' 'ext = 0xFF'
    cli burn --check ext.recipe
    printf ':00000001FF\n' >empty.hex
    recipe board.recipe '[unit]' 'chip = ATmega328P' '[flash]' 'file = empty.hex'
    cli burn board.recipe
}

scene_recipe_clock() {
    local bytes after wrong=
    port $chip
    recipe board.recipe '[unit]' 'chip = ATmega328P' 'supply = 5.0' '[flash]' 'file = program.hex' \
        '[fuses]' 'low = 0xFF' 'high = 0xDE'
    recipe keeps.recipe '[unit]' 'chip = ATmega328P' 'supply = 3.3' '[flash]' 'file = program.hex'
    cli -n burn board.recipe
    cli burn board.recipe
    rm chip.sim
    cli burn keeps.recipe
    cli fuses --verify --low 0x62
    cli --vcc 1.8 burn keeps.recipe
    cli -s 100k burn keeps.recipe
    rm chip.sim
    cli burn program.hex
    cli --json --vcc 5 burn program.hex
    cli -p "$chip,fault=power-loss:4000" burn board.recipe
    cli burn keeps.recipe
    for bytes in 500 1000 1500 2000 2500 3000 3500 4000 5000 6000 7000; do
        rm -f chip.sim
        "$avrspi" -q -p "$chip,fault=power-loss:$bytes" burn board.recipe >/dev/null 2>&1
        "$avrspi" -q burn board.recipe >/dev/null 2>&1 &&
            "$avrspi" -q fuses --verify --low 0xFF --high 0xDE && "$avrspi" -q verify program.hex ||
            wrong="$wrong power-loss:$bytes"
    done >/dev/null 2>&1
    for after in 0.03 0.05 0.07 0.09 0.11 0.13; do
        rm -f chip.sim
        timeout -s KILL $after "$avrspi" -q -p "$chip,realtime=1" burn board.recipe
        "$avrspi" -q burn board.recipe && "$avrspi" -q fuses --verify --low 0xFF --high 0xDE &&
            "$avrspi" -q verify program.hex || wrong="$wrong kill:$after"
    done >/dev/null 2>&1
    same "a job that was cut off is done by the next one" "" "$wrong"
}

scene_recipe_checks() {
    port $chip
    recipe blank.recipe '[unit]' 'chip = ATmega328P' 'check_blank = yes' '[fuses]' 'low = 0xE2'
    cli -q burn blank.recipe
    cli -q flash program.hex
    cli burn blank.recipe
    cli -q erase
    cli -q eeprom settings.eep
    cli burn blank.recipe
    cli -q erase
    cli -q fuses --lock 0xFC
    cli burn blank.recipe
    cli -q erase
    recipe calibration.recipe '[unit]' 'chip = ATmega328P' 'check_calibration = 0x01-0x02' \
        'erase = yes'
    cli burn calibration.recipe
    recipe before.recipe '[unit]' 'chip = ATmega328P' 'erase = yes' "before = sh -c 'exit 7'" \
        'after = echo never'
    cli burn before.recipe
    recipe after.recipe '[unit]' 'chip = ATmega328P' 'erase = yes' 'after = no-such-program'
    cli -q burn after.recipe
    recipe after.recipe '[unit]' 'chip = ATmega328P' 'erase = yes' 'check_blank = yes' \
        "after = sh -c 'echo \$AVRSPI_VERDICT'"
    cli -q burn after.recipe
    cli -q flash program.hex
    cli burn after.recipe
    cp chip.sim before.sim
    # mistakes that only the chip and the files show
    recipe bad.recipe '[unit]' 'chip = ATmega9'
    for lines in 'chip = ATmega9|erase = yes' 'chip = ATmega328P|signature = 1E 95 14|erase = yes' \
        'chip = ATmega328P|[flash]|file = missing.hex' 'chip = ATmega328P|[flash]|file = beyond.hex' \
        'chip = ATmega328P|[flash]|file = checksum.hex' \
        'chip = ATmega328P|[flash]|file = program.hex@0x100' \
        'chip = ATmega328P|[flash]|file = program.hex@x' \
        'chip = ATmega328P|[flash]|file = program.hex|file = other.hex' \
        'chip = ATmega328P|[eeprom]|file = whole.elf|[flash]|file = settings.eep' \
        'chip = ATmega2560|firmware = whole.elf' \
        'chip = ATmega328P|firmware = whole.elf|[fuses]|low = 0x7F' \
        'chip = ATmega328P|[fuses]|CKDIV9 = off' 'chip = ATmega328P|[fuses]|brownout = 2.6V' \
        'chip = ATmega328P|[lock]|LB = mode7' 'chip = ATmega328P|[fuses]|high = 0x5F' \
        'chip = ATmega328P|[unti]|chip = x'; do
        printf '%s\n' '[unit]' >bad.recipe
        printf '%s\n' "$lines" | tr '|' '\n' >>bad.recipe
        cli burn --check bad.recipe
        cli -q burn bad.recipe
    done
    check "nothing was written" cmp -s chip.sim before.sim
    cli burn --check program.hex
    cli burn --check
    cli burn --check before.recipe after.recipe
}

scene_serial() {
    local lines
    port $chip
    recipe unit.recipe '[unit]' 'chip = ATmega328P' 'record = units.db' 'log = units.jsonl' \
        "after = sh -c 'echo \$AVRSPI_VERDICT \$AVRSPI_SERIAL'" '[flash]' 'file = program.hex' \
        '[serial]' 'memory = eeprom' 'address = 0x10' 'width = 4' 'counter = unit' 'start = 1000'
    cli burn --check unit.recipe
    cli -n burn unit.recipe
    check "no record without a unit" test ! -e units.db
    cli burn unit.recipe
    cli read eeprom --range 0x10:0x14
    cli -q burn unit.recipe
    cli -p "$chip,fault=no-power" -q burn unit.recipe
    cli -p "$chip,fault=power-loss:3500" -q burn unit.recipe
    cli -q burn unit.recipe
    cli report units.db
    cli report units.db --of sim:atmega328p,state=chip.sim
    cli report units.db --until 2020-01-01
    same "rows of CSV" "6 1000 pass" "$("$avrspi" report units.db --csv | wc -l) $("$avrspi" \
        report units.db --csv | awk -F, 'NR == 2 { gsub("\"", ""); print $11, $12 }')"
    cli report units.db --html report.html
    check "a page" grep -q '<svg role="img"' report.html
    same "lines of the log" "1000 pass|1001 pass| fail|1002 fail|1003 pass" \
        "$(jq -r '"\(.serial) \(.verdict)"' units.jsonl | paste -sd '|')"
    # a unit that has a number keeps it
    sed 's/^start.*/keep = yes/' unit.recipe >keep.recipe
    cli -q burn keep.recipe
    cli -q burn keep.recipe --record units.db
    cli report no-such.db
    cli report program.hex
    cli report
    AVRSPI_RECORD=units.db cli -q report
    printf '%s\n' 77 78 >numbers.txt
    for lines in 'list = numbers.txt' 'list = numbers.txt' 'list = numbers.txt' 'list = none.txt' \
        'command = echo 5' 'command = echo 5' 'command = false' 'command = no-such-program' \
        'counter = c|end = 0|start = 0' 'counter = c|end = 0|start = 0' 'counter = c|address = 0x3FF' \
        'counter = c|width = x' 'colour = c' 'width = 4' 'counter = c|template = {number:9}' \
        'list = numbers.txt|start = 5'; do
        printf '%s\n' '[unit]' 'chip = ATmega328P' 'record = more.db' '[serial]' 'memory = eeprom' \
            >bad.recipe
        case $lines in *address*) ;; *) echo 'address = 0x20' >>bad.recipe ;; esac
        case $lines in *width*) ;; *) echo 'width = 2' >>bad.recipe ;; esac
        printf '%s\n' "$lines" | tr '|' '\n' >>bad.recipe
        cli -q burn bad.recipe
    done
    grep -v '^record' unit.recipe >bad.recipe
    cli burn bad.recipe
    recipe bad.recipe '[unit]' 'chip = ATmega328P' 'record = units.db' '[eeprom]' \
        'file = settings.eep' '[serial]' 'memory = eeprom' 'address = 0' 'width = 2' 'counter = x'
    cli burn --check bad.recipe
    cli burn --record program.hex program.hex
    cli burn --log no-such-folder/log program.hex
}

scene_repeat() {
    port $chip
    recipe unit.recipe '[unit]' 'chip = ATmega328P' 'record = units.db' '[flash]' 'file = program.hex' \
        '[serial]' 'memory = eeprom' 'address = 0x10' 'width = 4' 'counter = unit'
    printf '\ng\n?\nG\nq\n\n' >keys
    printf '\n\n\n\n\n' >enter
    cli_with keys burn --repeat unit.recipe
    cli_with enter -q burn --repeat --count 2 unit.recipe
    cli_with enter -p sim:atmega328p,fault=no-power -q burn --repeat unit.recipe
    cli_with enter --json -q burn --repeat --count 1 unit.recipe
    cli -q burn --repeat unit.recipe
    same "a unit for each line" "6 good, 5 failed" "$("$avrspi" report units.db | sed -n 's/^units *//p' |
        cut -d, -f1-2)"
    cli_with enter -q burn --repeat program.hex
    # the chip that is there is burned once, until it goes; a signal ends the loop
    timeout -s INT 3 "$avrspi" -q burn --repeat --start chip unit.recipe >out 2>err
    same "a chip that stays is burned once" PASS "$(cat out)"
    same "a signal ends the waiting" "avrspi: interrupted while waiting for a unit" "$(head -n 1 err)"
    cli burn --repeat --count 0 unit.recipe
    cli burn --count 2 unit.recipe
    cli burn --start chip unit.recipe
    cli burn --repeat --start key unit.recipe
    cli -n burn --repeat unit.recipe
    cli -p nowhere -q burn --repeat --start chip unit.recipe
}

# Units side by side: which ends first is left to chance.
gang() { # ARGUMENT...
    "$avrspi" "$@" >out 2>err </dev/null
    code=$?
    {
        echo "\$ avrspi $*"
        plain <out | sed -E -e 's/  [0-9.]+ m?s$/  TIME/' -e 's/serial [0-9]+/serial N/' | sort
        plain <err | sed 's/^/2> /'
        [ $code -eq 0 ] || echo "exit $code"
        echo
    } >>"$tmp/text"
    no_violation "$*"
}

jq_same() { # NAME FILTER EXPECTED: of the JSON in 'out'
    ! command -v jq >/dev/null || same "$1" "$3" "$(jq -r "$2" out)"
}

scene_gang() {
    recipe unit.recipe '[unit]' 'chip = ATmega328P' 'record = units.db' 'after = tell' '[flash]' \
        'file = program.hex' '[serial]' 'memory = eeprom' 'address = 0x10' 'width = 4' 'counter = unit'
    mkdir -p bin
    # shellcheck disable=SC2016
    printf '#!/bin/sh\necho "$AVRSPI_STATION $AVRSPI_VERDICT" >>told\n' >bin/tell
    chmod +x bin/tell
    PATH=$PWD/bin:$PATH
    recipe two.bench '# two places' '[station left]' 'port = sim:atmega328p,state=left.sim' \
        '[station right]' 'port = sim:atmega328p,state=right.sim'
    gang burn --bench two.bench unit.recipe
    gang burn --station sim:atmega328p,state=left.sim --station sim:atmega328p,fault=no-power \
        --station sim:atmega328pb,state=other.sim program.hex
    same "each station is told of" "left pass,right pass" "$(sort told | paste -sd,)"
    # two that share a bus are burned in turn
    gang -v burn --station sim:atmega328p,bus=a,reset=x,state=a.sim \
        --station sim:atmega328p,bus=a,reset=y,state=b.sim program.hex
    printf '\n\n\n\n' >enter
    "$avrspi" --json burn --repeat --count 3 --bench two.bench unit.recipe <enter >out
    jq_same "no more than are wanted" '[.good, .failed_units, (.units | length)] | map(tostring) | join(" ")' "3 0 3"
    jq_same "each with its station" '[.units[].station] | join(" ")' "left right left"
    jq_same "and all that is known of it" '[.units[].facts.chip] | unique | join(" ")' ATmega328P
    same "each has a number of its own" "0 1 2 3 4" \
        "$("$avrspi" report --csv units.db | cut -d, -f10 | sed 1d | sort | tr -d '"' |
            paste -sd' ')"
    "$avrspi" --json=lines burn --bench two.bench unit.recipe >out
    same "events say their station" "left right" "$(grep '"event":"identified"' out |
        sed 's/.*"station":"\([a-z]*\)".*/\1/' | sort | paste -sd' ')"
    recipe one.bench '[station only]' 'port = sim:atmega328p,state=left.sim'
    cli burn --bench one.bench unit.recipe
    cli burn --bench two.bench --station sim:m8 unit.recipe
    cli -p sim:m8 burn --bench two.bench unit.recipe
    cli -n burn --bench two.bench unit.recipe
    cli --trace t burn --bench two.bench unit.recipe
    cli burn --check --bench two.bench unit.recipe
    cli burn --station '' unit.recipe
    cli burn --station 'a b c' unit.recipe
    cli burn --station nowhere --station sim:m8 unit.recipe
    cli burn --station '/dev/spidev0.0 GPIO25' --station '/dev/spidev0.1 gpiochip0:25' unit.recipe
    cli burn --station /dev/spidev0.0:/dev/gpiochip0:24 --station '/dev/spidev0.1 GPIO24' unit.recipe
    cli burn --station '/dev/spidev0.0 GPIO24' --station /dev/spidev0.1:/dev/gpiochip0:24 unit.recipe
    gang burn --station '/dev/spidev0.0 line' --station sim:m8 unit.recipe
    recipe bad.bench '[station left]' 'prt = sim:m8'
    cli burn --bench bad.bench unit.recipe
    cli burn --check --bench bad.bench unit.recipe
    cli burn --bench missing.bench unit.recipe
    cli burn --repeat --start button program.hex
}

scene_golden() {
    port $chip
    cli -q flash program.hex
    cli -q eeprom settings.eep
    cli -q fuses --low 0xE2 --set BODLEVEL=2.7V
    cli burn --from-target -o unit.recipe
    cat unit.recipe >>"$tmp/text"
    cli burn --from-target -o unit.recipe
    rm unit.recipe
    cli burn --from-target -o unit.recipe
    cli --force --json burn --from-target -o unit.recipe
    grep -E '^(flash|eeprom|fuses)' chip.sim >golden.chip
    cli -p sim:atmega328p,state=clone.sim -q burn unit.recipe
    grep -E '^(flash|eeprom|fuses)' clone.sim >clone.chip
    check "the same chip" cmp -s golden.chip clone.chip
    cli burn --from-target
    cli burn --from-target -o -
    cli burn --from-target -o x.recipe program.hex
    cli burn --from-target -o no-such-folder/x.recipe
    cli -q fuses --lock 0xFC
    cli burn --from-target -o locked.recipe
    check "no recipe of a locked chip" test ! -e locked.recipe
    cli -p sim:at90s2313,state=90.sim burn --from-target -o old.recipe
}

scene_burn() {
    port $chip
    cli -q sig
    cp chip.sim factory.chip
    cli -n burn whole.elf
    cli -n --json burn whole.elf
    check "-n has written nothing" cmp -s chip.sim factory.chip
    cli burn whole.elf
    grep -E '^(flash|eeprom|fuses)' chip.sim >whole.chip
    cli fuses
    cli burn whole.elf --json
    cli -p sim:attiny85,state=85.sim burn whole.elf
    # the first segment begins with the ELF header, as some linkers have it: offset 0, 0xF4 B more
    cp whole.elf header.elf
    printf '\0\0\0\0\014\377\377\377\014\377\377\377\242\001\0\0\242\001\0\0' |
        dd of=header.elf bs=1 seek=56 conv=notrunc status=none
    cli erase
    cli burn header.elf
    grep -E '^(flash|eeprom|fuses)' chip.sim >header.chip
    check "the same bytes" cmp -s whole.chip header.chip
    printf ':010000005AA5\n:00000001FF\n' >at-0.eep
    printf ':00000001FF\n' >empty.hex
    printf ':02000004008278\n:0100010059A5\n:00000001FF\n' >brick.hex
    printf ':02000004008575\n:0400000001020304F2\n:00000001FF\n' >userrow.hex
    cli -q erase
    cli burn at-0.eep empty.hex
    cli burn empty.hex
    cli burn userrow.hex at-0.eep
    cli burn program.hex brick.hex
    cli --json burn program.hex other.hex
    cli burn nothing/
    cli burn
    cli -p "$chip,fault=power-loss:3500" burn program.hex settings.eep
    cli -p "$chip,fault=power-loss:3500" --json burn program.hex settings.eep
}

# A whole chip saved and brought back: as one file, and as a folder.
scene_backup() {
    port $chip
    cli -q burn program.hex settings.eep
    cli -q fuses --set EESAVE=on --lock 0xFE
    cli read all -o back.hex
    cli read all -o back
    mv back back.file
    cli --json read all -o back/
    cli -p sim:atmega328p,state=other.sim burn back.hex
    cli -p sim:atmega328p,state=other.sim -q read all -o again.hex
    check "the second backup is the first" cmp -s back.hex again.hex
    show back/chip.txt
    show back/fuses.txt
    show back/lock.txt
    cli -q erase
    cli burn back
    cli -q read all -o again.srec
    cli burn again.srec
    cli -q read all -o again.hex
    check "that of the folder too" cmp -s back.hex again.hex
    cli read fuses -o fuses.hex
    show fuses.hex
    cli read lock -o lock.hex
    show lock.hex
    # in avrdude's order, with another chip's calibration
    { grep -v :00000001FF again.hex | sed -n '/:020000040081/,$p'
      echo :020000040000FA
      sed -n '/:020000040081/q;p' again.hex; echo :00000001FF; } >avrdude.hex
    sed 's/^:040000001E950F.*/:040000001E950F55E5/' avrdude.hex >clone.hex
    cli burn avrdude.hex
    cli burn clone.hex
    sed 's/^signature.*/signature = 1E 95 14/' back/chip.txt >chip.txt && mv chip.txt back
    cli burn back
    echo 'hihg = 0xD9' >>back/fuses.txt
    cli burn back
    cli fuses --lock 0xFC
    cli read all -o locked/
    check "no folder is left" [ ! -e locked ]
    cli -p sim:at90s1200,state=1200.sim -c at90s1200 read all -o 1200.hex
    head -1 1200.hex >head.txt
    show head.txt
    cli -c at90s1200 -p sim:at90s1200,state=1200.sim burn 1200.hex
    cli read all
    cli read all -o back.bin
    cli read all -o back/ -f srec
    cli read all -o back.hex --range 0:4
    cli read all -o nowhere/back.hex
}

# The chip starts in a boot section of 512 bytes, where a bootloader is.
scene_keep_boot() {
    port $chip
    sed '/^:[0-9A-F]\{2\}7E/d' other.hex >app.hex
    sed -n '/^:[0-9A-F]\{2\}7E/p; /^:00/p' program.hex >boot.hex
    printf ':027E0000FFFF82\n:00000001FF\n' >other-boot.hex
    cli flash program.hex
    cli fuses --set BOOTSZ=256W --set BOOTRST=on
    cli -n flash --keep-boot app.hex
    cli flash --keep-boot app.hex
    cli verify boot.hex
    cli --json -n flash --keep-boot app.hex
    cli flash --update --keep-boot app.hex
    cli flash --keep-boot boot.hex
    cli flash --keep-boot other-boot.hex
    cli flash --update --keep-boot other-boot.hex
    cli -n erase --keep-boot
    cli --json erase --keep-boot
    cli erase --keep-boot --keep-eeprom
    check "a copy that is of no use any more is gone" [ -z "$(ls -A "$XDG_STATE_HOME/avrspi")" ]
    cli -n flash app.hex
    cli --json flash app.hex
    cli flash app.hex
    cli erase --keep-boot
    cli -p sim:attiny85,state=85.sim erase --keep-boot
    cli flash app.hex --keep-boot --no-erase
    cli flash app.hex --keep-boot --no-verify
    cli flash app.hex --keep-boot --full
}

scene_boot_lost() {
    port $chip
    sed -n '/^:[0-9A-F]\{2\}7E/p; /^:00/p' program.hex >boot.hex
    cli flash boot.hex
    cli fuses --set BOOTSZ=256W --set BOOTRST=on
    "$avrspi" -p $chip,fault=power-loss:4800 erase --keep-boot >"$tmp/out" 2>"$tmp/err"
    same "power lost after the erase: exit status" 3 $?
    same "how to write it back is said" \
        "avrspi flash --no-erase $(echo "$XDG_STATE_HOME"/avrspi/boot-*.hex)" \
        "$(sed -n "s/.*'\(avrspi flash .*\)' writes it back/\1/p" "$tmp/err")"
    mv "$XDG_STATE_HOME"/avrspi/boot-*.hex copy.hex
    rm -r "$XDG_STATE_HOME"
    cli flash --no-erase copy.hex
    cli verify boot.hex
}

scene_read_twice() {
    port $chip
    cli flash program.hex
    cli read flash --range 0:64 --twice
    cli -p $chip,fault=flip:1003 read flash --range 0:8192 --twice -o wrong.bin
    check "nothing was written" [ ! -e wrong.bin ]
}

scene_fuses_lost() {
    cli -p $chip,fault=power-loss:200 fuses --ext 0xFD --high 0xDE --low 0xE2
    cli --json -p $chip,fault=power-loss:200 fuses --ext 0xFF --high 0xD9 --low 0xE2
    cli --json -p $chip,fault=power-loss:300 verify program.hex
}

scene_fuses() {
    port $chip
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

# What a new value means for the program in the chip.
# A byte that can't be read: only what gives all of its bits is written.
scene_fuses_unreadable() {
    cat >half.conf <<'END'
[Half]
like = ATmega328P
signature = 1E 42 43
read_high = none
END
    port sim:half,state=half.sim
    cli --chips half.conf -n fuses --set EESAVE=on
    cli --chips half.conf -n fuses --set start=boot --set clock=external
    cli --chips half.conf -n fuses --high 0xD9 --set EESAVE=on
    cli --chips half.conf -n fuses --default --set EESAVE=on
    cli --chips half.conf -n fuses --set LB=mode2
    cli --chips half.conf -c half fuses --calc --set EESAVE=on
    for name in at90s2313 at90s4414 at90s8515; do
        cli -n -p "sim:$name,state=$name.sim" fuses --set LB=mode2
    done
    cli -n -c at90s1200 -p sim:at90s1200,state=1200.sim fuses --set LB=mode2
}

scene_fuses_set() {
    chip=sim:atmega328p,state=set.sim
    cli -p $chip fuses --set SUT=2
    cli -p $chip fuses --set CKSEL=0xF
    cli -p $chip fuses --set LB=3
    cli -p $chip --json fuses --set LB=3
    cli -p $chip fuses --set LB=mode3
    cli -p $chip fuses --set BODLEVEL=8
    cli -p $chip fuses --set KSEL=2
    cli -c attiny88 fuses --list
    cli -c attiny88 fuses --calc --low 0xE2
    cli -c attiny88 --json fuses --calc --set SUT=0 --set CKSEL=3
}

scene_fuses_intent() {
    chip=sim:atmega328p,state=intent.sim
    cli -p $chip fuses --set clock=16MHz-crystal --set brownout=2.7V --set boot=512B --set start=boot
    cli -p $chip fuses
    cli -p $chip fuses --set clock=30MHz-crystal
    cli -p $chip fuses --set boot=512
    cli -p sim:attiny85,state=85.sim fuses --set boot=512B
    cli -c atmega8 fuses --calc --set clock=16MHz-crystal
    cli -c at90s1200 fuses --calc
}

scene_fuses_supply() {
    chip=sim:atmega328p,state=supply.sim
    cli -n -p $chip fuses --set brownout=4.3V
    cli -n -p $chip --vcc 5V fuses --set brownout=4.3V
    cli -n -p $chip --vcc 1.8 fuses --set brownout=2.7V --set clock=internal-8MHz
    cli -n -p $chip fuses --set clock=16MHz-crystal
    cli -n -p $chip --vcc 5 fuses --set clock=16MHz-crystal
    cli -n -p $chip --fcpu 8M fuses --low 0xFF
    cli -n -p $chip --fcpu 16M fuses --set clock=16MHz-crystal
    cli -n -p $chip --vcc 2 flash --turbo program.hex
    cli -n -p sim:atmega8,state=8.sim fuses --set clock=internal-8MHz
    cli -n -p sim:atmega128rfa1,state=rfa1.sim --vcc 5 fuses --set brownout=2.4V
    cli -p $chip --vcc 12 fuses
    cli -p $chip --vcc 3,3 fuses
}

scene_fuses_reserved() {
    chip=sim:atmega328p,state=reserved.sim
    cli -p $chip fuses --low 0xE1
    cli -p $chip fuses --set BODLEVEL=2
    cli -p $chip fuses --low 0xDE --high 0xE2
    cli -p $chip fuses --low 0x72
    cli -n -p $chip --force fuses --low 0xE1
    cli -p $chip fuses --ext 0x05
    cli -p $chip --json fuses --ext 0x05
    cli -p $chip fuses --verify --ext 0x05
    cli -p $chip --json=lines fuses --ext 0x07
    cli -p sim:atmega2560,state=2560.sim fuses --ext 0xDA
    cli -p sim:atmega328pb,state=328pb.sim fuses --low 0xF7
    cli -p sim:attiny13,state=13.sim fuses --high 0xFB --ext 0xFF
    cli -p sim:attiny13,state=13.sim fuses --verify --high 0xFB --ext 0xFF
    cli -p sim:attiny13,state=13.sim fuses --verify --ext 0x0F
    cli -p sim:attiny13,state=13.sim fuses --ext 0xFE
}

scene_fuses_warn() {
    port $chip
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
    port $chip
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

scene_lock() {
    port $chip
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
    port $chip
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

scene_flash() {
    port $chip
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
    port $chip
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

# What a job would do, with the clock raised and with the EEPROM kept.
scene_dry_run() {
    port $chip
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

# Each event as it happens.
scene_json_lines() {
    port $chip
    cli --json=lines flash program.hex
    cli --json=lines flash --update --turbo other.hex
    cli --json=lines -n fuses --set CKOUT=on
    cli --json=lines erase --keep-eeprom
    cli --json=lines verify other.hex
    cli --json=lines sig
    cli --json=lines flash no-such-file.hex
    cli --json=lines chips attiny13
    cli --json=line sig
    cli --json=lines read flash -o -
    cli --json=lines -p "$chip,fault=flip:1503" flash program.hex
    cli --json=lines -p "$chip,fault=power-loss:300" verify program.hex
}

# What would make a slow job faster.
scene_flash_slow() {
    port $chip
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
    port $chip
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
    port $chip
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
    port $chip
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

# A file that names its memories by the addresses of avr-gcc.
scene_memories() {
    port $chip
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

scene_bad_files() {
    : >empty.hex
    printf 'not a program\n' >text
    port $chip
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
    port $chip
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
    port $chip
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

scene_read() {
    port $chip
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
    port $chip
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

# What a state file counts belongs to the run that made it.
scene_violations() {
    port sim:atmega328p,state=chip.counts
    cli --speed 250k sig
    cli sig
    cli -v sig
    cli -q --speed 250k sig
    # its clock is slower than that of the chip that it says it is
    cli -p sim:attiny85,fault=wrong-chip -v doctor
}

scene_colors() {
    port $chip
    cli --color always sig
    cli --color always -c attiny85 sig
    cli --color always -p sim:atmega328p --speed 250k -q sig
    cli --color never -c attiny85 sig
}

# For a screen reader: a fact a line, no columns, nothing drawn.
scene_plain() {
    port $chip
    cli --plain --color always sig
    cli --plain flash program.hex
    cli --plain fuses
    cli --plain chips 'attiny1*'
    cli --plain info program.hex
    cli --plain wiring attiny85 --board pi4
    cli --plain send 30 00 00 00
    same "no columns, no drawings" 0 "$({ "$avrspi" --plain wiring attiny85 --board pi4
        "$avrspi" --plain info program.hex
        "$avrspi" --plain -p sim:atmega328p fuses; } 2>&1 | grep -c '[^ ]   *[^ ]\|[█│┌●]')"
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

# A log has each line when it is said, and not all of them at the end.
scene_lines() {
    local first
    first=$({ "$avrspi" -p sim:atmega328p,realtime=1 read flash --range 0:0x1000 -o all.bin
        touch ended; } | { IFS= read -r line && [ ! -e ended ] && echo "${line%% *}"; cat >rest; })
    same "a line while the job runs" ATmega328P "$first"
    same "a line at its end" "done" "$(tail -n 1 rest | cut -d' ' -f1)"
}

scene_read_unwritable() {
    port $chip
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

# --- settings

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
    port $chip
    cli sig
    cli -p sim:attiny85,state=chip.sim sig
    printf 'junk\n' >junk.sim
    cli -p sim:atmega328p,state=junk.sim sig
    same "it is left as it was" junk "$(cat junk.sim)"
    cli -p sim:atmega328p,state=no-such-folder/x.sim sig
    cli --json -p sim:atmega328p,state=. sig
}

# --- streams, signals, terminals

# What JSON can't hold as it is.
scene_json_text() {
    printf '[values v]\n0 = div8 : d\351sactiv\351\n[x]\nlike = attiny85\nlow.CKDIV8 = 0x80 v\n' >latin1.conf
    cli --json --chips latin1.conf -c x fuses --calc --low 0x62
    "$avrspi" --json --chips latin1.conf -c x fuses --list >"$tmp/out"
    same "values of a field" 1 "$(grep -c '"name": "div8"' "$tmp/out")"
    cli --json flash "$(printf 'no-\377\303\251-such.hex')"
    cli --json flash "$(printf '\303\251%.0s' {1..250})"
}

scene_streams() {
    port $chip
    cli flash program.hex
    : >"$tmp/text"
    mkfifo pipe
    exec 8<>pipe
    exec 9>pipe
    exec 8>&- # now nobody reads it any more
    for command in sig --help --version chips "read flash" "--json sig"; do
        # shellcheck disable=SC2086 # words
        "$avrspi" $command >/dev/full 2>"$tmp/err"
        same "$command on a full disk" "1 avrspi: can't write to standard output: No space left on \
device" "$? $(cat "$tmp/err")"
        # shellcheck disable=SC2086 # words
        "$avrspi" $command >&- 2>"$tmp/err"
        same "$command with standard output closed" \
            "1 avrspi: can't write to standard output: Bad file descriptor" "$? $(cat "$tmp/err")"
        # shellcheck disable=SC2086 # words
        "$avrspi" $command >&9 2>"$tmp/err"
        same "$command into a closed pipe" "1 " "$? $(cat "$tmp/err")"
    done
    "$avrspi" read flash -o - >&9 2>"$tmp/err"
    same "a file into a closed pipe" "1 " "$? $(cat "$tmp/err")"
    exec 9>&-
    "$avrspi" flash - <&- >/dev/null 2>"$tmp/err"
    same "no standard input" "7 avrspi: can't read 'standard input': Bad file descriptor" \
        "$? $(cat "$tmp/err")"
    "$avrspi" sig >&- 2>&- <&-
    same "nothing open" 1 $?
    no_violation "with closed streams"
    same "the state file holds no output" "" "$(grep '1E 95 0F' chip.sim)"
}

# Waits for a file that the program makes.
await() { # FILE
    local left=200
    until [ -e "$1" ]; do
        [ $((left -= 1)) -gt 0 ] || return 1
        sleep 0.05
    done
}

scene_signals() {
    local number signal slack
    head -c 30000 /dev/zero | tr '\0' '\301' >long.bin
    for signal in INT TERM HUP QUIT; do
        rm -f chip.sim
        "$avrspi" -p "$chip,realtime=1" flash long.bin >"$tmp/out" 2>"$tmp/err" &
        await chip.sim
        sleep 0.3
        slack=$(cat /proc/$!/timerslack_ns)
        kill -$signal $!
        wait $!
        number=$?
        same "$signal: sleeps are to end in time" 1 "$slack"
        same "$signal" "$((128 + $(kill -l $signal))) avrspi: interrupted
  RESET is released; the job is not complete" "$number $(cat "$tmp/err")"
        no_violation "after $signal"
    done
    "$avrspi" -p "$chip" flash program.hex >/dev/null
    same "the next run" 0 $?
    no_violation "after that"

    rm -f chip.sim
    "$avrspi" --json -p "$chip,realtime=1" flash --turbo long.bin >"$tmp/out" &
    await chip.sim
    sleep 0.3
    kill -INT $!
    wait $!
    same "INT with --json" 130 $?
    same "its error" '"code": "interrupted",' "$(grep -o '"code": .*' "$tmp/out")"
    "$avrspi" -p "$chip" fuses --verify --low 0x62 >/dev/null
    same "the fuse of --turbo is set back" 0 $?

    (
        trap '' HUP
        rm -f chip.sim
        "$avrspi" -p "$chip,realtime=1" read flash --range 0:8000 >/dev/null &
        await chip.sim
        sleep 0.2
        kill -HUP $!
        wait $!
    )
    same "HUP under nohup" 0 $?

    mkfifo pipe
    exec 9<>pipe
    for signal in INT TERM; do
        rm -f 2560.sim
        "$avrspi" -p sim:atmega2560,state=2560.sim read flash -f raw -o - >pipe &
        await 2560.sim
        sleep 0.5
        kill -$signal $!
        sleep 0.3
        timeout 1 cat <&9 >/dev/null # so that one that did not heed it comes to its end
        wait $!
        number=$?
        same "$signal while nobody reads the output" yes \
            "$([ $number = 130 ] || [ $number = 143 ] && echo yes || echo $number)"
    done
    timeout --preserve-status -s TERM 0.5 "$avrspi" -p "$chip" flash - <pipe
    same "TERM while standard input is read" 143 $?
    exec 9>&-
}

# Runs the program until a note is there, and kills it. A simulated chip is saved when its port is
# closed: what it would hold is for the scene to write into its state file.
kill_at_note() { # NAME ARGUMENT...
    local left=200 name=$1 found=
    shift
    mkdir -p "$XDG_STATE_HOME"
    note "avrspi $*, killed"
    "$avrspi" "$@" >/dev/null 2>&1 &
    until [ -n "$found" ] || [ $((left -= 1)) -eq 0 ]; do
        sleep 0.02
        found=$(find "$XDG_STATE_HOME" -name "$name")
    done
    kill -KILL $!
    wait $! 2>/dev/null
    same "$*: killed with a note" "137 1" "$? $(find "$XDG_STATE_HOME" -name "$name" | wc -l)"
}

notes() { # WHAT: no note is left
    same "$1" "" "$(ls -A "$XDG_STATE_HOME/avrspi")"
}

scene_note_of_low_fuse() {
    rm -rf "$XDG_STATE_HOME"
    port "$chip,realtime=1"
    cli sig
    check "a folder is made only for a note" test ! -e "$XDG_STATE_HOME"
    head -c 30000 /dev/zero | tr '\0' '\301' >long.bin
    kill_at_note 'low-fuse-1E950F-*-62-E2.txt' flash --turbo long.bin
    sed -i 's/^fuses 62/fuses E2/' chip.sim
    cli sig
    cli --json sig
    cli -n fuses --low 0x62
    cli -p sim:atmega328p,state=chip.sim sig
    sed -e '/^when/d' "$XDG_STATE_HOME"/avrspi/*.txt >note.txt
    show note.txt
    cli -q fuses --low 0x62
    cli -q sig
    notes "the fuse is set back"
    kill_at_note 'low-fuse-1E950F-*-62-E2.txt' flash --turbo long.bin
    cli -q sig
    notes "the fuse was set back already"
    cli -q flash --turbo program.hex
    notes "no note outlives its job"
    rm -rf "$XDG_STATE_HOME"
}

scene_note_of_eeprom() {
    rm -rf "$XDG_STATE_HOME"
    seq 1000 | head -c 1024 >full.bin
    port $chip
    cli -q eeprom full.bin
    port "$chip,realtime=1"
    kill_at_note 'eeprom-1E950F-*.txt' erase --keep-eeprom
    cli -p $chip -q erase
    cli -q sig
    cli --json=lines sig
    cli -q eeprom settings.eep
    check "what the warning says is done" "$avrspi" -q eeprom "$XDG_STATE_HOME"/avrspi/*.bin 2>/dev/null
    cli -q verify -m eeprom full.bin
    notes "the EEPROM is written back"
    rm -rf "$XDG_STATE_HOME"
}

# The superuser can write everywhere.
scene_no_place_for_notes() {
    [ -w /var/lib ] || [ -w /var/lib/avrspi ] && return
    port $chip
    homeless -q sig
    homeless -q erase
    homeless -n flash --turbo program.hex
    homeless flash --turbo program.hex
    homeless flash --keep-eeprom program.hex
    homeless -q flash --turbo --speed 100k program.hex
}

homeless() { # ARGUMENT...
    HOME=/proc/none XDG_STATE_HOME=/proc/none cli "$@"
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
    port $chip
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
    port $chip
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

scene_terminal() {
    local text
    command -v script >/dev/null || return 0
    head -c 3000 /dev/zero | tr '\0' '\301' >long.bin
    text=$(TERM=xterm script -qec "'$avrspi' -p '$chip' flash long.bin" /dev/null)
    same "a bar that is full" yes "$(echo "$text" | grep -q '#\{24\} 100 %' && echo yes)"
    same "a bar that grows" yes "$(echo "$text" | grep -q '#\.\.\.' && echo yes)"
    same "labels are bold" yes "$(echo "$text" | grep -q '.\[1mflash' && echo yes)"
    same "done is cyan, which few take for red" yes "$(echo "$text" | grep -q '.\[1;36mdone' && echo yes)"
    text=$(TERM=xterm script -qec "'$avrspi' -p '$chip' read flash -f raw" /dev/null; echo $?)
    same "raw bytes on a terminal" yes "$(echo "$text" | tr -d '\r' |
        grep -q 'raw bytes are not for a terminal' && echo yes)"
    same "raw bytes on a terminal: exit status" 2 "$(echo "$text" | tail -n 1)"
    text=$(TERM=xterm script -qec "'$avrspi' -p '$chip' -c attiny85 sig" /dev/null)
    same "an error is red" yes "$(echo "$text" | grep -q '.\[1;31mavrspi:' && echo yes)"
    text=$(TERM=xterm NO_COLOR=1 script -qec "'$avrspi' -p '$chip' flash long.bin" /dev/null)
    same "NO_COLOR" "" "$(echo "$text" | grep '.\[1m')"
    text=$(TERM=xterm script -qec "'$avrspi' -q -p '$chip' flash long.bin" /dev/null)
    same "nothing when quiet" "" "$text"
    text=$(TERM=xterm script -qec "'$avrspi' -p '$chip' verify program.hex" /dev/null 2>&1)
    same "an error after a bar" yes "$(echo "$text" | grep -q 'flash differs at' && echo yes)"
    text=$(TERM=xterm script -qec "'$avrspi' -p '$chip' eeprom settings.eep" /dev/null)
    same "a bar for EEPROM" yes "$(echo "$text" | grep -q 'eeprom.*#\{20\}' && echo yes)"
    text=$(TERM=xterm script -qec "'$avrspi' -p '$chip' read flash -o all.hex" /dev/null)
    same "a bar for reading" yes "$(echo "$text" | grep -q 'read.*#\{20\}' && echo yes)"
    text=$(TERM=xterm script -qec "'$avrspi' -v -p '$chip,realtime=1' flash long.bin" /dev/null)
    same "a map that is drawn again" yes "$(echo "$text" | grep -q '.\[5A' && echo yes)"
    same "a map with what is done and what is not" yes \
        "$(echo "$text" | grep -q 'verified.*written.*to write' && echo yes)"
    same "a map that stays" 1 "$(echo "$text" | tr -d '\r' | sed 's/.*\[J//' | grep -c 'skipped.*verified$')"
    no_violation "on a terminal"
}

# --- what is the matter

scene_doctor() {
    port $chip
    cli doctor
    cli doctor --verbose
    cli doctor --json
    cli doctor -q
    cli doctor extra
    COLUMNS=40 LC_ALL=C cli doctor -v
    cli --vcc 1.6 doctor
    cli --force -q fuses --lock 0xFC
    cli doctor
    port sim:atmega328p
    for fault in no-power inverted-reset loopback; do
        cli -p "sim:atmega328p,fault=$fault" doctor
    done
    cli -p sim:atmega328p,fault=no-power doctor --json
    cli -p sim:atmega328p,fault=flip:50 doctor
    LC_ALL=C.UTF-8 COLUMNS=60 cli -p sim:atmega328p,fault=flip:50 --color always doctor
    cli -p sim:atmega328p,reset_fall_ms=60 doctor
    cli -c attiny85 doctor
    cli -p sim:ata5790 doctor
    cli --no-probe doctor
    cli -p sim:at90s1200 doctor # not named, it is silent
    cli -p sim:at90s1200,fcpu=3k -c at90s1200 doctor # readings of nobody are none
}
