#!/bin/sh
# SPDX-License-Identifier: MIT
# What avrspi and avrdude do with a target that is behind the kernel's own interfaces.
#
#     cases.sh TARGET
#
# TARGET is a program that gives others such a target:
#
#     TARGET WORDS NUMBERS PROGRAM [ARGUMENT...]
#
# puts a new chip, "CHIP[,WORD...]", after /dev/spidev0.0 and line 25 of /dev/gpiochip0, runs the
# program, writes the numbers of the run as key=value lines to the file NUMBERS, and exits as the
# program did. In the environment:
#
#     ALIGNMENT   to which spidev rounds up the length of each transfer; unset: not tested
#     BOARD       the virtual board, where that is the target
#     PROBE       the program made of tests/board/probe.c; unset: its cases are skipped
#     OVER        a port of GPIO lines, "gpio:...": cases that go by any port use it, on a board
#                 without an SPI device, and the others are left out
#     ONLY        runs the parts named only: chips, stop, busy, clock, several, gang, spidev,
#                 gpio, lines, sck, wiring, avrdude, linuxgpio
#
# avrspi is taken from PATH, and so are avrdude, gpiodetect and gpioinfo, whose cases are skipped
# where they are not installed. Prints 'ok NAME' or 'not ok NAME' for each case and '# TEXT'
# between them, and 'N passed, N failed' last; exits 0 when nothing failed.
set -u
export LC_ALL=C

[ $# -eq 1 ] || {
    echo "usage: cases.sh TARGET" >&2
    exit 2
}
case $1 in /*) target=$1 ;; *) target=$PWD/$1 ;; esac
# also in a virtual machine, where both are in the root folder
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
temporary
cd "$tmp" || exit 1
status=0
PWM_PIN=${PWM_PIN:+ --xtal-pin $PWM_PIN}
unset AVRSPI_PORT AVRSPI_RESET AVRSPI_CHIP
export HOME="$tmp" XDG_CONFIG_HOME="$tmp"
over=
# The places of three chips: two on one bus, at GPIO25 and GPIO24, and one on another bus.
port=/dev/spidev0.0 port_beside=/dev/spidev0.1 port_apart=/dev/spidev1.0
reset_apart=gpiochip1:5
on_apart=bus=1,reset=$reset_apart
if [ -n "${OVER-}" ]; then
    export AVRSPI_PORT="$OVER"
    over=,no-spidev
    port=$OVER port_beside=$OVER port_apart=gpio:sck=GPIO17,mosi=GPIO27,miso=GPIO22
    on_apart=sck=17,mosi=27,miso=22,reset=$reset_apart
fi

# The words of one chip or several, on the board that they are for: words of the board stand with
# the first chip.
on_board() { # WORDS
    echo "${1%% *}$over${1#"${1%% *}"}"
}

# run WORDS COMMANDS: a shell with a new chip. Leaves 'out', 'numbers' and $status.
run() {
    "$target" "$(on_board "$1")" "$tmp/numbers" sh -c "$2" >out 2>&1
    status=$?
}

value() { # KEY: of the run's numbers
    number "$1" numbers
}

explain() {
    sed 's/^/# output    /; 20q' out
    sed 's/^/# numbers   /' numbers
}

# What has to hold after every run that was let end on its own, for each chip. RESET is where the
# target pulls it, which without power is low on the virtual board.
released=high
check_clean() { # NAME [KIND OF VIOLATION...]: those are allowed
    what=$1
    shift
    rest=
    # shellcheck disable=SC2013
    for line in $(grep 'violation\.' numbers); do
        kind=${line#*violation.}
        case " $* " in *" ${kind%=*} "*) ;; *) rest="$rest $line" ;; esac
    done
    same "$what: no violations, RESET released" "RESET $released" \
        "RESET $(sed -n 's/^.*reset_level=//p' numbers | sort -u | xargs)$rest"
    [ -z "$over" ] || check_number "$what: no line left driven" left_driven ""
}

# The same when the target's numbers do not tell.
check_number() { # NAME KEY EXPECTED
    grep -q "^$2=" numbers && same "$1" "$3" "$(value "$2")"
}

wanted() { # PART
    case " ${ONLY:-$1} " in *" $1 "*) echo "# $1" ;; *) return 1 ;; esac
}

# Bytes that look like nothing in particular: pages of 0xFF and all values between.
bytes() { # COUNT
    awk -v count="$1" 'BEGIN {
        for (n = 0; n < count; n++)
            printf "%02X\n", int(n / 256) % 5 == 3 ? 255 : (n * 7 + int(n / 256) * 13) % 256
    }'
}

# From hex digits, two a line.
decode='function value(hex) {
    return index(digits, substr(hex, 1, 1)) * 16 + index(digits, substr(hex, 2, 1)) - 17
}
BEGIN { digits = "0123456789ABCDEF" }'

ihex() {
    awk "$decode"'
        function flush() {
            if (count)
                printf ":%02X%04X00%s%02X\n", count, at, line,
                    (256 - (sum + count + int(at / 256) + at % 256) % 256) % 256
            at += count; count = 0; sum = 0; line = ""
        }
        { line = line $1; sum += value($1); if (++count == 16) flush() }
        END { flush(); print ":00000001FF" }'
}

raw() {
    # shellcheck disable=SC2059
    printf "$(awk "$decode"' { printf "\\%03o", value($1) }')"
}

# Over lines a byte takes 24 system calls: some of them show as much as many.
amount() { # BYTES BYTES-OVER-LINES
    if [ -z "$over" ] || [ "$1" -lt "$2" ]; then echo "$1"; else echo "$2"; fi
}

program() { # SIZE; leaves $size
    size=$(amount "$1" 150)
    bytes "$size" >digits
    ihex <digits >program.hex
    raw <digits >program.bin
}

program 1500
head -c 30000 /dev/zero >zeros.bin
in_eeprom=$(amount 100 24)
bytes "$in_eeprom" | raw >eeprom.bin

# The commands, on a chip with pages and many fuses, on one of 1997 that is programmed byte by
# byte and has no readable fuses, on one with an extended address, and on one without RDY/BSY.

chip() { # WORDS SIGNATURE SIZE VERIFY LOCK: how, and how a comparison of lock bits ends
    name=${1%%,*} both="avrspi $4 program.hex && avrspi verify program.bin &&"
    [ -z "$over" ] || both= # 'flash' has done it
    program "$3"
    run "$1" "avrspi sig"
    same "$name: sig" "0 $2" "$status $(grep -o '1E .. ..' out | head -n 1)"
    check_clean "$name: sig"
    run "$1" "avrspi -c $name flash program.hex && $both
        avrspi read flash --range 0:$size -o flash.bin && cmp flash.bin program.bin &&
        avrspi erase && avrspi verify program.hex"
    same "$name: flash, verify, read, erase" 5 $status
    check_clean "$name: flash, verify, read, erase"
    run "$1" "avrspi eeprom eeprom.bin && avrspi verify -m eeprom eeprom.bin &&
        avrspi read eeprom --range 0:$in_eeprom -o back.bin && cmp back.bin eeprom.bin"
    same "$name: eeprom" 0 $status
    check_clean "$name: eeprom"
    run "$1" "avrspi fuses && avrspi fuses --lock 0xFC && avrspi fuses --lock 0xFC --verify"
    same "$name: fuses, lock" "$5" $status
    check_clean "$name: fuses, lock"
}

backup_cases() {
    program 500
    run attiny13 "avrspi -q flash program.hex && avrspi -q fuses --set EESAVE=on --lock 0xFE &&
        avrspi -q read all -o all/ && avrspi -q erase && avrspi -q burn all/ &&
        avrspi -q read all -o again/ && cat all/* >all.txt && cat again/* >again.txt &&
        cmp all.txt again.txt && avrspi -q burn all/ -n"
    same "read all, burn: the second backup is the first" 0 $status
    check_clean "read all, burn: the second backup is the first"
}

chip_cases() {
    chip at90s2313,fcpu=4000000 "1E 91 01" 150 "verify --full" 8
    chip atmega8,fcpu=16000000 "1E 93 07" 1500 "verify --full" 0
    chip atmega2560,fcpu=16000000 "1E 98 01" 1500 verify 0
    chip atmega328p,fcpu=16000000 "1E 95 0F" 1500 verify 0
    program "$(amount 4000 60)"
    run atmega328p,fcpu=16000000 "avrspi -q fuses --low 0xF7 && avrspi flash program.hex &&
        avrspi verify program.hex"
    same "flash: trials of the clock" 0 $status
    check_clean "flash: trials of the clock"
    run atmega328p "avrspi fuses --low 0xE2 --high 0xD1 && avrspi fuses --verify --low 0xE2 \
        --high 0xD1 --ext 0xFF && avrspi sig"
    same "fuses: a faster clock" "0 1800000" \
        "$status $(sed -n 's/.*SCK .*\([0-9]\.[0-9]*\) MHz.*/\1/p' out | tail -n 1 |
            sed 's/^1.7986$/1.8/; s/\.//; s/$/00000/')" # of a Raspberry Pi 4's core clock
    check_clean "fuses: a faster clock"
    [ -n "$over" ] || backup_cases # of whole memories
    run atmega328p "avrspi fuses --high 0x59"
    same "fuses: what ends SPI programming is refused" 8 $status
    run atmega328p "avrspi -c atmega8 flash program.hex"
    same "another chip than the one asked for" 4 $status
}

