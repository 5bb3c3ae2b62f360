import Shared

/// Why a token is refused. A client learns none of it; `postern token inspect` shows it to the operator.
enum TokenError: Error, Equatable {
    case tooLong
    case notCompact
    case notBase64URL
    case malformedHeader(StrictJSONError)
    case malformedPayload(StrictJSONError)
    case invalidHeader(name: String)
    case criticalHeader
    case unencodedPayload
    case unknownAlgorithm
    case noKey
    case keyEnded
    case badSignature
    case invalidClaim(name: String)
    case noText(name: String)
    case otherIssuer
    case otherAudience
    case unknownIssuer
    case wrongPlace
    case otherAlgorithm
    case otherParty
    case refusedClaim(name: String)
    case noExpiry
    case noUser
    /// Seconds since 1970 at which its issuer says that it was made.
    case issuedLater(at: Double)
    case revoked
    /// Seconds since 1970 from which it is no longer good.
    case expired(at: Double)
    /// Seconds since 1970 before which it is not yet good.
    case notYetValid(until: Double)
}

extension TokenError: CustomStringConvertible {
    var description: String {
        switch self {
        case .tooLong: "it is longer than \(CompactSerialization.longest) bytes"
        case .notCompact: "it is not three parts with a full stop between them"
        case .notBase64URL: "a part is not base64url without padding"
        case .malformedHeader(let error): "its header is malformed: \(error)"
        case .malformedPayload(let error): "its payload is malformed: \(error)"
        case .invalidHeader(let name): "its header's \"\(name)\" is missing or not a string"
        case .criticalHeader: "its header has \"crit\", and no extension is understood"
        case .unencodedPayload: "its header has \"b64\", which is not understood"
        case .unknownAlgorithm: "its algorithm is not one that any key could have"
        case .noKey: "no key has its kid and its algorithm"
        case .keyEnded: "its key was retired, and its time is over"
        case .badSignature: "its signature was not made with the key"
        case .invalidClaim(let name): "its \"\(name)\" is not a time in seconds since 1970"
        case .noText(let name): "its \"\(name)\" is not text"
        case .otherIssuer: "its \"iss\" is not this service's name, `token.issuer`"
        case .otherAudience: "its \"aud\" is for others: it does not name the audience that is configured"
        case .unknownIssuer: "its \"iss\" is neither this service's name nor that of an issuer"
        case .wrongPlace: "its issuer's tokens are not taken from where it was found"
        case .otherAlgorithm: "its algorithm is none of the issuer's `algorithms`"
        case .otherParty: "its \"azp\" is none of the issuer's `authorized_parties`"
        case .refusedClaim(let name): "its \(LogText.quoted(name, limit: 80)) is one that `refuse` names"
        case .noExpiry: "it has no \"exp\", and tokens of an issuer must have one"
        case .noUser: "the claim that names its user is missing, or is nothing that a header field can carry"
        case .issuedLater: "its \"iat\" lies ahead"
        case .revoked: "it was revoked"
        case .expired: "it has expired"
        case .notYetValid: "it is not valid yet"
        }
    }
}
