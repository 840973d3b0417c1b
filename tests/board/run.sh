#!/bin/bash
# SPDX-License-Identifier: MIT
# Tests the virtual board: run.sh BOARD PROBE. Says 'N passed, N failed' last, and exits 0 when
# nothing failed. Cases whose programs are not installed are skipped, and it says so.
# shellcheck disable=SC2016 # what is in single quotes is for a shell on the board
set -u
export LC_ALL=C

[ $# -eq 2 ] || { echo "usage: run.sh BOARD PROBE" >&2; exit 2; }
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
temporary
chmod 755 "$tmp"
# a place that every user can reach
cp "$1" "$tmp/board" && cp "$2" "$tmp/probe" || exit 1
cd "$tmp" || exit 1
board=$tmp/board probe=$tmp/probe
export XDG_CONFIG_HOME=$tmp/config

# Answers of the probe alone, one a line.
ask() { # WORDS QUESTION...
    local words=$1
    shift
    "$board" "$words" -- "$probe" "$@" 2>&1 | sed 's/.*: //'
}

chip=atmega328p

if "$board" $chip -- true 2>&1 | grep seccomp; then
    echo "# skipped: the board needs seccomp's user notification"
    exit 77
fi

# The program's end is the board's.

"$board" $chip -- true
same "exit status 0" 0 $?
"$board" $chip -- sh -c 'exit 7'
same "exit status 7" 7 $?
"$board" $chip -- sh -c 'kill -SEGV $$' 2>/dev/null
same "exit status after a signal" 139 $?
"$board" $chip -- "$tmp/nowhere" 2>/dev/null
same "exit status of a program that is not there" 127 $?
"$board" $chip -- "$tmp" 2>/dev/null
same "exit status of what is no program" 126 $?
printf '#!%s/nowhere\n' "$tmp" >script && chmod +x script
same "a script without its interpreter" "avrspi-board: can't run './script': No such file or directory
  the file is there, the interpreter that it asks for is not" "$("$board" $chip -- ./script 2>&1)"
"$board" nochip -- true 2>/dev/null
same "exit status for an unknown chip" 125 $?
"$board" $chip,reset=58 -- true 2>/dev/null
same "exit status for a line that is not there" 125 $?
"$board" $chip -- "$board" $chip -- true 2>/dev/null
same "exit status of a board in a board" 125 $?

# What the board itself lacks is said by its own name.

files() { # COUNT: so many files may be open
    sh -c "ulimit -n $1; exec $board $chip -- true" 3>&- 4>&- 5>&- 6>&- 2>&1 | head -n 1
}
same "no file for the board" "avrspi-board: can't set up the board: Too many open files" "$(files 4)"
same "no file for the program" "avrspi-board: can't start a process: Too many open files" "$(files 6)"
same "a board in a board" "avrspi-board: can't install a seccomp filter: Device or resource busy
  avrspi-board can't run inside another avrspi-board" \
    "$("$board" $chip -- "$board" $chip -- true 2>&1)"
said=$("$board" $chip,log=/dev/full -- "$probe" rd-mode 2>&1 >/dev/null)
same "a log that can't be written whole" \
    "125 avrspi-board: can't write the whole log to '/dev/full'" "$? $said"

# What is wrong with a command line, and is said.

wrong() { # MESSAGE ARGUMENT...
    local message=$1
    shift
    "$board" "$@" 2>found
    same "said: $message" "125 avrspi-board: $message" "$? $(head -n 1 found)"
}

usage="expected 'avrspi-board CHIP[,WORD...]... -- PROGRAM [ARGUMENT...]'"
wrong "$usage"
wrong "$usage" $chip
wrong "$usage, found '-x'" -x
wrong "expected '--' before the program" $chip avrspi sig
wrong "expected '--' before the program" $chip,strict ls -l
wrong "unknown word 'resett=4'" $chip,resett=4
wrong "$usage, found '-xy'" $chip -xy -- true
wrong "$usage, found '--numbers=1'" $chip --numbers=1 attiny85,reset=24 -- true
wrong "unknown chip 'atmega32p'" atmega32p -- true
wrong "unknown chip ''" ,strict -- true
wrong "expected a value for 'pull', found ''" $chip,pull -- true
wrong "expected 'full' or 'promised' for 'echo', found 'none'" $chip,echo=none -- true
wrong "unknown word 'resett=4'" $chip,resett=4 -- true
wrong "expected 'strict' without a value, found 'strict=1'" $chip,strict=1 -- true
wrong "expected a number from 0 to 1 for 'bus', found '2'" $chip,bus=2 -- true
wrong "expected a frequency such as 500M for 'core', found 'x'" $chip,core=x -- true
wrong "expected 'upstream', 'pi' or '5.4' for 'kernel', found 'x'" $chip,kernel=x -- true
wrong "expected a line for 'reset', found '58'" $chip,reset=58 -- true
wrong "expected a line for 'reset', found 'gpiochip1:8'" $chip,reset=gpiochip1:8 -- true
wrong "expected a line for 'reset', found 'gpiochip2:0'" $chip,reset=gpiochip2:0 -- true
wrong "expected a line for 'reset', found 'gpiochip1'" $chip,reset=gpiochip1 -- true
wrong "expected a reset line for 'attiny85'" $chip attiny85 -- true
wrong "'strict' applies to the whole board" $chip attiny85,reset=24,strict -- true
wrong "expected at most 8 chips, found 'attiny85'" $chip attiny85,reset={1..8} -- true
same "--version" "avrspi-board" "$("$board" --version | sed -n 's/ [0-9.]*$//p')"
same "--help" "usage: avrspi-board CHIP[,WORD...]... [--stats[=FILE]] -- PROGRAM [ARGUMENT...]" \
    "$("$board" --help | head -n 1)"
"$board" $chip -- sh -c 'trap "exit 9" TERM; while :; do sleep 0.02; done' &
sleep 0.3
kill -TERM $!
wait $!
same "SIGTERM reaches the program" 9 $?
found=$("$board" $chip -- sh -c "(sleep 0.3; $probe message=b4) & exit 3")
same "a process left behind is waited for" "3 message=b4: 4" "$? $found"

# A chip of the user's own, where avrspi finds it too.

mkdir -p config/avrspi/chips
printf '[Bench1]\nlike = ATmega328P\n' >config/avrspi/chips/bench.conf
"$board" bench1 -- true
same "a chip file in the search path" 0 $?
echo junk >config/avrspi/chips/bench.conf
said=$("$board" $chip -- true 2>&1)
same "a damaged chip file in the search path" "125 yes" \
    "$? $(echo "$said" | grep -q "bench.conf:1: expected" && echo yes)"
rm config/avrspi/chips/bench.conf

# What /dev and /sys look like.

same "devices are devices" "character special file character special file" \
    "$("$board" $chip -- stat -c %F /dev/spidev0.0 /dev/gpiochip0 | xargs)"
list='ls -d /dev/* | grep -E "gpiochip|spidev"'
same "devices are listed, as a Pi with SPI0 has them" \
    "/dev/gpiochip0 /dev/gpiochip1 /dev/spidev0.0 /dev/spidev0.1" \
    "$("$board" $chip -- sh -c "$list" | xargs)"
same "a second bus: its word" \
    "/dev/gpiochip0 /dev/gpiochip1 /dev/spidev0.0 /dev/spidev0.1 /dev/spidev1.0" \
    "$("$board" $chip,spi1 -- sh -c "$list" | xargs)"
same "a second bus: a chip on it" "/dev/spidev1.0" \
    "$("$board" $chip,bus=1 -- sh -c "$list" | grep spidev1)"
same "no SPI at all" "/dev/gpiochip0 /dev/gpiochip1" \
    "$("$board" $chip,spi1,no-spidev -- sh -c "$list" | xargs)"
same "devices have numbers of their own" "153:0 153:1 153:2" \
    "$("$board" $chip,spi1 -- cat /sys/class/spidev/spidev{0.0,0.1,1.0}/dev | xargs)"
others=(find /dev -maxdepth 1 ! -name 'gpiochip*' ! -name 'spidev*')
same "the rest of /dev is there" "$("${others[@]}" | sort)" \
    "$("$board" $chip -- "${others[@]}" | sort)"
same "a link leads to a device" "/dev/spidev0.0" \
    "$("$board" $chip -- sh -c "ln -s $(realpath -m --relative-to="$tmp" /dev/spidev0.0) $tmp/link
        realpath $tmp/link")"
same "a device is opened over a link" 0 \
    "$("$board" $chip -- sh -c ": <$tmp/link"; echo $?)"
same "a device is opened from its folder" 0 \
    "$("$board" $chip -- sh -c "cd /dev && : <spidev0.0 && : <../dev/./gpiochip0"; echo $?)"
same "sysfs names the GPIO chip" "/sys/bus/gpio" "$("$board" $chip -- sh -c \
    'realpath /sys/dev/char/$(cat /sys/bus/gpio/devices/gpiochip0/dev)/subsystem')"
same "sysfs names the second GPIO chip" "/sys/bus/gpio" "$("$board" $chip -- sh -c \
    'realpath /sys/dev/char/$(cat /sys/bus/gpio/devices/gpiochip1/dev)/subsystem')"
same "sysfs leads from a bus to its driver" "/sys/bus/spi/drivers/spidev" \
    "$("$board" $chip,spi1 -- realpath /sys/bus/spi/devices/spi1.0/driver)"
same "the device tree names the board" "Raspberry Pi 4 Model B Rev 1.4 Other Board" "$(
    for words in $chip "$chip,model=Other Board"; do
        "$board" "$words" -- cat /proc/device-tree/model | tr '\0' '\n'; done | xargs)"