while_held() { # REQUEST COMMAND: what a run does while another program holds a line
    echo "$PROBE $1 sleep=20000 >held & n=0
        until grep -s request held >/dev/null || [ \$((n += 1)) -gt 500 ]; do sleep 0.02; done
        $2; echo exit \$?; kill \$!; wait"
}

# A run that is stopped. A shell's background jobs ignore SIGINT, so that it is the one who sends
# the signal that is in the background.

# Waits until avrspi is at work, for a few seconds at most.
cat >at_work <<END
${PROBE:+n=0
until $PROBE info-v2=25 | grep avrspi >/dev/null || [ \$((n += 1)) -gt 200 ]; do
    sleep 0.01
done
$PROBE info-v2=25}
sleep 0.3
END

stop() { # SIGNAL WORDS COMMAND
    rm -f flash.bin
    run "$2" "
        (sh at_work; kill -$1 \$(cat pid)) &
        sh -c 'echo \$\$ >pid; exec $3'
        echo exit \$?
        wait
        ${PROBE:+$PROBE info-v2=25}
        avrspi sig"
}

# What is said of a line that a run has left active: where the kernel keeps it.
left_active="GPIO25 was left holding the target in reset"
left() { # KERNEL
    [ "$1" != pi ] || echo "$left_active"
}

check_released() { # NAME PULL
    check_number "$1: RESET is high" reset_level high
    check_number "$1: its bias" reset_pull "$2"
}

stop_cases() {
    for number in 130 143 129 131; do
        signal=$(echo 129 HUP 130 INT 131 QUIT 143 TERM | sed "s/.*$number \([A-Z]*\).*/\1/")
        stop "$signal" atmega2560,fcpu=16000000 "avrspi read flash -o flash.bin"
        same "SIG$signal: exit status" "exit $number" "$(grep '^exit' out)"
        same "SIG$signal: the next run finds the chip" 0 $status
        check_clean "SIG$signal"
        check_number "SIG$signal: RESET was high before it was released" let_go_low 0
        same "SIG$signal: no half file" no "$([ -e flash.bin ] && echo yes || echo no)"
        [ -z "${PROBE-}" ] || same "SIG$signal: the line, before and after" \
            "GPIO25 avrspi 267 GPIO25 - 4" \
            "$(sed -n 's/^info-v2=25: //p' out | xargs)"
    done
    stop TERM atmega328p,fcpu=16000000 "avrspi flash zeros.bin"
    same "SIGTERM while flash is written: exit status" "exit 143" "$(grep '^exit' out)"
    check_clean "SIGTERM while flash is written"
    stop KILL atmega2560,fcpu=16000000 "avrspi read flash -o flash.bin"
    same "SIGKILL: exit status" "exit 137" "$(grep '^exit' out)"
    same "SIGKILL: the next run finds the chip" 0 $status
    same "SIGKILL: RESET released" high "$(value reset_level)"
    check_number "SIGKILL: the kernel released it" let_go_low 1
    # the direction it shows is not to be relied on: Linux goes by what was asked for last
    [ -z "${PROBE-}" ] || same "SIGKILL: the line, before and after" "GPIO25 avrspi GPIO25 -" \
        "$(sed -n 's/^info-v2=25: \(.*\) .*/\1/p' out | xargs)"
    for kernel in upstream pi; do
        stop KILL "atmega328p,fcpu=16000000,kernel=$kernel" "avrspi flash zeros.bin"
        same "SIGKILL while flash is written, kernel=$kernel: exit status" "exit 137" \
            "$(grep '^exit' out)"
        same "SIGKILL while flash is written, kernel=$kernel: the next run finds the chip" 0 $status
        same "SIGKILL while flash is written, kernel=$kernel: what it says" "$(left $kernel)" \
            "$(grep -o "$left_active" out)"
        check_released "SIGKILL while flash is written, kernel=$kernel" up
    done
    stop KILL atmega328p "avrspi flash --turbo zeros.bin"
    same "SIGKILL with --turbo: exit status" "exit 137" "$(grep '^exit' out)"
    # over lines there is nothing to raise
    [ -n "$over" ] || same "SIGKILL with --turbo: the next run says how to set the fuse back" "avrspi fuses --low 0x62" \
        "$(sed -n "s/^avrspi: warning: .* raised the low fuse, .*'\(avrspi .*\)' sets.*/\1/p" out)"
    rm -rf .local
    run atmega328p "avrspi read flash --range 0:$(amount 4096 400) | head -n 1"
    same "a reader that goes away: nobody is left in reset" high "$(value reset_level)"
}

# Two at a time.

busy_cases() {
    run atmega2560 "
        avrspi read flash -o flash.bin & sh at_work
        avrspi sig; echo exit \$?
        kill \$!; wait \$!; echo exit \$?
        avrspi sig"
    same "two at a time: exit status" "exit 6 exit 143" "$(grep '^exit' out | xargs)"
    held="'/dev/spidev0.0' is held by another avrspi"
    [ -z "$over" ] || held="the SCK line 'GPIO11' is held by 'avrspi'"
    same "two at a time: what is held" "$held" "$(sed -n 's/^avrspi: \(.* is held by .*\)/\1/p' out)"
    same "two at a time: the third has it" 0 $status
    check_clean "two at a time"
    [ -n "${PROBE-}" ] || return
    run atmega328p "$(while_held request-v1=25:2:1 "avrspi sig")"
    same "another program holds the line" "exit 6 held by 'probe'" \
        "$(grep '^exit' out) $(grep -o "held by '[^']*'" out)"
    if [ -z "$over" ]; then
        run atmega328p "avrspi -r gpiochip0:8 sig"
        same "the kernel holds the line" "6 held by 'spi0 CS0' dtoverlay=spi0-0cs" \
            "$status $(grep -o "held by '[^']*'" out) $(grep -o 'dtoverlay=spi0-0cs' out)"
    fi
    if [ -n "${BOARD-}" ]; then
        run atmega328p,busy=sysfs,gpio-base=512 "avrspi sig"
        same "the old interface holds the line" \
            "6 held by 'sysfs' echo 537 | sudo tee /sys/class/gpio/unexport" \
            "$status $(grep -o "held by '[^']*'" out) $(grep -o 'echo 5.*unexport' out)"
    fi
    run atmega2560 "avrspi read flash -o flash.bin & sh at_work
        avrspi -r GPIO24 sig; echo exit \$?; kill \$!; wait"
    same "another line, the same device" "exit 6 $held" \
        "$(grep '^exit' out) $(sed -n 's/^avrspi: \(.* is held by .*\)/\1/p' out)"
    # a second chip select of the same bus, where there is one
    run atmega2560 "[ -e /dev/spidev0.1 ] || exit 77
        avrspi read flash -o flash.bin & sh at_work
        avrspi -p /dev/spidev0.1 -r GPIO24 sig; echo exit \$?; kill \$!; wait"
    [ $status = 77 ] || same "another chip select of the same bus" \
        "exit 6 '/dev/spidev0.0', which has the same wires as '/dev/spidev0.1', is held" \
        "$(grep '^exit' out) $(grep -o "'/dev/spidev0.0'.* is held" out)"
}

# A clock at XTAL1 by the PWM of the header: the virtual board's, or one that the machine's kernel has.
# That is named in the environment, by PWM_PIN as --xtal-pin takes it ("pwmchip0:0"), and the words
# of the target with it by CLOCK_TARGET.

# Waits until a clock runs, for a few seconds at most.
cat >clock_runs <<'END'
n=0
until grep 1 /sys/class/pwm/pwmchip0/pwm0/enable >/dev/null 2>&1 || [ $((n += 1)) -gt 200 ]; do
    sleep 0.01
done
END

# What a channel gives: "160 80 1", "off" where it has no files.
cat >wave <<'END'
p=/sys/class/pwm/pwmchip0/pwm0
cat $p/period $p/duty_cycle $p/enable 2>/dev/null | xargs | grep . || echo off
END

check_off() { # NAME
    same "$1: the clock is off" off "$(sed -n 's/^wave: //p' out | tail -n 1)"
    check_number "$1: nothing is on the pin" pwm_hz 0
}

