#!/bin/bash
# avrspi beside avrdude -c linuxspi, in turn, on the virtual board in real time; over GPIO lines
# beside its linuxgpio.
#
#     tests/bench/run.sh BUILD [FOLDER]
#
# BUILD is a build folder with avrspi and avrspi-board. FOLDER (default BUILD/bench) gets
# bench.txt, bench.json and bench.svg. Nothing is asserted about time: medians and ratios are
# printed. What is asserted is that avrspi never violated the datasheet, and the memory that it needs
# for large files. It takes about eight minutes, on a machine that has nothing else to do.
set -euo pipefail

build=$(cd "${1:?usage: tests/bench/run.sh BUILD [FOLDER]}" && pwd)
folder=${2:-$build/bench}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
avrspi=$build/avrspi
board=$build/avrspi-board
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rows=$work/rows.tsv
: >"$rows"

violated=$work/violated # exists when avrspi did what a datasheet forbids
needs_memory=$work/needs_memory # exists when it needed more than it may
dude_version=$(avrdude -? 2>&1 | sed -n 's/.*version \([0-9.]*[0-9]\).*/\1/p' | head -n 1)

dude=(avrdude -q -q -c linuxspi -P /dev/spidev0.0:/dev/gpiochip0)
calls=spi_transfers # which of the board's numbers counts system calls

# --- chips and files, the same for both tools

prepare() {
    head -c 32768 /dev/urandom >"$work/32k.bin"
    head -c 262144 /dev/urandom >"$work/256k.bin"
    head -c 8192 /dev/urandom >"$work/8k.bin"
    head -c 1024 /dev/urandom >"$work/1k.bin"
    head -c 512 /dev/urandom >"$work/512.bin"
    head -c 4096 "$work/32k.bin" >"$work/4k.bin"
    objcopy -I binary -O ihex --change-addresses 0x7E00 "$work/512.bin" "$work/boot.hex"
    # fuses for a 16 MHz crystal; the rest as delivered
    "$avrspi" -q -p "sim:atmega328p,state=$work/m328p-16M.sim" fuses --low 0xFF 2>/dev/null
    "$avrspi" -q -p "sim:atmega328p,state=$work/m328p-new.sim" sig
    "$avrspi" -q -p "sim:atmega2560,state=$work/m2560-16M.sim" fuses --low 0xFF 2>/dev/null
    # a full-swing crystal, as common Arduino cores have it: the fuses do not tell the clock
    "$avrspi" -q -p "sim:atmega328p,state=$work/m328p-swing.sim" fuses --low 0xF7 2>/dev/null
    "$avrspi" -q -p "sim:atmega8,fcpu=8000000,state=$work/m8-crystal.sim" \
        fuses --low 0xFF --high 0xC9 2>/dev/null
    # an Arduino Uno's bootloader, fuses and lock bits
    printf '%s\n' '[unit]' 'chip = ATmega328P' 'supply = 5.0' '[flash]' 'file = boot.hex' \
        '[fuses]' 'low = 0xFF' 'high = 0xDE' 'ext = 0xFD' '[lock]' 'lock = 0xCF' >"$work/uno.recipe"
    # one that holds data, for reading
    cp "$work/m328p-16M.sim" "$work/m328p-full.sim"
    "$avrspi" -q -p "sim:atmega328p,state=$work/m328p-full.sim" flash "$work/32k.bin"
}

# --- one measurement

failed() {
    cat "$work/out" >&2
    echo "bench: '$*' failed" >&2
    exit 1
}

# once CHIP STATE OVERHEAD COMMAND...: prints seconds, ioctls, bytes, violations
once() {
    local chip=$1 state=$2 overhead=$3
    shift 3
    cp "$work/$state.sim" "$work/now.sim"
    "$board" "$chip,state=$work/now.sim,overhead_us=$overhead,stats=$work/stats" -- "$@" \
        >"$work/out" 2>&1 || failed "$@"
    awk -F= -v calls="$calls" '{ v[$1] = $2 } END { print v["seconds"], v[calls], v["spi_bytes"],
        v["violations"] }' "$work/stats"
}

