/// Why a query has no parameters. The client's fault, answered with 400.
package enum QueryError: Error, Sendable, Equatable {
    /// A percent sign without two hexadecimal digits after it.
    case malformedEscape
    /// A name or value that decodes to bytes that are not UTF-8.
    case invalidUTF8
}

/// The parameters of a query (URL Standard, `application/x-www-form-urlencoded`), in the order in which they came:
/// pairs between `&`, a `+` is a space, then percent-decoding. Unlike that standard it keeps no escape that cannot
/// be decoded, and puts nothing in the place of bytes that are not UTF-8: both are errors.
package struct QueryParameters: Sendable {
    private var pairs: [(name: String, value: String)] = []

    /// No parameters.
    package init() {}

    /// - Parameter query: the bytes after the `?`.
    package init(_ query: some Sequence<UInt8>) throws(QueryError) {
        for pair in Array(query).split(separator: ASCII.ampersand) {
            let equals = pair.firstIndex(of: ASCII.equals) ?? pair.endIndex
            let name = try Self.decode(pair[..<equals])
            pairs.append((name, try Self.decode(pair[equals...].dropFirst())))
        }
    }

    /// All values of a name in their order; empty if it is not there.
    package func values(_ name: String) -> [String] {
        pairs.compactMap { $0.name == name ? $0.value : nil }
    }

    /// The first value of a name.
    package func first(_ name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) throws(QueryError) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var rest = bytes
        while let byte = rest.popFirst() {
            switch byte {
            case ASCII.plus: decoded.append(UInt8(ascii: " "))
            case ASCII.percent:
                guard let high = rest.popFirst().flatMap(ASCII.hexadecimalValue),
                    let low = rest.popFirst().flatMap(ASCII.hexadecimalValue)
                else { throw .malformedEscape }
                decoded.append(high << 4 | low)
            default: decoded.append(byte)
            }
        }
        guard let text = String(validating: decoded, as: UTF8.self) else { throw .invalidUTF8 }
        return text
    }
}
