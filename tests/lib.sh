# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# What the tests that are shell scripts have in common: results and their count, a temporary folder.
# To be sourced, by bash, dash, or the sh of busybox.
#
# A result is a line 'ok NAME' or 'not ok NAME'; lines that begin with '#' explain it. Before each
# name stands $prefix.
#
# A script that has more to show when a comparison fails defines explain(), which prints it.

passed=0 failed=0 prefix=

ok() { # NAME
    passed=$((passed + 1))
    echo "ok $prefix$1"
}

not_ok() { # NAME
    failed=$((failed + 1))
    echo "not ok $prefix$1"
}

explain() {
    :
}

same() { # NAME EXPECTED FOUND
    if [ "$2" = "$3" ]; then
        ok "$1"
        return
    fi
    not_ok "$1"
    printf '%s\n' "$2" | sed 's/^/# expected  /'
    printf '%s\n' "$3" | sed 's/^/# found     /'
    explain
}

at_least() { # NAME LEAST FOUND
    if [ "$3" -ge "$2" ] 2>/dev/null; then
        ok "$1"
    else
        same "$1" "at least $2" "$3"
    fi
}

check() { # NAME COMMAND...: the command succeeds
    local name=$1
    shift
    if "$@"; then ok "$name"; else not_ok "$name"; fi
}

have() { # PROGRAM...: are installed; says which is not
    local program
    for program in "$@"; do
        command -v "$program" >/dev/null && continue
        echo "# skipped: no $program"
        return 1
    done
}

number() { # KEY FILE: the value in a file of key=value lines
    sed -n "s/^$1=//p" "$2"
}

# Sets $tmp to a new folder, which is removed when the script ends.
temporary() {
    tmp=$(mktemp -d) || exit 1
    trap 'rm -rf "$tmp"' EXIT
}

# For tests of the program: $avrspi is the first of the script's arguments, and nothing that the user
# has set is in force.
program() { # USAGE [ARGUMENT...]
    if [ $# -lt 2 ] || [ ! -x "$2" ]; then
        echo "usage: $1" >&2
        exit 2
    fi
    # shellcheck disable=SC2034 # of the script
    avrspi=$(realpath "$2")
    export LC_ALL=C
    unset AVRSPI_PORT AVRSPI_RESET AVRSPI_CHIP AVRSPI_RECORD NO_COLOR XDG_CONFIG_HOME XDG_STATE_HOME
}

# Goes to a new folder, which is HOME too and has the files of another.
workplace() { # FOLDER
    temporary
    cp "$1"/* "$tmp"
    cd "$tmp" || exit 1
    export HOME=$tmp
}

# The last line; fails when a test has failed.
finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
