// Unsafe code: the bytes of static strings.

/// The recursive descent behind `StrictJSON`; how deep it goes is bounded by its limits.
struct StrictJSONParser {
    let bytes: [UInt8]
    /// How many arrays and objects may still be opened.
    var depth: Int
    var at = 0
    private var hasObject = false

    private static let usualMembers = 8

    init(bytes: [UInt8], depth: Int) {
        self.bytes = bytes
        self.depth = depth
    }

    mutating func text() throws(StrictJSONError) -> StrictJSONValue {
        skipWhitespace()
        let value = try value()
        skipWhitespace()
        guard at == bytes.count else { throw StrictJSONError(.trailingBytes, at: at) }
        return value
    }

    private mutating func value() throws(StrictJSONError) -> StrictJSONValue {
        switch try peek() {
        case UInt8(ascii: "{"): return .object(try nested { parser throws(StrictJSONError) in try parser.object() })
        case UInt8(ascii: "["): return .array(try nested { parser throws(StrictJSONError) in try parser.array() })
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: throw StrictJSONError(.unexpectedByte, at: at)
        }
    }

    private mutating func nested<Result>(
        _ parse: (inout Self) throws(StrictJSONError) -> Result
    ) throws(StrictJSONError) -> Result {
        guard depth > 0 else { throw StrictJSONError(.tooDeep, at: at) }
        depth -= 1
        at += 1
        skipWhitespace()
        let result = try parse(&self)
        depth += 1
        return result
    }

    private mutating func array() throws(StrictJSONError) -> [StrictJSONValue] {
        var elements: [StrictJSONValue] = []
        if try take(UInt8(ascii: "]")) { return elements }
        repeat {
            skipWhitespace()
            elements.append(try value())
            skipWhitespace()
        } while try take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
        return elements
    }

    private mutating func object() throws(StrictJSONError) -> StrictJSONObject {
        var members: [StrictJSONObject.Member] = []
        var names = StrictJSONNames()
        if try take(UInt8(ascii: "}")) { return StrictJSONObject(members) }
        // Of the text's own object: one place of memory instead of one after the other. Not of each inside it, whose
        // number is the sender's choice.
        if !hasObject { members.reserveCapacity(Self.usualMembers) }
        hasObject = true
        repeat {
            skipWhitespace()
            let start = at
            guard try peek() == UInt8(ascii: "\"") else { throw StrictJSONError(.unexpectedByte, at: at) }
            let name = try string()
            guard names.insert(name, beside: members) else { throw StrictJSONError(.duplicateName, at: start) }
            skipWhitespace()
            try expect(UInt8(ascii: ":"))
            skipWhitespace()
            members.append((name, try value()))
            skipWhitespace()
        } while try take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
        return StrictJSONObject(members)
    }

    private mutating func literal(
        _ text: StaticString, _ value: StrictJSONValue
    ) throws(StrictJSONError) -> StrictJSONValue {
        for offset in 0..<text.utf8CodeUnitCount { try expect(unsafe text.utf8Start[offset]) }
        return value
    }

    mutating func skipWhitespace() {
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): at += 1
            default: return
            }
        }
    }

    func peek() throws(StrictJSONError) -> UInt8 {
        guard at < bytes.count else { throw StrictJSONError(.unexpectedEnd, at: at) }
        return bytes[at]
    }

    mutating func take(_ byte: UInt8) throws(StrictJSONError) -> Bool {
        guard try peek() == byte else { return false }
        at += 1
        return true
    }

    mutating func expect(_ byte: UInt8) throws(StrictJSONError) {
        guard try take(byte) else { throw StrictJSONError(.unexpectedByte, at: at) }
    }
}

/// The names that an object has already: a short list is searched, a long one hashed, so that an object of many
/// members costs its length and not the square of it.
private struct StrictJSONNames {
    private struct Name: Hashable {
        let string: String

        static func == (one: Name, other: Name) -> Bool { one.string.hasSameCodePoints(as: other.string) }

        func hash(into hasher: inout Hasher) {
            for byte in string.utf8 { hasher.combine(byte) }
        }
    }

    private static let longestList = 16
    private var hashed: Set<Name> = []

    /// Whether `name` is new beside `members`.
    mutating func insert(_ name: String, beside members: [StrictJSONObject.Member]) -> Bool {
        if members.count < Self.longestList {
            return !members.contains { $0.name.hasSameCodePoints(as: name) }
        }
        if hashed.isEmpty { hashed = Set(members.map { Name(string: $0.name) }) }
        return hashed.insert(Name(string: name)).inserted
    }
}
