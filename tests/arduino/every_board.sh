#!/bin/bash
# SPDX-License-Identifier: MIT
# Burns the bootloader of every board and menu entry of an Arduino core onto the simulated chip that
# it names: every_board.sh AVRSPI [BOARDS.TXT]
#
# Without BOARDS.TXT it is that of Debian's arduino-core-avr, where that is installed. Prints a table.
# A board whose file is not there, or does not fit, has to end with exit 7, its chip not erased; any
# other has to have the fuses and lock bits of --show, and the flash of its file. Says 'N passed, N
# failed' last.
set -u
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/lib.sh
. "$here/../lib.sh"
program "every_board.sh AVRSPI [BOARDS.TXT]" "$@"
boards=${2-/usr/share/arduino/hardware/arduino/avr/boards.txt}
temporary
export XDG_STATE_HOME=$tmp/state
[ -f "$boards" ] || {
    echo "# skipped: there is no $boards"
    exit 77
}

row() { # BOARD CHIP RESULT
    printf '%-28s %-12s %s\n' "$1" "$2" "$3"
}

quietly() { # NAME COMMAND...: the table says what went well
    local name=$1
    shift
    if "$@"; then passed=$((passed + 1)); else not_ok "$name"; fi
}

# What was burned is on the chip.
check_chip() { # BOARD PORT
    local byte value wanted=()
    for byte in low high ext lock; do
        value=$(jq -r ".$byte // empty" "$tmp/show")
        [ -z "$value" ] || wanted+=("--$byte" "$value")
    done
    "$avrspi" -q -p "$2" fuses --verify "${wanted[@]}" 2>"$tmp/err" ||
        not_ok "$1: fuses" "$(cat "$tmp/err")"
    grep -q '^:[0-9A-F]*' "$(jq -r .flash "$tmp/show")" &&
        [ "$(grep -c '^:' "$(jq -r .flash "$tmp/show")")" -gt 1 ] || return 0
    "$avrspi" -q -p "$2" verify "$(jq -r .flash "$tmp/show")" 2>"$tmp/err" ||
        not_ok "$1: flash" "$(cat "$tmp/err")"
}

burn() { # BOARD
    local state=$tmp/chip.sim chip port code why
    rm -f "$state"
    "$avrspi" --json burn --boards "$boards" --show "$1" >"$tmp/show" 2>/dev/null
    chip=$(jq -r '.chip // empty' "$tmp/show")
    if [ -z "$chip" ]; then
        row "$1" - "$(jq -r .error.message "$tmp/show" | sed 's|.*/||')"
        quietly "$1: exit" [ "$(jq -r .error.exit "$tmp/show")" = 7 ]
        return
    fi
    port=sim:$chip,state=$state
    "$avrspi" -q -p "$port" sig >/dev/null # a chip as it is delivered
    "$avrspi" --json -p "$port" burn --boards "$boards" "$1" >"$tmp/out" 2>/dev/null
    code=$?
    why=$(jq -r '.error.message // "burned"' "$tmp/out" | sed 's|.*/||')
    row "$1" "$chip" "$why"
    case $code in
    0) check_chip "$1" "$port" && passed=$((passed + 1)) ;;
    7) quietly "$1: the chip was not erased" grep -qx 'erases 0' "$state" ;;
    *) not_ok "$1: exit $code" "$why" ;;
    esac
    grep '^violation' "$state" && not_ok "$1: violations"
}

"$avrspi" --json burn --boards "$boards" --list >"$tmp/list" || not_ok "--list"
count=0
while read -r board; do
    burn "$board"
    count=$((count + 1))
done < <(jq -r '.boards[] | .board as $b | if (.menus | length) == 0 then $b else
    (.menus[] | "\($b):\(.menu)=\(.entry)") end' "$tmp/list")
[ "$count" -gt 0 ] || not_ok "there are boards"
echo "$count boards and menu entries"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
