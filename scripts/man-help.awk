# What --help of one command says, unfolded, as mdoc(7), for scripts/man. `command` is the command as it is typed.

function plain(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    sub(/^[.']/, "\\\\\\&&", text)
    return text
}

function say(text) {
    result = ""
    bold = 0
    text = plain(text)
    while ((at = index(text, "`")) > 0) {
        result = result substr(text, 1, at - 1) (bold ? "\\fR" : "\\fB")
        text = substr(text, at + 1)
        bold = !bold
    }
    text = result text
    gsub(/[.] [ ]*/, ".\n", text)
    gsub(/\n[.']/, "\n\\\\\\&.", text)
    print text
}

# `--state <dir>` as macros.
function flags(text) {
    gsub(/</, "Ar ", text)
    gsub(/>/, "", text)
    gsub(/--/, "Fl -", text)
    if (text ~ /^-[a-z],/) sub(/^-/, "Fl ", text)
    gsub(/, /, " , ", text)
    return text
}

function literal(on) {
    if (on && !isLiteral) print ".Bd -literal -offset indent"
    if (!on && isLiteral) print ".Ed"
    isLiteral = on
}

function close_list() { if (isList) print ".El"; isList = 0 }
function open_list(width) { if (!isList) print ".Bl -tag -width " width; isList = 1 }

BEGIN { print ".Ss " command; part = "text"; fresh = 0 }

/^OVERVIEW: / { say(substr($0, 11)); fresh = 1; next }
/^EXIT STATUS:$/ { literal(0); part = "status"; print ".Pp"; print "Exit status:"; next }
/^USAGE: / {
    literal(0); close_list()
    part = "usage"
    usage = substr($0, 8)
    print ".Pp"; print "Usage:"
    print ".Bd -ragged -offset indent"; print plain(usage); print ".Ed"
    next
}
/^ARGUMENTS:$/ { close_list(); part = "options"; print ".Pp"; print "Arguments:"; next }
/^OPTIONS:$/ { close_list(); part = "options"; heading = 1; next }
/SUBCOMMANDS:$/ { close_list(); part = "skip"; next }
part == "skip" { next }

part == "text" && /^$/ { literal(0); fresh = 1; next }
part == "text" && /^  / { if (!isLiteral) literal(1); line = substr($0, 3); print plain(line); next }
part == "text" { literal(0); if (fresh) print ".Pp"; say($0); fresh = 0; next }

part == "status" && /^  [0-9]/ {
    open_list("Ds")
    number = $1; sub(/^  [0-9]+ +/, "")
    print ".It " number; say($0); next
}
part == "status" && /^  / { close_list(); print ".Pp"; say(toupper(substr($0, 3, 1)) substr($0, 4) "."); next }

part == "options" && /^$/ { close_list(); next }
# Of every program; said once, in the page's own words.
part == "options" && /^  (--version|-h, --help) / { next }
part == "options" {
    if (heading) { print ".Pp"; print "Options:"; heading = 0 }
    open_list("Ds")
    line = substr($0, 3)
    at = match(line, /   +/)
    name = at ? substr(line, 1, at - 1) : line
    rest = at ? substr(line, at + RLENGTH) : ""
    if (name ~ /^</) { gsub(/[<>]/, "", name); print ".It Ar " name } else print ".It " flags(name)
    say(rest)
}
END { literal(0); close_list() }
