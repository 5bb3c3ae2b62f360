// Unsafe code: an array's bytes as a span.
import Shared

/// What a route does with the query, ready for the byte path: parameters that it sets, in place of the client's own.
///
/// A client's parameter is dropped when any service could take it for one that is set: its name is compared decoded and
/// without case, up to a bracket (`key[]`, `key[x]`: lists, in PHP and others) or NUL, leading spaces left out and
/// periods and spaces taken for `_` (PHP). Parameters are told apart at `&` and, since some do, at `;`. All others go on
/// byte for byte, and what is set stands after them.
final class QueryRule: Sendable {
    /// The names that are set, as `fold` makes them.
    private let names: FoldedNameTable
    /// `units=metric&q=…`; empty where parameters are taken out only.
    private let set: ValueTemplate

    init(names: [[UInt8]], set: ValueTemplate) {
        self.names = FoldedNameTable(
            names.map { name in
                var folded: [UInt8] = []
                for byte in name { guard Self.fold(byte, into: &folded) else { break } }
                return folded
            })
        self.set = set
    }

    /// Adds the query that the service is asked with, its `?` included, to `output`.
    /// - Parameters:
    ///   - query: where in `bytes` the client's stands, without its `?`; empty where there is none.
    ///   - scratch: room for a name.
    func write(
        _ bytes: RawSpan, _ query: Range<Int>, _ path: borrowing CanonicalPath, _ captures: RouteCaptures,
        to output: inout [UInt8],
        scratch: inout [UInt8]
    ) {
        let start = output.count
        if !query.isEmpty { copy(bytes.extracting(query), to: &output, &scratch) }
        if !set.parts.isEmpty {
            output.append(output.count == start ? UInt8(ascii: "?") : UInt8(ascii: "&"))
            set.write(path, captures, to: &output)
        }
    }

    /// Adds the part of a query that is not set here, its `?` included: of a URL that the service gives, what a client
    /// may say itself.
    func writeOthers(_ bytes: RawSpan, _ query: Range<Int>, to output: inout [UInt8], scratch: inout [UInt8]) {
        if !query.isEmpty { copy(bytes.extracting(query), to: &output, &scratch) }
    }

    private func copy(_ query: RawSpan, to output: inout [UInt8], _ scratch: inout [UInt8]) {
        var separator = UInt8(ascii: "?")
        var begin = 0
        while begin <= query.byteCount {
            let end = query.end(of: UInt8(ascii: "&"), begin, query.byteCount)
            if copy(query, begin..<end, separator, to: &output, &scratch) { separator = UInt8(ascii: "&") }
            begin = end + 1
        }
    }

    /// Copies what stands between two `&`; false where it is dropped.
    private func copy(
        _ query: RawSpan, _ pair: Range<Int>, _ separator: UInt8, to output: inout [UInt8], _ scratch: inout [UInt8]
    ) -> Bool {
        var end = query.end(of: UInt8(ascii: ";"), pair.lowerBound, pair.upperBound)
        guard !drops(query, pair.lowerBound..<end, &scratch) else { return false }
        output.append(separator)
        output.append(query, pair.lowerBound..<end)
        while end < pair.upperBound {
            let begin = end
            end = query.end(of: UInt8(ascii: ";"), begin + 1, pair.upperBound)
            if !drops(query, begin + 1..<end, &scratch) { output.append(query, begin..<end) }
        }
        return true
    }

    private func drops(_ query: RawSpan, _ pair: Range<Int>, _ name: inout [UInt8]) -> Bool {
        name.removeAll(keepingCapacity: true)
        var index = pair.lowerBound
        while index < pair.upperBound, query.byte(index) != UInt8(ascii: "=") {
            var byte = query.byte(index)
            if byte == UInt8(ascii: "+") {
                byte = UInt8(ascii: " ")
            } else if byte == UInt8(ascii: "%"), let value = query.escape(index, end: pair.upperBound) {
                byte = value
                index += 2
            }
            index += 1
            guard Self.fold(byte, into: &name) else { break }
        }
        return unsafe names.index(of: name.span.bytes, name.indices) != nil
    }

    /// Adds one byte of a name as it is compared; false where the name ends.
    @inline(__always) private static func fold(_ byte: UInt8, into name: inout [UInt8]) -> Bool {
        switch byte {
        case 0:
            return false
        case UInt8(ascii: "["):
            if !name.isEmpty { return false }
            name.append(UInt8(ascii: "_"))
        case UInt8(ascii: " "):
            if !name.isEmpty { name.append(UInt8(ascii: "_")) }
        case UInt8(ascii: "."):
            name.append(UInt8(ascii: "_"))
        default:
            name.append(byte)
        }
        return true
    }
}

extension RawSpan {
    /// Where `byte` stands first from `start` on; `limit` where it does not before that.
    fileprivate func end(of byte: UInt8, _ start: Int, _ limit: Int) -> Int {
        var index = start
        while index < limit, self.byte(index) != byte { index += 1 }
        return index
    }
}
