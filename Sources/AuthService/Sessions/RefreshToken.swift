import Shared

/// What a client shows to stay logged in: 64 random bytes, of which nothing can be read.
///
/// The first half is the session's, from its login on; the second is new with each use. So an old token is told from one
/// that never was: who shows one has had a token of that session, and that is no guess.
struct RefreshToken: Sendable, Equatable {
    private static let half = 32
    /// Letters of its text.
    static let length = 86

    /// As the client has it, base64url.
    let text: String
    /// SHA-256 of the session's half: what a session is found by.
    let family: [UInt8]
    /// SHA-256 of it all: what the store knows of it.
    let digest: [UInt8]

    /// A token of a new session. Nil when libcrypto has no entropy to give.
    static func make() -> RefreshToken? { OpenSSL.randomBytes(half).flatMap(following) }

    /// The one that takes this one's place. Nil when libcrypto has no entropy to give.
    func next() -> RefreshToken? {
        Base64URL.decode(text.utf8).flatMap { Self.following(Array($0.prefix(Self.half))) }
    }

    private static func following(_ family: [UInt8]) -> RefreshToken? {
        OpenSSL.randomBytes(half).flatMap { RefreshToken(bytes: family + $0) }
    }

    /// The token that a client showed; nil for what has not its form.
    init?(_ text: some StringProtocol) {
        guard text.utf8.count == Self.length, let bytes = Base64URL.decode(Array(text.utf8)) else { return nil }
        self.init(bytes: bytes)
    }

    private init?(bytes: [UInt8]) {
        guard bytes.count == 2 * Self.half, let family = OpenSSL.sha256(Array(bytes.prefix(Self.half))),
            let digest = OpenSSL.sha256(bytes)
        else { return nil }
        text = String(decoding: Base64URL.encode(bytes), as: UTF8.self)
        self.family = family
        self.digest = digest
    }
}
