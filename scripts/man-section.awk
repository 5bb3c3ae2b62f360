# A section of a Markdown page as mdoc(7), for scripts/man: what docs/configuration.md is made of, which is headings,
# paragraphs, fenced blocks, lists, and tables of `key | meaning | default`. `wanted` is the heading.

# Text for roff: backslashes, a control character at the start of a line, code in bold, links as their text and page.
function plain(text) {
    gsub(/\\\|/, "|", text)
    gsub(/\\/, "\\e", text)
    while (match(text, /\[[^]]*\]\([^)]*\)/)) {
        link = substr(text, RSTART, RLENGTH)
        label = link; sub(/^\[/, "", label); sub(/\]\(.*/, "", label)
        page = link; sub(/^.*\(/, "", page); sub(/[#)].*/, "", page)
        text = substr(text, 1, RSTART - 1) label (page == "" ? "" : " [" page "]") substr(text, RSTART + RLENGTH)
    }
    gsub(/\*\*/, "", text)
    result = ""
    bold = 0
    while ((at = index(text, "`")) > 0) {
        result = result substr(text, 1, at - 1) (bold ? "\\fR" : "\\fB")
        text = substr(text, at + 1)
        bold = !bold
    }
    result = result text
    sub(/^[.']/, "\\\\\\&&", result)
    return result
}

# mdoc ends a sentence by ending the line.
function say(text) {
    text = plain(text)
    gsub(/[.] [ ]*/, ".\n", text)
    gsub(/\n[.']/, "\n\\\\\\&.", text)
    print text
}

# What stands in the column of defaults where there is none: `required, or one of the next two`, `this or `url``.
function demand(text) {
    if (sub(/^required/, "Required", text) || sub(/^needed/, "Needed", text)) return text "."
    return "Required: " text "."
}

function cell(text) { sub(/^ */, "", text); sub(/ *$/, "", text); return text }

function flush() {
    if (paragraph != "") { if (fresh) print ".Pp"; say(paragraph); fresh = 1 }
    paragraph = ""
}

function close_list() {
    flush()
    if (list != "") print ".El"
    list = ""
}

function open_list(kind) {
    if (list == kind) return
    close_list()
    print kind == "table" ? ".Bl -tag -width Ds" : ".Bl -bullet -compact"
    list = kind
}

BEGIN { rank = 0 }

/^#+ / && !fenced {
    level = index($0, " ") - 1
    title = substr($0, level + 2)
    if (rank && (level <= rank || rank == 1)) { close_list(); exit }
    if (!rank) {
        if (title == wanted) { rank = level; found = 1 }
        next
    }
    close_list()
    print ".Ss " plain(title)
    fresh = 0
    next
}
!rank { next }

/^```/ {
    if (!fenced) { close_list(); print ".Bd -literal -offset indent" } else { print ".Ed"; fresh = 1 }
    fenced = !fenced
    next
}
fenced {
    line = $0
    gsub(/\\/, "\\e", line)
    sub(/^[.']/, "\\\\\\&&", line)
    print line
    next
}

/^\|/ {
    flush()
    line = $0
    gsub(/\\\|/, "\001", line)
    split(line, cells, "|")
    for (i in cells) gsub(/\001/, "|", cells[i])
    if (list != "table") {
        # The head of a table, and the rule below it.
        open_list("table")
        heads = 1
        next
    }
    if (heads) { heads = 0; next }
    key = cell(cells[2])
    print ".It " plain(key)
    meaning = cell(cells[3])
    default_value = cell(cells[4])
    if (meaning != "") say(meaning (meaning ~ /[.]$/ ? "" : "."))
    if (default_value ~ /^(required|needed|this or)/) say(demand(default_value))
    else if (default_value != "") say("Default: " default_value ".")
    next
}

/^- / { flush(); open_list("bullets"); print ".It"; paragraph = substr($0, 3); fresh = 0; next }
/^$/ { if (list == "table") { close_list(); fresh = 1 } else flush(); next }
{
    if (list == "table") close_list()
    if (list == "bullets" && paragraph == "") close_list()
    paragraph = paragraph == "" ? $0 : paragraph " " $0
    sub(/  +/, " ", paragraph)
}
END {
    if (!found) { print "man: no section " wanted > "/dev/stderr"; exit 1 }
    close_list()
}
