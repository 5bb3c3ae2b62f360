/// The record that a path segment names.
///
/// The tutorial compares with `user.id == id`, a number with a string, and ECMAScript answers that by turning the
/// string into a number (ECMA-262, IsLooselyEqual and StringToNumber). So `/api/users/3`, `/api/users/03`,
/// `/api/users/3.0`, `/api/users/0x3` and `/api/users/%203` are one user there, and are one user here.
///
/// What is no number names no record; neither does a fraction, an infinity, or a number past 2^53 - 1, from where on
/// ECMAScript's numbers no longer tell integers apart.
struct RecordIdentifier: Equatable, Sendable {
    let value: Int64

    /// - Returns: nil if no record can be named so, which a client meets as "not found" or as an empty list.
    init?(_ text: String) {
        guard let number = Self.number(text), number.magnitude <= Self.greatest,
            let value = Int64(exactly: number)
        else { return nil }
        self.value = value
    }

    /// ECMAScript's `Number.MAX_SAFE_INTEGER`.
    private static let greatest = 9_007_199_254_740_991.0

    /// StringToNumber; nil for NaN and for the infinities, which equal no identifier.
    private static func number(_ text: String) -> Double? {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !isWhitespace($0) }),
            let last = scalars.lastIndex(where: { !isWhitespace($0) })
        else { return 0 }
        let literal = Array(text[first...last].utf8)
        if literal.count > 2, literal[0] == UInt8(ascii: "0"), let radix = radix(literal[1]) {
            return whole(literal[2...], radix: radix)
        }
        guard isDecimal(literal) else { return nil }
        return Double(String(decoding: literal, as: UTF8.self))
    }

    /// WhiteSpace and LineTerminator of ECMA-262: the ASCII ones, U+FEFF, and Unicode's space and line separators.
    private static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x20, 0xFEFF, 0x2028, 0x2029: true
        default: scalar.properties.generalCategory == .spaceSeparator
        }
    }

    private static func radix(_ letter: UInt8) -> Double? {
        switch letter {
        case UInt8(ascii: "x"), UInt8(ascii: "X"): 16
        case UInt8(ascii: "o"), UInt8(ascii: "O"): 8
        case UInt8(ascii: "b"), UInt8(ascii: "B"): 2
        default: nil
        }
    }

    /// NonDecimalIntegerLiteral after its prefix. What is too large to be exact is too large to name a record.
    private static func whole(_ digits: ArraySlice<UInt8>, radix: Double) -> Double? {
        var number = 0.0
        for byte in digits {
            guard let digit = digit(byte), digit < radix else { return nil }
            number = number * radix + digit
        }
        return number
    }

    private static func digit(_ byte: UInt8) -> Double? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Double(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Double(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Double(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// StrDecimalLiteral, without `Infinity`: a sign, digits with a point somewhere, an exponent. Checked here because
    /// Swift's `Double(_:)` reads more than that (`nan`, `inf`, hexadecimal fractions).
    private static func isDecimal(_ literal: [UInt8]) -> Bool {
        var rest = literal[...]
        func skipSign() {
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        }
        func skipDigits() -> Int {
            let digits = rest.prefix(while: isDigit).count
            rest.removeFirst(digits)
            return digits
        }
        skipSign()
        var digits = skipDigits()
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            digits += skipDigits()
        }
        guard digits > 0 else { return false }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            skipSign()
            guard skipDigits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}
