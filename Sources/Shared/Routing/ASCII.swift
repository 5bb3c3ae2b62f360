/// ASCII characters by name, for the files of this folder.
enum ASCII {
    static let percent = UInt8(ascii: "%")
    static let plus = UInt8(ascii: "+")
    static let period = UInt8(ascii: ".")
    static let slash = UInt8(ascii: "/")
    static let question = UInt8(ascii: "?")
    static let backslash = UInt8(ascii: "\\")
    static let equals = UInt8(ascii: "=")
    static let ampersand = UInt8(ascii: "&")

    static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7F }

    /// The value of a hexadecimal digit in either case, nil for any other byte.
    static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
        default: nil
        }
    }

    /// The uppercase hexadecimal digit of a value below 16 (RFC 3986 section 2.1 prefers uppercase).
    static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? value &+ UInt8(ascii: "0") : value &- 10 &+ UInt8(ascii: "A")
    }
}
