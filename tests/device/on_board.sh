#!/bin/sh
# SPDX-License-Identifier: MIT
# The device cases on the virtual board, for ctest; 77 where the board can't run.
set -eu
cd "$(dirname "$0")"
if "$BOARD" atmega328p -- true 2>&1 | grep seccomp; then
    echo "skipped: the board needs seccomp's user notification"
    exit 77
fi
exec ./cases.sh ./board
