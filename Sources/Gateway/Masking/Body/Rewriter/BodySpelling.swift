/// How a URL was spelled in its text, to spell another one in the same way.
struct BodySpelling {
    /// How many times it is percent-encoded as a whole.
    let depth: Int
    /// Where these characters stand in the text as they were spelled; empty where they did not occur.
    var slash = 0..<0
    var ampersand = 0..<0
    var colon = 0..<0

    /// Adds a URL, or a part of it, which is visible ASCII.
    func append(_ url: [UInt8], as bytes: RawSpan, to output: inout [UInt8]) {
        if depth == 0, slash.count <= 1, ampersand.count <= 1, colon.count <= 1, url.allSatisfy(Self.isPlain) {
            return output.append(contentsOf: url)
        }
        for byte in url {
            switch byte {
            case Ascii.slash where !slash.isEmpty: output.append(span: bytes, slash)
            case Ascii.ampersand where !ampersand.isEmpty: output.append(span: bytes, ampersand)
            case Ascii.colon where !colon.isEmpty: output.append(span: bytes, colon)
            default: append(byte, depth, to: &output)
            }
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool { Ascii.isURLCharacter(UInt32(byte)) }

    private func append(_ byte: UInt8, _ depth: Int, to output: inout [UInt8]) {
        // What would end the URL in the text is never plain.
        let depth = Self.isPlain(byte) ? depth : max(1, depth)
        guard depth > 0, !Ascii.isUnreserved(UInt32(byte)) else { return output.append(byte) }
        output.append(Ascii.percent)
        for _ in 1..<depth {
            output.append(text: "25")
        }
        output.append(Self.digit(byte >> 4))
        output.append(Self.digit(byte & 15))
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 55 + value }
}
