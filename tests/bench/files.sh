#!/bin/bash
# SPDX-License-Identifier: MIT
# Large files: time and memory to read them, beside srec_cat and avr-objcopy.
#
#     tests/bench/files.sh CONVERT
#
# CONVERT is tests/files/convert of a build without sanitizers. The time is the least of five runs, the
# memory the peak of one less that of a run on a file of a few bytes. Nothing is asserted about time;
# avrspi fails where it needs three times the decoded size, or a sparse file more than 1 MiB.
set -euo pipefail

convert=$(realpath "${1:?usage: tests/bench/files.sh CONVERT}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
size=6000000
failed=0

records() { # FILE: the 64 KiB blocks of an Intel HEX file, and in each the records, last ones first
    awk '/^:02000004/ { n++; head[n] = $0; next }
        /^:00000001/ { next }
        { body[n] = $0 "\n" body[n] }
        END { for (; n; n--) { print head[n]; printf "%s", body[n] }; print ":00000001FF" }' "$1"
}

prepare() {
    head -c $size /dev/urandom >big.bin
    srec_cat big.bin -binary -o big.hex -intel -output_block_size=16
    records big.hex >descending.hex
    objcopy -I binary -O srec big.bin big.srec
    printf ':0100000001FE\n:02000004007F7B\n:01FFFF00FF02\n:00000001FF\n' >sparse.hex
    printf ':0100000001FE\n:00000001FF\n' >few.hex
    objcopy -I ihex -O srec few.hex few.srec
}

run() { # COMMAND...: seconds, KiB
    /usr/bin/time -o usage -f '%e %M' "$@" >/dev/null
    cat usage
}

# measure NAME FILE BYTES FEW COMMAND...: the file's name is appended, with 'FILE' replaced
measure() {
    local name=$1 file=$2 bytes=$3 few=$4 least=99 idle seconds peak
    shift 4
    read -r seconds idle < <(run "${@//FILE/$few}")
    for _ in 1 2 3 4 5; do
        read -r seconds peak < <(run "${@//FILE/$file}")
        least=$(printf '%s\n' "$least" "$seconds" | sort -n | head -n 1)
    done
    peak=$(((peak - idle) * 1024))
    awk -v name="$name" -v file="$file" -v seconds="$least" -v peak="$peak" -v bytes="$bytes" '
        BEGIN {
            printf "%-12s %-16s %5.2f s  %6.1f MiB", name, file, seconds, peak / 1048576
            if (bytes > 1000) printf ", %.1f times the data", peak / bytes
            print ""
        }'
    case $name:$file in
    avrspi:sparse.hex) [ "$peak" -lt 1048576 ] || failed=1 ;;
    avrspi:*) [ "$peak" -lt $((3 * bytes)) ] || failed=1 ;;
    esac
}

prepare
for file in big.hex descending.hex; do
    "$convert" $file back.raw >/dev/null && cmp back.raw big.bin
done
echo "files of $(stat -c %s big.hex) B with $size B of data, and one of 2 B at 0 and 0x7FFFFF:"
for file in big.hex descending.hex; do
    measure avrspi $file $size few.hex "$convert" FILE
    measure srec_cat $file $size few.hex srec_cat -disable-sequence-warnings FILE -intel -o out.bin -binary
    measure avr-objcopy $file $size few.hex avr-objcopy -I ihex -O binary FILE out.bin
done
measure avrspi big.srec $size few.srec "$convert" FILE
measure srec_cat big.srec $size few.srec srec_cat FILE -motorola -o out.bin -binary
measure avr-objcopy big.srec $size few.srec avr-objcopy -I srec -O binary FILE out.bin
measure avrspi sparse.hex 2 few.hex "$convert" FILE
[ "$failed" = 0 ] || {
    echo "bench: avrspi needs more memory than it may" >&2
    exit 1
}