median() {
    sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# case_row NAME RUNS CHIP STATE DUDE-ARGUMENTS -- AVRSPI-ARGUMENTS
case_row() {
    local name=$1 runs=$2 chip=$3 state=$4
    shift 4
    local -a theirs=() ours=()
    while [ "$1" != -- ]; do
        theirs+=("$1")
        shift
    done
    shift
    ours=("$@")
    for overhead in ${overheads:-0 30 100}; do
        : >"$work/ours"
        : >"$work/theirs"
        for _ in $(seq "$runs"); do
            once "$chip" "$state" "$overhead" "${dude[@]}" "${theirs[@]}" >>"$work/theirs"
            once "$chip" "$state" "$overhead" "$avrspi" "${ours[@]}" >>"$work/ours"
        done
        local above # per cent
        above=$(sed -n -e 's/.* \([0-9]*\) % above the minimum.*/\1/p' \
            -e 's/.* at the minimum.*/0/p' "$work/out")
        awk -v name="$name" -v overhead="$overhead" -v above="${above:--}" -v runs="$runs" \
            -v ours="$(cut -d' ' -f1 "$work/ours" | median)" \
            -v theirs="$(cut -d' ' -f1 "$work/theirs" | median)" \
            -v violations="$(awk '{ sum += $4 } END { print sum }' "$work/ours")" \
            -v ours_counts="$(tail -n 1 "$work/ours" | cut -d' ' -f2-)" \
            -v theirs_counts="$(tail -n 1 "$work/theirs" | cut -d' ' -f2-)" 'BEGIN {
                split(ours_counts, o, " "); split(theirs_counts, t, " ")
                printf "%s\t%d\t%.3f\t%.3f\t%.2f\t%s\t%d\t%d\t%d\t%d\t%d\t%d\n", name, overhead,
                    ours, theirs, theirs / ours, above, o[1], t[1], o[2], t[2], violations, runs
            }' | tee -a "$rows" | awk -F'\t' '{
                printf "%-34s %4d us  avrspi %7.3f s  avrdude %7.3f s  %6.2f x  above %s %%  " \
                    "ioctls %d/%d  bytes %d/%d  violations %d\n",
                    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 }'
        awk '$4 { exit 1 }' "$work/ours" || touch "$violated"
    done
}

# --- GPIO lines: calls are those that set lines, avrdude's reads of MISO are not counted

lines() {
    local -a dude=(avrdude -q -q -C "+$work/pins.conf" -c pins)
    local -a over=(-p 'gpio:sck=GPIO11,mosi=GPIO10,miso=GPIO9')
    local calls=gpio_ioctls overheads=0 words=no-spidev,gpio-base=1
    printf '%s\n' programmer 'id = "pins";' 'desc = "GPIO lines";' 'type = "linuxgpio";' \
        'prog_modes = PM_ISP;' 'reset = 26; sck = 12; sdo = 11; sdi = 10;' ';' >"$work/pins.conf"
    case_row "lines: 512 B bootloader" 3 "atmega328p,$words" m328p-16M \
        -p m328p -U "flash:w:$work/boot.hex:i" -- "${over[@]}" --speed 2M flash "$work/boot.hex"
    case_row "lines: read 4 KiB" 1 "atmega328p,$words" m328p-full \
        -p m328p -U "flash:v:$work/4k.bin:r" \
        -- "${over[@]}" --speed 2M read flash --range 0:4096 -o "$work/back.bin"
    case_row "lines: signature" 3 "atmega328p,$words" m328p-16M -p m328p -- "${over[@]}" --speed 2M sig
}

# --- how time grows with size

growth() {
    echo
    echo "seconds against bytes (ATmega2560, 16 MHz crystal, SCK 2 MHz, 30 us an ioctl):"
    for kib in 1 2 4 8 16 32 64 128 256; do
        head -c $((kib * 1024)) "$work/256k.bin" >"$work/part.bin"
        once atmega2560 m2560-16M 30 "$avrspi" --speed 2M flash "$work/part.bin" |
            awk -v kib="$kib" '{ printf "%4d KiB  %7.3f s  %6.2f ms/KiB\n", kib, $1,
                $1 * 1000 / kib; exit $4 != 0 }' || touch "$violated"
    done
}

