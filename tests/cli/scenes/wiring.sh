# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # avrspi, chip, here, tmp: of run.sh
# Scenes of wiring, and of the clock at XTAL1.

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
    for name in atmega128rfa1 atmega2560 at90can128 at90pwm3b; do
        same "$name at 40 columns" "" \
            "$(COLUMNS=40 "$avrspi" wiring $name --board pi4 2>/dev/null | grep '.\{41\}')"
    done
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
    cli clock 1M --xtal 2M
    cli clock 1M 2M
    cli clock off
}
