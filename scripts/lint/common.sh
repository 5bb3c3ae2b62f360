# Shared by the checks beside it; sourced, not run.
# A check is `scripts/lint/NAME [ROOT]`: it prints one line a finding, FILE:LINE: what is wrong and the mend, and exits
# with 1 where there are any. ROOT is the tree to look at; scripts/lint/selftest hands in trees made to be refused.
# shellcheck shell=bash
set -euo pipefail

check=${0##*/}
here=$(cd "$(dirname "$0")" && pwd)
cd "${1:-$here/../..}"
findings=0

# The project's files whose path matches the regular expression: what git tracks, or would; in a tree without git, all.
files() {
    if [[ -e .git ]]; then
        # A file that is deleted but not yet committed as such is listed by git too.
        git ls-files --cached --others --exclude-standard | while read -r file; do
            if [[ -f $file ]]; then echo "$file"; fi
        done
    else
        find . -type f | sed 's|^\./||'
    fi | sort | { grep -E "$1" || true; }
}

# Whether exceptions.tsv lets this file pass this check.
excepted() {
    local name path reason
    while IFS=$'\t' read -r name path reason; do
        if [[ $name == "$check" && $path == "$1" && -n $reason ]]; then return 0; fi
    done <"$here/exceptions.tsv"
    return 1
}

# refuse FILE LINE MESSAGE
refuse() {
    if excepted "$1"; then return; fi
    printf '%s:%s: %s [%s]\n' "$1" "$2" "$3" "$check"
    findings=$((findings + 1))
}

# A Swift or C file without its comments and with its string literals emptied, line for line.
code_of() {
    sed -E -e 's|^([[:space:]]*)//.*||' -e 's/"([^"\\]|\\.)*"/""/g' -e 's|[[:space:]]//.*||' "$1"
}

# refuse_lines FILE REGEX MESSAGE: every line of the file's code that matches.
refuse_lines() {
    local line
    while IFS=: read -r line _; do
        refuse "$1" "$line" "$3"
    done < <(code_of "$1" | grep -nE -e "$2" || true)
}

finish() {
    ((findings == 0)) || exit 1
}
