#!/bin/bash
# SPDX-License-Identifier: MIT
# What the fuzzers begin with: the small files that other tests have.
#
#     tests/fuzz/seeds.sh FOLDER
#
# FOLDER gets files/ (firmware files, good and bad, of all formats), chips/ (chip files) and recipes/.
set -euo pipefail

folder=${1:?usage: tests/fuzz/seeds.sh FOLDER}
tests=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$folder/files" "$folder/chips" "$folder/recipes"

cp "$tests"/data/image/*/* "$folder/files"
cp "$tests"/cli/data/*.hex "$tests"/cli/data/*.eep "$tests"/cli/data/*.elf "$folder/files"
while read -r name content; do # as the scene odd_files has it
    # shellcheck disable=SC2059
    printf "$content" >"$folder/files/$name"
done <"$tests/cli/data/odd_files.txt"
cp "$tests"/../chips/*.conf "$tests"/cli/data/*.conf "$folder/chips"
cp "$tests"/../examples/recipes/*.recipe "$tests"/../examples/recipes/*.bench "$folder/recipes"
