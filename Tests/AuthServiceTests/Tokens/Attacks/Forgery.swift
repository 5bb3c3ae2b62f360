import Shared

@testable import AuthService

/// Puts tokens together as somebody without the key does.
enum Forgery {
    /// A token of those parts, whatever they are.
    static func joined(_ header: String, _ payload: String, _ signature: [UInt8]) -> String {
        "\(encoded(header)).\(encoded(payload)).\(encoded(signature))"
    }

    static func encoded(_ text: String) -> String { encoded(Array(text.utf8)) }
    static func encoded(_ bytes: [UInt8]) -> String { String(decoding: Base64URL.encode(bytes), as: UTF8.self) }

    /// The three parts of a good token.
    static let parts = TokenFixtures.tutorial.split(separator: ".").map(String.init)
}
