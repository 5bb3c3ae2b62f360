# For checks that run inside Tests/Tools/systemd-sandbox: one line a check, and what is asked of units. Sourced; whoever
# does has set `url`, and ends with `checked NAME`.
# shellcheck shell=bash

scratch=$(mktemp -d)
number=0 failed=0

# check WORDS COMMAND... The shell does not stop at a failure inside COMMAND: a function says with && what must hold.
check() {
    local words=$1
    shift
    number=$((number + 1))
    if "$@" >"$scratch/said" 2>&1; then
        echo "ok $number - $words"
    else
        echo "not ok $number - $words"
        sed 's/^/  /' "$scratch/said"
        failed=$((failed + 1))
    fi
}

# checked NAME: the sum of all, and a failure where one failed.
checked() {
    echo "$1: $((number - failed)) of $number checks passed"
    ((failed == 0))
}

equal() { [[ $1 == "$2" ]] || { printf 'expected: %s\nfound:    %s\n' "$2" "$1"; return 1; }; }
is_in_state() { equal "$(property "$1" ActiveState)" "$2"; }
property() { systemctl show --property "$2" --value "$1"; }
main_pid() { property "$1" MainPID; }

# until_true COMMAND...: asks again until it is true, for ten seconds at most.
until_true() {
    local deadline=$((SECONDS + 10))
    until "$@" >"$scratch/last" 2>&1; do
        ((SECONDS < deadline)) || { cat "$scratch/last"; return 1; }
    done
}

# What a client sees: the status, or `STATUS BODY`.
status() { curl -s --max-time 20 -o /dev/null -w '%{http_code}' "$@"; }
answer() { curl -s --max-time 20 -w ' %{http_code}' "$@" | sed -E 's/^(.*) ([0-9]{3})$/\2 \1/'; }

# ask_until_stopped NUMBER CURL-ARGUMENT...: one client; writes what was served, what was lost, and the longest wait for an
# answer in milliseconds.
ask_until_stopped() {
    local counts=$scratch/counts-$1 served=0 lost=0 longest=0 code seconds
    shift
    until [[ -e $scratch/stop ]]; do
        read -r code seconds < <(curl -s --max-time 20 -o /dev/null -w '%{http_code} %{time_total}\n' "$@") || true
        if [[ $code == 200 ]]; then served=$((served + 1)); else lost=$((lost + 1)); fi
        # Seconds with six digits: without the point and leading zeros they are microseconds.
        seconds=$((10#${seconds/./} / 1000))
        if ((seconds > longest)); then longest=$seconds; fi
        echo "$served $lost $longest" >"$counts.new"
        mv "$counts.new" "$counts"
    done
}

# under_load COMMAND... -- CURL-ARGUMENT...: runs COMMAND while three clients ask, each request on a connection of its own,
# from before it until after it. None may be lost. Says how many were served, and the longest wait.
under_load() {
    local command=() client clients=() served=0 lost=0 longest=0 outcome=0 one two three
    while [[ $1 != -- ]]; do command+=("$1"); shift; done
    shift
    rm -f "$scratch/stop" "$scratch"/counts-*
    for client in 1 2 3; do
        ask_until_stopped "$client" "$@" &
        clients+=($!)
    done
    for client in 1 2 3; do until_true test -s "$scratch/counts-$client" || outcome=1; done
    "${command[@]}" || outcome=1
    touch "$scratch/stop"
    wait "${clients[@]}"
    while read -r one two three; do
        served=$((served + one)) lost=$((lost + two))
        if ((three > longest)); then longest=$three; fi
    done < <(cat "$scratch"/counts-*)
    load="$served served, $lost lost, the longest wait $longest ms"
    echo "$load"
    ((outcome == 0 && served > 0 && lost == 0))
}