# clock_by SIGNAL COMMAND: while its clock runs the command gets a signal.
clock_by() {
    run "$clock_target" "
        (sh clock_runs; echo wave: \$(sh wave); sleep 0.1; kill -$1 \$(cat pid)) &
        sh -c 'echo \$\$ >pid; exec $2'
        echo exit \$?
        wait
        echo wave: \$(sh wave)"
}

# The clock alone.
clock_alone_cases() {
    for number in 0:INT 143:TERM 129:HUP 131:QUIT; do
        clock_by "${number#*:}" "avrspi$PWM_PIN clock 6M"
        same "clock, SIG${number#*:}: exit status" "exit ${number%:*}" "$(grep '^exit' out)"
        same "clock, SIG${number#*:}: what it gives" "${six:-160 80 1}" \
            "$(sed -n 's/^wave: //p' out | head -n 1)"
        check_off "clock, SIG${number#*:}"
    done
    clock_by KILL "avrspi$PWM_PIN clock"
    same "clock, SIGKILL: it runs on" "exit 137 1000 500 1" \
        "$(grep '^exit' out) $(sed -n 's/^wave: //p' out | tail -n 1)"
    run "$clock_target" "
        (sh clock_runs; kill -KILL \$(cat pid)) &
        sh -c 'echo \$\$ >pid; exec avrspi$PWM_PIN clock'
        wait; avrspi sig; avrspi$PWM_PIN --xtal 2M sig; avrspi sig; avrspi clock off; avrspi clock off
        echo wave: \$(sh wave); avrspi sig"
    same "clock, SIGKILL: each of the next runs names it, until 'clock off'" "3 1 1" \
        "$(grep -c 'a clock of 1 MHz still runs at .*avrspi clock off' out) $(grep -c '^clock.*off: 1 MHz at' out) $(grep -c 'none runs' out)"
    check_off "clock, SIGKILL, clock off"
    run "$clock_target" "avrspi$PWM_PIN clock --keep 12.5M; echo wave: \$(sh wave); avrspi$PWM_PIN clock -n 1M
        avrspi -n clock off; echo wave: \$(sh wave); avrspi clock off; echo wave: \$(sh wave)"
    same "clock --keep, -n, clock off" "0 80 40 1 80 40 1 off" \
        "$status $(sed -n 's/^wave: //p' out | xargs)"
    run "$clock_target" "avrspi$PWM_PIN clock & sh clock_runs; avrspi$PWM_PIN clock 2M; echo exit \$?
        avrspi clock off; echo exit \$?; avrspi sig; kill \$!; wait; echo wave: \$(sh wave)"
    same "clock, a second one" "exit 6 exit 6 2" "$(grep '^exit' out | xargs) $(
        grep -c "the clock at .* is run by another avrspi" out)"
    same "clock, a second one: a clock that a process runs is none that was left" 0 \
        "$(grep -c 'still runs' out)"
    check_off "clock, a second one"
    [ -n "${BOARD-}" ] || return 0
    run "atmega328p,pwm" "avrspi --xtal-pin GPIO18 clock off; avrspi -q clock --keep 2M
        avrspi --xtal-pin GPIO18 clock off; avrspi --xtal-pin GPIO18 clock off"
    same "clock off of a pin: what runs there" "0 none runs off: 2 MHz at GPIO18 (pin 12) none runs" \
        "$status $(sed -n 's/^clock  *//p' out | xargs -d '\n')"
    run "atmega328p,pwm" "avrspi --json clock --keep 6M; avrspi --json clock off"
    same "clock: JSON" "wanted_hz 6000000 hz 6250000 error_ppm 41667 pin GPIO18 pwm_chip pwmchip0 \
pwm_device fe20c000.pwm channel 0 period_ns 160 high_ns 80 header_pin 12 counter_hz 50000000 pin \
GPIO18 or GPIO12 pwm_chip pwmchip0 channel 0 hz 6250000" \
        "$(sed -n '/xtal\|ended/,/}/s/^    *\(".*[^{[]\)$/\1/p' out | tr -d '",:' | xargs)"
    for command in "clock --keep -r GPIO18" "--xtal 1M -r gpiochip0:18 sig" \
        "--xtal 1M -p gpio:sck=18,mosi=6,miso=13 sig" \
        "--xtal 1M burn --station '/dev/spidev0.0 18' unit.recipe"; do
        run "atmega328p,pwm" "echo '[unit]' >unit.recipe; avrspi $command; echo exit \$?; sh wave"
        same "clock at another line, $command" "exit 2 are the same, 'GPIO18' off" \
            "$(grep '^exit' out) $(grep -o "are the same, 'GPIO18'" out) $(tail -n 1 out)"
        check_number "clock at another line, $command: let go" left_driven ""
    done
    run "atmega328p,pwm,spi1" "avrspi clock --xtal-pin 19 --keep"
    same "clock at a wire of an SPI bus" "6 the clock pin 'GPIO19' is a wire of SPI bus 1" \
        "$status $(grep -o "the clock pin 'GPIO19' is a wire of SPI bus 1" out)"
    run "atmega328p" "avrspi clock"
    same "clock, PWM not enabled" "6 dtoverlay=pwm,pin=18,func=2" \
        "$status $(grep -o 'dtoverlay=[^'\'']*' out)"
    run "atmega328p,pwm,eacces" "avrspi clock"
    same "clock, no rights" "6 usermod -aG gpio" "$status $(grep -o 'usermod -aG gpio' out)"
}

clock_cases() {
    clock_target=${CLOCK_TARGET:-atmega328p,pwm,fault=no-crystal}
    six=${CLOCK_TARGET:+167 83 1} # what its PWM counts is not known
    [ -n "${BOARD-}${CLOCK_TARGET-}" ] || return 0
    for number in 130:INT 143:TERM 129:HUP; do
        clock_by "${number#*:}" "avrspi$PWM_PIN --xtal 1M read flash --twice -o flash.bin"
        same "--xtal, SIG${number#*:}: exit status" "exit ${number%:*}" "$(grep '^exit' out)"
        same "--xtal, SIG${number#*:}: what it gives" "1000 500 1" \
            "$(sed -n 's/^wave: //p' out | head -n 1)"
        check_off "--xtal, SIG${number#*:}"
        check_clean "--xtal, SIG${number#*:}"
    done
    run "$clock_target" "avrspi$PWM_PIN --xtal 1M flash no-such-file.hex; echo exit \$?
        echo wave: \$(sh wave)"
    same "--xtal, an error: exit status" "exit 7" "$(grep '^exit' out)"
    check_off "--xtal, an error"
    if [ -n "${BOARD-}" ]; then
        run "atmega328p,pwm,fault=no-crystal" "avrspi -q fuses --low 0xF7; avrspi sig; echo exit \$?
            avrspi --xtal 1M fuses --set clock=internal-8MHz && avrspi sig; echo exit \$?"
        same "--xtal recovers a chip fused for a crystal, as the error says" "exit 3 exit 0 1" \
            "$(grep '^exit' out | xargs) $(grep -c "avrspi --xtal 1M fuses --set clock=internal-8MHz' recovers" out)"
        check_clean "--xtal recovers a chip fused for a crystal"
    fi
    [ -n "$over" ] || clock_alone_cases # whatever the port
}

# Several chips. Only the virtual board has them.

several_cases() {
    [ -n "${BOARD-}" ] || return 0
    second="avrspi -p $port_beside -r GPIO24" third="avrspi -p $port_apart -r $reset_apart"
    run "atmega328p attiny85,reset=24" "avrspi sig && $second sig"
    same "two on a bus: signatures" "0 1E 95 0F 1E 93 0B" \
        "$status $(grep -o '1E .. ..' out | xargs)"
    check_clean "two on a bus: signatures"
    bytes "$(amount 700 50)" | raw >other.bin
    program "$(amount 1500 60)"
    run "atmega328p attiny85,reset=24" "avrspi flash program.bin && $second flash other.bin &&
        avrspi verify program.bin && $second verify other.bin && $second erase &&
        avrspi verify program.bin"
    same "two on a bus: flash, verify, erase" 0 $status
    check_clean "two on a bus: flash, verify, erase"
    run "atmega328p attiny85,reset=24,fault=miso-low" "avrspi sig"
    same "two on a bus: one that holds MISO low disturbs the other" 3 $status
    check_clean "two on a bus: one that holds MISO low disturbs the other"
    run "atmega2560 attiny85,reset=24" "avrspi read flash -o flash.bin & sh at_work
        $second sig; echo exit \$?; kill \$!; wait
        $second sig"
    same "two on a bus at a time: the second is refused" "exit 6 held" \
        "$(grep '^exit' out) $(grep -o held out | head -n 1)"
    same "two on a bus at a time: the third has it" 0 $status
    check_clean "two on a bus at a time"
    run "atmega328p atmega8,$on_apart" "avrspi flash program.bin & $third flash other.bin
        wait \$! && avrspi verify program.bin && $third verify other.bin"
    same "two buses at a time" 0 $status
    check_clean "two buses at a time"
}

