# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the scripts have in common that test avrspi in an environment of its own: tests/kernel/run,
# tests/trixie/run, tests/cross/run. To be sourced from the project's folder, with $build set to
# the folder that everything is made in.
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
: "${build:?}"
roots=$PWD/build/roots # root folders of Debian's, kept from run to run
mkdir -p "$build" "$roots"

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

quietly() { # COMMAND...: shows what it said when it fails
    "$@" >"$build/log" 2>&1 </dev/null || {
        cat "$build/log" >&2
        return 1
    }
}

updated=
update() { # the lists of packages, once
    [ -z "$updated" ] || return 0
    quietly as_root apt-get update -q
    updated=yes
}

install() { # PACKAGE...: those that are missing
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    echo "# installing: ${missing[*]}"
    update
    quietly as_root apt-get install -q -y --no-install-recommends "${missing[@]}"
}

this_release() {
    # shellcheck disable=SC1091
    (. /etc/os-release && echo "$VERSION_CODENAME")
}

# Where this machine has Debian's packages from, as lines for another release.
sources() { # RELEASE
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(REPO_URI) $(CODENAME)' \
        'Created-By: Packages' | sort -u |
        awk -v old="$(this_release)" -v new="$1" '$1 == "Debian" && $2 == "main" {
            sub("^" old, new, $4)
            print "deb", $3, $4, $2
        }'
}

# Makes a root of a release of Debian in $roots/NAME, once for each list of packages.
make_root() { # NAME RELEASE PACKAGE... [-- OPTION OF MMDEBSTRAP...]
    local name=$1 release=$2 packages=() list
    shift 2
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        packages+=("$1")
        shift
    done
    list="$release ${packages[*]} $*"
    [ "$list" != "$(cat "$roots/$name.made" 2>/dev/null)" ] || return 0
    install mmdebstrap
    remove_root "$name"
    [ -n "$(sources "$release")" ] || update
    echo "# making $roots/$name: Debian $release"
    # a mirror can be in the midst of an update; for most of what is tested the release will do
    sources "$release" >"$roots/$name.list"
    unpack_root "$@" 2>/dev/null || {
        remove_root "$name"
        sources "$release" | awk -v release="$release" '$3 == release' >"$roots/$name.list"
        unpack_root "$@"
    }
    echo "$list" >"$roots/$name.made"
}

# What make_root does with its own words.
unpack_root() { # [-- OPTION OF MMDEBSTRAP...]
    quietly as_root mmdebstrap --mode=root --variant=minbase \
        --include="$(IFS=, && echo "${packages[*]}")" \
        --aptopt='Apt::Install-Recommends "false"' --dpkgopt=force-unsafe-io "${@:2}" \
        "$release" "$roots/$name" "$roots/$name.list"
}

remove_root() { # NAME
    rm -f "$roots/$1.made"
    [ ! -d "$roots/$1" ] || as_root rm -rf --one-file-system "$roots/${1:?}"
}

# Puts the tree, as it is here, into a root's /src. What was built there stays.
copy_tree() { # NAME
    as_root mkdir -p "$roots/$1/src"
    as_root find "$roots/$1/src" -mindepth 1 -maxdepth 1 ! -name build \
        -exec rm -rf --one-file-system {} +
    tar -c --exclude=./.git --exclude='./build*' . |
        as_root tar -x --no-same-owner -C "$roots/$1/src"
}

# Runs a shell script, from standard input, inside a root. What is mounted for it goes with it.
inside() { # NAME [WORD...]
    local root=$roots/$1 script
    shift
    script=$(cat)
    # shellcheck disable=SC2016
    as_root unshare --mount --propagation private sh -euc '
        for folder in proc sys dev; do mount --rbind "/$folder" "$0/$folder"; done
        cp /etc/resolv.conf "$0/etc/resolv.conf"
        mount -t tmpfs tmpfs "$0/tmp"
        root=$0 script=$1
        shift
        exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LC_ALL=C \
            /bin/sh -euc "$script" sh "$@"' "$root" "$script" "$@"
}

# Another architecture: a compiler for it, and a root in $roots/ARCHITECTURE whose packages are
# unpacked only. Nothing of this machine changes but for the compiler. The kernel's image and its
# headers are in its folder /packages.

foreign_triplet() { # ARCHITECTURE
    case $1 in
    arm64) echo aarch64-linux-gnu ;;
    armhf) echo arm-linux-gnueabihf ;;
    esac
}

foreign_root() { # ARCHITECTURE
    local kernel=linux-image-$1
    [ "$1" != armhf ] || kernel=linux-image-armmp
    install gcc "gcc-$(foreign_triplet "$1")"
    # shellcheck disable=SC2016
    make_root "$1" "$(this_release)" libc6-dev libgpiod-dev libinih-dev libjansson-dev libelf-dev libsqlite3-dev \
        libcmocka-dev gpiod avrdude busybox-static -- --variant=extract --architectures="$1" \
        --setup-hook='cd "$1" && mkdir -p usr/bin usr/sbin usr/lib &&
            ln -s usr/bin usr/sbin usr/lib .' --extract-hook='
            export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
            release=$(apt-cache depends '"$kernel"' | sed -n "s/.*Depends: linux-image-//p")
            mkdir "$1/packages" && cd "$1/packages" &&
                apt-get download -q "linux-image-$release" "linux-headers-$release"'
}

# Configures and builds the project with options of cmake; $roots/ARCHITECTURE.cmake tells it how.
foreign_build() { # ARCHITECTURE FOLDER OPTION...
    local architecture=$1 folder=$2 triplet root=$roots/$1 processor qemu
    triplet=$(foreign_triplet "$1")
    shift 2
    case $architecture in
    arm64) processor=aarch64 qemu=qemu-aarch64-static ;;
    armhf) processor=armv7l qemu=qemu-arm-static ;;
    esac
    cat >"$root.cmake" <<END
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR $processor)
set(CMAKE_C_COMPILER $triplet-gcc)
set(CMAKE_SYSROOT $root)
set(CMAKE_LIBRARY_ARCHITECTURE $triplet)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_CROSSCOMPILING_EMULATOR $qemu;-L;$root)
set(ENV{PKG_CONFIG_SYSROOT_DIR} $root)
set(ENV{PKG_CONFIG_LIBDIR} $root/usr/lib/$triplet/pkgconfig:$root/usr/share/pkgconfig)
END
    quietly cmake -S . -B "$folder" -G Ninja -DCMAKE_TOOLCHAIN_FILE="$root.cmake" "$@" &&
        quietly cmake --build "$folder"
}

# The results of ctest, from its output.
ctest_results() {
    sed -E -e 's/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: ([^ ]*) \.+ +Passed.*/ok \1/' \
        -e 's/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: ([^ ]*) \.+\*\*\*Skipped.*/# skipped: \1/' \
        -e 's/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: ([^ ]*) \.+\*\*\*(.*)/not ok \1: \2/' \
        -e '/^ +Start +[0-9]+: /d' -e '/^[0-9]+ passed, /d' -e '/^(ok|not ok|#) /! s/^/#   /'
}

# Counts the results in a file, which has to have a line that only comes at the end.
conclude() { # FILE LAST
    local passed failed
    passed=$(grep -c '^ok ' "$1" || true)
    failed=$(grep -c '^not ok ' "$1" || true)
    if ! grep -qx "$2" "$1"; then
        echo "not ok the tests came to their end"
        failed=$((failed + 1))
    fi
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
