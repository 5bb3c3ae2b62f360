// Unsafe code: an array's bytes as a span, for people's requests.
import Shared

/// The routes of the hosts that have a folder of their own (`hosts/NAME/routes/`). Immutable; shared by all loops.
///
/// A host is looked for by the name in `Host`, its port and a period at its end left out, letters compared without case.
/// `*.example.org` stands for every name below `example.org`, at any depth; the name itself goes first, then the longest
/// of these.
final class HostTrees: Sendable {
    struct Host: Sendable {
        /// As its folder is called.
        let name: String
        let tree: RouteTree<RouteRule>
    }
    let hosts: [Host]
    private let names: FoldedNameTable
    private let hostOfName: [Int]
    /// The wildcards without their asterisk: `.example.org`.
    private let suffixes: FoldedNameTable
    private let hostOfSuffix: [Int]

    init(_ hosts: [Host]) {
        self.hosts = hosts
        hostOfName = hosts.indices.filter { !hosts[$0].name.hasPrefix("*") }
        hostOfSuffix = hosts.indices.filter { hosts[$0].name.hasPrefix("*") }
        names = FoldedNameTable(hostOfName.map { Array(hosts[$0].name.utf8) })
        suffixes = FoldedNameTable(hostOfSuffix.map { Array(hosts[$0].name.utf8.dropFirst()) })
    }

    /// The place in `hosts` of the host whose name stands in `range` of `bytes`, as in a checked `Host`; nil where it
    /// has no folder of its own.
    func index(of bytes: RawSpan, _ range: Range<Int>) -> Int? {
        let name = Self.name(bytes, range)
        if let found = names.index(of: bytes, name) { return hostOfName[found] }
        guard !suffixes.isEmpty else { return nil }
        var start = name.lowerBound + 1
        while start < name.upperBound {
            if bytes.octet(start) == UInt8(ascii: "."), let found = suffixes.index(of: bytes, start..<name.upperBound) {
                return hostOfSuffix[found]
            }
            start += 1
        }
        return nil
    }

    /// The same for `explain`.
    func index(of host: String) -> Int? {
        let bytes = Array(host.utf8)
        return index(of: unsafe bytes.span.bytes, bytes.indices)
    }

    /// Without the port, and without the period that ends an absolute name.
    private static func name(_ bytes: RawSpan, _ range: Range<Int>) -> Range<Int> {
        var end = range.upperBound
        while end > range.lowerBound, (48...57).contains(bytes.octet(end - 1)) { end -= 1 }
        if end > range.lowerBound, bytes.octet(end - 1) == UInt8(ascii: ":") {
            end -= 1
        } else {
            end = range.upperBound
        }
        if end > range.lowerBound, bytes.octet(end - 1) == UInt8(ascii: ".") { end -= 1 }
        return range.lowerBound..<end
    }
}
