#!/bin/sh
# SPDX-License-Identifier: MIT
# Checks that the shared library exports what src/lib/exports.txt lists, and that the public headers
# declare the same.
#
#     exports.sh LIBAVRSPI.SO INCLUDE EXPORTS.TXT
#     exports.sh --update LIBAVRSPI.SO EXPORTS.TXT     writes the list
#
# Prints the differences, and exits 1 when there are any. Names that begin with two underscores are
# the compiler's own (sanitizers, gcov), and so is gcov's mangle_path.
set -eu
export LC_ALL=C

exported() { # LIBRARY
    nm -D --defined-only "$1" | awk '$NF !~ /^(__|_init$|_fini$|mangle_path$)/ { print $NF }' |
        sort -u
}

# The functions that the headers declare, with AVRSPI_API or without.
declared() { # INCLUDE
    for header in "$1"/avrspi/*.h; do
        echo "#include \"avrspi/${header##*/}\""
    done >"$tmp/all.c"
    gcc -std=c17 -I"$1" -fsyntax-only -aux-info "$tmp/prototypes" "$tmp/all.c"
    sed -n 's/^.*\/avrspi\/[a-z]*\.h:[^(]*[ *]\(avrspi_[a-z0-9_]*\) (.*/\1/p' "$tmp/prototypes" |
        sort -u
}

same() { # WHAT FILE
    [ -s "$2" ] || {
        echo "exports.sh: $1: no names" >&2
        exit 2
    }
    diff -u --label src/lib/exports.txt --label "$1" "$list" "$2" || failed=1
}

case $#/${1-} in
3/--update)
    exported "$2" >"$3"
    exit 0
    ;;
3/*) list=$3 ;;
*)
    echo "usage: exports.sh LIBAVRSPI.SO INCLUDE EXPORTS.TXT" >&2
    exit 2
    ;;
esac
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0
exported "$1" >"$tmp/exported"
declared "$2" >"$tmp/declared"
same "exported by the shared library" "$tmp/exported"
same "declared in include/avrspi" "$tmp/declared"
exit $failed
