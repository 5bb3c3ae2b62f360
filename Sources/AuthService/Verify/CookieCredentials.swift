/// The pairs of the field Cookie (RFC 6265 section 4.2.1) that may hold tokens, in their order.
struct CookieCredentials {
    struct Pair {
        let name: String
        let token: ArraySlice<UInt8>
    }

    /// Pairs that are judged of one question: signatures cost, and a client writes its cookies itself.
    static let limit = 4

    let pairs: [Pair]

    /// - Parameters:
    ///   - values: the values of all Cookie fields of the request.
    ///   - isTaken: whether tokens come in cookies of that name.
    init(_ values: [ArraySlice<UInt8>], where isTaken: (String) -> Bool) {
        var pairs: [Pair] = []
        for value in values {
            for part in value.split(separator: UInt8(ascii: ";")) where pairs.count < Self.limit {
                guard let mark = part.firstIndex(of: UInt8(ascii: "=")) else { continue }
                let name = String(decoding: Self.trimmed(part[..<mark]), as: UTF8.self)
                guard isTaken(name) else { continue }
                pairs.append(Pair(name: name, token: Self.trimmed(part[(mark + 1)...])))
            }
        }
        self.pairs = pairs
    }

    /// Without the blanks around it.
    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        let end = text.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? text.startIndex
        return text[..<end].drop(while: isBlank)
    }
}