# Units side by side, and the lines of a bench. Only the virtual board has several chips, and lines
# that are connected.

no_stations() { # NAME STATION STATION MESSAGE: they can't be beside each other
    run "atmega328p attiny85,reset=24" "avrspi burn --station '$2' --station '$3' program.bin"
    same "$1" "2 avrspi: $4" "$status $(head -n 1 out)"
}

gang_cases() {
    [ -n "${BOARD-}" ] || return 0
    program "$(amount 1500 60)"
    places="--station '$port GPIO25' --station '$port_beside GPIO24'"
    places="$places --station '$port_apart $reset_apart'"
    run "atmega328p atmega168p,reset=24 atmega8,$on_apart" \
        "avrspi burn $places program.bin && avrspi verify program.bin &&
         avrspi -p $port_beside -r GPIO24 verify program.bin &&
         avrspi -p $port_apart -r $reset_apart verify program.bin"
    same "three stations, two on one bus" "0 1 PASS 2 PASS 3 PASS" \
        "$status $(grep -o '^[1-3]  PASS' out | sort | xargs)"
    check_clean "three stations, two on one bus"
    run "atmega328p atmega168p,reset=24,fault=no-power atmega8,$on_apart" \
        "avrspi burn $places program.bin"
    same "a station without power fails alone" "3 1 PASS 2 FAIL 3 PASS" \
        "$status $(grep -o '^[1-3]  [A-Z]*' out | sort | xargs)"
    released="high low"
    check_clean "a station without power fails alone"
    released=high
    run "atmega2560 atmega8,$on_apart" \
        "avrspi burn --station '$port GPIO25' \
            --station '$port_apart $reset_apart' program.bin & sh at_work
         kill -INT \$!; wait \$!"
    same "SIGINT ends the units at all stations" 130 $status
    check_clean "SIGINT ends the units at all stations"
    run "atmega328p,reset=5 atmega8,$on_apart" \
        "avrspi burn --station '$port GPIO5' --station '$port_apart $reset_apart' program.bin"
    same "line 5 of two GPIO chips as reset lines" "0 1 PASS 2 PASS" \
        "$status $(grep -o '^[12]  PASS' out | sort | xargs)"
    check_clean "line 5 of two GPIO chips as reset lines"
    no_stations "two stations at one reset line" "$port GPIO25" "$port_beside 25" \
        "stations '1' and '2' have one reset line: '25'"
    if [ -n "$over" ]; then
        run "atmega328p attiny85,reset=24" "avrspi burn --station '$port GPIO25' \
            --station 'gpio:miso=9,sck=gpiochip0:11,mosi=gpio10 24' program.bin"
        same "two stations on one bus in other words" "0 1 PASS 2 PASS" \
            "$status $(grep -o '^[12]  PASS' out | sort | xargs)"
        check_clean "two stations on one bus in other words"
        no_stations "a reset line that is a wire of another station" "$port_apart GPIO19" \
            "$port GPIO17" "the SCK line of station '1' is the reset line of station '2': 'GPIO17'"
        no_stations "two buses with one wire in common" "$port_apart GPIO19" \
            "gpio:miso=gpiochip0:22,sck=5,mosi=6 GPIO24" \
            "stations '1' and '2' have one MISO line: 'gpiochip0:22'"
    fi
    command -v gpioset >/dev/null || { echo "# skipped: a button, for want of gpioset"; return 0; }
    printf '%s\n' '[bench]' 'start = GPIO5' 'pass = GPIO16' 'fail = GPIO20' 'buzzer = GPIO21' \
        '[station only]' "port = $port" 'pass = GPIO26' >one.bench
    # libgpiod 1 and 2 write it in two ways
    press='press() { timeout 0.2 gpioset -c gpiochip0 6=0; }'
    gpioset --version | grep -q ' v1' && # it is written in another way
        press='press() { gpioset --mode=time --usec=200000 gpiochip0 6=0; }'
    run "atmega328p,jumper=5-6,log=log" "$press
        avrspi burn --repeat --count 2 --bench one.bench program.bin & sleep 1
        n=0 # a press while a unit is at work begins none
        while kill -0 \$! && [ \$((n += 1)) -lt 30 ]; do press; sleep 0.5; done 2>/dev/null
        kill \$! 2>/dev/null; wait \$!"
    same "a button begins each unit" "0 units 2 of 2 good, 0 failed" \
        "$status $(grep 'of 2 good' out | tail -n 1 | xargs)"
    same "the lamps are lit, the buzzer sounds for each" "pass 2 of 2, fail 0, buzzer 2" \
        "pass $(grep -c 'GPIO16=1' log) of $(grep -c 'GPIO26=1' log), fail $(grep -c 'GPIO20=1' log), buzzer $(grep -c 'GPIO21=1' log)"
    same "the lines are let go" "GPIO16 GPIO20 GPIO21 GPIO26 GPIO5" \
        "$(sed -n 's/.*\(GPIO[0-9]*\) released/\1/p' log | grep -Ex 'GPIO(5|16|2[016])' | sort -u | xargs)"
    check_clean "a bench with a button"
    [ -z "$over" ] || return 0 # where no controller has a chip select
    printf '%s\n' '[bench]' 'buzzer = GPIO8' '[station only]' 'port = /dev/spidev0.0' >held.bench
    run atmega328p "avrspi burn --bench held.bench program.bin"
    same "a line that is held" "6 avrspi: the buzzer 'GPIO8' is held by 'spi0 CS0'" "$status $(head -n 1 out)"
}

# spidev's rules, and what the tool makes of them.

ask() { # WORDS QUESTION...: answers in one line
    words=$1
    shift
    run "$words" "$PROBE $*"
    sed 's/.*: //' out | xargs
}

spidev_cases() {
    # not with a sanitizer, nor where there is no valgrind
    if [ -n "${BOARD-}" ] && have valgrind && valgrind -q avrspi --version >/dev/null 2>&1; then
        run atmega328p,virtual=65536 "valgrind -q --error-exitcode=99 avrspi sig"
        same "valgrind has nothing to say" 0 $status
    fi
    [ -z "$over" ] || return 0
    run atmega328p "avrspi sig"
    check_number "SPI_NO_CS: chip select keeps still" chip_selects 0
    run atmega328p,no-spi-no-cs "avrspi sig"
    same "a controller without SPI_NO_CS" 0 $status
    check_clean "a controller without SPI_NO_CS"
    [ -n "${PROBE-}" ] || return
    same "SPI_NO_CS" "0 64" "$(ask atmega328p wr-mode32=0x40 rd-mode32 wr-mode32=0 | cut -d' ' -f1,2)"
    same "SPI_NO_CS refused" "EINVAL 0 0" \
        "$(ask atmega328p,no-spi-no-cs wr-mode32=0x40 rd-mode32 wr-mode=0)"
    run atmega328p "$PROBE wr-mode32=2; avrspi sig >/dev/null; $PROBE rd-mode32 wr-mode32=0"
    same "the mode that was found is set again" "0 2 0" "$(sed 's/.*: //' out | xargs)"
    same "modes that the controller lacks" "EINVAL EINVAL EINVAL 0" \
        "$(ask atmega328p wr-mode=0x08 wr-mode=0x20 wr-mode=0x80 rd-mode)"
    same "modes that do not exist" EINVAL "$(ask atmega328p wr-mode32=0x40000000)"
    same "least significant bit first" "EINVAL 0" "$(ask atmega328p wr-lsb=1 wr-lsb=0)"
    same "bits in a word" "0 8 0 EINVAL EINVAL" \
        "$(ask atmega328p wr-bits=0 rd-bits wr-bits=8 wr-bits=16 bits-of-transfer=9)"
    same "speed is the file's until the last is closed" "EINVAL 0 500000 0 125000000" \
        "$(ask atmega328p wr-speed=0 wr-speed=500000 rd-speed close-spi rd-speed)"
    same "mode stays when the device is closed" "0 0 1 0" \
        "$(ask atmega328p wr-mode=1 close-spi rd-mode wr-mode=0)"
    same "a buffer that is not there" EFAULT "$(ask atmega328p fault)"
    same "questions of the other device" "ENOTTY EINVAL" "$(ask atmega328p strange-spi strange-gpio)"
    same "a message of bufsiz" 4096 "$(ask atmega328p message=b4096@2000000)"
    same "a message above bufsiz" "EMSGSIZE EMSGSIZE EMSGSIZE" \
        "$(ask atmega328p message=b4097 message=t4097 message=r4097)"
    same "both buffers count apart" 8192 "$(ask atmega328p message=t4096@2000000,r4096@2000000)"
    same "no buffers, no limit" 5000 "$(ask atmega328p message=n5000)"
    [ -n "${ALIGNMENT-}" ] || return
    same "two transfers that fill bufsiz" "$((4097 - ALIGNMENT))" \
        "$(ask atmega328p "message=b1@2000000,b$((4096 - ALIGNMENT))@2000000")"
    same "two transfers that do not fit aligned to $ALIGNMENT" EMSGSIZE \
        "$(ask atmega328p "message=b1@2000000,b$((4097 - ALIGNMENT))@2000000")"
}