same "the device tree names the controller of a bus" "brcm,bcm2835-aux-spi spi-bcm2835aux" \
    "$("$board" $chip,spi1 -- sh -c 'cat /sys/bus/spi/devices/spi1.0/../of_node/compatible
        basename "$(realpath /sys/class/spi_master/spi1/device/driver)"' | tr '\0' ' ')"
same "there is no controller of a bus that is not enabled" spi0 \
    "$("$board" $chip -- ls /sys/class/spi_master)"
same "/proc is there" yes "$("$board" $chip -- sh -c '[ -d /proc/$$ ] && ls /proc | grep -qx $$ && echo yes')"
same "sysfs is walked" "/sys/bus/gpio/devices/gpiochip0" \
    "$("$board" $chip -- find /sys/bus/gpio -name 'gpio*0')"
same "bufsiz" "4096 65536" "$(for bufsiz in "" ,bufsiz=65536; do
    "$board" $chip$bufsiz -- cat /sys/module/spidev/parameters/bufsiz; done | xargs)"
same "no spidev" "ls: cannot access '/dev/spidev0.0': No such file or directory" \
    "$("$board" $chip,no-spidev -- ls /dev/spidev0.0 2>&1)"
same "no spidev leaves GPIO" "0" "$("$board" $chip,no-spidev -- sh -c ': </dev/gpiochip0'; echo $?)"
same "no permission" "EACCES EACCES" "$("$board" $chip,eacces,log=log -- sh -c \
    '(: </dev/spidev0.0); (: </dev/gpiochip0)' 2>/dev/null; sed 's/.*= //' log | xargs)"

