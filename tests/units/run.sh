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
units=${2:-44} kills=${3:-8} each=${4:-2} # the last: which one is faulty
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

# A fault of the simulated target, each kind that there is, and the reason that the record then has. A
# pulse or a reply that is disturbed may be mended by another try: then the verdict has to be true.
faults=(no-power=no-target miso-high=no-target miso-low=no-target no-reset=no-target
    swapped=no-target loopback=no-target no-sck=no-target inverted-reset=no-target
    no-crystal=no-target wrong-chip=signature power-loss:3000=no-target weak-cell:1=verify
    flip:400=either flip:3000=either mosi:20000=either miso:20000=either lost:20000=either
    extra:20000=either cut:20000:30=either mosi~20000:7=either miso~20000:7=either)
"$avrspi" -q -p sim:atmega328p,state=crystal.sim fuses --low 0xFF >/dev/null 2>&1

serial_of() { # STATE
    "$avrspi" -q -p "sim:atmega328p,state=$1" read eeprom --range 0x10:0x14 -f raw -o - |
        od -An -tu4 | tr -d ' '
}

is_good() { # STATE SERIAL: the chip holds what the recipe says
    [ "$(serial_of "$1")" = "$2" ] && "$avrspi" -q -p "sim:atmega328p,state=$1" verify program.hex &&
        "$avrspi" -q -p "sim:atmega328p,state=$1" fuses --verify --low 0xE2
}

# The row of the last unit as it has to be; as it is where that depends on another try.
row() { # REASON
    local serial verdict reason
    if [ "$1" != either ]; then
        echo "$n|$([ -z "$1" ] && echo pass || echo fail)|$1"
        return
    fi
    IFS='|' read -r serial verdict reason < <(query "SELECT serial, verdict, reason FROM unit
        ORDER BY id DESC LIMIT 1")
    case $verdict in
    pass) is_good unit.sim "$serial" && echo "$n|pass|" || echo "$n: $fault: not a good unit" ;;
    *) [ -n "$reason" ] && echo "$n|fail|$reason" || echo "$n: $fault: no reason" ;;
    esac
}

expected=
for ((n = 1; n <= units; n++)); do
    port=sim:atmega328p reason=
    if ((n % each == 0)); then
        fault=${faults[n / each % ${#faults[@]}]}
        reason=${fault##*=} fault=${fault%=*}
        rm -f unit.sim
        [ "$fault" != no-crystal ] || cp crystal.sim unit.sim
        port=$port,state=unit.sim,fault=$fault
    fi
    "$avrspi" -q -p "$port" burn unit.recipe >/dev/null 2>&1
    expected+=$(row "$reason")$'\n'
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

rm -f units.db ./*.sim
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
    is_good "$chip" "$serial" || bad="$bad $chip"
done < <(query "SELECT station, serial FROM unit WHERE verdict = 'pass'")
same "a unit with a good verdict is good" "" "$bad"
for state in *.sim; do
    violations=$("$avrspi" --json -p "sim:atmega328p,state=$state" sig | jq .violations)
    [ "$violations" = 0 ] || not_ok "violations of $state: $violations"
done

finish
