#!/bin/bash
# SPDX-License-Identifier: MIT
# Every command with -n: it writes nothing, and forecasts how long the run takes: dry_run.sh AVRSPI
#
# The state file of a simulated chip has its memories, fuses, and the number of its erases and page
# writes. It must be the same after a dry run, byte for byte; then the same command is run, and
# takes no longer than it was said, and hardly less, in virtual time. Says 'N passed, N failed' last.
set -u
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/lib.sh
. "$here/../lib.sh"
program "dry_run.sh AVRSPI" "$@"
have jq || exit 77
workplace "$here/data"
"$avrspi" -q -p sim:atmega328p burn --record units.db program.hex
commands=" " # that a case has run
ports=()     # options of the chip

# A chip as it leaves the factory, with a program and settings in it.
use() { # CHIP
    ports=(-c "$1" -p "sim:$1,state=chip.sim")
    prefix="$1: "
    rm -f chip.sim
    "$avrspi" "${ports[@]}" -q flash program.hex || not_ok "a program is written"
    "$avrspi" "${ports[@]}" -q eeprom settings.bin || not_ok "settings are written"
}

run() { # FILE ARGUMENT...: as JSON
    local file=$1
    shift
    "$avrspi" "${ports[@]}" --json "$@" >"$file" 2>&1
}

# What differs between two states. Trials of the clock are made in a dry run too, as the forecast
# depends on them: Programming Enables in vain, which write nothing.
changes() { # FILE FILE
    diff <(grep -v ^failed-enables "$1") <(grep -v ^failed-enables "$2") | cut -c -70
}

writes_nothing() { # ARGUMENT...
    local code
    cp chip.sim before.sim
    run dry.json -n "$@"
    code=$?
    same "-n $*: exit status" 0 $code
    same "-n $*: the state" "" "$(changes before.sim chip.sim)"
}

# A command that writes.
would_write() { # ARGUMENT...
    commands="$commands$* "
    writes_nothing "$@"
    run real.json "$@"
    same "$*: exit status" 0 $?
    same "$*: writes" no "$(cmp -s before.sim chip.sim && echo yes || echo no)"
    same "$*: time and forecast" "97 % to 100 %" "$(compare_times)"
    same "$*: violations" "0 0" "$(jq -r .violations dry.json real.json | xargs)"
}

# The forecast takes the longest wait of each write, as a simulated chip does, and the latest moment
# at which it can be noticed that the wait is over.
compare_times() {
    jq -n -r --slurpfile dry dry.json --slurpfile real real.json '
        $real[0].seconds as $took | $dry[0].plan.seconds as $forecast |
        if $took <= $forecast and $took >= $forecast * 0.97 then "97 % to 100 %"
        else "\($took) s, forecast \($forecast) s" end'
}

# One that only reads, or finds nothing to write.
would_not_write() { # ARGUMENT...
    commands="$commands$* "
    writes_nothing "$@"
    run real.json "$@"
    same "$*: writes nothing either" "" "$(changes before.sim chip.sim)"
}

# The lines on standard input are commands that write; each has a chip of its own.
each_in_turn() { # CHIP
    local line
    while read -r line; do
        use "$1"
        # shellcheck disable=SC2086 # words
        would_write $line
    done
}

# --- the cases: chips that are written by pages and by bytes, with RDY/BSY and without

each_writer() { # CHIP
    each_in_turn "$1" <<'END'
erase
erase --keep-eeprom
flash other.hex
flash --no-verify other.hex
flash --full other.hex
flash --keep-eeprom other.hex
flash --update other.hex
flash --update --full other.hex
flash zeros.bin
flash blank.bin
eeprom short.bin
eeprom --no-verify short.bin
eeprom gaps.hex
burn other.hex
burn --full --keep-eeprom other.hex
END
    use "$1"
    would_write flash --no-erase over.hex
    use "$1"
    would_write flash --update clears.hex
    would_not_write flash --update clears.hex
    would_not_write eeprom settings.bin
}

of_newer_chips() { # CHIP
    each_in_turn "$1" <<'END'
fuses --low 0xE2
fuses --low 0xE2 --high 0xDF --ext 0xFD --lock 0xFE
fuses --lock 0xFE
fuses --set CKDIV8=off --set EESAVE=on
erase --keep-eeprom
erase --keep-boot
flash --keep-boot other.hex
flash --keep-boot --keep-eeprom --turbo other.hex
flash --turbo other.hex
flash --turbo --no-verify other.hex
flash --turbo --full other.hex
flash --turbo --update other.hex
flash --turbo zeros.bin
eeprom --turbo short.bin
burn other.hex fuses.hex
burn --turbo other.hex fuses.hex short.eep
END
    use "$1"
    "$avrspi" "${ports[@]}" -q fuses --low 0xE2
    would_write fuses --default
    would_not_write fuses --default
    "$avrspi" "${ports[@]}" -q fuses --set EESAVE=on
    would_write erase --keep-eeprom
}

readers() {
    use "$1"
    would_not_write sig
    would_not_write fuses
    would_not_write fuses --verify --low 0x62
    would_not_write verify program.hex
    would_not_write verify --turbo program.hex
    would_not_write read flash -o back.hex
    would_not_write read flash --twice -o back.hex
    would_not_write read flash --turbo -o back.hex
    would_not_write read all -o back.hex
    would_not_write read all --turbo -o back/
    would_not_write info program.hex
    would_not_write burn --from-target -o unit.recipe
    would_not_write report units.db
    would_not_write clock off
    would_not_write send 30 00 00 00
    would_not_write wiring atmega328p --board pi4
    would_not_write doctor
    would_not_write diff program.hex target
    would_not_write diff --turbo target program.hex
    would_not_write chips "$1"
}

every_command() {
    local command
    for command in $("$avrspi" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
        case $commands in
        *" $command "*) ok "a case for $command" ;;
        *) not_ok "a case for $command" ;;
        esac
    done
}

# what fits the smallest of the chips
for file in program other clears; do
    sed -i '/^:[0-9A-F]\{2\}7E/d' $file.hex
done
head -c 900 /dev/zero >zeros.bin
head -c 20 /dev/zero >short.bin
printf ':020000040000FA\n:0400000012345678E8\n:00000001FF\n' >short.eep # 0 and on
printf ':020000040082%s\n:01000000E21D\n:020000040083%s\n:01000000FE01\n:00000001FF\n' 78 77 >fuses.hex
head -c 64 /dev/urandom >settings.bin
head -c 200 /dev/zero | tr '\0' '\377' >blank.bin
for address in $(seq 0 8 56); do # one byte in eight
    printf ':0100%02X005A%02X\n' "$address" $(((256 - 1 - address - 0x5A) & 255))
done >gaps.hex
echo ':00000001FF' >>gaps.hex
printf ':020000000000FE\n:00000001FF\n' >over.hex

for chip in atmega328p atmega8 at90s2313 attiny13; do
    each_writer $chip
done
of_newer_chips atmega328p
readers atmega328p
prefix=
every_command
finish
