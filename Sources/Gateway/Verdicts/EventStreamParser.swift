// Unsafe code: single bytes of a span, within its bounds.
import Shared

/// Reads an event stream (`text/event-stream`, HTML Living Standard section 9.2.6) piece by piece, however it was cut.
/// Bounded; a comment costs no allocation.
struct EventStreamParser {
    enum Item: Equatable {
        /// A line that begins with a colon: a sign of life.
        case comment
        /// An event with its name and its data, either of which may be empty.
        case event(name: [UInt8], data: [UInt8])
    }

    /// A line, or an event's data, is longer than any that is sent.
    struct TooLong: Error, Equatable {}

    /// Bytes of a line without its end, and of the data of one event.
    static let lineLimit = 4096

    private var line: [UInt8] = []
    private var name: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var endedWithReturn = false
    private var isFirstLine = true

    /// The next item that is whole in `bytes` from `index` on, which moves past what was read; nil at their end.
    mutating func next(in bytes: RawSpan, at index: inout Int) throws(TooLong) -> Item? {
        while index < bytes.byteCount {
            let byte = unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
            index += 1
            // A line ends with LF, CR, or both.
            let isSecondHalf = byte == 10 && endedWithReturn
            endedWithReturn = byte == 13
            if isSecondHalf { continue }
            guard byte == 10 || byte == 13 else {
                guard line.count < Self.lineLimit else { throw TooLong() }
                line.append(byte)
                continue
            }
            if let item = try endLine() { return item }
        }
        return nil
    }

    private mutating func endLine() throws(TooLong) -> Item? {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        guard let first = line.first else { return endEvent() }
        if first == UInt8(ascii: ":") { return .comment }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[min(colon + 1, line.endIndex)...]
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        if line[..<colon].elementsEqual("event".utf8) {
            name = Array(value)
        } else if line[..<colon].elementsEqual("data".utf8) {
            guard data.count + value.count < Self.lineLimit else { throw TooLong() }
            if hasData { data.append(10) }
            data += value
            hasData = true
        }
        return nil
    }

    private mutating func endEvent() -> Item? {
        guard hasData || !name.isEmpty else { return nil }
        defer {
            name = []
            data = []
            hasData = false
        }
        return .event(name: name, data: data)
    }
}