# spidev: lengths. Each transfer of a message takes its length rounded up to 128 of each buffer.

same "a message of bufsiz" "4096" "$(ask $chip message=b4096)"
same "a message above bufsiz" "EMSGSIZE" "$(ask $chip message=b4097)"
same "a message above bufsiz, sent only" "EMSGSIZE" "$(ask $chip message=t4097)"
same "two transfers that fill bufsiz" "4096" "$(ask $chip message=b128,b3968)"
same "two transfers that do not fit aligned" "EMSGSIZE" "$(ask $chip message=b1,b3969)"
same "33 short transfers" "EMSGSIZE" "$(ask $chip message="$(printf ',b4%.0s' {1..33} | cut -c2-)")"
same "32 short transfers" "128" "$(ask $chip message="$(printf ',b4%.0s' {1..32} | cut -c2-)")"
same "both buffers count apart" "8192" "$(ask $chip message=t4096,r4096)"
same "no buffers, no limit" "5000" "$(ask $chip message=n5000)"
same "a larger bufsiz" "65536 EMSGSIZE" \
    "$(ask $chip,bufsiz=65536 message=b65536@100000000 message=b65537 | xargs)"
same "a buffer that is not there" "EFAULT" "$(ask $chip fault)"

# spidev: settings.

same "SPI_NO_CS" "0 64" "$(ask $chip wr-mode32=0x40 rd-mode32 | xargs)"
same "SPI_NO_CS refused" "EINVAL 0 0" \
    "$(ask $chip,no-spi-no-cs wr-mode32=0x40 rd-mode32 wr-mode=0 | xargs)"
same "modes that the controller lacks" "EINVAL EINVAL EINVAL 0" \
    "$(ask $chip wr-mode=0x08 wr-mode=0x20 wr-mode=0x80 rd-mode | xargs)"
same "modes that do not exist" "EINVAL" "$(ask $chip wr-mode32=0x40000000)"
same "widths: not there, two at once, on one wire" "0 EINVAL EINVAL" \
    "$(ask $chip wr-mode32=0x100 wr-mode32=0x300 wr-mode32=0x110 | xargs)"
same "least significant bit first" "EINVAL 0" "$(ask $chip wr-lsb=1 wr-lsb=0 | xargs)"
same "bits in a word" "0 8 0 EINVAL EINVAL" \
    "$(ask $chip wr-bits=0 rd-bits wr-bits=8 wr-bits=16 bits-of-transfer=9 | xargs)"
same "speed is the file's until the last is closed" "EINVAL 0 500000 0 125000000" \
    "$(ask $chip wr-speed=0 wr-speed=500000 rd-speed close-spi rd-speed | xargs)"
same "mode stays when the device is closed" "0 0 1" "$(ask $chip wr-mode=1 close-spi rd-mode | xargs)"
same "questions of the other device" "ENOTTY EINVAL" "$(ask $chip strange-spi strange-gpio | xargs)"

# SCK is the core clock divided by an even number, and never faster than asked for.

ask $chip,log=log message=b1@300000,b1@1,b1@200000000,b1@125000000 >/dev/null
same "divisors of 500 MHz" "299760 7629 125000000 125000000" \
    "$(grep -o 'at [0-9]*' log | cut -c4- | xargs)"
