# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # avrspi, chip, here, tmp: of run.sh
# Scenes of send.

# What is sent byte by byte: how it may be written, what is refused, and what passes on the wire.
scene_send() {
    port "$chip"
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
