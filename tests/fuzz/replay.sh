#!/bin/bash
# SPDX-License-Identifier: MIT
# Goes through the seeds of the fuzzers, and through a corpus where there is one.
#
#     tests/fuzz/replay.sh FOLDER [CORPUS]
#
# FOLDER has the programs replay_TARGET; CORPUS has a folder for each TARGET.
set -euo pipefail

programs=${1:?usage: tests/fuzz/replay.sh FOLDER [CORPUS]}
corpus=${2-}
seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT
"$(dirname "$0")/seeds.sh" "$seeds"

for program in "$programs"/replay_*; do
    [ -f "$program" ] || continue
    target=${program##*/replay_}
    case $target in
    *_file) from=$seeds/files ;;
    recipe) from=$seeds/recipes ;;
    *) from=$seeds/chips ;;
    esac
    folders=("$from")
    if [ -d "$corpus/$target" ]; then
        folders+=("$corpus/$target")
    fi
    printf '%s: ' "$target"
    find "${folders[@]}" -type f -print0 | xargs -0 "$program"
done
