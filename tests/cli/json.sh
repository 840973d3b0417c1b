#!/bin/bash
# SPDX-License-Identifier: MIT
# Compares the keys of the program's JSON, and their types, with json_keys.txt, and the list with
# the man page: json.sh AVRSPI [--update]
#
# A line of the list is the path of a key, its type, and the cases below that print it. Lists are
# folded into '[]', and names that are data (fields of fuses) into '*'. A key that goes away or changes its type
# is a new version of the schema; a new one is written to the list with --update, and into the man
# page by hand. Says 'N passed, N failed' last.
set -u
here=$(dirname "$(realpath "$0")")
update=${2-}
# shellcheck source=tests/lib.sh
. "$here/../lib.sh"
program "json.sh AVRSPI [--update]" "$@"
have jq || exit 77
workplace "$here/data"
chip=sim:atmega328p,state=chip.sim
head -c 30000 /dev/zero >zeros.bin

# The keys and types of the objects on standard input, before the name of a case.
keys() { # CASE
    # shellcheck disable=SC2016
    jq -r -s --arg case "$1" '
        def folded: reduce .[] as $key ({text: "", last: null};
            {text: (.text + if ($key | type) == "number" then "[]"
                            elif .last == "fields" or .last == "pins" then ".*"
                            else "." + $key end),
             last: $key}) | .text;
        def leaves: paths(type != "object" and type != "array");
        [.[] | . as $object | leaves | . as $path |
            {path: folded, type: ($object | getpath($path) | type)}] |
        group_by(.path)[] | "\(.[0].path) \(map(.type) | unique | join("|")) \($case)"'
}

found() { # CASE ARGUMENT...
    local name=$1
    shift
    "$avrspi" --json -p "$chip" "$@" 2>&1 | keys "$name" >>"$tmp/found" ||
        not_ok "$name: is JSON"
}

# An event is a case of its own.
found_lines() { # ARGUMENT...
    "$avrspi" --json=lines "$@" >"$tmp/lines" 2>&1
    for event in $(jq -r .event "$tmp/lines" | sort -u); do
        jq -c "select(.event == \"$event\")" "$tmp/lines" | keys "lines:$event" >>"$tmp/found"
    done
}

state() { # FILE: a chip as it left the factory, with a program and settings in it
    rm -f chip.sim
    "$avrspi" -q -p "$chip" flash program.hex && "$avrspi" -q -p "$chip" eeprom settings.eep
}

# --- the cases

one_object() {
    state
    found sig sig
    found fuses fuses
    found fuses-list -c atmega328p fuses --list
    found fuses-calc -c atmega328p fuses --calc
    found fuses-verify fuses --verify --low 0x62
    found fuses-dry-run -n fuses --low 0xE2 --lock 0xFE
    found fuses-write fuses --set BODLEVEL=2.7V
    found fuses-number fuses --set BODLEVEL=5 --lock 0x3F
    found flash flash program.hex
    found flash-dry-run -n flash other.hex
    found flash-update-dry-run -n flash --update other.hex
    found flash-update flash --update other.hex
    found left-out flash both.hex
    found faster flash zeros.bin
    found turbo-dry-run -n flash --turbo program.hex
    found turbo flash --turbo program.hex
    found eeprom-dry-run -n eeprom both.hex
    found eeprom eeprom both.hex
    found verify verify other.hex
    found read read flash --range 0:16
    found read-file read eeprom -o back.hex
    found read-all read all -o back.hex
    found read-all-missing -p sim:at90s1200 -c at90s1200 read all -o back.hex
    found burn-dry-run -n burn whole.elf
    found burn burn whole.elf
    found burn-failed -p "$chip,fault=power-loss:3500" burn program.hex settings.eep
    found erase-dry-run -n erase --keep-eeprom
    found erase erase
    found keep-boot erase --keep-boot
    found info info whole.elf
    found info-odd -c atmega328p info -m flash settings.eep
    found diff diff other.hex program.hex
    found diff-target diff other.hex target
    found chips --chips own.conf chips '*'
    printf '%s\n' '[unit]' 'chip = ATmega328P' '[flash]' 'file = program.hex' '[fuses]' 'low = 0xE2' >x.recipe
    found recipe-check burn --check x.recipe
    "$avrspi" -q -p "$chip" burn --record units.db x.recipe
    "$avrspi" -q -p sim:atmega328p,fault=no-power burn --record units.db x.recipe 2>/dev/null
    found report report units.db
    printf '%s\n' '[serial]' 'memory = eeprom' 'address = 0' 'width = 2' 'counter = a' >>x.recipe
    found burn-record burn --record units.db x.recipe
    printf '\n\n' | "$avrspi" --json -p "$chip" burn --repeat x.recipe --record units.db 2>&1 | keys repeat >>"$tmp/found"
    found clock clock off
    found send --force send 30 00 01 00 AC A0 00 62 12 34 56 78
    found xtal --xtal 1M sig
    found wiring wiring atmega328p --board pi4 --plug uno
    found doctor -p "$chip" doctor
    found warning -n fuses --set CKOUT=on
    found error fuses --high 0xF9
    found silent -p sim:atmega328p,fault=no-power sig
    found doctor-silent -p sim:atmega328p,fault=no-power doctor
    "$avrspi" -q -p "$chip" fuses --low 0xF7 2>/dev/null # a full-swing crystal
    found trials flash zeros.bin
}