# An Arduino Uno's job, 512 bytes, fuses and lock bits on a chip as delivered: by a recipe, by four
# commands, and by one of avrdude. What that gives up is counted in place of ending the bench: it
# reads a fuse before the time for the write is over, and takes what it hopes for as the end of it.
uno_job() { # RUNS
    local four="$avrspi -q fuses --low 0xFF --high 0xDE --ext 0xFD &&
        $avrspi -q flash $work/boot.hex && $avrspi -q verify $work/boot.hex &&
        $avrspi -q fuses --lock 0xCF"
    local given_up=0
    for _ in $(seq "$1"); do
        once atmega328p m328p-new 30 "$avrspi" burn "$work/uno.recipe" >>"$work/by_recipe"
        once atmega328p m328p-new 30 bash -c "$four" >>"$work/by_four"
        cp "$work/m328p-new.sim" "$work/now.sim"
        "$board" "atmega328p,state=$work/now.sim,overhead_us=30,stats=$work/stats" -- "${dude[@]}" \
            -B 225kHz -p m328p -e -U "flash:w:$work/boot.hex:i" -U lfuse:w:0xFF:m \
            -U hfuse:w:0xDE:m -U efuse:w:0xFD:m -U lock:w:0xCF:m >/dev/null 2>&1 ||
            given_up=$((given_up + 1))
        sed -n 's/^seconds=//p' "$work/stats" >>"$work/by_avrdude"
    done
    awk '$4 { exit 1 }' "$work/by_recipe" "$work/by_four" || touch "$violated"
    echo
    echo "an Uno's bootloader, fuses and lock bits on a new chip (30 us an ioctl):"
    awk -v recipe="$(cut -d' ' -f1 "$work/by_recipe" | median)" -v runs="$1" \
        -v four="$(cut -d' ' -f1 "$work/by_four" | median)" \
        -v avrdude="$(median <"$work/by_avrdude")" -v given_up="$given_up" 'BEGIN {
            printf "burn %.3f s  four commands %.3f s  avrdude %.3f s (%d of %d runs given up)\n",
                recipe, four, avrdude, given_up, runs }'
    echo "by the clock of the simulated chip: burn $(simulated burn "$work/uno.recipe") s," \
        "four commands $({
            simulated fuses --low 0xFF --high 0xDE --ext 0xFD
            simulated flash "$work/boot.hex"
            simulated verify "$work/boot.hex"
            simulated fuses --lock 0xCF
        } | awk '{ sum += $1 } END { print sum }') s"
    rm -f "$work/uno.sim"
}

# Seconds of a command, without what the computer adds.
simulated() { # COMMAND...
    [ "$1" != burn ] || rm -f "$work/uno.sim"
    "$avrspi" --json -p "sim:atmega328p,state=$work/uno.sim" "$@" 2>/dev/null | jq .seconds
    [ "$1" != burn ] || rm -f "$work/uno.sim"
}

# Large files, without a target.
large_files() {
    echo
    "$(dirname "$0")/files.sh" "$build/tests/files/convert" || touch "$needs_memory"
}

units_side_by_side() {
    echo
    "$(dirname "$0")/gang.sh" "$build" || touch "$violated"
}

# --- output

to_json() {
    jq -R -s 'split("\n") | map(select(length > 0) | split("\t") | {
        case: .[0], overhead_us: (.[1] | tonumber), avrspi_seconds: (.[2] | tonumber),
        avrdude_seconds: (.[3] | tonumber), ratio: (.[4] | tonumber),
        above_minimum_percent: (.[5] | tonumber? // null), avrspi_ioctls: (.[6] | tonumber),
        avrdude_ioctls: (.[7] | tonumber), avrspi_bytes: (.[8] | tonumber),
        avrdude_bytes: (.[9] | tonumber), violations: (.[10] | tonumber),
        runs: (.[11] | tonumber)})' "$rows"
}

