// Unsafe code: single bytes of a field, within its bounds.
import Shared

/// `token_cookies` of postern.yaml: the cookies that may hold a token. Immutable; shared by all loops.
struct TokenCookieNames: Sendable, Equatable {
    static let limit = 8
    private struct Name: Sendable, Equatable {
        let bytes: [UInt8]
        /// Any name that begins so.
        let isPrefix: Bool
    }
    private let names: [Name]
    /// As they are written.
    let texts: [String]

    /// Nil for none. Each is a cookie's name, whose case counts, or the beginning of one with a star after it.
    init?(_ texts: [String]) {
        guard !texts.isEmpty else { return nil }
        self.texts = texts
        names = texts.map { text in
            let isPrefix = text.hasSuffix("*")
            return Name(bytes: Array(isPrefix ? text.dropLast().utf8 : text[...].utf8), isPrefix: isPrefix)
        }
    }

    func contains(_ bytes: RawSpan, _ name: Range<Int>) -> Bool {
        for one in names {
            let count = one.bytes.count
            guard one.isPrefix ? name.count >= count : name.count == count else { continue }
            if ByteText.isSame(bytes, name.lowerBound..<name.lowerBound + count, one.bytes) { return true }
        }
        return false
    }

    /// A token of RFC 9110 section 5.6.2, perhaps with a star at its end.
    static func isName(_ text: String) -> Bool {
        let name = text.hasSuffix("*") ? text.dropLast() : text[...]
        return !name.isEmpty && name.utf8.count <= 256
            && name.utf8.allSatisfy { FieldText.isToken($0) && $0 != UInt8(ascii: "*") }
    }
}
