#!/bin/bash
# SPDX-License-Identifier: MIT
# Many units in a row, some of them faulty, and processes that are killed: run.sh AVRSPI [UNITS KILLS EACH]
#
# Every good unit passes, every faulty one fails with the right reason; no serial number is given
# twice, and none is missing but those bound to failed units; every unit is a row. After kills at
# random moments with four processes at once: no double, no good verdict for a unit that is not as
# it should be, and the database is whole.
set -u
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/lib.sh
. "$here/../lib.sh"
program "run.sh AVRSPI [UNITS KILLS EACH]" "$@"
units=${2:-40} kills=${3:-8} each=${4:-4} # the last: which one is faulty
have sqlite3 || exit 77
workplace "$here/../cli/data"

{
    printf '%s\n' '[unit]' 'chip = ATmega328P' 'supply = 5.0' 'record = units.db' \
        '[flash]' 'file = program.hex' '[fuses]' 'low = 0xE2' \
        '[serial]' 'memory = eeprom' 'address = 0x10' 'width = 4' 'counter = unit' 'start = 1'
} >unit.recipe

query() { # SQL
    sqlite3 units.db "$1"
}

# --- one after another

# A fault of the simulated target, and the reason that the record then has.
faults=(no-power:no-target miso-high:no-target miso-low:no-target no-reset:no-target
    swapped:no-target loopback:no-target no-sck:no-target wrong-chip:signature
    power-loss=3000:no-target weak-cell=1:verify)

expected=
for ((n = 1; n <= units; n++)); do
    port=sim:atmega328p reason=
    if ((n % each == 0)); then
        fault=${faults[n / each % ${#faults[@]}]}
        reason=${fault#*:} fault=${fault%:*}
        port=$port,fault=${fault/=/:}
    fi
    "$avrspi" -q -p "$port" burn unit.recipe >/dev/null 2>&1
    expected+="$n|$([ -z "$reason" ] && echo pass || echo fail)|$reason"$'\n'
done
same "each verdict, and each reason" "${expected%$'\n'}" "$(query 'SELECT id, verdict, reason FROM unit')"
same "no number is missing but of failed units" "" "$(query "
    WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n
        WHERE x < (SELECT max(CAST(number AS INTEGER)) FROM serial))
    SELECT x FROM n WHERE x NOT IN (SELECT CAST(serial AS INTEGER) FROM unit WHERE serial != '')")"
same "no number is there twice" "" "$(query "
    SELECT serial FROM unit WHERE serial != '' GROUP BY serial HAVING count(*) > 1")"
same "good units have a number" 0 "$(query "
    SELECT count(*) FROM unit WHERE verdict = 'pass' AND serial = ''")"

# --- four at once, killed at random moments

rm -f units.db
"$avrspi" -q -p sim:atmega328p,state=first.sim burn unit.recipe
for ((n = 0; n < kills; n += 4)); do
    for ((i = 0; i < 4; i++)); do
        timeout -s KILL "0.$(printf %03d $((RANDOM % 600 + 20)))" "$avrspi" -q \
            -p "sim:atmega328p,state=$((n + i)).sim,realtime=1" burn unit.recipe &
    done
    wait
done >/dev/null 2>&1
"$avrspi" -q -p sim:atmega328p,state=last.sim burn unit.recipe
same "the database is whole" ok "$(query 'PRAGMA integrity_check')"
same "no number is bound twice" "" "$(query "
    SELECT number FROM serial WHERE state = 'bound' GROUP BY number HAVING count(*) > 1")"
same "no two units have one number" "" "$(query "
    SELECT serial FROM unit WHERE serial != '' GROUP BY serial HAVING count(*) > 1")"
# one that was killed before it began has no row
rows=$(query 'SELECT max(id) FROM unit')
check "no more rows than units" test "$rows" -ge 2 -a "$rows" -le $((kills + 2))
bad=
while IFS='|' read -r station serial; do
    chip=${station#*state=} && chip=${chip%%,*}
    found=$("$avrspi" -q -p "sim:atmega328p,state=$chip" read eeprom --range 0x10:0x14 -f raw -o - |
        od -An -tu4 | tr -d ' ')
    [ "$found" = "$serial" ] && "$avrspi" -q -p "sim:atmega328p,state=$chip" verify program.hex &&
        "$avrspi" -q -p "sim:atmega328p,state=$chip" fuses --verify --low 0xE2 || bad="$bad $chip"
done < <(query "SELECT station, serial FROM unit WHERE verdict = 'pass'")
same "a unit with a good verdict is good" "" "$bad"
for state in *.sim; do
    violations=$("$avrspi" --json -p "sim:atmega328p,state=$state" sig | jq .violations)
    [ "$violations" = 0 ] || not_ok "violations of $state: $violations"
done

finish
