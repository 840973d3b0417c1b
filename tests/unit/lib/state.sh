#!/bin/sh
# SPDX-License-Identifier: MIT
# Checks that the library has no state of the process: no writable variables, static ones included,
# beyond those listed here.
#
#     state.sh LIBAVRSPI.A
#
# Prints what it finds, and exits 1 when there is any. For builds without sanitizers and gcov, which
# add variables of their own.
set -eu
export LC_ALL=C

allowed='' # words, one a variable

[ $# -eq 1 ] || {
    echo "usage: state.sh LIBAVRSPI.A" >&2
    exit 2
}
symbols=$(objdump -t "$1")
printf '%s\n' "$symbols" | grep -q 'avrspi_version$' || {
    echo "state.sh: $1: objdump shows no symbols" >&2
    exit 2
}
# VALUE FLAGS SECTION<tab>SIZE NAME; .data.rel.ro is constant once the program is loaded
found=$(printf '%s\n' "$symbols" | awk -F '\t' -v allowed=" $allowed " '
    $1 ~ / (\.[lt]?(data|bss)[^ ]*|\*COM\*)$/ && $1 !~ / d | \.data\.rel\.ro/ {
        name = $2
        sub(/^.* /, "", name)
        if (index(allowed, " " name " ") == 0)
            print "the library has a writable variable, \047" name "\047"
    }')
[ -z "$found" ] || {
    printf '%s\n' "$found"
    exit 1
}
