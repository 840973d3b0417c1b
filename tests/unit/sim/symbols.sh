#!/bin/sh
# SPDX-License-Identifier: MIT
# Checks that src/sim needs nothing but src/chips and <string.h>.
#
#     symbols.sh LIBAVRSPI_SIM LIBAVRSPI_CHIPS
#
# Prints the symbols that are neither, and exits 1 when there are any. What a sanitizer, gcov or a
# fuzzer adds to the objects does not count.
set -eu
export LC_ALL=C

[ $# -eq 2 ] || {
    echo "usage: symbols.sh LIBAVRSPI_SIM LIBAVRSPI_CHIPS" >&2
    exit 2
}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

nm --defined-only --extern-only "$1" "$2" | awk 'NF == 3 { print $3 }' | sort -u >"$tmp/defined"
nm --undefined-only "$1" | awk 'NF == 2 { print $2 }' | sort -u >"$tmp/needed"
if [ ! -s "$tmp/defined" ] || [ ! -s "$tmp/needed" ]; then
    echo "symbols.sh: nm shows no symbols" >&2
    exit 2
fi
comm -13 "$tmp/defined" "$tmp/needed" |
    grep -Evx 'mem(cpy|set|cmp|move|chr)|str(len|cmp|ncmp|chr)' |
    grep -Ev '^(__(asan|ubsan|sanitizer|sancov|gcov|llvm|stack_chk)_|_GLOBAL_OFFSET_TABLE_$)' \
        >"$tmp/rest" || true
[ -s "$tmp/rest" ] || exit 0
sed "s/^/src\/sim needs '/; s/\$/'/" "$tmp/rest"
exit 1
