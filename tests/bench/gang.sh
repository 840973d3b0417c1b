#!/bin/bash
# SPDX-License-Identifier: MIT
# Units side by side, beside one alone: gang.sh BUILD. Simulated targets in real time; BUILD is a
# build folder with avrspi. Prints medians and ratios, and fails where a datasheet was violated.
set -euo pipefail

avrspi=$(realpath "${1:?usage: tests/bench/gang.sh BUILD}")/avrspi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export XDG_STATE_HOME=$work
runs=5

head -c 8192 /dev/urandom >program.bin
target=sim:atmega328p,realtime=1

# Seconds of a job at these stations, the median of some runs.
seconds() { # PORT...
    local -a stations=()
    local began
    for port in "$@"; do stations+=(--station "$port"); done
    for _ in $(seq $runs); do
        began=$(date +%s%N)
        "$avrspi" --json burn "${stations[@]}" program.bin >out
        echo $(($(date +%s%N) - began))
        [ "$(grep -c '"violations": 0,' out)" -eq $# ] || exit 1
    done | sort -n | awk '{ v[NR] = $1 } END { printf "%.3f", v[int((NR + 1) / 2)] / 1e9 }'
}

one=$(seconds "$target")
mapfile -t eight < <(yes "$target" | head -n 8)
all=$(seconds "${eight[@]}")
pair=$(seconds "$target,bus=a,reset=x" "$target,bus=a,reset=y")
awk -v one="$one" -v all="$all" -v pair="$pair" 'BEGIN {
    printf "8 KiB to an ATmega328P at 1 MHz    one unit %.3f s\n", one
    printf "  eight units on eight buses       %.3f s, %.2f x\n", all, all / one
    printf "  two units on one bus             %.3f s, %.2f x\n", pair, pair / one }'
