#!/bin/bash
# SPDX-License-Identifier: MIT
# Faults, and what 'avrspi doctor' says of each: faults.sh AVRSPI [BOARD]
#
# Runs each row of faults.txt, those of the virtual board where BOARD, its program, is given. No run
# may violate the datasheet once, or write to the chip. Says 'N passed, N failed' last.
set -u
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/lib.sh
. "$here/../lib.sh"
program "faults.sh AVRSPI [BOARD]" "$@"
board=${2:+$(realpath "$2")}
have jq || exit 77
temporary
cd "$tmp" || exit 1
export HOME=$tmp

explain() {
    sed 's/^/# output    /; 40q' out
}

# The check, what it saw and what to do; of the first failure, or else of the first warning.
verdict() {
    jq -r '([.checks[] | select(.severity == "fail")] + [.checks[] | select(.severity == "warn")])[0] //
        {check: "none", seen: "", advice: ""} |
        "\(.check) \(.seen) \(.advice)" | gsub("\n"; " ")' out
}

# The chip of the words 'CHIP,fused=OPTION:VALUE,...' gets that fuse before; prints the other words.
prepare() { # WORDS
    local option
    case $1 in
    *,fused=*)
        option=${1#*,fused=}
        option=${option%%,*}
        "$avrspi" -q --force -p "sim:${1%%,*},state=chip.sim" fuses "--${option%%:*}" "${option#*:}" \
            2>/dev/null
        echo "${1/,fused=$option/},state=chip.sim"
        ;;
    *) echo "$1,state=chip.sim" ;;
    esac
}

run() { # sim|board WORDS OPTIONS COMMAND
    local options=()
    chip=$(prepare "$2")
    [ ! -f chip.sim ] || cp chip.sim before.sim
    [ "$3" = - ] || IFS=+ read -ra options <<<"$3"
    if [ "$1" = sim ]; then
        "$avrspi" "${options[@]}" -p "sim:$chip" --trace trace --json "$4" >out 2>&1
    else
        "$board" "$chip,virtual=4" --stats=numbers -- "$avrspi" "${options[@]}" --json "$4" >out 2>&1
    fi
}

# What was sent beside zeros, Programming Enable and reads of signature, fuses and lock bits; and what
# was sent after a wrong echo of one of those, before a pulse on RESET.
daring() { # TRACE
    awk '$2 == "reset" { wrong = 0 }
        $2 != "spi" { next }
        wrong { print "after a wrong echo: " $0 }
        {
            sub(/^.*Hz: /, "")
            count = split($0, instructions, ", ")
            for (n = 1; n <= count; n++) {
                split(instructions[n], byte, " ")
                text = byte[1] " " byte[2] " " byte[3] " " byte[4]
                if (text == "00 00 00 00" || text == "AC 53 00 00")
                    continue
                if (byte[1] !~ /^(30|50|58)$/)
                    print "no reading: " text
                if (wrong)
                    print "after a wrong echo: " text
                wrong = wrong || byte[8] != byte[2]
            }
        }' "$1"
}

# Nothing was violated, and nothing written.
harmless() { # sim|board
    [ ! -f before.sim ] || diff <(grep -v '^failed' before.sim) <(grep -v '^failed' chip.sim)
    if [ "$1" = sim ]; then
        case $chip in at90s1200*) ;; *) [ ! -f trace ] || daring trace ;; esac
        [ ! -f chip.sim ] || sed -n '/^violation/p; /^\(erases\|page-writes\) [1-9]/p; /^flash/p; /^eeprom/p' chip.sim
    else
        sed -n 's/^.*\(violation[a-z-]*\..*\)/\1/p' numbers
    fi
}

row() { # sim|board WORDS OPTIONS EXIT CHECK PATTERN
    local code found
    rm -f ./*.sim numbers trace
    run "$1" "$2" "$3" doctor
    code=$?
    found=$(verdict)
    if [ $code = "$4" ] && [[ ${found%% *} =~ ^$5$ ]] && [[ ${found#* } =~ ${6#^$} ]]; then
        ok "$1 $2 $3"
    else
        same "$1 $2 $3" "$4 $5: $6" "$code $found"
    fi
    same "$1 $2 $3: nothing was violated or written" "" "$(harmless "$1")"
    same "$1 $2 $3: nothing is said twice" "" \
        "$(jq -r '[.checks[] | select(.severity == "fail").seen] | group_by(.)[] | select(.[1])[0]' out)"
}

# A command that fails by it gives the same advice; one that works all the same has none.
agree() { # sim|board WORDS OPTIONS
    local advice
    advice=$(jq -r '[.checks[] | select(.severity == "fail")][0].advice // ""' out)
    rm -f ./*.sim numbers trace
    run "$1" "$2" "$3" sig
    same "$1 $2 $3: what 'sig' says" "$advice" \
        "$(jq -r '.error.hint // ""' out | sed "s/\(; \)\?'avrspi doctor' looks at each part$//" |
            sed -e :a -e '/^\n*$/{$d;N;ba' -e '}')"
}

rows=0
while read -r where words options code check pattern <&3; do
    case $where in
    sim) ;;
    board) [ -n "$board" ] || continue ;;
    *) continue ;;
    esac
    rows=$((rows + 1))
    row "$where" "$words" "$options" "$code" "$check" "$pattern"
    [ "$code" = 0 ] || [[ $check = *wires* ]] || agree "$where" "$words" "$options"
done 3<"$here/faults.txt"
at_least "rows" 30 $rows
finish