# Bars for 30 us an ioctl, the usual cost on a Pi: how many times as long avrdude takes.
to_svg() {
    awk -F'\t' -v version="$dude_version" '$2 == 30 { n++; name[n] = $1; ratio[n] = $5; ours[n] = $3; theirs[n] = $4 }
    END {
        for (i = 1; i <= n; i++) if (ratio[i] > most) most = ratio[i]
        height = 60 + n * 34
        printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"760\" height=\"%d\" " \
            "font-family=\"sans-serif\" font-size=\"13\">\n", height
        print "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>"
        print "<text x=\"10\" y=\"24\" font-weight=\"bold\">How many times as long avrdude " \
            version " -c linuxspi takes (virtual board, 30 us an ioctl)</text>"
        for (i = 1; i <= n; i++) {
            y = 44 + (i - 1) * 34; width = ratio[i] / most * 300
            printf "<text x=\"10\" y=\"%d\">%s</text>\n", y + 16, name[i]
            printf "<rect x=\"270\" y=\"%d\" width=\"%.0f\" height=\"22\" fill=\"#2980b9\"/>\n",
                y, width
            printf "<text x=\"%.0f\" y=\"%d\">%.1f x   (%.2f s, %.2f s)</text>\n", 276 + width,
                y + 16, ratio[i], ours[i], theirs[i]
        }
        print "</svg>"
    }' "$rows"
}

prepare
{
    echo "$("$avrspi" --version | head -n 1), libgpiod $(pkg-config --modversion libgpiod)," \
        "avrdude $dude_version"
    echo
    case_row "32 KiB flash, SCK 2 MHz both" 3 atmega328p m328p-16M \
        -B 2MHz -p m328p -U "flash:w:$work/32k.bin:r" -- --speed 2M flash "$work/32k.bin"
    case_row "32 KiB flash, defaults, 16 MHz" 1 atmega328p m328p-16M \
        -p m328p -U "flash:w:$work/32k.bin:r" -- flash "$work/32k.bin"
    case_row "32 KiB flash, defaults, new chip" 1 atmega328p m328p-new \
        -p m328p -U "flash:w:$work/32k.bin:r" -- flash --turbo "$work/32k.bin"
    case_row "512 B bootloader, SCK 2 MHz both" 3 atmega328p m328p-16M \
        -B 2MHz -p m328p -U "flash:w:$work/boot.hex:i" -- --speed 2M flash "$work/boot.hex"
    case_row "256 KiB flash, SCK 2 MHz both" 1 atmega2560 m2560-16M \
        -B 2MHz -p m2560 -U "flash:w:$work/256k.bin:r" \
        -- --speed 2M flash "$work/256k.bin"
    case_row "1 KiB EEPROM, SCK 2 MHz both" 3 atmega328p m328p-16M \
        -B 2MHz -p m328p -U "eeprom:w:$work/1k.bin:r" -- --speed 2M eeprom "$work/1k.bin"
    case_row "read 32 KiB, SCK 2 MHz both" 3 atmega328p m328p-full \
        -B 2MHz -p m328p -U "flash:r:$work/back.bin:r" \
        -- --speed 2M read flash -o "$work/back.bin"
    case_row "signature" 3 atmega328p m328p-16M -B 2MHz -p m328p -- --speed 2M sig
    for name in f/2.2 f/3 limit; do # how far the chip follows trials of its clock
        sync=${name#f/}
        case_row "32 KiB, full-swing crystal, $name" 1 "atmega328p,fcpu=16000000,sync=$sync" \
            m328p-swing -p m328p -U "flash:w:$work/32k.bin:r" -- flash "$work/32k.bin"
    done
    case_row "8 KiB, ATmega8, 8 MHz crystal, f/3" 1 atmega8,fcpu=8000000,sync=3 m8-crystal -p m8 \
        -U "flash:w:$work/8k.bin:r" -- flash "$work/8k.bin"
    uno_job 5
    lines
    growth
    large_files
    units_side_by_side
} | tee "$folder/bench.txt"
to_json >"$folder/bench.json"
to_svg >"$folder/bench.svg"
[ ! -e "$violated" ] || {
    echo "bench: the datasheet was violated" >&2
    exit 1
}
[ ! -e "$needs_memory" ] || exit 1
