/// A set of ASCII characters as two words, so that asking costs a shift and no memory.
struct ASCIISet: Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init(_ characters: String) {
        for byte in characters.utf8 where byte < 128 {
            if byte < 64 { low |= 1 &<< UInt64(byte) } else { high |= 1 &<< UInt64(byte & 63) }
        }
    }

    func contains(_ byte: UInt8) -> Bool {
        guard byte < 128 else { return false }
        return ((byte < 64 ? low : high) &>> UInt64(byte & 63)) & 1 == 1
    }
}

extension ASCIISet {
    private static let unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"

    /// What stands plain in a segment: `pchar` (RFC 3986 section 3.3) without the semicolon, which some servers
    /// read as the start of a parameter that they cut off before they route.
    static let segment = ASCIISet(unreserved + "!$&'()*+,=:@")

    /// What stands plain in a query: `query` (RFC 3986 section 3.4), and the characters that browsers send there
    /// although the RFC would have them escaped (URL Standard, "query percent-encode set"). The backslash, which
    /// browsers send too, stays out: nothing needs it, and it is read as a slash too often.
    static let query = ASCIISet(unreserved + "!$&'()*+,;=:@/?" + "[]{}|^`")
}
