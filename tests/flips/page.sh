#!/bin/sh
# Compares the tables of docs/single-flips.md with what the instruction sets of the chips give, or
# puts them there.
#
#     page.sh PROGRAM PAGE [--update]
set -eu
program=$1 page=$2

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fresh=$folder/page
"$program" >"$folder/tables"

# The page with the program's tables: each stands behind a line <!-- NAME -->, up to an empty line.
awk '
    FNR == NR && /^<!-- / { name = $0; next }
    FNR == NR             { if ($0 != "") table[name] = table[name] $0 "\n"; next }
    /^<!-- /              { print; printf "%s", table[$0]; old = 1; next }
    $0 == ""              { old = 0 }
    !old
' "$folder/tables" "$page" >"$fresh"

if [ "${3-}" = --update ]; then
    cat "$fresh" >"$page"
elif ! diff -u "$page" "$fresh"; then
    echo "the page is out of date: $0 PROGRAM $page --update"
    exit 1
fi