events() {
    state
    found_lines -p "$chip" flash program.hex
    found_lines -p "$chip" flash --update --turbo other.hex
    found_lines -p "$chip" -n fuses --set CKOUT=on --lock 0xFE
    found_lines -p "$chip" -n fuses --lock 0x3E
    found_lines -p "$chip" erase --keep-eeprom
    found_lines -p "$chip" verify other.hex
    found_lines -p "$chip,fault=flip:1503" flash program.hex
    "$avrspi" -q -p "$chip" fuses --low 0xF7 2>/dev/null
    found_lines -p "$chip" flash zeros.bin
}

# --- the list

# Lines "KEY TYPE CASE" as "KEY TYPE CASE...".
join_cases() {
    sort -u | awk '
        $1 " " $2 != key { if (key) print line; key = $1 " " $2; line = key }
        { line = line " " $3 }
        END { if (key) print line }'
}

split_cases() {
    awk '!/^#/ { for (n = 3; n <= NF; n++) print $1, $2, $n }' | sort
}

lists_agree() {
    sort -u "$tmp/found" >"$tmp/sorted"
    split_cases <"$here/json_keys.txt" >"$tmp/expected"
    if diff -u "$tmp/expected" "$tmp/sorted" >"$tmp/diff"; then
        ok "keys and types of JSON"
    else
        not_ok "keys and types of JSON"
        sed -n '/^[-+][^-+]/s/^/    /p' "$tmp/diff"
    fi
}

# Every key is a word of the man page's section, and every word there is a key. The keys of a chip
# are those of chip files. No simulated target makes another SCK than was asked for, and none here
# counts a violation; tests/device has those of a clock on a pin.
documented() {
    local page=$here/../../man/avrspi.1
    sed -n '/^\.Sh JSON/,/^\.Sh EXAMPLES/s/^\.\(It \|Pq \)*Cm//p' "$page" | tr ' ' '\n' |
        grep '[a-z]' | sort -u >"$tmp/words"
    awk '{ print $1 }' "$tmp/expected" | tr '.' '\n' | sed 's/\[\]//g' | grep '[a-z]' |
        sort -u >"$tmp/keys"
    awk '$3 != "chips" { print $1 }' "$tmp/expected" | tr '.' '\n' | sed 's/\[\]//g' |
        grep '[a-z]' | sort -u >"$tmp/keys_to_document"
    same "keys that the man page does not name" "" \
        "$(comm -13 "$tmp/words" "$tmp/keys_to_document")"
    "$avrspi" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' >"$tmp/commands"
    same "keys of the man page that are not printed" "" \
        "$(comm -23 "$tmp/words" "$tmp/keys" |
            grep -vxF -f "$tmp/commands" -e lines -e sck_asked_hz -e violations_new \
                -e ended -e error_ppm -e pin -e header_pin -e pwm_chip -e pwm_device -e channel \
                -e period_ns -e high_ns -e counter_hz)"
}

one_object
events
if [ "$update" = --update ]; then
    {
        echo "# Key, type, cases; see json.sh."
        join_cases <"$tmp/found"
    } >"$here/json_keys.txt"
fi
lists_agree
documented
finish
