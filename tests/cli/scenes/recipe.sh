# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # avrspi, chip, here, tmp: of run.sh
# Scenes of burn, by recipes.

# All memories of one ELF file; -n touches nothing.
recipe() { # NAME LINE...: the lines of a recipe
    printf '%s\n' "${@:2}" >"$1"
}

scene_recipe() {
    local name
    cp -r "$here/../../examples/recipes" .
    port "$chip"
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
    port "$chip"
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
    port "$chip"
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

scene_burn() {
    port "$chip"
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

scene_golden() {
    port "$chip"
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