ask $chip,core=250M,log=log message=b1@300000 >/dev/null
same "divisors of 250 MHz" "299760" "$(grep -o 'at [0-9]*' log | cut -c4-)"
ask $chip,max-speed=1M,log=log message=b1,b1@2000000 >/dev/null
same "the device's own speed, where none is named" "1000000 2000000" "$(grep -o 'at [0-9]*' log | cut -c4- | xargs)"

# Time.

ask $chip,core-runs=1,log=log message=b1@1000000 >/dev/null
same "a core clock that stands still, nearly" "1" "$(grep -o 'at [0-9]*' log | cut -c4-)"
at_least "a transfer takes its time" 32768 "$(ask $chip time-message=b4096@1000000)"
at_least "a rest takes its time" 5032 "$(ask $chip time-message=b4@1000000+5000)"
at_least "an ioctl's own cost" 20000 "$(ask $chip,overhead_us=20000 time-message=b4@1000000)"
before=$(date +%s)
ask $chip,virtual=65536 message=b4096@8000 message=b4096@8000 message=b4096@8000 >/dev/null
same "virtual time" "yes" "$([ $(($(date +%s) - before)) -lt 6 ] && echo yes)"
"$board" $chip,stats=stats -- sh -c "for n in 1 2; do $probe message=b4096@200000 & done; wait" >/dev/null
at_least "two transfers share one wire" 327 "$(number seconds stats | sed 's/\.\(...\).*/\1/; s/^0*//')"

# GPIO: requests, values, who holds what. Flags: v1 in 1, out 2, low 4, drain 8;
# v2 used 1, low 2, in 4, out 8, drain 64.

same "v1: request, values" "0 3 9 1 0 0" \
    "$(ask $chip request-v1=25:2:1 info-v1=25 info-v2=25 get set=0 get | sed 's/.* //' | xargs)"
same "v2: request active low, values" "0 7 11 1 0 0" \
    "$(ask $chip request-v2=25:10:1 info-v1=25 info-v2=25 get set=0 get | sed 's/.* //' | xargs)"
same "a line can't be had twice" "0 EBUSY EBUSY" \
    "$(ask $chip request-v2=25:8 request-v2=25:8 request-v1=25:1 | xargs)"
same "a line closed can be had again, and shows the direction it had" "0 0 8 0" \
    "$(ask $chip request-v2=25:8 close info-v2=25 request-v1=25:2 | sed 's/.* //' | xargs)"
same "a copy keeps the line" "0 0 EBUSY 0 0" \
    "$(ask $chip request-v2=25:8 copy request-v2=25:8 close request-v2=25:8 | xargs)"
same "a child keeps the line" "0 0 EBUSY 0 0" \
    "$(ask $chip request-v2=25:8 leave-child=300 request-v2=25:8 wait-child request-v2=25:8 | xargs)"
same "an input can't be set" "0 EPERM 0 EPERM" \
    "$(ask $chip request-v1=25:1 set=1 request-v2=24:4 set=1 | xargs)"
same "an output becomes an input" "0 0 1 5" \
    "$(ask $chip request-v2=25:8:0 configure=4 get info-v2=25 | sed 's/.* //' | xargs)"
same "an open drain is pulled up" "0 1 0 0" \
    "$(ask $chip request-v2=25:0x48:1 get set=0 get | xargs)"
same "what makes no sense" "EINVAL EINVAL EINVAL EINVAL EINVAL" "$(ask $chip request-v1=25:3 \
    request-v1=25:9 request-v2=25:0x0c request-v2=58:4 request-v2=25:0x10000000 | xargs)"
same "who holds a line" "info-v1=25: GPIO25 probe 3" \
    "$("$board" $chip -- "$probe" request-v1=25:2 info-v1=25 | tail -1)"
same "a line of SPI's own" "info-v1=8: GPIO8 spi0 CS0 7" "$("$board" $chip -- "$probe" info-v1=8)"
same "a line held by somebody" "info-v1=25: GPIO25 somebody 1 request-v1=25:2: EBUSY" \
    "$("$board" $chip,busy=somebody -- "$probe" info-v1=25 request-v1=25:2 | xargs)"

"$board" $chip,stats=stats -- sh -c "
    $probe request-v2=25:8:0 sleep=20000 & sleep 0.3
    $probe request-v2=25:8
    kill -9 \$!; wait \$!
    $probe request-v2=25:4 get" >found 2>/dev/null
same "kill -9 lets the line go" "0 EBUSY 0 1" "$(sed 's/.*: //' found | xargs)"
same "and RESET goes high" "high" "$(number reset_level stats)"
"$board" $chip,kernel=pi,stats=stats -- "$probe" request-v2=25:8:0 >/dev/null
same "a level that is kept" "low" "$(number reset_level stats)"
"$board" $chip,reset=24,stats=stats,kernel=pi -- "$probe" request-v2=24:8:0 >/dev/null
same "RESET on another line" "low" "$(number reset_level stats)"
pull() { # WORDS QUESTION...: of RESET's pin at the end, after the answers
    ask "$1,stats=stats" "${@:2}" | xargs
    number reset_pull stats
}
same "the bias of a pin stays: up, down, off, as it was" "0 up 0 down 0 off 0 down" \
    "$(for flags in 0x104 0x204 0x404 4; do pull $chip request-v2=25:$flags; done | xargs)"
