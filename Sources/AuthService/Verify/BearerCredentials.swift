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
    init(_ values: [String]) {
        let values = values.filter { !$0.isEmpty }
        guard let value = values.first else {
            self = .missing
            return
        }
        let bytes = Array(value.utf8)
        let scheme = bytes.prefix { $0 != UInt8(ascii: " ") }
        let token = bytes[scheme.endIndex...].drop { $0 == UInt8(ascii: " ") }
        guard values.count == 1, Self.isBearer(scheme), !token.isEmpty, token.allSatisfy(Self.belongsToToken) else {
            self = .malformed
            return
        }
        self = .token(token)
    }

    /// Schemes are compared without case (RFC 9110 section 11.1).
    private static func isBearer(_ scheme: ArraySlice<UInt8>) -> Bool {
        scheme.count == 6 && zip(scheme, "bearer".utf8).allSatisfy { $0 | 0x20 == $1 }
    }

    /// The letters of a compact JWS; RFC 6750's `b64token` has some more, which no token that is good here has.
    private static func belongsToToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
