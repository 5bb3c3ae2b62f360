import Shared

/// The scopes of a token: `scope`, one text with a blank between them (RFC 8693 section 4.2); where it is not there,
/// `scp`, else `scopes`, as others write them. Each may be a list too.
struct TokenScopes {
    private var scopes: [String] = []

    init(_ claims: StrictJSONObject) {
        guard let value = claims["scope"] ?? claims["scp"] ?? claims["scopes"] else { return }
        switch value {
        case .string(let text): scopes = text.split(separator: " ").map(String.init)
        case .array(let items): scopes = items.compactMap(\.string)
        default: break
        }
    }

    func contains(_ scope: String) -> Bool { scopes.contains { $0.hasSameCodePoints(as: scope) } }

    /// A scope-token of RFC 6749 section 3.3.
    static func isScope(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 256
            && text.utf8.allSatisfy {
                (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
            }
    }
}