same "a line without a direction keeps its bias" "0 0 0 up" \
    "$(pull $chip request-v2=25:0x104 close request-v2=25:0 | xargs)"
same "Linux 5.4: lines, no bias, no change, no second interface" \
    "0 0 EINVAL 0 EINVAL EINVAL EINVAL down" \
    "$(pull $chip,kernel=5.4 request-v1=25:2:0 set=1 configure=1 close request-v1=25:0x22 \
        request-v2=25:8 info-v2=25 | xargs)"

# Several chips. The probe enters programming with AC 53 00 00: the third byte brings the echo, 53,
# of a chip that drives MISO. A chip that is not in reset takes no notice.

several() { # CHIPS QUESTION...: leaves 'stats'
    local chips=$1
    shift
    # shellcheck disable=SC2086 # several words
    "$board" $chips --stats=stats -- "$probe" "$@" 2>&1
}

signature_of() { # CHIPS QUESTION...: the last bytes of the answers to 30 ...
    several "$@" | sed -n 's/^send=30.*: .*\(..\) 4$/\1/p' | xargs
}

echo_of() { # CHIPS QUESTION...: the answers to AC ...
    several "$@" | sed -n 's/^send=AC.*: \(.*\) 4$/\1/p' | xargs
}

enter_25=(use-chip=0 request-v2=25:8:0 sleep=21 send=AC530000)
enter_24=(use-chip=0 request-v2=24:8:0 sleep=21 send=AC530000)
enter_5=(use-chip=1 request-v2=5:8:0 sleep=21 send=AC530000)
# 95 0F of an ATmega328P, 93 0B of an ATtiny85, 93 07 of an ATmega8
signature=(send=30000100 send=30000200)

two="$chip attiny85,reset=24"
same "two on a bus: the first answers" "95 0F" \
    "$(signature_of "$two" "${enter_25[@]}" "${signature[@]}")"
same "two on a bus: the other one takes no notice" "0 0 0" "$(number violations stats) \
$(number chip1.violations stats) $(number chip2.violations stats)"
same "two on a bus: names" "ATmega328P ATtiny85" \
    "$(number chip1.name stats) $(number chip2.name stats)"
same "two on a bus: the second answers, over the other chip select" "93 0B" \
    "$(signature_of "$two" use-spi=0.1 "${enter_24[@]}" "${signature[@]}")"
same "two that drive MISO: a 0 wins" "91 0B" \
    "$(signature_of "$two" "${enter_25[@]}" "${enter_24[@]}" "${signature[@]}")"
same "MISO is pulled down while nobody drives it, and driven when somebody does" \
    "00000000 FFAC5300" "$(echo_of "$chip,pull=down attiny85,reset=24" send=AC530000 \
        "${enter_25[@]}")"
same "a chip that echoes only what datasheets promise" "FFFF53FF FFAC5300" "$(for echo in promised full; do
    echo_of "$chip,echo=$echo" "${enter_25[@]}"; done | xargs)"
same "a transistor inverts RESET: it follows the line, which nobody pulls up" "FFAC5300 FFFFFFFF low" \
    "$(echo_of "$chip,fault=inverted-reset" request-v1=25:2:1 sleep=21 send=AC530000 set=0 sleep=21 \
        send=AC530000 set=1 close | xargs) $(number reset_level stats)"
same "a capacitor holds RESET for 60 ms" "FFFFFFFF FFAC5300" \
    "$(echo_of "$chip,reset_fall_ms=60" "${enter_25[@]}" set=1 sleep=5 set=0 sleep=90 \
        send=AC530000 | xargs)"
several "$two" "${enter_25[@]}" send=FF000000 >/dev/null
same "violations are counted by chip" "1 0" "$(number chip1.violations stats) \
$(number chip2.violations stats)"
several "$two" request-v2=24:8:0 sleep=21 send=30000000 >said
same "violations are said of the chip that counted them" \
    "avrspi-board: violations of chip 2, ATtiny85: not-enabled 1" "$(grep violations said)"
same "violations are written of the chip that counted them" "0 1 1" \
    "$(number chip1.violations stats) $(number chip2.violations stats) \
$(number chip2.violation.not-enabled stats)"

three="$chip attiny85,reset=24 atmega8,bus=1,reset=gpiochip1:5"
same "a chip on the second bus, with a line of the second GPIO chip" "93 07" \
    "$(signature_of "$three" use-spi=1.0 "${enter_5[@]}" "${signature[@]}")"
same "the first bus does not reach it" FFFFFFFF "$(echo_of "$three" "${enter_5[@]}")"
same "a bus without a chip reads ones" FFFFFFFF \
    "$(echo_of "$chip,spi1" use-spi=1.0 send=AC530000)"
