import Shared

/// A JWS in its compact serialization (RFC 7515 section 3.1 and 7.1): three base64url parts, full stops between.
/// The JSON serialization (section 7.2) is not read, nor is an unsecured or a detached token.
struct CompactSerialization {
    /// Bytes of the longest token that is looked at.
    static let longest = 16 << 10

    let header: ArraySlice<UInt8>
    let payload: ArraySlice<UInt8>
    let signature: ArraySlice<UInt8>
    /// What the signature is over: header, full stop, payload, as they arrived (RFC 7515 section 5.2 step 8).
    let signingInput: ArraySlice<UInt8>

    init(_ token: ArraySlice<UInt8>) throws(TokenError) {
        guard token.count <= Self.longest else { throw .tooLong }
        let stop = UInt8(ascii: ".")
        guard let first = token.place(of: stop, from: token.startIndex),
            let second = token.place(of: stop, from: first + 1), token.place(of: stop, from: second + 1) == nil
        else { throw .notCompact }
        header = token[..<first]
        payload = token[(first + 1)..<second]
        signature = token[(second + 1)...]
        signingInput = token[..<second]
        guard !header.isEmpty, !payload.isEmpty, !signature.isEmpty else { throw .notCompact }
    }
}
