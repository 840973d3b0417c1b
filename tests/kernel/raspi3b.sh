#!/bin/busybox sh
# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# The first process in the machine of tests/kernel/raspi3b: the cases.
/bin/busybox --install -s /bin
export PATH=/bin:/usr/bin HOME=/tmp LC_ALL=C
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t debugfs debugfs /sys/kernel/debug
mount -t tmpfs tmpfs /tmp
cd /tmp || exit
insmod /spi-bcm2835.ko
insmod /bcm2835_wdt.ko # restarts the machine

# shellcheck source=tests/lib.sh
. /lib.sh

explain() {
    sed 's/^/# output    /; 20q' out
}

ask() { # QUESTION...: answers in one line
    probe "$@" >out 2>&1
    sed 's/.*: //' out | xargs
}

pin() { # what the pin is in truth, whatever gpiolib takes it for
    sed -n 's/^pin 25 .* function \([a-z_0-9]*\).*/\1/p' /sys/kernel/debug/pinctrl/*/pins |
        head -n 1
}

spi_pins() { # what MISO, MOSI and SCK are
    sed -n 's/^pin \(9\|10\|11\) .* function \([a-z_0-9]*\).*/\1 \2/p' \
        /sys/kernel/debug/pinctrl/*/pins | head -n 3
}

echo # after what the line carried while the driver took it over
: >out
same "the drivers are the board's own" "spi-bcm2835 spidev pinctrl-bcm2835" \
    "$(for device in spi_master/spi0/device spi_master/spi0/spi0.0; do
        basename "$(readlink /sys/class/$device/driver)"
    done | xargs) $(gpiodetect | sed -n 's/^gpiochip0 \[\(.*\)\].*/\1/p')"

same "SPI_NO_CS" "0 64 0" "$(ask wr-mode32=0x40 rd-mode32 wr-mode32=0)"
same "modes that the controller lacks" "EINVAL EINVAL EINVAL EINVAL 0" \
    "$(ask wr-mode=0x08 wr-mode=0x20 wr-mode=0x80 wr-mode32=0x40000000 rd-mode)"
same "active high chip select does not show" "0 0 0" "$(ask wr-mode=0x04 rd-mode32 wr-mode=0)"
same "bits in a word" "0 8 0 EINVAL EINVAL" \
    "$(ask wr-bits=0 rd-bits wr-bits=8 wr-bits=16 bits-of-transfer=9)"
same "speed" "125000000 0 500000" "$(ask rd-speed wr-speed=500000 rd-speed)"
same "messages, by polling and by interrupts" "4 64 1024 4096" \
    "$(ask message=b4@100000 message=b64@100000 message=b1024@1000000 message=b4096@2000000)"
same "a message above bufsiz" "EMSGSIZE" "$(ask message=b4097)"
same "two transfers that do not fit aligned to 128" "3969 EMSGSIZE" \
    "$(ask message=b1,b3968 message=b1,b3969)"

same "the line: requests, values, who holds it" "0 GPIO25 probe 11 1 0 0 EBUSY" \
    "$(ask request-v2=25:10:1 info-v2=25 get set=0 get request-v2=25:8)"
same "the kernel holds chip select" "spi0 CS0" \
    "$(probe info-v2=8 | sed -n 's/.*: [^ ]* \(.*\) [0-9]*$/\1/p')"

avrspi sig >out 2>&1
same "avrspi finds no target" "3 MISO reads all zeros" "$? $(grep -o 'MISO reads all zeros' out)"
same "RESET is an input again, for gpiolib" "GPIO25 - 4" "$(ask info-v2=25)"
same "RESET is an input again, in truth" gpio_in "$(pin)"
avrspi -r GPIO25,open-drain sig >out 2>&1
same "open drain" "3 gpio_in" "$? $(pin)"
avrspi -r gpiochip0:8 sig >out 2>&1
same "a line that the kernel holds" "6 held by 'spi0 CS0'" "$? $(grep -o "held by '.*'" out)"

# The doctor, who looks at everything and changes nothing.
before=$(spi_pins)
avrspi doctor >out 2>&1
same "doctor: board, device, controller and lines are in order, nobody answers" \
    "3 board device bufsiz bus lines port: echo" \
    "$? $(sed -n 's/^ok  *\(board\|device\|bufsiz\|bus\|lines\|port\) .*/\1/p' out | xargs): $(
        sed -n 's/^fail  *\([a-z-]*\) .*/\1/p' out | xargs)"
same "doctor: the model" "Raspberry Pi 3 Model B" "$(grep -o 'Raspberry Pi 3 Model B' out | head -n 1)"
same "doctor: RESET is an input again" gpio_in "$(pin)"
same "doctor: the pins of the controller are what they were" "$before" "$(spi_pins)"

# A run that is killed leaves the line to the driver, which can be told to keep it an output: the
# kernels of Raspberry Pi OS do so.
case $(cat /sys/module/pinctrl_bcm2835/parameters/persist_gpio_outputs 2>/dev/null) in
Y) left=gpio_out found="left holding the target in reset" ;;
*) left=gpio_in found= ;;
esac
echo "# a line that nobody holds is $left"

for signal in TERM KILL; do
    (
        n=0
        until [ "$(pin)" = gpio_out ] || [ $((n += 1)) -gt 200 ]; do sleep 0.01; done
        pin >held
        kill -$signal "$(cat pid)"
    ) &
    sh -c 'echo $$ >pid; exec avrspi sig' >out 2>&1
    status=$?
    wait
    case $signal in
    TERM) expected="143 gpio_out gpio_in" ;;
    KILL) expected="137 gpio_out $left" ;;
    esac
    same "SIG$signal" "$expected" "$status $(cat held) $(pin)"
done
avrspi sig >out 2>&1
same "a later run puts it right" "3 gpio_in" "$? $(pin)"
same "and says what it found" "$found" "$(grep -o "left holding the target in reset" out)"
avrdude -c linuxspi -P /dev/spidev0.0:/dev/gpiochip0 -p m328p >out 2>&1
same "avrdude finds no target" "1 $left" "$? $(pin)"
if dmesg | grep -E 'BUG:|Oops|Call Trace' >out; then
    same "the kernel has nothing to say" "" "$(cat out)"
fi
echo "# the end"
reboot -f
