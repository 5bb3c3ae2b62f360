/// The bytes that the body rewriter knows by name, and their classes.
enum Ascii {
    static let percent = UInt8(ascii: "%")
    static let backslash = UInt8(ascii: "\\")
    static let ampersand = UInt8(ascii: "&")
    static let slash = UInt8(ascii: "/")
    static let colon = UInt8(ascii: ":")
    static let semicolon = UInt8(ascii: ";")
    static let period = UInt8(ascii: ".")
    static let at = UInt8(ascii: "@")
    static let hash = UInt8(ascii: "#")
    static let question = UInt8(ascii: "?")
    static let u = UInt8(ascii: "u")
    static let x = UInt8(ascii: "x")

    // Sets of bytes as two words: 0 to 63, and 64 to 127.
    @inline(__always) static func contains(_ low: UInt64, _ high: UInt64, _ value: UInt32) -> Bool {
        value < 128 && ((value < 64 ? low : high) &>> UInt64(value & 63)) & 1 != 0
    }

    /// Letters, digits, hyphen, underscore: what makes a host name longer.
    @inline(__always) static func isNameCharacter(_ value: UInt32) -> Bool {
        contains(0x03FF_2000_0000_0000, 0x07FF_FFFE_87FF_FFFE, value)
    }

    /// What may stand between `//` and a path (RFC 3986 section 3.2) but for brackets: unreserved, sub-delims, `:`, `@`.
    @inline(__always) static func isAuthorityCharacter(_ value: UInt32) -> Bool {
        contains(0x2FFF_7FD2_0000_0000, 0x47FF_FFFE_87FF_FFFF, value)
    }

    /// What a URL in a text is made of: visible ASCII but for quotes, `<>`, `\`, `^`, `` ` ``, `{|}`, `)` and `#`.
    @inline(__always) static func isURLCharacter(_ value: UInt32) -> Bool {
        contains(0xAFFF_FD72_0000_0000, 0x47FF_FFFE_AFFF_FFFF, value)
    }

    /// Letters, digits, `-._~`: never escaped.
    @inline(__always) static func isUnreserved(_ value: UInt32) -> Bool {
        contains(0x03FF_6000_0000_0000, 0x47FF_FFFE_87FF_FFFE, value)
    }

    @inline(__always) static func lowercased(_ value: UInt32) -> UInt32 {
        value >= 65 && value <= 90 ? value | 32 : value
    }
}

extension UInt8 {
    @inline(__always) var hexadecimal: UInt32? {
        switch self {
        case 48...57: UInt32(self - 48)
        case 65...70: UInt32(self - 55)
        case 97...102: UInt32(self - 87)
        default: nil
        }
    }

    /// A byte within a spelling: letters, digits and what spellings begin with.
    @inline(__always) var isEntityByte: Bool {
        self == Ascii.hash || (self >= 48 && self <= 57) || ((self | 32) >= 97 && (self | 32) <= 122)
    }
}

/// Entities by name (HTML Standard, "named character references").
enum BodyEntity {
    static let all: [(StaticString, UInt8)] = [
        ("amp", 38), ("sol", 47), ("colon", 58), ("period", 46), ("quot", 34), ("apos", 39), ("lt", 60), ("gt", 62),
        ("AMP", 38), ("QUOT", 34), ("LT", 60), ("GT", 62), ("num", 35), ("percnt", 37), ("quest", 63), ("equals", 61),
        ("commat", 64), ("plus", 43), ("lowbar", 95), ("comma", 44), ("semi", 59), ("lsqb", 91), ("rsqb", 93),
        ("Tab", 9), ("NewLine", 10), ("nbsp", 160),
    ]
}
