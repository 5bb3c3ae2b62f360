import Shared

/// What a route does with the fields that pass in one direction, ready for the byte path. Immutable; shared by all
/// loops.
final class FieldRules: Sendable {
    /// The names of the fields that are set or taken out: what came under them goes no further.
    private let dropped: FoldedNameTable
    /// The same as they were written, for people.
    let names: [String]
    /// The lines that are set, with their line ends; those that hold a parameter are written for each request.
    private let fixed: [UInt8]
    private let lines: ValueTemplate?

    /// - Parameters:
    ///   - names: of all fields that are set or taken out.
    ///   - lines: whole lines.
    init(names: [String], lines: ValueTemplate) {
        dropped = FoldedNameTable(names.map { Array($0.utf8) })
        self.names = names
        fixed = lines.fixed ?? []
        self.lines = lines.fixed == nil ? lines : nil
    }

    /// Whether the line goes no further that `line` says stands in `bytes`.
    @inline(__always) func drops(_ line: FieldLine, _ bytes: RawSpan) -> Bool {
        dropped.index(of: bytes, line.nameRange) != nil
    }

    /// The same for a line by itself, as trailer fields come.
    func drops(_ line: RawSpan) -> Bool {
        dropped.index(of: line, FieldName.range(in: line)) != nil
    }

    /// The lines that are set, for `explain`.
    func text(_ path: CanonicalPath, _ captures: RouteCaptures) -> [String] {
        var bytes = fixed
        lines?.write(path, captures, to: &bytes)
        return bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0.dropLast(), as: UTF8.self) }
    }

    /// Writes the lines that are set.
    func write(
        _ path: borrowing CanonicalPath, _ captures: RouteCaptures, to stream: Stream, scratch: inout [UInt8]
    ) {
        guard let lines else { return stream.append(fixed) }
        scratch.removeAll(keepingCapacity: true)
        lines.write(path, captures, to: &scratch)
        stream.append(scratch)
    }
}