# How the line is left, and found where a program that was killed has left it. On the wire of an
# active-high line there is no inverter here: the target never is in reset while it is spoken to.

released_cases() { # KERNEL'S WORD
    for kind in active-low:0:up open-drain:0:up active-high:3:down; do
        pull=${kind##*:} kind=${kind%:*}
        run "atmega328p,$1" "avrspi -r GPIO25,${kind%:*} sig; echo exit \$?; $PROBE info-v2=25"
        same "avrspi leaves an input: ${kind%:*}, $1" "exit ${kind#*:} GPIO25 - 4" \
            "$(grep '^exit' out) $(sed -n '$s/.*: //p' out)"
        check_released "avrspi leaves an input: ${kind%:*}, $1" "$pull"
    done
    for kind in active-low:0 active-high:1 active-low:1 active-high:0; do
        case $1,$kind in
        kernel=pi,active-low:0 | kernel=pi,active-high:1) expected=$left_active ;;
        *) expected= ;;
        esac
        run "atmega328p,$1" "$PROBE request-v2=25:8:${kind#*:} >/dev/null
            avrspi -r GPIO25,${kind%:*} sig; avrspi -r GPIO25,${kind%:*} sig"
        same "left ${kind#*:}, ${kind%:*}, $1: what the next run says, and the one after it not" \
            "$expected" "$(grep -o "$left_active" out)"
    done
    run "atmega328p,$1" "$PROBE request-v2=25:8:0 >/dev/null; avrspi --json sig"
    same "left low, $1: JSON" "$(left "${1#*=}")" \
        "$(tr -d '\n' <out | sed -n "s/.*\"warnings\": \[ *\"\($left_active\).*/\1/p")"
}

# The lines. Flags of version 1: in 1, out 2, low 4, drain 8; of version 2: used 1, low 2, in 4,
# out 8, drain 64.

gpio_cases() {
    if have gpiodetect gpioinfo; then
        run atmega328p "gpiodetect | grep gpiochip0
            gpioinfo | awk '/^gpiochip/ { on = /^gpiochip0 / } on' | wc -l"
        same "gpiodetect, gpioinfo" "gpiochip0 [pinctrl-bcm2711] (58 lines) 59" "$(xargs <out)"
    fi
    [ -n "${PROBE-}" ] || return
    same "v1: request, values" "0 GPIO25 probe 3 GPIO25 probe 9 1 0 0" \
        "$(ask atmega328p request-v1=25:2:1 info-v1=25 info-v2=25 get set=0 get)"
    same "v2: request active low, values" "0 GPIO25 probe 7 GPIO25 probe 11 1 0 0" \
        "$(ask atmega328p request-v2=25:10:1 info-v1=25 info-v2=25 get set=0 get)"
    same "a line can't be had twice" "0 EBUSY EBUSY" \
        "$(ask atmega328p request-v2=25:8 request-v2=25:8 request-v1=25:1)"
    same "a line closed can be had again" "0 0 0 GPIO25 probe 3" \
        "$(ask atmega328p request-v2=25:8 close request-v1=25:2 info-v1=25)"
    same "a line closed shows the direction it had, though it is an input" \
        "0 0 GPIO25 - 2 GPIO25 - 8 0 GPIO25 probe 5 1" \
        "$(ask atmega328p request-v2=25:8:0 close info-v1=25 info-v2=25 request-v2=25:0 info-v2=25 \
            get)"
    same "a copy keeps the line" "0 0 EBUSY 0 0" \
        "$(ask atmega328p request-v2=25:8 copy request-v2=25:8 close request-v2=25:8)"
    same "a child keeps the line" "0 0 EBUSY 0 0" "$(ask atmega328p request-v2=25:8 \
        leave-child=300 request-v2=25:8 wait-child request-v2=25:8)"
    same "an input can't be set" "0 EPERM 0 EPERM" \
        "$(ask atmega328p request-v1=25:1 set=1 request-v2=24:4 set=1)"
    same "an output becomes an input" "0 0 1 GPIO25 probe 5" \
        "$(ask atmega328p request-v2=25:8:0 configure=4 get info-v2=25)"
    same "an open drain is pulled up" "0 1 0 0" \
        "$(ask atmega328p request-v2=25:0x48:1 get set=0 get)"
    same "an open drain shows as what it is" "0 GPIO25 probe 73 0 GPIO25 probe 73" \
        "$(ask atmega328p request-v2=25:0x48:0 info-v2=25 set=1 info-v2=25)"
    same "what makes no sense" "EINVAL EINVAL EINVAL EINVAL EINVAL" "$(ask atmega328p \
        request-v1=25:3 request-v1=25:9 request-v2=25:0x0c request-v2=58:4 \
        request-v2=25:0x10000000)"
    same "a line of SPI's own" "GPIO8 spi0 CS0 7 GPIO8 spi0 CS0 11" \
        "$(ask atmega328p info-v1=8 info-v2=8)"
    run atmega328p,kernel=pi "$PROBE request-v2=25:8:0 info-v2=25; $PROBE info-v2=25"
    same "a level that is kept" "low GPIO25 - 8" "$(value reset_level) $(sed -n '$s/.*: //p' out)"
    for kernel in upstream pi; do
        released_cases "kernel=$kernel"
    done
    run atmega328p "avrspi -r GPIO25,open-drain sig && avrspi -r gpiochip0:25 sig"
    same "other names and kinds of the line" 0 $status
    check_clean "other names and kinds of the line"
    [ -n "${BOARD-}" ] || return 0
    run atmega328p,kernel=5.4 "avrspi sig; gpioinfo gpiochip0"
    if have gpiofind; then # of libgpiod 1; libgpiod 2 needs the second interface
        same "a kernel that refuses a bias" 0 $status
        check_released "a kernel that refuses a bias" down
        same "a kernel that refuses a change: an input at the end" input \
            "$(awk '$3 == "\"GPIO25\"" { print $5 }' out)"
    fi
    run atmega328p,reset=0 "avrspi -r GPIO0 sig"
    same "a line that Linux calls ID_SDA, by its number" "0 GPIO0 (pinctrl-bcm2711:0)" \
        "$status $(grep -o 'GPIO0 .*' out)"
    check_clean "a line that Linux calls ID_SDA, by its number"
    run "atmega328p,reset=0,model=Other-Board" "avrspi -r GPIO0 sig"
    same "its number says nothing on a board that is not known" 6 $status
    name_cases
    header_cases
}

# A line, and a port, in the words of other programs.

named() { # WORDS OPTIONS NAME: of the line, as it is shown
    run "atmega328p,$1" "avrspi $2 sig"
    same "$2, $1: the line" "0 spidev0.0 + $3" "$status $(grep -o 'spidev0.0 + .*' out)"
    check_clean "$2, $1"
}

name_cases() {
    named reset=25 "-r 25" GPIO25
    named reset=25 "-r gpio25" GPIO25
    named no-line-names "-r 25" "GPIO25 (pinctrl-bcm2711:25)"
    named no-line-names,reset=24 "-r GPIO24" "GPIO24 (pinctrl-bcm2711:24)"
    named gpio-base=512 "-r 537" "537 (pinctrl-bcm2711:25)"
    named gpio-base=512 "-r gpio537" "gpio537 (pinctrl-bcm2711:25)"
    named reset=25 "-p spidev0.0" GPIO25
    named reset=24 "-p /dev/spidev0.0:/dev/gpiochip0:24" gpiochip0:24
    named reset=24 "-p spi:spidev0.0:gpiochip0 -r 24" gpiochip0:24
    run atmega328p,reset=24 "AVRSPI_RESET=GPIO25 avrspi -p spidev0.0:/dev/gpiochip0:24 sig &&
        AVRSPI_PORT=spidev0.0:/dev/gpiochip0:25 avrspi -r 24 sig"
    same "a line in the port against --reset: who has more say" 0 $status
    run atmega328p "avrspi -p spidev0.0:/dev/gpiochip0:25 -r 24 sig"
    same "a line in the port and --reset" \
        "2 expected one reset line, found 'gpiochip0:25' in the port and '24'" \
        "$status $(grep -o 'expected one.*' out)"
    run atmega328p "avrspi -r 537 sig"
    same "a number that is not known" "6 with base 512 it is line 25" \
        "$status $(grep -o 'with base 512 it is line 25' out)"
    run atmega328p "avrspi -p /dev/ttyUSB0 sig"
    same "a serial port" "6 found the serial port '/dev/ttyUSB0'" \
        "$status $(grep -o 'found the serial port.*' out)"
    # one device and one line, whatever they are called
    run atmega2560 "avrspi read flash -o flash.bin & sh at_work
        avrspi -p spidev0.0:/dev/gpiochip0:25 sig; echo exit \$?; kill \$!; wait"
    same "two names of one port exclude each other" "exit 6 held by another avrspi" \
        "$(grep '^exit' out) $(grep -o 'held by another avrspi' out)"
    run atmega328p "(sh at_work; kill -9 \$(cat pid)) &
        sh -c 'echo \$\$ >pid; exec avrspi flash --turbo zeros.bin'; wait
        avrspi -p spidev0.0:gpiochip0:25 sig"
    same "a note is found by another name of the port" "avrspi fuses --low 0x62" \
        "$(sed -n "s/^avrspi: warning: .* raised the low fuse, .*'\(avrspi .*\)' sets.*/\1/p" out)"
    rm -rf .local
}