several "$three" rd-mode >/dev/null
same "reset lines at the end" "high high high" "$(number chip1.reset_level stats) \
$(number chip2.reset_level stats) $(number chip3.reset_level stats)"
several "$chip,kernel=pi attiny85,reset=gpiochip1:5" use-chip=1 request-v2=5:8:0 >/dev/null
same "a line of the second GPIO chip is kept low" "high low" \
    "$(number chip1.reset_level stats) $(number chip2.reset_level stats)"
"$board" $chip,log=log attiny85,reset=gpiochip1:5 -- "$probe" use-chip=1 request-v2=5:8:0 >/dev/null
same "lines of the second GPIO chip in the log" "request v2 CAM_GPIO=0 for probe = 0
CAM_GPIO released" "$(cut -d' ' -f3- log | grep CAM)"
same "a line that the second GPIO chip lacks" "EINVAL" \
    "$(ask $chip use-chip=1 request-v2=8:4 | tail -n 1)"

# Nodes: each has its mode and its speed.

same "mode and speed are a node's own" "0 0 0 0 125000000 0 64 1000000" \
    "$("$board" $chip -- sh -c "$probe wr-mode32=0x40 wr-speed=1000000 use-spi=0.1 rd-mode32 \
        rd-speed use-spi=0.0 rd-mode32 rd-speed" | sed 's/.*: //' | xargs)"
several $chip message=b4 message=b4 use-spi=0.1 message=b4 wr-mode32=0x40 message=b4 >/dev/null
same "chip selects are counted by node" "3 2 1" "$(number chip_selects stats) \
$(number chip_selects.spidev0.0 stats) $(number chip_selects.spidev0.1 stats)"
same "chip selects are the kernel's" "spi0 CS0 7 spi0 CS1 7 spi1 CS0 7 - 0" \
    "$("$board" $chip,spi1 -- "$probe" info-v1=8 info-v1=7 info-v1=18 info-v1=17 |
        sed 's/.*: [A-Z0-9]* //' | xargs)"
same "a line is free where its bus is not there" "- 0" \
    "$("$board" $chip -- "$probe" info-v1=18 | sed 's/.*: GPIO18 //')"
same "modes that the second controller lacks" "EINVAL 0 0" \
    "$(ask $chip,spi1 use-spi=1.0 wr-mode=1 wr-mode=2 wr-mode=0 | tail -n 3 | xargs)"
