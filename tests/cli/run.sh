#!/bin/bash
# SPDX-License-Identifier: MIT
# Golden tests of the program itself, on simulated targets: run.sh AVRSPI [--update] [SCENE...],
# or run.sh AVRSPI --part N/PARTS, which plays every PARTS-th scene
#
# A scene is a folder of its own and a few commands; what they print and how they exit is
# compared with golden/SCENE.txt, or written there with --update. Every target has a state file
# that counts violations of the datasheet: there must be none. Says 'N passed, N failed' last.
set -u
export TERM=dumb
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/lib.sh
. "$here/../lib.sh"
program "run.sh AVRSPI [--update] [SCENE...]" "$@"
shift
update=no
[ "${1-}" = --update ] && { update=yes; shift; }
temporary
export XDG_STATE_HOME=$tmp/state

# --- what scenes are made of

# What is different each time, or with each release, made the same.
plain() { # [FILE]
    sed -E -e 's/\x1B/\\e/g' \
        -e 's/^((2> )?done +|.*mdone .*0m ).*/\1TIME/' \
        -e 's/("(seconds|wire|waits|host|limit|at|took)": ?)[0-9.e+-]+/\1N/g' \
        -e 's/^((2> )?total +at most )[^;]+;/\1TIME;/' \
        -e 's/(its absence cost ).*/\1TIME/' \
        -e 's/^avrspi [0-9]+\.[0-9.]+$/avrspi VERSION/' \
        -e 's/(eeprom-[0-9A-F]{6}-[0-9A-F]{16}-).{6}\./\1RANDOM./g' \
        -e "s|$tmp|TMP|g" "$@"
}

put_lines() { # FORMAT FILE
    local lines
    mapfile -t lines <"$2"
    # shellcheck disable=SC2059 # it is one
    [ ${#lines[@]} -eq 0 ] || printf "$1" "${lines[@]}"
}

# Runs the program; what it said goes to the scene's text. That there are a thousand of them is why it
# starts no more processes than it has to.
cli() { # ARGUMENT...
    local code words="$*" # unquoted, the shell doubles \001
    "$avrspi" "$@" >"$tmp/out" 2>"$tmp/err" <"${input:-/dev/null}"
    code=$?
    {
        echo "\$ avrspi ${words//[$'\001'-$'\037']/?}${input:+ < $input}"
        put_lines '%s\n' "$tmp/out"
        put_lines '2> %s\n' "$tmp/err"
        [ $code -eq 0 ] || echo "exit $code"
        echo
    } >>"$tmp/text"
    case " ${1-} ${2-} " in
    *" --json "*) valid_json "$*" ;;
    *" --json=lines "*) valid_lines "$*" ;;
    esac
    no_violation "$*"
}

# The same with something on standard input.
cli_with() { # FILE ARGUMENT...
    input=$1
    shift
    cli "$@"
    input=
}

valid_json() { # COMMAND: said one object and nothing else
    command -v jq >/dev/null || return 0
    jq -e '.avrspi == 1 and (.ok | type) == "boolean" and (.violations // 0) == 0' \
        "$tmp/out" >/dev/null || not_ok "JSON of avrspi $1"
}

valid_lines() { # COMMAND: said events, an object a line, and the result last
    command -v jq >/dev/null || return 0
    # shellcheck disable=SC2016
    jq -e -n -R '[inputs | fromjson] | (.[:-1] | all(.at >= 0 and .event != "result")) and
        (last | .avrspi == 1 and .event == "result" and (.ok | type) == "boolean")' \
        "$tmp/out" >/dev/null || not_ok "JSON lines of avrspi $1"
}

no_violation() { # COMMAND: of the targets of this scene
    local states=(*.sim)
    [ -e "${states[0]}" ] || return 0
    ! grep -qs -d skip '^violation' "${states[@]}" || not_ok "violations after avrspi $1"
}

note() { # TEXT: into the scene's text
    echo "\$ $*" >>"$tmp/text"
}

port() { # sim: WORDS of the commands that follow
    export AVRSPI_PORT=$1
    note "AVRSPI_PORT=$1"
}

show() { # FILE
    note "cat $1"
    cat "$1" >>"$tmp/text"
    echo >>"$tmp/text"
}

# The scene in a shell of its own, so that it may change what it likes; how many went well and
# how many did not is the last line of its log.
play() { # SCENE
    scene=$1
    rm -rf "$tmp/scene" "$XDG_STATE_HOME"
    mkdir -p "$tmp/scene/home"
    cp "$here"/data/* "$tmp/scene"
    : >"$tmp/text"
    (
        cd "$tmp/scene" || exit
        export HOME=$tmp/scene/home
        input=
        prefix="$scene: "
        "scene_$scene"
        prefix=
        compare
        echo "$passed $failed"
    ) >"$tmp/log"
    read -r passed failed < <(tail -n 1 "$tmp/log")
    sed '$d' "$tmp/log"
}

compare() { # the scene's text with what it should be
    local golden=$here/golden/$scene.txt
    [ -s "$tmp/text" ] || return 0
    plain "$tmp/text" >"$tmp/plain"
    if [ $update = yes ]; then
        cp "$tmp/plain" "$golden"
    fi
    if diff -u "$golden" "$tmp/plain" >"$tmp/diff"; then
        ok "$scene"
    else
        not_ok "$scene"
        sed 's/^/    /' "$tmp/diff"
    fi
}

# Each scene begins with a chip as it left the factory.
# shellcheck disable=SC2034 # of the scenes
chip=sim:atmega328p,state=chip.sim
for scenes in "$here"/scenes/*.sh; do
    # shellcheck source=/dev/null # each is checked alone
    . "$scenes"
done

all_scenes() {
    declare -F | sed -n 's/^declare -f scene_//p'
}

part_of_them() { # N PARTS
    all_scenes | awk -v n="$1" -v parts="$2" 'NR % parts == n - 1'
}

# shellcheck disable=SC2046 # names without spaces
case ${1-} in
'') set -- $(all_scenes) ;;
--part) set -- $(part_of_them "${2%/*}" "${2#*/}") ;;
esac
for scene in "$@"; do
    play "$scene"
done
finish