# The pin of the header that 'wiring' shows for RESET, in each form of the line, and its notes.

pinned() { # WORDS OPTIONS PIN [NOTE]
    run "atmega328p,$1" "avrspi $2 --plain wiring"
    same "$2, $1: the pin" "0 $3" \
        "$status $(sed -n 's/^RESET: header pin \([0-9]*\),.*/\1/p' out)"
    [ -z "${4-}" ] || same "$2, $1: a note" "$4" "$(grep -o -F "$4" out)"
}

header_cases() {
    pinned reset=25 "-r gpiochip0:25" 22
    pinned gpio-base=512 "-r 537" 22
    pinned gpio-base=512 "-r gpio519" 26 "dtoverlay=spi0-1cs"
    pinned no-line-names "-r GPIO25" 22
    pinned reset=25 "-r gpiochip1:3" "" "line 3 of gpiochip1 (raspberrypi-exp-gpio)"
    pinned reset=25 "-r gpiochip7:3" "" "can't open the reset line 'gpiochip7:3'"
    pinned reset=25 "-r 537" "" "no GPIO chip has a line named '537'"
    pinned eacces "-r gpiochip0:25" 22 "gpiochip0:25 is taken for GPIO25"
    pinned eacces "-r gpiochip1:3" "" "Permission denied"
    pinned reset=25 "-r GPIO8" 24 "dtoverlay=spi0-0cs"
    run atmega328p,no-spidev "avrspi -r GPIO8 wiring"
    same "a chip select that nobody holds: no note" 0 "$(grep -c spi0-0cs out)"
    run atmega328p,config=dtparam=spi=on "avrspi -r GPIO8 doctor"
    same "a chip select, in config.txt" "6 with 'dtoverlay=spi0-0cs' there it is free" \
        "$status $(grep -o "with 'dtoverlay=spi0-0cs' there it is free" out)"
    run atmega328p "avrspi -r gpiochip0:9 wiring"
    same "a wire of the bus, by chip and offset" "2 MISO and RESET are on one pin" \
        "$status $(grep -o 'MISO and RESET are on one pin' out)"
}

# GPIO lines in place of an SPI controller.

loose="gpio:sck=GPIO5,mosi=6,miso=gpiochip0:13"
on_loose=sck=5,mosi=6,miso=13

lines_cases() {
    if [ -z "${BOARD-}" ]; then # where nobody knows which lines an SPI bus has
        program 200
        run atmega328p "avrspi -v -p gpio:sck=GPIO11,mosi=GPIO10,miso=GPIO9 flash program.hex &&
            avrspi verify program.hex"
        same "lines write what SPI verifies" 0 $status
        check_clean "lines write what SPI verifies"
        return
    fi
    run "atmega328p,$on_loose" "avrspi -v -p $loose sig"
    same "lines beside an SPI bus" "0 gpio:sck=GPIO5,mosi=GPIO6,miso=gpiochip0:13 + GPIO25" \
        "$status $(grep -o 'gpio:.* + GPIO25' out)"
    check_clean "lines beside an SPI bus"
    check_number "lines beside an SPI bus: let go" left_driven ""
    pins="gpio:sck=11,mosi=10,miso=9"
    run atmega328p "avrspi -p $pins sig; echo exit \$?; avrspi sig"
    same "lines of an SPI bus: refused" "0 exit 6 SPI bus 0, which is enabled dtparam=spi=off" \
        "$status $(grep '^exit' out) $(grep -o 'SPI bus 0.*' out) $(grep -o 'dtparam=spi=off' out)"
    check_clean "lines of an SPI bus: refused"
    run atmega328p "avrspi -r GPIO9 sig; echo exit \$?; avrspi sig"
    same "RESET on a line of an SPI bus: refused" "0 exit 6 the reset line 'GPIO9'" \
        "$status $(grep '^exit' out) $(grep -o "the reset line 'GPIO9'" out)"
    check_clean "RESET on a line of an SPI bus: refused"
    run atmega328p,spi1 "avrspi -p gpio:sck=5,mosi=20,miso=6 sig"
    same "a line of the second SPI bus: refused" "6 the MOSI line 'GPIO20'" \
        "$status $(grep -o "the MOSI line 'GPIO20'" out)"
    run "atmega328p,$on_loose,reset=gpiochip1:5" "avrspi -p $loose -r gpiochip1:5 sig"
    same "RESET on another chip" 0 $status
    check_clean "RESET on another chip"
    run "atmega328p,$on_loose,no-line-names" "avrspi -p gpio:sck=5,mosi=6,miso=13 sig"
    same "lines without names" 0 $status
    check_clean "lines without names"
    if have gpiofind; then # libgpiod 2 needs the second interface
        run "atmega328p,$on_loose,kernel=5.4" "avrspi -p $loose sig && gpioinfo gpiochip0 >lines"
        same "lines of a kernel with one interface" "0 0" \
            "$status $(grep -c 'unused  *output' lines)"
        check_number "lines of a kernel with one interface: let go" left_driven ""
    fi
    run "atmega328p,$on_loose" "avrspi -p gpio:sck=5,mosi=6,miso=99 sig"
    same "no such line as MISO" 6 $status
    run "atmega328p,no-spidev,$on_loose,reset=19 attiny85,sck=12,mosi=16,miso=20,reset=21" "
        avrspi -p $loose -r 19 sig & avrspi -p gpio:sck=12,mosi=16,miso=20 -r 21 sig; echo exit \$?
        wait \$!"
    same "two targets on eight lines at a time" "0 exit 0 1E 93 0B 1E 95 0F" \
        "$status $(grep '^exit' out) $(grep -o '1E .. ..' out | sort | xargs)"
    check_clean "two targets on eight lines at a time"
    [ -z "${PROBE-}" ] || held_cases
}

# Who has a line is named, and what was requested before it is let go; lines that a run has left
# driven are let go by the next.
held_cases() {
    for line in 5:SCK 6:MOSI 13:MISO; do
        run "atmega328p,$on_loose" "$(while_held "request-v2=${line%:*}:4" \
            "avrspi -p gpio:sck=5,mosi=6,miso=13 sig")"
        same "another program holds ${line#*:}" \
            "exit 6 the ${line#*:} line '${line%:*}' is held by 'probe'" \
            "$(grep '^exit' out) $(grep -o "the .* line .* is held by 'probe'" out)"
        check_number "another program holds ${line#*:}: the others are let go" left_driven ""
    done
    for kernel in upstream pi; do
        left=
        [ $kernel = upstream ] || left=10,11,25
        stop KILL "atmega328p,no-spidev,fcpu=16000000,kernel=$kernel" \
            "avrspi -p $pins flash zeros.bin"
        check_number "SIGKILL, kernel=$kernel: the lines" left_driven "$left"
        run "atmega328p,no-spidev,kernel=$kernel" \
            "$PROBE request-v2=11:8:1 >/dev/null; avrspi -p $pins sig"
        same "SCK left high, kernel=$kernel" "0 " "$status $(value left_driven)"
        check_clean "SCK left high, kernel=$kernel"
    done
}

# SCK that is not what was asked for: a divider too coarse, and a clock behind the controller that
# is faster than its driver believes. Only the virtual board has such controllers.