"$board" $chip,spi1,log=log -- "$probe" use-spi=1.0 message=b1@300000,b1@1 >/dev/null
same "divisors of the second controller" "299760 61035" "$(grep -o 'at [0-9]*' log | cut -c4- | xargs)"
both="$probe message=b4096@200000 & $probe use-spi=NODE message=b4096@200000; wait"
"$board" $chip,stats=stats -- sh -c "${both/NODE/0.1}" >/dev/null
at_least "two nodes of a bus share its wires" 327 "$(number seconds stats | sed 's/\.\(...\).*/\1/; s/^0*//')"
both=${both//200000/100000}
for _ in 1 2 3 4 5; do # on a busy computer the second program may start late
    "$board" $chip,spi1,stats=stats -- sh -c "${both/NODE/1.0}" >/dev/null
    [ "$(number seconds stats | sed 's/\.\(...\).*/\1/; s/^0*//')" -ge 655 ] || break
done
same "two buses do not wait for each other" yes \
    "$([ "$(number seconds stats | sed 's/\.\(...\).*/\1/; s/^0*//')" -lt 655 ] && echo yes)"

# flock(): 1 shared, 2 exclusive, 8 unlock; 4 added does not wait.

same "a device is locked for other open files of it, until it is unlocked" "0 0 0 EAGAIN 0 0" \
    "$(ask $chip lock-spi=6 lock-spi=6 use-spi=0.0 lock-spi=5 use-spi=0.1 lock-spi=6 | xargs)"
same "shared locks exclude an exclusive one only" "0 0 0 0 EAGAIN" \
    "$(ask $chip lock-spi=5 use-spi=0.0 lock-spi=5 use-spi=0.0 lock-spi=6 | xargs)"
same "an operation that flock() does not have" EINVAL "$(ask $chip lock-spi=3)"
same "a lock is waited for, and goes with its owner" "EAGAIN 0 0" "$("$board" $chip -- sh -c "
    $probe lock-spi=2 sleep=400 >/dev/null & sleep 0.2
    $probe lock-spi=6; $probe lock-spi=2 close-spi" | sed 's/.*: //' | xargs)"

# The log: all of it except the times.

"$board" $chip,log=log -- "$probe" wr-mode32=0x40 info-v1=25 request-v1=25:2:0 sleep=21 \
    message=b4@100000 message=b5000 set=1 configure=3 strange-gpio close >/dev/null 2>&1
same "the log" "1 open /dev/spidev0.0 = 0
1 spidev0.0 SPI_IOC_WR_MODE32 64 = 0
1 open /dev/gpiochip0 = 0
1 GPIO_GET_LINEINFO = 0
1 request v1 GPIO25=0 for probe = 0
1 spidev0.0 SPI_IOC_MESSAGE(1), 4 bytes at 100000 Hz: 00000000 > ff000000 = 4
1 spidev0.0 SPI_IOC_MESSAGE(1) = EMSGSIZE
1 set GPIO25=1 = 0
1 GPIOHANDLE_SET_CONFIG = EINVAL
1 ioctl 0x80046b05 = EINVAL
0 GPIO25 released" "$(cut -d' ' -f2- log)"

{
    sleep 0.3
    "$board" $chip,state=kept --stats -- "$probe" request-v1=25:2:0 sleep=21 send=30000000
} 2>&1 >/dev/null | true
same "the chip is saved when nobody reads the numbers" "violation not-enabled 1" \
    "$(grep violation kept)"

# Violations.

"$board" $chip,strict,stats=stats -- "$probe" request-v1=25:2:0 sleep=21 \
    send=30000000 >/dev/null 2>found
same "violations: exit status" 99 $?
same "violations: what is said" "avrspi-board: violations: not-enabled 1" "$(cat found)"
same "violations: numbers" "1 1" "$(number violations stats) $(number violation.not-enabled stats)"

# libgpiod's own tools.

if have gpiodetect; then
    same "gpiodetect" "gpiochip0 [pinctrl-bcm2711] (58 lines)
gpiochip1 [raspberrypi-exp-gpio] (8 lines)" "$("$board" $chip -- gpiodetect)"
    same "gpioinfo" "68" "$("$board" $chip -- gpioinfo | wc -l)"
fi
if have gpiofind; then # of libgpiod 1 only
    same "gpiofind" "gpiochip0 25" "$("$board" $chip -- gpiofind GPIO25)"
    same "gpioget" "1" "$("$board" $chip -- gpioget gpiochip0 25)"
    "$board" $chip,log=log -- gpioset gpiochip0 25=0
    same "gpioset" "request v1 GPIO25=0 for gpioset = 0" "$(grep -o 'request.*' log)"
    "$board" $chip,log=log -- timeout 0.2 gpiomon gpiochip0 24
    same "gpiomon waits" "124 request v1 GPIO24=0 (input) for gpiomon = 0" \
        "$? $(grep -o 'request.*' log)"
    same "a daemon holds the line, and ends with the board" "EBUSY gpioset" \
        "$("$board" $chip -- sh -c "gpioset -b -m signal gpiochip0 25=0
            $probe request-v1=25:2 info-v1=25" | sed 's/.*: //; s/GPIO25 \(.*\) .*/\1/' | xargs)"
fi

# avrdude, as it is. Two things it does are violations, and are expected here:
# early-enable: version 7.1 sends its first Programming Enable right after it has pulled RESET low,
#   where the datasheet wants 20 ms between the two. That attempt fails; the next one comes
#   after a pulse on RESET and 20 ms.
# busy: it waits for a byte of EEPROM, fuse or lock bits by reading that byte until it has its
#   new value, where the datasheet knows RDY/BSY or a fixed wait.

avrdude=(avrdude -c linuxspi -P /dev/spidev0.0:/dev/gpiochip0)
only() { # FILE KIND...: no violations but those, and no more than one early-enable
    local file=$1 kind
    shift
    while read -r kind; do
        case " $* " in *" $kind "*) ;; *) echo "$kind" && return ;; esac
    done < <(sed -n 's/^violation\.\(.*\)=.*/\1/p' "$file")
    [ "$(number violation.early-enable "$file" | grep . || echo 0)" -le 1 ] && echo yes
}

ihex() { # BYTES: a program of so many bytes
    awk -v n="$1" 'BEGIN {
        for (at = 0; at < n; at += 16) {
            size = n - at < 16 ? n - at : 16
            line = sprintf("%02X%04X00", size, at)
            sum = size + int(at / 256) + at % 256
            for (i = 0; i < size; i++) {
                byte = (at * 7 + i * 31 + int(at / 256) * 13) % 255
                line = line sprintf("%02X", byte)
                sum += byte
            }
            printf ":%s%02X\n", line, (256 - sum % 256) % 256
        }
        print ":00000001FF"
    }'
}

