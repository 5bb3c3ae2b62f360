import Shared

/// The token endpoint's answer (RFC 6749 section 5), read strictly.
struct TokenResponse: Equatable {
    /// The field `Authorization` with its CRLF.
    let field: [UInt8]
    /// Seconds for which the token is good.
    let lifetime: UInt64

    /// Why there is no token, for the log: nothing of it is a secret.
    struct Failure: Error, Equatable {
        let reason: String
    }

    /// The most of an answer that is read, in bytes.
    static let limit = 64 << 10
    /// Where the answer does not say for how long.
    static let usualLifetime: UInt64 = 300

    init(status: Int, body: [UInt8]) throws(Failure) {
        guard let object = try? StrictJSON.parseObject(body, limits: StrictJSONLimits(length: Self.limit)) else {
            throw Failure(reason: "status \(status), and no JSON object")
        }
        guard status == 200 else {
            let code = object["error"]?.string.flatMap { Self.codes.contains($0) ? $0 : nil }
            throw Failure(reason: "status \(status)" + (code.map { ", \($0)" } ?? ""))
        }
        guard object["token_type"]?.string?.lowercased() == "bearer" else {
            throw Failure(reason: "the token is no bearer token")
        }
        guard let token = object["access_token"]?.string, !token.isEmpty, token.utf8.count <= 16 << 10,
            token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw Failure(reason: "there is no token that a field can carry") }
        field = Array("Authorization: Bearer \(token)\r\n".utf8)
        lifetime = try Self.lifetime(object["expires_in"])
    }

    private static func lifetime(_ value: StrictJSONValue?) throws(Failure) -> UInt64 {
        switch value {
        case nil, .null?: return usualLifetime
        case .integer(let seconds)? where seconds > 0: return UInt64(min(seconds, 365 * 86400))
        // Some write the number as a text.
        case .string(let text)?:
            if let seconds = UInt64(text), seconds > 0 { return min(seconds, 365 * 86400) }
        default: break
        }
        throw Failure(reason: "the token's lifetime cannot be read")
    }

    /// The codes that RFC 6749 section 5.2 knows: another text could hold anything.
    private static let codes: Set<String> = [
        "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type",
        "invalid_scope",
    ]
}
