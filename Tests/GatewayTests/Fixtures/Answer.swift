import Testing

/// A response as text, taken apart.
struct Answer {
    let status: Int
    /// In their order.
    let fields: [(name: String, value: String)]
    let body: String

    init(_ text: String) throws {
        let end = try #require(text.firstRange(of: "\r\n\r\n"), "no whole head in: \(text)")
        var lines = text[..<end.lowerBound].split(separator: "\r\n", omittingEmptySubsequences: false)
        let first = lines.removeFirst().split(separator: " ", maxSplits: 2)
        try #require(first.count >= 2 && first[0] == "HTTP/1.1")
        status = try #require(Int(first[1]))
        fields = lines.map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), String(parts[1].drop { $0 == " " }))
        }
        body = String(text[end.upperBound...])
    }

    subscript(name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// Names of the fields, sorted, in lower case.
    var names: [String] { fields.map { $0.name.lowercased() }.sorted() }
}

/// A request as a service sees it, taken apart.
struct Seen {
    let line: String
    let fields: [(name: String, value: String)]
    let body: String

    init(_ text: String) throws {
        let end = try #require(text.firstRange(of: "\r\n\r\n"), "no whole head in: \(text)")
        var lines = text[..<end.lowerBound].split(separator: "\r\n", omittingEmptySubsequences: false)
        line = String(lines.removeFirst())
        fields = lines.map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), String(parts[1].drop { $0 == " " }))
        }
        body = String(text[end.upperBound...])
    }

    func values(_ name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    subscript(name: String) -> String? { values(name).first }
}
