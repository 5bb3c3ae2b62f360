/// Reads JSON texts that decide something: a token's header and claims, the body of a login, a key file.
///
/// Stricter than RFC 8259 asks, so that no two readers can see two things in one text: UTF-8 alone, no name twice
/// in an object, no lone surrogate, nothing after the value, and bounds on length and depth. One pass over the bytes.
package enum StrictJSON {
    /// The value of `bytes`, which are one whole JSON text.
    ///
    /// - Throws: what is wrong and at which byte; never the text itself, which may hold a secret.
    package static func parse(
        _ bytes: [UInt8], limits: StrictJSONLimits = StrictJSONLimits()
    ) throws(StrictJSONError) -> StrictJSONValue {
        guard bytes.count <= limits.length else { throw StrictJSONError(.tooLong, at: limits.length) }
        var parser = StrictJSONParser(bytes: bytes, depth: limits.depth)
        return try parser.text()
    }

    /// As `parse`, for texts that must be an object.
    package static func parseObject(
        _ bytes: [UInt8], limits: StrictJSONLimits = StrictJSONLimits()
    ) throws(StrictJSONError) -> StrictJSONObject {
        guard case .object(let object) = try parse(bytes, limits: limits) else {
            throw StrictJSONError(.notAnObject, at: 0)
        }
        return object
    }
}

/// What a text may cost its reader.
package struct StrictJSONLimits: Sendable {
    /// The most bytes of the whole text.
    package var length: Int
    /// The most arrays and objects inside each other; a scalar alone has depth 0.
    package var depth: Int

    package init(length: Int = 1 << 20, depth: Int = 32) {
        self.length = length
        self.depth = depth
    }
}

/// Why a text was refused, and at which byte from its beginning.
package struct StrictJSONError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Reason: String, Sendable {
        case tooLong = "is longer than is allowed"
        case tooDeep = "is nested deeper than is allowed"
        case unexpectedEnd = "ends too early"
        case unexpectedByte = "has a character that does not belong there"
        case trailingBytes = "goes on after its value"
        case controlCharacter = "has an unescaped control character in a string"
        case invalidEscape = "has an escape that JSON does not know"
        case invalidUnicode = "is not valid UTF-8, or escapes half of a surrogate pair"
        case invalidNumber = "has a number that JSON does not know"
        case numberOutOfRange = "has a number that no binary64 holds"
        case duplicateName = "has a name twice in one object"
        case notAnObject = "is not an object"
    }

    package let reason: Reason
    package let offset: Int

    init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    package var description: String { "the JSON \(reason.rawValue) (byte \(offset))" }
}
