# What the units keep their processes from. Sourced by Tests/Units/checks, after Tests/Tools/checking.sh.
# shellcheck shell=bash
# shellcheck disable=SC2154 # here, scratch and programs are those of the script that sources this

# The most exposure that a unit may have, in tenths, by systemd-analyze security: 1.5, the gateway 2.0 because it speaks
# to the network, and 2.0 for what starts and stops units.
most_exposure() {
    case $1 in
        postern-gateway.service | postern-autoscale.service) echo 20 ;;
        *) echo 15 ;;
    esac
}

exposure() {
    systemd-analyze security --offline=yes --no-pager "$1" | sed -n 's/^.*exposure level for .*: \([0-9]*\)\.\([0-9]\) .*/\1\2/p'
}

is_little_exposed() {
    local unit=${1##*/} found
    found=$(exposure "$1")
    echo "found: $found tenths, at most: $(most_exposure "$unit")"
    [[ -n $found ]] && ((10#$found <= $(most_exposure "$unit")))
}

# A line of the process's status, for example `Seccomp`.
kernel_says() { equal "$(sed -n "s/^$2:[[:space:]]*//p" "/proc/$(main_pid "$1")/status")" "$3"; }

# A unit's own lines, but with the probe for a program: whatever its process may do shows.
# probe UNIT FOLDER...: what the probe found goes to $scratch/probe.
probe() {
    local unit=$1 file
    shift
    file=/run/systemd/system/postern-probe.service
    # Where this is may be out of the unit's sight, for example below /tmp.
    install -D -m 755 "$here/probe" /usr/libexec/postern-probe
    sed -E -e "s|%i|1|g" -e '/^(Requires|After|Before|PartOf|ExecStartPre|ExecReload|Restart|WatchdogSec|WantedBy)/d' \
        -e '/^    --no-new-privs/d' -e '/^\[Install\]/,$d' -e 's|^Type=.*|Type=oneshot|' \
        -e "s|^ExecStart=.*|ExecStart=/usr/libexec/postern-probe $*|" "/usr/lib/systemd/system/$unit" >"$file"
    printf '[Service]\nStandardOutput=file:/run/postern-probe\n' >>"$file"
    systemctl daemon-reload
    systemctl start postern-probe.service && cp /run/postern-probe "$scratch/probe"
    rm -f "$file" /run/postern-probe /usr/libexec/postern-probe
    systemctl daemon-reload
}

# may_only ALLOWED...: of all that the probe tried, nothing else was allowed.
may_only() {
    equal "$(sed -n 's/ allowed$//p' "$scratch/probe" | sort | tr '\n' ' ')" "$(printf '%s\n' "$@" | sort | tr '\n' ' ')" &&
        [[ $(wc -l <"$scratch/probe") -ge 30 ]]
}

check_sandboxing() {
    local unit
    for unit in /usr/lib/systemd/system/postern-*.service; do
        check "${unit##*/} is little exposed" is_little_exposed "$unit"
    done
    for unit in "${programs[@]}"; do
        check "$unit has a filter of system calls" kernel_says "$unit" Seccomp 2
        check "$unit gets no new privileges" kernel_says "$unit" NoNewPrivs 1
        check "$unit has no capability" kernel_says "$unit" CapEff 0000000000000000
        check "$unit can get no capability" kernel_says "$unit" CapBnd 0000000000000000
        check "$unit leaves no core" equal "$(property "$unit" LimitCORE)" 0
    done
    check 'the gateway is probed' probe postern-gateway.service /run/postern/gateway
    check 'it may use the network and its own folder' may_only unix inet inet6 own-folders
    check 'the auth service is probed' probe postern-auth.service /var/lib/postern/auth
    check 'it may use Unix sockets and its store' may_only unix own-folders lower-priority
    check 'the data service is probed' probe postern-data@.service /var/lib/postern/data
    check 'it may use Unix sockets and its store alone' may_only unix own-folders
}
