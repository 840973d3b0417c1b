# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154 # avrspi, chip, here, tmp: of run.sh
# Scenes of signals, and of the notes that the next run finds.

# Waits for a file that the program makes.
await() { # FILE
    local left=200
    until [ -e "$1" ]; do
        [ $((left -= 1)) -gt 0 ] || return 1
        sleep 0.05
    done
}

scene_signals() {
    local number signal slack
    head -c 30000 /dev/zero | tr '\0' '\301' >long.bin
    for signal in INT TERM HUP QUIT; do
        rm -f chip.sim
        "$avrspi" -p "$chip,realtime=1" flash long.bin >"$tmp/out" 2>"$tmp/err" &
        await chip.sim
        sleep 0.3
        slack=$(cat /proc/$!/timerslack_ns)
        kill -$signal $!
        wait $!
        number=$?
        same "$signal: sleeps are to end in time" 1 "$slack"
        same "$signal" "$((128 + $(kill -l $signal))) avrspi: interrupted
  RESET is released; the job is not complete" "$number $(cat "$tmp/err")"
        no_violation "after $signal"
    done
    "$avrspi" -p "$chip" flash program.hex >/dev/null
    same "the next run" 0 $?
    no_violation "after that"

    rm -f chip.sim
    "$avrspi" --json -p "$chip,realtime=1" flash --turbo long.bin >"$tmp/out" &
    await chip.sim
    sleep 0.3
    kill -INT $!
    wait $!
    same "INT with --json" 130 $?
    same "its error" '"code": "interrupted",' "$(grep -o '"code": .*' "$tmp/out")"
    "$avrspi" -p "$chip" fuses --verify --low 0x62 >/dev/null
    same "the fuse of --turbo is set back" 0 $?

    (
        trap '' HUP
        rm -f chip.sim
        "$avrspi" -p "$chip,realtime=1" read flash --range 0:8000 >/dev/null &
        await chip.sim
        sleep 0.2
        kill -HUP $!
        wait $!
    )
    same "HUP under nohup" 0 $?

    mkfifo pipe
    exec 9<>pipe
    for signal in INT TERM; do
        rm -f 2560.sim
        "$avrspi" -p sim:atmega2560,state=2560.sim read flash -f raw -o - >pipe &
        await 2560.sim
        sleep 0.5
        kill -$signal $!
        sleep 0.3
        timeout 1 cat <&9 >/dev/null # so that one that did not heed it comes to its end
        wait $!
        number=$?
        same "$signal while nobody reads the output" yes \
            "$([ $number = 130 ] || [ $number = 143 ] && echo yes || echo $number)"
    done
    timeout --preserve-status -s TERM 0.5 "$avrspi" -p "$chip" flash - <pipe
    same "TERM while standard input is read" 143 $?
    exec 9>&-
}

# Runs the program until a note is there, and kills it. A simulated chip is saved when its port is
# closed: what it would hold is for the scene to write into its state file.
kill_at_note() { # NAME ARGUMENT...
    local left=200 name=$1 found=
    shift
    mkdir -p "$XDG_STATE_HOME"
    note "avrspi $*, killed"
    "$avrspi" "$@" >/dev/null 2>&1 &
    until [ -n "$found" ] || [ $((left -= 1)) -eq 0 ]; do
        sleep 0.02
        found=$(find "$XDG_STATE_HOME" -name "$name")
    done
    kill -KILL $!
    wait $! 2>/dev/null
    same "$*: killed with a note" "137 1" "$? $(find "$XDG_STATE_HOME" -name "$name" | wc -l)"
}

notes() { # WHAT: no note is left
    same "$1" "" "$(ls -A "$XDG_STATE_HOME/avrspi")"
}

scene_note_of_low_fuse() {
    rm -rf "$XDG_STATE_HOME"
    port "$chip,realtime=1"
    cli sig
    check "a folder is made only for a note" test ! -e "$XDG_STATE_HOME"
    head -c 30000 /dev/zero | tr '\0' '\301' >long.bin
    kill_at_note 'low-fuse-1E950F-*-62-E2.txt' flash --turbo long.bin
    sed -i 's/^fuses 62/fuses E2/' chip.sim
    cli sig
    cli --json sig
    cli -n fuses --low 0x62
    cli -p sim:atmega328p,state=chip.sim sig
    sed -e '/^when/d' "$XDG_STATE_HOME"/avrspi/*.txt >note.txt
    show note.txt
    cli -q fuses --low 0x62
    cli -q sig
    notes "the fuse is set back"
    kill_at_note 'low-fuse-1E950F-*-62-E2.txt' flash --turbo long.bin
    cli -q sig
    notes "the fuse was set back already"
    cli -q flash --turbo program.hex
    notes "no note outlives its job"
    rm -rf "$XDG_STATE_HOME"
}

scene_note_of_eeprom() {
    rm -rf "$XDG_STATE_HOME"
    seq 1000 | head -c 1024 >full.bin
    port "$chip"
    cli -q eeprom full.bin
    port "$chip,realtime=1"
    kill_at_note 'eeprom-1E950F-*.txt' erase --keep-eeprom
    cli -p "$chip" -q erase
    cli -q sig
    cli --json=lines sig
    cli -q eeprom settings.eep
    check "what the warning says is done" "$avrspi" -q eeprom "$XDG_STATE_HOME"/avrspi/*.bin 2>/dev/null
    cli -q verify -m eeprom full.bin
    notes "the EEPROM is written back"
    rm -rf "$XDG_STATE_HOME"
}

homeless() { # ARGUMENT...
    HOME=/proc/none XDG_STATE_HOME=/proc/none cli "$@"
}

# The superuser can write everywhere.
scene_no_place_for_notes() {
    [ -w /var/lib ] || [ -w /var/lib/avrspi ] && return
    port "$chip"
    homeless -q sig
    homeless -q erase
    homeless -n flash --turbo program.hex
    homeless flash --turbo program.hex
    homeless flash --keep-eeprom program.hex
    homeless -q flash --turbo --speed 100k program.hex
}
