# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # avrspi, chip, here, tmp: of run.sh
# Scenes of what is printed: JSON, plain text, colours, streams and terminals.

# Each event as it happens.
scene_json_lines() {
    port "$chip"
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

# What JSON can't hold as it is.
scene_json_text() {
    printf '[values v]\n0 = div8 : d\351sactiv\351\n[x]\nlike = attiny85\nlow.CKDIV8 = 0x80 v\n' >latin1.conf
    cli --json --chips latin1.conf -c x fuses --calc --low 0x62
    "$avrspi" --json --chips latin1.conf -c x fuses --list >"$tmp/out"
    same "values of a field" 1 "$(grep -c '"name": "div8"' "$tmp/out")"
    cli --json flash "$(printf 'no-\377\303\251-such.hex')"
    cli --json flash "$(printf '\303\251%.0s' {1..250})"
}

scene_colors() {
    port "$chip"
    cli --color always sig
    cli --color always -c attiny85 sig
    cli --color always -p sim:atmega328p --speed 250k -q sig
    cli --color never -c attiny85 sig
}

# For a screen reader: a fact a line, no columns, nothing drawn.
scene_plain() {
    port "$chip"
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

# A log has each line when it is said, and not all of them at the end.
scene_lines() {
    local first
    first=$({ "$avrspi" -p sim:atmega328p,realtime=1 read flash --range 0:0x1000 -o all.bin
        touch ended; } | { IFS= read -r line && [ ! -e ended ] && echo "${line%% *}"; cat >rest; })
    same "a line while the job runs" ATmega328P "$first"
    same "a line at its end" "done" "$(tail -n 1 rest | cut -d' ' -f1)"
}

scene_streams() {
    port "$chip"
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
