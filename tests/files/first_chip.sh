#!/bin/bash
# SPDX-License-Identifier: MIT
# The README's way from a bare Pi to a blinking LED: first_chip.sh AVRSPI
#
# Each `avrspi` of that section is run on the virtual board, in the order in which it is written
# there; what the last one has written is read back, and blinks in simavr. In the environment: BOARD, the
# virtual board, and BLINK_RUNS, where there is simavr.
set -u
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/lib.sh
. "$here/../lib.sh"
program "first_chip.sh AVRSPI" "$@"
blink_runs=${BLINK_RUNS-}
temporary
cd "$here/../.." || exit 1
"$BOARD" atmega328p -- true 2>&1 | grep seccomp && { echo "# skipped: the board needs seccomp"; exit 77; }
export XDG_CONFIG_HOME=$tmp XDG_STATE_HOME=$tmp

steps() {
    # shellcheck disable=SC2016
    sed -n '/^## From a bare Pi/,/^No Pi at hand/p' README.md | grep -o '`avrspi [^`]*`' | tr -d '`'
}

on_board() { # COMMAND...
    "$BOARD" "atmega328p,state=$tmp/chip.sim" --stats="$tmp/numbers" -- "$@" >"$tmp/out" 2>&1
}

mkdir "$tmp/bin" && ln -s "$avrspi" "$tmp/bin/avrspi"
PATH=$tmp/bin:$PATH
steps >"$tmp/steps"
same "there are steps" yes "$([ "$(wc -l <"$tmp/steps")" -ge 6 ] && echo yes)"
while read -r step; do
    on_board sh -c "$step"
    same "$step" "exit 0, 0 violations" "exit $?, $(number violations "$tmp/numbers") violations"
done <"$tmp/steps"
on_board avrspi read flash -o "$tmp/back.hex"
[ -z "$blink_runs" ] || same "the LED blinks" 0 "$(ASAN_OPTIONS=detect_leaks=0 "$blink_runs" "$tmp/back.hex" >"$tmp/out" 2>&1; echo $?)"
finish
