import Shared

/// A leak, and where in an answer it is.
struct AuditFinding: Sendable, Equatable {
    enum Place: Sendable, Equatable {
        case statusLine
        case field(String)
        /// The offset of its first byte.
        case body(Int)
        case trailers
    }
    let request: String
    let status: Int
    let place: Place
    let kind: LeakKind
    /// The bytes that tell, with a few around them.
    let text: String

    var placeText: String {
        switch place {
        case .statusLine: "status line"
        case .field(let name): "field \(name)"
        case .body(let offset): "body at \(offset)"
        case .trailers: "trailers"
        }
    }

    /// For a person.
    var line: String { "\(request): \(status), \(placeText), \(kind.rawValue): \(LogText.escaped(text, limit: 160))\n" }

    /// For a program.
    var json: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { finding in
                finding.member("request", request)
                finding.member("status", status)
                switch place {
                case .statusLine: finding.member("place", "status")
                case .field(let name):
                    finding.member("place", "field")
                    finding.member("field", name)
                case .body(let offset):
                    finding.member("place", "body")
                    finding.member("offset", offset)
                case .trailers: finding.member("place", "trailers")
                }
                finding.member("kind", kind.rawValue)
                finding.member("text", text)
            }
        } + [10]
    }
}
