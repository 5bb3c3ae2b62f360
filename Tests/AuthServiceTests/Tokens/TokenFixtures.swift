import Shared

@testable import AuthService

/// Tokens and keys that several suites use.
enum TokenFixtures {
    /// The tutorial's own token, made by jsonwebtoken with the secret `mysecret`; good from 1669100278 up to 1669186678.
    static let tutorial =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VySWQiOjEsImxvY2F0aW9uIjoiVVNBIiwibmFtZSI6IkJvYiIsImlhdCI6MTY2OTEwMDI3OCwiZXhwIjoxNjY5MTg2Njc4fQ.0EFxEtqR2-rZij-PqD66bWatC_kiMl6QDpNlaqyjaLQ"
    static let issued: Int64 = 1_669_100_278
    static let expiry: Int64 = 1_669_186_678
    static let bob = Account(id: 1, username: "bob", name: "Bob", location: "USA")

    static func key(
        _ secret: String = "mysecret", _ algorithm: SignatureAlgorithm = .hs256, id: String? = nil
    ) throws -> TokenKey {
        guard let key = TokenKey(secret: Array(secret.utf8), algorithm: algorithm, id: id) else { throw NoKey() }
        return key
    }

    static func verifier(_ keys: TokenKey...) throws -> TokenVerifier {
        TokenVerifier(try KeyRing(keys.isEmpty ? [key()] : keys))
    }

    /// A token of exactly that header and payload, signed by `key` whatever they say.
    static func sign(_ header: String, _ payload: String, with key: TokenKey) throws -> String {
        let input =
            Base64URL.encode(Array(header.utf8)) + [UInt8(ascii: ".")] + Base64URL.encode(Array(payload.utf8))
        guard let signature = key.signature(of: input[...]) else { throw NoKey() }
        return String(decoding: input + [UInt8(ascii: ".")] + Base64URL.encode(signature), as: UTF8.self)
    }

    static func live(_ keys: TokenKey..., lifetime: Int64 = 86400) throws -> LiveKeys {
        LiveKeys(try KeyRing(keys.isEmpty ? [key()] : keys), tokenLifetime: lifetime)
    }

    struct NoKey: Error {}
}

extension TokenVerifier {
    func verify(_ token: String, now: Int64 = TokenFixtures.issued) throws(TokenError) -> VerifiedToken {
        try verify(Array(token.utf8)[...], now: now)
    }

    /// Why a token is refused; nil when it is not.
    func refusal(_ token: String, now: Int64 = TokenFixtures.issued) -> TokenError? {
        do throws(TokenError) {
            _ = try verify(token, now: now)
            return nil
        } catch {
            return error
        }
    }
}
