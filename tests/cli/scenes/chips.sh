# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # avrspi, chip, here, tmp: of run.sh
# Scenes of chips, and of definitions of one's own.

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
    cli -c attiny85 chips atmega8
    same "-c" "$("$avrspi" chips attiny85)" "$("$avrspi" -c attiny85 chips)"
    same "a chip of the settings" "$("$avrspi" chips | wc -l)" "$(AVRSPI_CHIP=attiny85 "$avrspi" chips | wc -l)"
    same "all of them" yes "$([ "$("$avrspi" chips | wc -l)" -gt 200 ] && echo yes)"
    same "by family" "$("$avrspi" chips | grep -c '^ATtiny')" "$("$avrspi" chips tinyAVR | wc -l)"
    same "by family, as JSON" "$("$avrspi" chips tinyAVR | wc -l)" \
        "$("$avrspi" --json chips tinyavr | grep -c '"name"')"
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
