// Unsafe code: the bytes of a slice, within its bounds.
import Shared

/// The bearer token of a request (RFC 6750 section 2.1; RFC 9110 section 11.4).
enum BearerCredentials: Equatable {
    /// There is no Authorization field, or it is empty.
    case missing
    /// There are credentials, and they are not one bearer token: another scheme, two fields, or other characters than
    /// a token has.
    case malformed
    case token(ArraySlice<UInt8>)

    /// - Parameter values: the values of all Authorization fields of the request.
    init(_ values: [ArraySlice<UInt8>]) {
        var value: ArraySlice<UInt8>?
        for one in values where !one.isEmpty {
            guard value == nil else {
                self = .malformed
                return
            }
            value = one
        }
        guard let value else {
            self = .missing
            return
        }
        let start = Self.tokenStart(of: value)
        guard let start, start < value.endIndex, Self.isToken(value[start...]) else {
            self = .malformed
            return
        }
        self = .token(value[start...])
    }

    /// Where what follows the scheme and its spaces begins; nil where the scheme is another one. Schemes are compared
    /// without case (RFC 9110 section 11.1).
    private static func tokenStart(of value: ArraySlice<UInt8>) -> Int? {
        let space = UInt8(ascii: " ")
        var at = value.startIndex
        for letter in "bearer".utf8 {
            guard at < value.endIndex, value[at] | 0x20 == letter else { return nil }
            at += 1
        }
        guard at < value.endIndex, value[at] == space else { return nil }
        while at < value.endIndex, value[at] == space { at += 1 }
        return at
    }

    // The letters as two sets of 64 bits: bytes 0 to 63, and 64 to 127.
    private static let low: UInt64 = 0x03FF_6000_0000_0000
    private static let high: UInt64 = 0x07FF_FFFE_87FF_FFFE

    /// Whether all are letters of a compact JWS; RFC 6750's `b64token` has some more, which no token that is good here has.
    private static func isToken(_ bytes: ArraySlice<UInt8>) -> Bool {
        // Without a branch a byte, and without a look at the slice's bounds.
        unsafe bytes.withUnsafeBufferPointer { bytes in
            var others: UInt64 = 0
            for index in 0..<bytes.count {
                let byte = unsafe bytes[index]
                others |= UInt64(byte >> 7) | ~((byte < 64 ? low : high) &>> UInt64(byte & 63)) & 1
            }
            return others == 0
        }
    }
}