if have avrdude; then
    ihex 1500 >program.hex
    chmod 644 program.hex
    "$board" $chip,stats=stats -- "${avrdude[@]}" -p m328p >out 2>&1
    same "avrdude: signature, exit status" 0 $?
    same "avrdude: signature" "0x1e950f" "$(grep -o '0x1e[0-9a-f]*' out)"
    same "avrdude: signature, violations" yes "$(only stats early-enable)"
    "$board" $chip,state=chip,stats=stats -- "${avrdude[@]}" -p m328p -U flash:w:program.hex:i >out 2>&1
    same "avrdude: flash, exit status" 0 $?
    same "avrdude: flash" "1500 bytes of flash verified" "$(grep -o '1500 bytes of flash verified' out)"
    same "avrdude: flash, violations" yes "$(only stats early-enable)"
    same "avrdude: lets go of RESET" "high " "$(number reset_level stats) $(number reset_owner stats)"
    "$board" $chip,state=chip -- "${avrdude[@]}" -p m328p -U flash:v:program.hex:i >out 2>&1
    same "avrdude: the chip was kept in a file" 0 $?
    "$board" $chip,state=chip,stats=stats -- "${avrdude[@]}" -p m328p -B 100 -U eeprom:w:0x12,0x34,0x56:m \
        -U lfuse:w:0xE2:m -U lock:w:0xFC:m >out 2>&1
    same "avrdude: EEPROM, fuse, lock" 0 $?
    same "avrdude: EEPROM, fuse, lock, violations" yes "$(only stats early-enable busy)"
    "$board" $chip,fault=no-power -- "${avrdude[@]}" -p m328p >out 2>&1
    same "avrdude: no power" 1 $?
    "$board" $chip,no-spidev -- "${avrdude[@]}" -p m328p >out 2>&1
    same "avrdude: no spidev" 1 $?
    same "avrdude: no spidev, why" "/dev/spidev0.0" "$(grep -o '/dev/spidev0.0' out | head -1)"
    "$board" atmega2560,stats=stats -- "${avrdude[@]}" -p m2560 -U flash:w:program.hex:i >out 2>&1
    same "avrdude: ATmega2560" 0 $?
    same "avrdude: ATmega2560, violations" yes "$(only stats early-enable)"
    "$board" atmega8,stats=stats -- "${avrdude[@]}" -p m8 -B 10 -U flash:w:program.hex:i >out 2>&1
    same "avrdude: ATmega8" 0 $?
    same "avrdude: ATmega8, violations" yes "$(only stats early-enable)"
fi

# An ordinary user, and root.

if [ "$(id -u)" = 0 ] && have setpriv; then
    user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    same "an ordinary user" "0 4 0" \
        "$("${user[@]}" "$board" $chip -- "$probe" wr-mode32=0x40 message=b4 request-v2=25:8 | sed 's/.*: //' | xargs)"
    if have avrdude; then
        "${user[@]}" "$board" $chip -- "${avrdude[@]}" -p m328p -U flash:w:program.hex:i >out 2>&1
        same "an ordinary user: avrdude" 0 $?
    fi
fi

# A program under another one's eyes.

if have valgrind && valgrind -q "$probe" >/dev/null 2>&1; then # not with a sanitizer
    same "valgrind" "64 4 0 0" "$("$board" $chip -- valgrind -q "$probe" wr-mode32=0x40 rd-mode32 \
        message=b4 request-v2=25:8 set=1 2>&1 | sed 's/.*: //' | tail -4 | xargs)"
fi

same "no process is left" "" "$(pgrep -f "$tmp/(board|probe)")"
# The PWM: files that may be written, with the rules of drivers/pwm/sysfs.c. tee says what a write
# has got.

pwm() { # LINE...: "FILE VALUE" is written, "FILE" is read
    "$board" $chip,pwm -- sh -c '
        cd /; for line; do
            set -- $line
            file=sys/class/pwm/pwmchip0/$1
            if [ $# -gt 1 ]; then
                echo $2 | tee $file 2>&1 >/dev/null | sed "s/.*: //" | grep . || echo 0
            else
                cat $file 2>/dev/null || echo none
            fi
        done' sh "$@" 2>&1 | xargs
}

same "a channel has files once it is exported" "none 0 0 0 0 0 none" \
    "$(pwm pwm0/period "export 0" pwm0/period pwm0/duty_cycle pwm0/enable "unexport 0" pwm0/period)"
same "export and unexport, twice and of what is not there" \
    "0 Device or resource busy No such device 0 No such device" \
    "$(pwm "export 0" "export 0" "export 2" "unexport 0" "unexport 0")"
same "a wave: its period first, and never shorter than it is high" \
    "0 Invalid argument Invalid argument 0 0 Invalid argument 0 0 1000 500 1" \
    "$(pwm "export 0" "pwm0/enable 1" "pwm0/duty_cycle 500" "pwm0/period 1000" "pwm0/duty_cycle 500" \
        "pwm0/period 400" "pwm0/enable 1" "pwm0/enable 1" pwm0/period pwm0/duty_cycle pwm0/enable)"
same "a folder shows what is exported" "pwm1" "$("$board" $chip,pwm -- sh -c '
    echo 1 | tee /sys/class/pwm/pwmchip0/export >/dev/null; ls /sys/class/pwm/pwmchip0/ | grep ^pwm')"
same "without the word there is none" "" "$("$board" $chip -- sh -c 'ls /sys/class/pwm 2>/dev/null')"

finish
