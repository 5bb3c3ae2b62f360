import Shared

/// Where a token was found.
enum TokenPlace: Sendable, Equatable {
    /// The field Authorization.
    case header
    /// The cookie of that name.
    case cookie(String)
}

/// A cookie's name, or with a `*` at its end all names that begin so.
struct CookieName: Sendable, Equatable {
    private let beginning: String
    private let isPrefix: Bool

    /// Nil for what is no name of a cookie (RFC 6265 section 4.1.1: a token of RFC 9110).
    init?(_ text: String) {
        isPrefix = text.hasSuffix("*")
        beginning = isPrefix ? String(text.dropLast()) : text
        guard !beginning.isEmpty, beginning.utf8.count <= 128, beginning.utf8.allSatisfy(Self.belongsToName) else {
            return nil
        }
    }

    func matches(_ name: String) -> Bool {
        isPrefix ? name.utf8.starts(with: beginning.utf8) : name.hasSameCodePoints(as: beginning)
    }

    private static func belongsToName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'+-.^_`|~".utf8.contains(byte)
        }
    }
}

/// Where the tokens of an issuer may come from.
struct TokenPlaces: Sendable, Equatable {
    var header = true
    var cookies: [CookieName] = []

    func contains(_ place: TokenPlace) -> Bool {
        switch place {
        case .header: header
        case .cookie(let name): cookies.contains { $0.matches(name) }
        }
    }
}

extension ValueForm where Value == TokenPlaces {
    /// `header`, `{cookie: NAME}`, or a list of those.
    static var tokenPlaces: ValueForm {
        ValueForm { node in
            guard let found = node.read(as: .list(of: ValueForm<TokenPlaces>.tokenPlace)) else { return nil }
            return TokenPlaces(header: found.contains { $0.header }, cookies: found.flatMap(\.cookies))
        }
    }

    private static var tokenPlace: ValueForm {
        ValueForm { node in
            guard node.isMapping else {
                guard node.text == "header" else {
                    node.reportMismatch(
                        expected: "`header` or a cookie", mend: "Write `header`, or `cookie: NAME`.")
                    return nil
                }
                return TokenPlaces()
            }
            let reader = node.read(as: ValueForm<ConfigurationReader>.mapping)
            let name = reader?.required("cookie", .cookieName, example: "__session")
            return name.map { TokenPlaces(header: false, cookies: [$0]) }
        }
    }
}

extension ValueForm where Value == CookieName {
    static var cookieName: ValueForm {
        text(
            expected: "the name of a cookie", mend: "Write for example __session, or __session_* for any ending."
        ) { CookieName($0) }
    }
}
