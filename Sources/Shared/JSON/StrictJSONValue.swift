// Unsafe code: the bytes of strings, for a comparison.

/// A JSON value (RFC 8259 section 3).
package enum StrictJSONValue: Sendable {
    case null
    case bool(Bool)
    /// A number written without fraction and exponent that fits.
    case integer(Int64)
    /// Every other number, as binary64; always finite.
    case number(Double)
    case string(String)
    case array([StrictJSONValue])
    case object(StrictJSONObject)

    package var string: String? {
        if case .string(let string) = self { string } else { nil }
    }

    package var integer: Int64? {
        if case .integer(let integer) = self { integer } else { nil }
    }

    package var array: [StrictJSONValue]? {
        if case .array(let array) = self { array } else { nil }
    }

    package var object: StrictJSONObject? {
        if case .object(let object) = self { object } else { nil }
    }
}

/// An object's members, in the order in which they were written; no name is there twice.
package struct StrictJSONObject: Sendable {
    package typealias Member = (name: String, value: StrictJSONValue)

    package let members: [Member]

    package init(_ members: [Member] = []) {
        self.members = members
    }

    /// The member of that name; nil when there is none (a member that is null is `.null`).
    ///
    /// Names are the same when their code points are (RFC 8259 section 8.3). Swift's `==` on strings is wider:
    /// it takes U+212A KELVIN SIGN for the letter K, and the judge of a token must not.
    package subscript(name: String) -> StrictJSONValue? {
        // By place: a look at a member does not copy it.
        for index in members.indices where members[index].name.hasSameCodePoints(as: name) {
            return members[index].value
        }
        return nil
    }
}

extension String {
    /// Whether both are the same sequence of code points: no Unicode equivalence, unlike `==`.
    package func hasSameCodePoints(as other: String) -> Bool {
        let (one, other) = (utf8, other.utf8)
        guard one.count == other.count else { return false }
        return unsafe Bytes.areSame(one.span.bytes, other.span.bytes)
    }
}
