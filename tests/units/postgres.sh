#!/bin/bash
# SPDX-License-Identifier: MIT
# Serial numbers from a PostgreSQL server of its own, several processes at once: postgres.sh AVRSPI
set -u
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/lib.sh
. "$here/../lib.sh"
program "postgres.sh AVRSPI" "$@"
server=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)
[ -x "$server/initdb" ] && have psql sqlite3 || exit 77
workplace "$here/../cli/data"

# The server refuses to run as root.
as_user() { # COMMAND...
    if [ "$(id -u)" = 0 ]; then
        runuser -u nobody -- "$@"
    else
        "$@"
    fi
}

chmod 711 .
mkdir server
[ "$(id -u)" != 0 ] || chown nobody server
as_user "$server/initdb" -D "$tmp/server/data" -A trust -U unit >/dev/null || exit 1
as_user "$server/pg_ctl" -w -D "$tmp/server/data" -l "$tmp/server/log" \
    -o "-k $tmp/server -c listen_addresses=" start >/dev/null || exit 1
trap 'as_user "$server/pg_ctl" -m immediate -D "$tmp/server/data" stop >/dev/null; rm -rf "$tmp"' EXIT
export PGHOST=$tmp/server PGUSER=unit PGDATABASE=postgres
psql -q -c 'CREATE SEQUENCE unit START 700'

printf '%s\n' '[unit]' 'chip = ATmega328P' 'record = units.db' '[flash]' 'file = program.hex' '[serial]' \
    'memory = eeprom' 'address = 0' 'width = 4' "command = psql -At -c \"select nextval('unit')\"" >unit.recipe
for ((n = 0; n < 3; n++)); do
    for ((i = 0; i < 4; i++)); do
        "$avrspi" -q -p "sim:atmega328p,state=$i.sim" burn unit.recipe &
    done
    wait
done
same "a number for each unit" "12 12 700 711" "$(sqlite3 -separator ' ' units.db "
    SELECT count(*), count(DISTINCT serial), min(serial), max(serial) FROM unit WHERE verdict = 'pass'")"
"$avrspi" -q -p sim:atmega328p,fault=no-reset burn unit.recipe 2>/dev/null
"$avrspi" -q -p sim:atmega328p burn unit.recipe
same "a unit that was never reached takes none" 712 "$(sqlite3 units.db "
    SELECT serial FROM unit WHERE verdict = 'pass' ORDER BY id DESC LIMIT 1")"
psql -q -c 'DROP SEQUENCE unit'
"$avrspi" -q -p sim:atmega328p burn unit.recipe >out 2>&1
same "without a number no unit" 1 $?
check "and it is said why" grep -q "'psql' failed: exit 1" out

finish
