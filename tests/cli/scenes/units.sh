# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # avrspi, chip, here, tmp: of run.sh
# Scenes of burn, unit by unit and side by side.

scene_serial() {
    local lines
    port "$chip"
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
    port "$chip"
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
