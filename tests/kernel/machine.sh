# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What tests/kernel/run and tests/kernel/raspi3b have in common: kernels, programs, and the files
# of a machine. To be sourced from the project's folder after tests/device/setup.sh, with
# $architecture, and $foreign set when it is not this machine's.

: "${build:?}" "${architecture:?}" "${roots:?}"
root=     # where programs and libraries are taken from: from here, or from a foreign root
release=  # of the kernel: 6.1.0-49-amd64
programs= # the folder that avrspi was built in
cc=(gcc)  # for the machine

unpack_image() { # FOLDER
    dpkg-deb --fsys-tarfile "$1"/linux-image-*.deb |
        tar -x -O --wildcards './boot/vmlinuz-*' >"$build/vmlinuz"
    case $architecture in
    amd64) extract_vmlinux "$build/vmlinuz" "$build/vmlinux" ;;
    *) mv "$build/vmlinuz" "$build/vmlinux" ;;
    esac
}

# The kernel proper out of its self-extracting file, which unpacks itself slowly when every
# instruction is interpreted. Documentation/arch/x86/boot.rst of Linux tells where it is; its size
# stands behind it, but for gzip, which has it anyway.
extract_vmlinux() { # BZIMAGE VMLINUX
    local sectors offset length unpack
    sectors=$(od -An -tu1 -j 0x1f1 -N 1 "$1")
    offset=$(((sectors + 1) * 512 + $(od -An -tu4 -j 0x248 -N 4 "$1")))
    length=$(($(od -An -tu4 -j 0x24c -N 4 "$1") - 4))
    case $(od -An -tx1 -j "$offset" -N 2 "$1") in
    " fd 37") unpack=xz ;;
    " 28 b5") unpack=zstd ;;
    " 1f 8b") unpack=gzip length=$((length + 4)) ;;
    *)
        echo "tests/kernel/run: the kernel is packed in a way that is not known" >&2
        return 1
        ;;
    esac
    dd if="$1" bs=64K iflag=skip_bytes,count_bytes status=none skip="$offset" count="$length" |
        $unpack -dc >"$2"
}

# Sets $root and $release.
use_foreign_root() {
    foreign_root "$architecture"
    root=$roots/$architecture
    release=$(basename "$root"/packages/linux-image-*)
    release=${release#linux-image-} release=${release%%_*}
}

# avrspi and the probe, for the machine.
build_programs() {
    programs=$build/programs
    if [ -n "${foreign-}" ]; then
        cc=("$(foreign_triplet "$architecture")-gcc" --sysroot="$root")
        foreign_build "$architecture" "$programs" -DAVRSPI_TESTS=OFF
    else
        quietly cmake -S . -B "$programs" -G Ninja -DAVRSPI_TESTS=OFF
        quietly cmake --build "$programs"
    fi
    quietly "${cc[@]}" -std=c17 -D_GNU_SOURCE -Wall -Wextra -o "$build/probe" tests/board/probe.c
}

# The libraries that a program needs, and their own; 'copied' has those that are there already.
copied=" "
copy_libraries() { # PROGRAM
    local name folder
    for name in $(readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p') \
        $(readelf -l "$1" | sed -n 's/.*program interpreter: \(.*\)\]/\1/p'); do
        case $copied in *" $name "*) continue ;; esac
        copied="$copied$name "
        for folder in "" /lib/ "/lib/$triplet/" "/usr/lib/$triplet/"; do
            [ -f "$root$folder$name" ] || continue
            mkdir -p "$build/root$(dirname "$folder$name")"
            cp -L "$root$folder$name" "$build/root$folder$name"
            copy_libraries "$root$folder$name"
            break
        done
    done
}

# Packs busybox, the programs with what they need, and more files into $build/root.cpio.
pack_root() { # FILE...: for the top folder
    local program triplet
    triplet=$("${cc[@]}" -print-multiarch)
    rm -rf "$build/root"
    mkdir -p "$build"/root/{bin,dev,proc,sys,tmp,usr/bin,etc}
    cp "$@" "$build/root"
    cp "$root/etc/avrdude.conf" "$build/root/etc"
    cp "$root/bin/busybox" "$build/root/bin"
    for program in "$root"/usr/bin/{avrdude,gpiodetect,gpioinfo} "$programs/avrspi" "$build/probe"; do
        cp "$program" "$build/root/usr/bin"
        copy_libraries "$program"
    done
    (cd "$build/root" && find . | cpio -o -H newc --quiet) >"$build/root.cpio"
}

# Runs a machine; what it says is also in $build/console.
boot() { # SECONDS CONSOLE PARAMETERS QEMU...
    timeout "$1" "${@:4}" -accel tcg -display none -serial stdio -no-reboot \
        -kernel "$build/vmlinux" -initrd "$build/root.cpio" \
        -append "console=$2 loglevel=1 panic=-1 $3" </dev/null |
        sed -u 's/[^[:print:]]//g; /^$/d; / passed, /d; / reboot: /d' | tee "$build/console"
}
