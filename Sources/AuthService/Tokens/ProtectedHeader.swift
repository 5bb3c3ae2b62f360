import Shared

/// What a verifier takes from a token's header (RFC 7515 section 4.1): the algorithm, to compare it with the key's,
/// and the key's name. `jku`, `jwk`, `x5u` and `x5c` would let a token bring its own key: they are not read.
/// `typ` and `cty` decide nothing.
struct ProtectedHeader: Equatable {
    let algorithm: SignatureAlgorithm
    let keyID: String?

    /// - Parameter segment: the base64url of the header.
    init(_ segment: ArraySlice<UInt8>) throws(TokenError) {
        guard let bytes = Base64URL.decode(segment) else { throw .notBase64URL }
        let header: StrictJSONObject
        do throws(StrictJSONError) {
            header = try StrictJSON.parseObject(bytes, limits: CompactSerialization.limits)
        } catch {
            throw .malformedHeader(error)
        }
        try CriticalHeader.check(header)
        guard let name = header["alg"]?.string else { throw .invalidHeader(name: "alg") }
        guard let algorithm = SignatureAlgorithm(name: name) else { throw .unknownAlgorithm }
        self.algorithm = algorithm
        guard let kid = header["kid"] else {
            keyID = nil
            return
        }
        guard let keyID = kid.string else { throw .invalidHeader(name: "kid") }
        self.keyID = keyID
    }
}

extension CompactSerialization {
    /// What the JSON of a header or a payload may cost.
    static let limits = StrictJSONLimits(length: longest, depth: 16)
}
