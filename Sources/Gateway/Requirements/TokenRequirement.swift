import Shared
import Synchronization

/// What a route asks of a token that is good: claims and scopes. Immutable; shared by all loops.
final class TokenRequirement: Sendable {
    let claims: [ClaimRequirement.Member]
    /// All of them are needed.
    let scopes: [String]
    /// The same for all requirements that say the same, over reloads: verdicts remember by it what was found.
    let number: Int
    /// The field of the refusal, with its CRLF (RFC 6750 section 3.1). It names the scopes, and no claim.
    let challenge: [UInt8]

    /// Nil where nothing is asked.
    init?(claims: [ClaimRequirement.Member], scopes: [String]) {
        guard !claims.isEmpty || !scopes.isEmpty else { return nil }
        self.claims = claims
        self.scopes = scopes
        let scope = scopes.isEmpty ? "" : ", scope=\"\(scopes.joined(separator: " "))\""
        challenge = Array("WWW-Authenticate: Bearer error=\"insufficient_scope\"\(scope)\r\n".utf8)
        let text = Self.text(claims) + " " + scopes.joined(separator: " ")
        number = Self.numbers.withLock { numbers in
            let number = numbers[Array(text.utf8)] ?? numbers.count
            numbers[Array(text.utf8)] = number
            Self.known.store(numbers.count, ordering: .releasing)
            return number
        }
    }

    /// By what they say, to the byte.
    private static let numbers = Mutex<[[UInt8]: Int]>([:])
    private static let known = Atomic(0)

    /// So many numbers have been given.
    static var count: Int { known.load(ordering: .acquiring) }

    private static func text(_ claims: [ClaimRequirement.Member]) -> String {
        String(decoding: JSONWriter.bytes { ClaimRequirement.write(claims, to: &$0) }, as: UTF8.self)
    }

    /// The claims for a person.
    var claimsText: String { Self.text(claims) }

    /// - Parameter claims: of a verified token; nil where they cannot be read, which meets nothing.
    func isMet(by claims: StrictJSONObject?) -> Bool {
        guard let claims, ClaimRequirement.areMet(self.claims, by: claims) else { return false }
        guard !scopes.isEmpty else { return true }
        let shown = TokenScopes(claims)
        return scopes.allSatisfy(shown.contains)
    }
}
