#!/bin/bash
# SPDX-License-Identifier: MIT
# The playbook of examples/fleet with three local stations and simulated chips: run.sh AVRSPI
#
# First all units are good; then one station's target has no power: the play has to fail and to name
# it, with the results of the others whole.
set -u
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/lib.sh
. "$here/../lib.sh"
program "run.sh AVRSPI" "$@"
have ansible-playbook jq sqlite3 || exit 77
temporary
cp -r "$here/../../examples/fleet" "$here/../../examples/blink" "$tmp"
cd "$tmp/fleet" || exit 1
# Ansible wants UTF-8, and keeps files of its own at home
export HOME=$tmp LC_ALL=C.UTF-8 ANSIBLE_NOCOLOR=1
sed "s|^folder=.*|folder=$tmp/{{ inventory_hostname }}|" simulated.ini >here.ini
stations="bench1 bench2 bench3"

play() { # the exit code; what was said in play.log
    ansible-playbook -i here.ini -e "avrspi=$avrspi" burn.yml >play.log 2>&1
}

explain() { # what the play said, behind a comparison that failed
    sed 's/^/# /' play.log
}

rows() { # SQL after SELECT, of each station's record
    local station
    for station in $stations; do
        echo "$station $(sqlite3 -separator ' ' "results/$station.db" "SELECT $1" | paste -sd ';')"
    done
}

violations() { # of all chips
    local station
    for station in $stations; do
        "$avrspi" --json -p "sim:atmega328p,state=$tmp/$station/chip.sim" sig | jq .violations
    done | sort -u
}

play
same "three good units: exit" 0 $?
same "three good units: records" "bench1 1 pass
bench2 1000 pass
bench3 2000 pass" "$(rows "serial, verdict FROM unit")"
same "three good units: the table" 4 "$(wc -l <results/units.csv)"
for station in $stations; do
    check "$station: the chip is as the recipe has it" "$avrspi" -q \
        -p "sim:atmega328p,state=$tmp/$station/chip.sim" verify ../blink/blink.hex
done

mkdir host_vars
echo 'port: "sim:atmega328p,state={{ folder }}/chip.sim,fault=no-power"' >host_vars/bench2.yml
play
same "one without power: exit" 2 $?
same "one without power: records" "bench1 1 pass ;2 pass 
bench2 1000 pass ; fail no-target
bench3 2000 pass ;2001 pass " "$(rows "serial, verdict, reason FROM unit")"
check "one without power: it alone is named, with the reason" [ "$(sed -n \
    's/^fatal: \[\(.*\)\]: .*"msg": "\(exit [0-9]*: no answer from a target\) .*/\1 \2/p' <<<"$(
        tr -d '\n' <play.log | sed 's/fatal: /\n&/g')")" = "bench2 exit 3: no answer from a target" ]
same "one without power: the table" "bench1 pass
bench1 pass
bench2 fail
bench2 pass
bench3 pass
bench3 pass" "$(sqlite3 :memory: '.mode csv' '.import results/units.csv unit' \
    '.mode list' '.separator " "' 'SELECT inventory_name, verdict FROM unit ORDER BY 1, 2')"
same "violations" 0 "$(violations)"
finish
