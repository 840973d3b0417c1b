# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # avrspi, chip, here, tmp: of run.sh
# Scenes of a target that answers as it should, or does not: sig, faults, doctor, traces.

scene_sig() {
    port "$chip"
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

scene_doctor() {
    port "$chip"
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
