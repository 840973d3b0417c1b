#!/bin/bash
# SPDX-License-Identifier: MIT
# Other tools as judges of the files that are read and written: a table of all of them.
#
#     tests/files/judges.sh AVRSPI CONVERT
#
# CONVERT is convert.c. Variables: BOARD (avrspi-board) to run avrdude, BLINK_RUNS to run a program in
# simavr, KEEP a folder for what is fetched by npm. What is not there, or not installed, is skipped.
#
# A row is a tool, a file, its format, the number of bytes and what was compared.
set -uo pipefail

files=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib.sh
. "$files/../lib.sh"
program "tests/files/judges.sh AVRSPI CONVERT" "$@"
convert=$(realpath "$2")
BOARD=${BOARD:+$(realpath "$BOARD")} BLINK_RUNS=${BLINK_RUNS:+$(realpath "$BLINK_RUNS")}
KEEP=${KEEP:+$(realpath -m "$KEEP")}
temporary
export HOME=$tmp
cd "$tmp" || exit 1

# row TOOL FILE FORMAT BYTES RESULT COMMAND...: the command succeeds
row() {
    local name
    name=$(printf '%-12s %-42s %-14s %7s B  %s' "$1" "$2" "$3" "$4" "$5")
    shift 5
    if "$@" >out 2>&1; then
        ok "$name"
    else
        not_ok "$name"
        sed 's/^/# /' out | head -n 5
    fi
}

size_of() { # FILE
    stat -c %s "$1"
}

# Reads FILE, for MEMORY, and compares it with the bytes of RAW.
reads_same() { # FILE RAW [MEMORY]
    "$convert" -m "${3:-flash}" "$1" read.raw && cmp read.raw "$2"
}

# read_row TOOL FILE FORMAT RAW [MEMORY]
read_row() {
    row "$1" "$2" "$3" "$(size_of "$4")" "reads the same" reads_same "$2" "$4" "${5:-flash}"
}

# shellcheck source=tests/files/made.sh
. "$files/made.sh"
# shellcheck source=tests/files/dumped.sh
. "$files/dumped.sh"
# shellcheck source=tests/files/collected.sh
. "$files/collected.sh"

judge_avr_gcc
judge_srec_cat
judge_avra
judge_avrdude
judge_simavr
judge_packages
judge_npm
finish
