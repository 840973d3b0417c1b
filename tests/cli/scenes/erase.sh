# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # avrspi, chip, here, tmp: of run.sh
# Scenes of what an erase takes, and what is kept over it.

scene_erase() {
    port "$chip"
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
    port "$chip"
    cli eeprom settings.eep
    "$avrspi" read eeprom -f raw -o before.bin >"$tmp/out"
    "$avrspi" -p "$chip,fault=power-loss:8400" erase --keep-eeprom >"$tmp/out" 2>"$tmp/err"
    same "power lost after the erase: exit status" 3 $?
    check "what could not be restored is in a file" cmp before.bin "$XDG_STATE_HOME"/avrspi/eeprom-*.bin
    same "how to write it back is said" "avrspi eeprom $(echo "$XDG_STATE_HOME"/avrspi/eeprom-*.bin)" \
        "$(sed -n "s/.*'\(avrspi eeprom .*\)' writes it back/\1/p" "$tmp/err")"
    rm -rf ./*.sim "$XDG_STATE_HOME/avrspi"
    cli eeprom before.bin
    cli -p "$chip,fault=flip:2004" erase --keep-eeprom
    "$avrspi" erase --keep-eeprom >"$tmp/out" 2>"$tmp/err"
    check "a copy that is of no use any more is gone" [ -z "$(ls -A "$XDG_STATE_HOME/avrspi")" ]
    cli flash --keep-eeprom program.hex
    cli eeprom before.bin
}

# A whole chip saved and brought back: as one file, and as a folder.
scene_backup() {
    port "$chip"
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
    port "$chip"
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
    port "$chip"
    sed -n '/^:[0-9A-F]\{2\}7E/p; /^:00/p' program.hex >boot.hex
    cli flash boot.hex
    cli fuses --set BOOTSZ=256W --set BOOTRST=on
    "$avrspi" -p "$chip,fault=power-loss:4800" erase --keep-boot >"$tmp/out" 2>"$tmp/err"
    same "power lost after the erase: exit status" 3 $?
    same "how to write it back is said" \
        "avrspi flash --no-erase $(echo "$XDG_STATE_HOME"/avrspi/boot-*.hex)" \
        "$(sed -n "s/.*'\(avrspi flash .*\)' writes it back/\1/p" "$tmp/err")"
    mv "$XDG_STATE_HOME"/avrspi/boot-*.hex copy.hex
    rm -r "$XDG_STATE_HOME"
    cli flash --no-erase copy.hex
    cli verify boot.hex
}
