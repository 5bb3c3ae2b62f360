/// RFC 8259 read in the plainest way: over scalars, with copies, and with the bounds that tokens have.
indirect enum PlainJSON: Equatable {
    case number(Double)
    case text([UInt8])
    case list([PlainJSON])
    case word(String)

    /// The members of a text that is one object, by the UTF-8 of their names: no two are one by Unicode's equivalence.
    struct Members: Equatable {
        fileprivate let values: [[UInt8]: PlainJSON]
        var count: Int { values.count }
        subscript(name: String) -> PlainJSON? { values[Array(name.utf8)] }
    }

    static func object(_ bytes: [UInt8]) -> Members? {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        var rest = Reader(scalars: Array(text.unicodeScalars))
        rest.skip()
        guard rest.next == "{", let members = rest.members(depth: 15) else { return nil }
        rest.skip()
        return rest.next == nil ? Members(values: members) : nil
    }

    struct Reader {
        let scalars: [Unicode.Scalar]
        var at = 0

        var next: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

        mutating func skip() { while let one = next, [" ", "\t", "\n", "\r"].contains(one) { at += 1 } }

        mutating func take(_ scalar: Unicode.Scalar) -> Bool {
            guard next == scalar else { return false }
            at += 1
            return true
        }

        mutating func value(depth: Int) -> PlainJSON? {
            skip()
            switch next {
            case "{"?:
                guard depth > 0, let members = members(depth: depth - 1) else { return nil }
                return .list(members.values.map { $0 })
            case "["?:
                guard depth > 0 else { return nil }
                return list(depth: depth - 1)
            case "\""?: return text().map { .text($0) }
            case "-"?, "0"?, "1"?, "2"?, "3"?, "4"?, "5"?, "6"?, "7"?, "8"?, "9"?: return number()
            default:
                for word in ["true", "false", "null"] where scalars[at...].starts(with: word.unicodeScalars) {
                    at += word.unicodeScalars.count
                    return .word(word)
                }
                return nil
            }
        }

        mutating func members(depth: Int) -> [[UInt8]: PlainJSON]? {
            var members: [[UInt8]: PlainJSON] = [:]
            guard take("{") else { return nil }
            skip()
            if take("}") { return members }
            while true {
                skip()
                guard let name = text(), members[name] == nil else { return nil }
                skip()
                guard take(":"), let value = value(depth: depth) else { return nil }
                members[name] = value
                skip()
                if take("}") { return members }
                guard take(",") else { return nil }
            }
        }

        mutating func list(depth: Int) -> PlainJSON? {
            var elements: [PlainJSON] = []
            guard take("[") else { return nil }
            skip()
            if take("]") { return .list(elements) }
            while true {
                guard let element = value(depth: depth) else { return nil }
                elements.append(element)
                skip()
                if take("]") { return .list(elements) }
                guard take(",") else { return nil }
            }
        }

        mutating func text() -> [UInt8]? {
            guard take("\"") else { return nil }
            var units: [UInt16] = []
            while let one = next {
                at += 1
                if one == "\"" { return String(validating: units, as: UTF16.self).map { Array($0.utf8) } }
                guard one.value >= 0x20 else { return nil }
                if one != "\\" {
                    units += Array(String(one).utf16)
                    continue
                }
                guard let kind = next else { return nil }
                at += 1
                let plain: [Unicode.Scalar: UInt16] = [
                    "\"": 0x22, "\\": 0x5C, "/": 0x2F, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9,
                ]
                if let unit = plain[kind] {
                    units.append(unit)
                } else {
                    let digits = String(String.UnicodeScalarView(scalars[at...].prefix(4)))
                    guard kind == "u", digits.utf8.count == 4, digits.allSatisfy(\.isHexDigit),
                        let unit = UInt16(digits, radix: 16)
                    else { return nil }
                    units.append(unit)
                    at += 4
                }
            }
            return nil
        }

        mutating func number() -> PlainJSON? {
            let start = at
            while let one = next, "+-.eE0123456789".unicodeScalars.contains(one) { at += 1 }
            let text = String(String.UnicodeScalarView(scalars[start..<at]))
            guard text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil,
                let number = Double(text), number.isFinite
            else { return nil }
            return .number(number)
        }
    }
}