sck_cases() {
    [ -n "${BOARD-}" ] || return 0
    if [ -n "$over" ]; then
        line_sck_cases
        return
    fi
    read_some="avrspi -v --speed 150k read flash --range 0:2048 -o flash.bin"
    run atmega328p,core=480k "$read_some"
    same "a coarse divider: SCK in the last line" "0 150 kHz (1.. kHz measured)" \
        "$status $(sed -n 's/^done.*minimum at \(.*(1\)[0-9.]*\( .*\)/\1..\2/p' out)"
    check_clean "a coarse divider"
    run atmega328p,core=500k,core-runs=700k "$read_some"
    same "a clock behind the driver's back: what is said" \
        "0 warning: SCK runs at 1.. kHz where 150 kHz was asked for" \
        "$status $(sed -n 's/^avrspi: \(.*at 1\)[0-9.]*\( kHz .* asked for\):.*/\1..\2/p' out)"
    check_clean "a clock behind the driver's back"
    # on a computer that is busy SCK may look slower than it is
    for n in 1 2 3 4 5; do
        run atmega328p,core-runs=700M "avrspi flash program.hex"
        [ "$(value violations)" != 0 ] || break
    done
    same "a clock behind the driver's back: no faster than the chip's clock allows" 0 "$status"
    check_clean "a clock behind the driver's back: no faster than the chip's clock allows"
    run atmega328p,core=30M,core-runs=90M "avrspi --speed 50k read flash --range 0:2048 -o flash.bin"
    same "the board's model tells how slow its controller can go" "0 clock is faster" \
        "$status $(grep -o 'clock is faster' out)"
    check_clean "the board's model tells how slow its controller can go"
    run atmega328p "avrspi --trace trace --json --speed 150k sig; cat trace"
    same "SCK that is made, and asked for" "149971 150000 149971" \
        "$(for key in sck_hz sck_asked_hz; do
            sed -n "s/.*\"$key\": \([0-9]*\).*/\1/p" out
        done | xargs) $(sed -n 's/^[0-9]* sck //p' out | tail -n 1)"
    entry_cases
}

# Over lines SCK is what the calls make of it, and never faster than it was asked for: entered is
# at the same speeds, as far as they are slower than that.
line_sck_cases() {
    "$BOARD" "$(on_board atmega328p,fault=no-power)" -- avrspi --trace trace sig >out 2>&1
    same "entry speeds over lines" "3 100000 4000 1000" "$? $(sed -n 's/^[0-9]* sck //p' trace |
        awk '{ print ($1 > 4000 ? 100000 : $1 > 1000 ? 4000 : 1000) }' | uniq | xargs)"
    run atmega328p "avrspi -q --force fuses --low 0x63 2>/dev/null; avrspi -v sig"
    same "a chip at 16 kHz" "0 3 kHz asked" "$status $(grep -o '3 kHz asked' out | head -n 1)"
    check_clean "a chip at 16 kHz"
    run atmega328p "avrspi --trace trace --json --speed 500 sig; cat trace"
    same "SCK that was asked for, is computed, and was seen" "0 500 yes yes" "$status $(
        sed -n 's/.*"sck_asked_hz": \([0-9]*\).*/\1/p' out) $(
        sed -n 's/.*"sck_\(measured_\)*hz": \([0-9]*\).*/\2/p' out |
            awk '{ print ($1 <= 500 && $1 > 100 ? "yes" : $1) }' | xargs)"
    same "the lines in trace and JSON" "open $port + GPIO25 $port + GPIO25" \
        "$(sed -n 's/^0 open/open/p' out) $(sed -n 's/.*"port": "\(.*\)",/\1/p' out)"
    check_clean "SCK of 500 Hz"
    program "$(amount 200 60)"
    run atmega328p "avrspi flash --turbo program.hex"
    same "--turbo, where the lines are the limit" "0 not raised: the lines make SCK no faster" \
        "$status $(sed -n 's/^clock  *//p; s/^faster/&/p' out)"
    check_clean "--turbo, where the lines are the limit"
    head -c 8000 /dev/zero | tr '\0' '\301' >large.bin
    run atmega328p,fcpu=16000000 "avrspi -q fuses --low 0xF7 && avrspi -n flash large.bin"
    same "no trials, where the lines are the limit" "0 " "$status $(grep '^clock' out)"
    check_clean "no trials, where the lines are the limit"
}

# How slow a target is entered: by steps, and not below what the controller makes.

steps() { # WORDS OPTIONS: SCK at each step, and what is said of it
    # shellcheck disable=SC2086 # options are several words
    "$BOARD" "$1" -- avrspi --trace trace ${2-} sig >out 2>&1
    status=$?
    echo "$status $(sed -n 's/^[0-9]* sck //p' trace | uniq | xargs)$(sed -n 's/.*\(the slowest SCK of this controller is [0-9.]* kHz: a chip below [0-9.]* kHz\).*/: \1/p' out)"
}

entry_cases() {
    pi5="model=Raspberry Pi 5 Model B Rev 1.0,dw,core=200M"
    same "entry speeds of a Raspberry Pi 4" "3 100000 20000 7629: the slowest SCK of this \
controller is 7.6 kHz: a chip below 30.5 kHz" "$(steps atmega328p,fault=no-power)"
    same "entry speeds of its second bus" "3 100000 61035: the slowest SCK of this controller is \
61.0 kHz: a chip below 244.1 kHz" "$(steps atmega328p,bus=1,fault=no-power "-p /dev/spidev1.0")"
    same "entry speeds of a Raspberry Pi 5" "3 100000 20000 4000 3052: the slowest SCK of this \
controller is 3.1 kHz: a chip below 12.2 kHz" "$(steps "atmega328p,$pi5,fault=no-power")"
    same "a speed that can't be had" "3 100000 3052: the slowest SCK of this controller is 3.1 kHz: a \
chip below 12.2 kHz" "$(steps "atmega328p,$pi5,fault=no-power" "--speed 1k")"
    run atmega328p "avrspi --speed 1k sig"
    same "a speed that can't be had: what is said" \
        "0 the slowest SCK of this controller is 7.6 kHz: 1 kHz can't be had" \
        "$status $(grep -o 'the slowest SCK .*' out)"
    run atmega328p,core-runs=200M "avrspi --speed 100k read flash --range 0:4096 -o flash.bin"
    same "an idle Raspberry Pi" "0 core_freq_min=500" "$status $(grep -o 'core_freq_min=500' out)"
    check_clean "an idle Raspberry Pi"
    run atmega328p,overhead_us=60000,model=Other-Board "avrspi --speed 200k read flash --range 0:4096 -o flash.bin"
    same "a slow processor" "0 scaling_governor" "$status $(grep -o 'scaling_governor' out)"
    run atmega328p,bus=1 "avrspi -p /dev/spidev1.0 fuses -n --low 0x63" # 128 kHz, divided by 8
    same "fuses for a clock that is too slow here" \
        "0 SCK of at most: the slowest SCK of this controller is 61 kHz" \
        "$status $(sed -n 's/.*\(SCK of at most\) [^,]*, and \(the slowest .* is [0-9.]* kHz\).*/\1: \2/p' out)"
}

# What is wrong with the wires, and when.

disturbed() { # FAULT TEXT STATUS: of a short program
    run attiny13,fault="$1" "avrspi flash program.hex"
    same "$1: what becomes of it" "$3 $2" "$status $(grep -o "$2" out | head -n 1)"
    check_number "$1: no violations" violations 0
}

# Faults of bytes and of single pulses; only the virtual board has them.
disturbed_cases() {
    for fault in no-mosi no-miso other-device flip:5; do
        run atmega328p,fault=$fault "avrspi sig"
        same "$fault: exit status" 3 $status
        check_clean "$fault"
    done
    program 60
    disturbed miso:700 "60 B, 2 of 32 pages, verified" 0 # read again
    # how often depends on the polls that were sent, which is a matter of time
    disturbed extra:2100 "the target was lost and found again" 0
    disturbed flip:97 "the target was lost and found again" 3
    disturbed power-loss:150 "the target stopped answering" 3
}

