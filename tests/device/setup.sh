# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What the scripts have in common that test avrspi in an environment of its own. To be sourced
# from the project's folder, with $build set to the folder that everything is made in.
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
: "${build:?}"
mkdir -p "$build"

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

quietly() { # COMMAND...: shows what it said when it fails
    "$@" >"$build/log" 2>&1 || {
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
    quietly as_root apt-get install -q -y --no-install-recommends "${missing[@]}" </dev/null
}

mirror() { # where this machine has Debian's packages from
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(REPO_URI)' 'Created-By: Packages' |
        awk '$1 == "Debian" && $2 !~ /-/ { print $3; exit }'
}

this_release() {
    # shellcheck disable=SC1091
    (. /etc/os-release && echo "$VERSION_CODENAME")
}

# Makes a root of a release of Debian in $build/NAME, once for each list of packages.
make_root() { # NAME RELEASE PACKAGE... [-- OPTION OF MMDEBSTRAP...]
    local name=$1 release=$2 packages=() list
    shift 2
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        packages+=("$1")
        shift
    done
    list="$release ${packages[*]} $*"
    [ "$list" != "$(cat "$build/$name.list" 2>/dev/null)" ] || return 0
    install mmdebstrap
    echo "# making a root of Debian $release in $build/$name"
    remove_root "$name"
    [ -n "$(mirror)" ] || update
    quietly as_root mmdebstrap --mode=root --variant=minbase \
        --include="$(IFS=, && echo "${packages[*]}")" \
        --aptopt='Apt::Install-Recommends "false"' "${@:2}" "$release" "$build/$name" "$(mirror)"
    echo "$list" >"$build/$name.list"
}

remove_root() { # NAME
    rm -f "$build/$1.list"
    [ ! -d "$build/$1" ] || as_root rm -rf --one-file-system "$build/${1:?}"
}

# Puts the tree, as it is here, into a root's /src. What was built there stays.
copy_tree() { # NAME
    as_root mkdir -p "$build/$1/src"
    as_root find "$build/$1/src" -mindepth 1 -maxdepth 1 ! -name build \
        -exec rm -rf --one-file-system {} +
    tar -c --exclude=./.git --exclude='./build*' . |
        as_root tar -x --no-same-owner -C "$build/$1/src"
}

# Runs a shell script, from standard input, inside a root. What is mounted for it goes with it.
inside() { # NAME [WORD...]
    local root=$build/$1 script
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
