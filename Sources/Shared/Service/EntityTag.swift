/// Validators of bodies that we make (RFC 9110 section 8.8.3).
package enum EntityTag {
    /// A strong tag: FNV-1a of the bytes with their number. It names a version; it proves nothing.
    package static func make(_ body: [UInt8]) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in body {
            hash ^= UInt64(byte)
            hash = hash &* 0x0000_0100_0000_01B3
        }
        return "\"" + String(hash, radix: 36) + "-" + String(body.count, radix: 36) + "\""
    }

    /// Whether `If-None-Match` (RFC 9110 section 13.1.2) names `tag`; comparison is weak.
    package static func matches(_ field: String, _ tag: String) -> Bool {
        if field == "*" { return true }
        return field.split(separator: ",").contains { candidate in
            var text = candidate.drop { $0 == " " || $0 == "\t" }
            if text.hasPrefix("W/") { text = text.dropFirst(2) }
            while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
            return text == tag
        }
    }
}