fault_cases() {
    for fault in no-power miso-low no-reset swapped loopback no-crystal no-sck; do
        low=
        [ $fault != no-crystal ] || low="avrspi --force fuses --low 0xE0 >/dev/null;"
        run atmega328p,fault=$fault "$low avrspi sig"
        same "$fault: exit status" 3 $status
        same "$fault: nothing is said of SCK" "" "$(grep 'SCK runs' out)"
        [ "${BOARD:+$fault}" != no-power ] || released=low
        check_clean "$fault"
        released=high
    done
    # on the virtual board; elsewhere there is no transistor and no capacitor
    if [ -n "${BOARD-}" ]; then
        run atmega328p,fault=inverted-reset "avrspi sig"
        same "inverted-reset: what is said" "3 if so: -r GPIO25,active-high" \
            "$status $(grep -o 'if so: .*' out)"
        check_number "inverted-reset: no violations" violations 0
        run atmega328p,fault=inverted-reset "avrspi -r GPIO25,active-high sig"
        same "inverted-reset: what is said helps" "0 1E 95 0F" "$status $(grep -o '1E .. ..' out)"
        check_number "inverted-reset: no violations with active-high" violations 0
        check_number "inverted-reset: the chip runs afterwards" reset_level low
        run atmega328p,fault=inverted-reset "avrspi -r GPIO25,open-drain sig"
        same "inverted-reset: an open drain is not tried" "3 " "$status $(grep -o 'if so: .*' out)"
        run atmega328p,fault=inverted-reset "avrspi --no-probe sig"
        same "inverted-reset: --no-probe" "3 " "$status $(grep -o 'if so: .*' out)"
        run atmega328p "avrspi -r GPIO25,active-high sig"
        same "active-high without a transistor" "3 if so: -r GPIO25" \
            "$status $(grep -o 'if so: .*' out)"
        check_number "active-high without a transistor: no violations" violations 0
        disturbed_cases
        for one_of in 2 3; do
            run atmega328p,interrupts=$one_of,kernel=pi "avrspi fuses -q --low 0xE2 && avrspi sig"
            same "one of $one_of calls on lines is interrupted" "0 1E 95 0F" \
                "$status $(grep -o '1E .. ..' out | tail -n 1)"
            check_clean "one of $one_of calls on lines is interrupted"
            check_number "one of $one_of calls on lines is interrupted: let go" \
                left_driven ""
        done
        run atmega328p,fcpu=16000000,fault=reset-low "avrspi -q --force fuses --low 0xE0 &&
            head -c 30000 /dev/zero >long.bin && avrspi -n flash long.bin"
        same "RESET held low: no trials of the clock" "0 0" \
            "$status $(grep -c 'found: Programming Enable' out)"
        check_number "RESET held low: no violations" violations 0
        run atmega328p,reset_fall_ms=60 "avrspi flash program.hex && avrspi verify program.hex"
        same "reset_fall_ms: done with a warning" "0 RESET seems to fall slowly" \
            "$status $(grep -o 'RESET seems to fall slowly' out | head -n 1)"
        check_clean "reset_fall_ms"
    fi
}

wiring_cases() {
    fault_cases
    run atmega328p "avrspi -r GPIO99 sig"
    same "no such line" 6 $status
    run atmega328p "avrspi -r gpiochip7:25 sig"
    same "no such chip of lines" 6 $status
    [ -z "$over" ] || return 0
    run atmega328p "avrspi -p /dev/spidev9.9 sig"
    same "no such device" 6 $status
    same "no such device: those that there are" "there are: /dev/spidev0.0" \
        "$(grep -o 'there are: /dev/spidev0.0' out)"
    if [ -n "${BOARD-}" ]; then
        run atmega328p,no-spidev "avrspi sig"
        same "no device at all" "6 SPI is not enabled" \
            "$status $(grep -o 'SPI is not enabled' out)"
        run atmega328p,spi-driver=fb_ili9341 "avrspi sig; avrspi -p /dev/spidev0.1 sig"
        same "another driver has the device: who, and what has the same wires" \
            "0 'fb_ili9341' has that device --port /dev/spidev0.1" \
            "$status $(grep -o "'fb_ili9341' has that device" out) $(grep -o -e '--port .*' out)"
        run atmega328p,eacces "avrspi sig"
        same "not permitted: owner, group and mode" \
            "6 /dev/spidev0.0 belongs to root:65533, mode 0660" \
            "$status $(grep -o '/dev/spidev0.0 belongs .* 0660' out)"
        pi5="atmega328p,model=Raspberry Pi 5 Model B Rev 1.0"
        "$BOARD" "$pi5" -- avrspi -p /dev/spidev10.0 sig >out 2>&1
        same "the bus of the boot EEPROM: refused" "8 leads to the boot EEPROM" \
            "$? $(grep -o 'leads to the boot EEPROM' out)"
        "$BOARD" "$pi5" -- avrspi --force -p spidev10.0 sig >out 2>&1
        same "the bus of the boot EEPROM: with --force" 6 $?
    fi
    run atmega328p "avrspi -p /dev/null sig"
    same "no spidev" 6 $status
}

# avrdude, as it is. Version 7.1 sends its first Programming Enable right after it has pulled RESET
# low, which is one violation; it waits for EEPROM, fuses and lock bits by reading them.

avrdude_cases() {
    have avrdude || return
    avrdude="avrdude -c linuxspi -P /dev/spidev0.0:/dev/gpiochip0"
    run atmega328p "$avrdude -p m328p"
    same "avrdude: signature" "0 0x1e950f" "$status $(grep -o '0x1e[0-9a-f]*' out)"
    check_clean "avrdude: signature" early-enable
    program 1500
    run atmega328p "$avrdude -p m328p -U flash:w:program.hex:i && avrspi verify program.hex"
    same "avrdude: flash, which avrspi verifies" "0 1500 bytes of flash verified" \
        "$status $(grep -o '1500 bytes of flash verified' out)"
    check_clean "avrdude: flash, which avrspi verifies" early-enable
    run atmega328p "avrspi flash program.hex && $avrdude -p m328p -U flash:v:program.hex:i"
    same "avrspi: flash, which avrdude verifies" "0 1500 bytes of flash verified" \
        "$status $(grep -o '1500 bytes of flash verified' out)"
    run atmega328p "$avrdude -p m328p -B 100 -U eeprom:w:0x12,0x34,0x56:m -U lfuse:w:0xE2:m \
        -U lock:w:0xFC:m"
    same "avrdude: EEPROM, fuse, lock" 0 $status
    check_clean "avrdude: EEPROM, fuse, lock" early-enable busy
    run atmega2560 "$avrdude -p m2560 -U flash:w:program.hex:i"
    same "avrdude: ATmega2560" 0 $status
    check_clean "avrdude: ATmega2560" early-enable
    run atmega8 "$avrdude -p m8 -B 10 -U flash:w:program.hex:i"
    same "avrdude: ATmega8" 0 $status
    check_clean "avrdude: ATmega8" early-enable
    run atmega328p "avrspi read flash -o flash.bin & sh at_work; $avrdude -p m328p; echo exit \$?
        kill \$!; wait"
    same "avrdude beside avrspi" "exit 1" "$(grep '^exit' out)"
    run atmega328p,fault=no-power "$avrdude -p m328p"
    same "avrdude: no power" 1 $status
}

# avrdude over the same lines, by /sys/class/gpio, where its numbers begin at 1.
linuxgpio_cases() {
    [ -n "${BOARD-}" ] && have avrdude || return 0
    cat >pins.conf <<END
programmer
    id = "pins";
    desc = "GPIO lines";
    type = "linuxgpio";
    prog_modes = PM_ISP;
    reset = 26;
    sck = 12;
    sdo = 11;
    sdi = 10;
;
END
    words=atmega328p,no-spidev,gpio-base=1
    avrdude="avrdude -C +pins.conf -c pins -p m328p"
    lines="avrspi -p gpio:sck=GPIO11,mosi=GPIO10,miso=GPIO9"
    program 200
    run $words "$avrdude -U flash:w:program.hex:i && $lines verify program.hex"
    same "avrdude's linuxgpio: flash, which avrspi verifies" "0 200 bytes of flash verified" \
        "$status $(grep -o '200 bytes of flash verified' out)"
    run $words "$lines flash program.hex && $avrdude -U flash:v:program.hex:i"
    same "avrspi over lines: flash, which avrdude's linuxgpio verifies" 0 $status
    # stopped at work: who lets go
    for who in "$avrdude -U flash:w:zeros.bin:r:low:sysfs" "$lines flash zeros.bin:high:"; do
        run $words "${who%:*:*} >/dev/null 2>&1 & sleep 1; kill -INT \$!; kill \$!; wait"
        same "SIGTERM: RESET, and who holds it: ${who%% *}" "${who#"${who%:*:*}":}" \
            "$(value reset_level):$(value reset_owner)"
    done
    run $words "$avrdude -U flash:v:program.hex:i >/dev/null 2>&1 & sleep 0.5; $lines sig; echo exit \$?
        kill \$!; wait"
    same "avrspi beside avrdude's linuxgpio" "exit 6 is held by 'sysfs'" \
        "$(grep '^exit' out) $(grep -o "is held by 'sysfs'" out)"
}

! wanted chips || chip_cases
! wanted stop || stop_cases
! wanted busy || busy_cases
! wanted clock || clock_cases
! wanted several || several_cases
! wanted gang || gang_cases
! wanted spidev || spidev_cases
! wanted gpio || gpio_cases
! wanted lines || lines_cases
! wanted sck || sck_cases
! wanted wiring || wiring_cases
! wanted avrdude || avrdude_cases
! wanted linuxgpio || linuxgpio_cases
finish
