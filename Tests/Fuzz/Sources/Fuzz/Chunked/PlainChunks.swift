/// The chunked transfer coding (RFC 9112 section 7.1) in the plainest way, with Postern's strictness: no extensions, sizes
/// of at most 15 digits, at most 32 trailer fields, and none of those that a trailer must not be. Lines past 4 KiB, which
/// are refused too, do not come here: inputs are shorter.
enum PlainChunks {
    static func read(_ bytes: [UInt8]) -> ChunkedReading {
        var reading = ChunkedReading()
        var rest = bytes[...]
        while true {
            let digits = rest.prefix { isHexadecimal($0) }
            if digits.count > 15 { return refused(reading) }
            rest = rest.dropFirst(digits.count)
            if rest.isEmpty { return reading }
            guard !digits.isEmpty, let size = Int(String(decoding: digits, as: UTF8.self), radix: 16) else {
                return refused(reading)
            }
            guard let isLineEnd = takeLineEnd(&rest) else { return reading }
            if !isLineEnd { return refused(reading) }
            if size == 0 { return trailers(rest, reading) }
            reading.content += rest.prefix(size)
            if rest.count < size { return reading }
            rest = rest.dropFirst(size)
            guard let isChunkEnd = takeLineEnd(&rest) else { return reading }
            if !isChunkEnd { return refused(reading) }
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool { "0123456789abcdefABCDEF".utf8.contains(byte) }

    private static func refused(_ reading: ChunkedReading) -> ChunkedReading {
        var reading = reading
        reading.ending = .refused
        return reading
    }

    /// Whether CRLF comes; nil if that cannot be said yet.
    private static func takeLineEnd(_ rest: inout ArraySlice<UInt8>) -> Bool? {
        for expected: UInt8 in [13, 10] {
            guard let byte = rest.popFirst() else { return nil }
            if byte != expected { return false }
        }
        return true
    }

    private static func trailers(_ section: ArraySlice<UInt8>, _ reading: ChunkedReading) -> ChunkedReading {
        var names: [String] = []
        var rest = section
        while let feed = rest.firstIndex(of: 10) {
            let line = rest[..<feed].dropLast()
            if rest[..<feed].last != 13 { return refused(reading) }
            rest = rest[(feed + 1)...]
            if line.isEmpty {
                if names.contains(where: { PlainName.isHopByHop($0) || PlainName.isProtected($0) }) {
                    return refused(reading)
                }
                var ended = reading
                ended.ending = .end
                ended.consumed = rest.startIndex
                ended.trailers = Array(section[..<rest.startIndex])
                return ended
            }
            guard names.count < 32, let colon = line.firstIndex(of: UInt8(ascii: ":")), colon - line.startIndex < 256,
                PlainText.isToken(line[..<colon]), PlainText.isFieldValue(line[(colon + 1)...])
            else { return refused(reading) }
            names.append(PlainText.lowercased(line[..<colon]))
        }
        return reading
    }
}
