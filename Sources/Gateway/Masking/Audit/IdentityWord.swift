import Shared

/// A text that tells who a service is, in one of the ways in which it can be written.
struct IdentityWord: Sendable, Hashable {
    /// What may stand beside it for it to be meant.
    enum Border: Sendable, Hashable {
        /// Of a longer name it would be a part.
        case name
        /// Of a longer number, or a longer address.
        case number
        /// Hexadecimal digits and colons.
        case hexadecimal
        /// Anything.
        case none
    }
    let kind: LeakKind
    let text: [UInt8]
    let before: Border
    let after: Border

    /// All words of a service: its names, addresses and sockets, in each way in which JSON, HTML and URLs write them.
    static func all(of origins: UpstreamOrigins) -> [IdentityWord] {
        var words: [IdentityWord] = []
        func add(_ kind: LeakKind, _ text: String, _ before: Border, _ after: Border) {
            for spelling in spellings(of: text) {
                words.append(IdentityWord(kind: kind, text: Array(spelling.utf8), before: before, after: after))
            }
        }
        for authority in origins.authorities {
            let host = authority.urlHost
            if UpstreamOrigins.isLoopback(authority.host) {
                // Every machine calls itself so: it tells something with the port alone.
                add(.address, "\(host):\(authority.port)", authority.isName ? .name : .number, .number)
            } else if authority.isIPv4 {
                add(.address, host, .number, .number)
            } else if authority.isIPv6 {
                add(.address, authority.host, .hexadecimal, .hexadecimal)
            } else if authority.host.contains(".") {
                add(.name, host, .name, .name)
            } else {
                // A word of the language, perhaps, unless it stands as a host does.
                add(.name, "\(host):\(authority.port)", .name, .number)
                add(.name, "//\(host)", .none, .name)
            }
            if let unicode = Punycode.unicode(of: authority.host) { add(.name, unicode, .name, .name) }
        }
        for path in origins.socketPaths { add(.socket, path, .none, .name) }
        return words
    }

    /// A text and its escaped forms, each special character in the same way throughout.
    private static func spellings(of text: String) -> [String] {
        func replaced(_ characters: String, _ change: (UInt32) -> String) -> String {
            text.unicodeScalars.map { characters.unicodeScalars.contains($0) ? change($0.value) : String($0) }.joined()
        }
        func hexadecimal(_ value: UInt32) -> String { String(value, radix: 16) }
        let forms = [
            text,
            replaced("/") { _ in "\\/" },
            replaced("/:[]") { "%\(hexadecimal($0))" },
            replaced("/:[].") { "%\(hexadecimal($0))" },
            replaced("/") { "\\u00\(hexadecimal($0))" },
            replaced("/:.") { "\\u00\(hexadecimal($0))" },
            replaced("/") { "&#x\(hexadecimal($0));" },
            replaced("/") { "&#\($0);" },
            replaced("/:.") { "&#x\(hexadecimal($0));" },
            replaced("/:.") { "&#\($0);" },
        ]
        return forms.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
