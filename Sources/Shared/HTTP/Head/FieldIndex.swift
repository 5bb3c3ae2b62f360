/// Where one field line stands in its head. Offsets count from the head's first byte.
package struct FieldLine: Sendable, BitwiseCopyable {
    var nameStart: UInt32
    var valueStart: UInt32
    var valueEnd: UInt32
    var nameLength: UInt16
    package var name: FieldName
    /// The sender's `Connection` named it: it goes no further.
    package var isForThisHop: Bool

    package var nameRange: Range<Int> { Int(nameStart)..<Int(nameStart) + Int(nameLength) }
    /// Without the blanks around it.
    package var valueRange: Range<Int> { Int(valueStart)..<Int(valueEnd) }

    /// Whether its name is `word`, given in lower case; `bytes` are those of its head.
    package func isNamed(_ word: StaticString, in bytes: RawSpan) -> Bool { Bytes.equals(bytes, nameRange, word) }
}

/// An index of the field lines of a head, and what they say of the message's framing and connection.
/// The bytes stay where they arrived; storage is kept from head to head.
package struct FieldIndex: Sendable {
    package private(set) var lines: [FieldLine] = []
    /// `Content-Length`, -1 without one.
    package internal(set) var contentLength = -1
    package internal(set) var isChunked = false
    /// Options of `Connection` (RFC 9110 section 7.6.1).
    package internal(set) var wantsClose = false
    package internal(set) var wantsKeepAlive = false
    package internal(set) var wantsUpgrade = false
    package internal(set) var expectsContinue = false
    /// Index in `lines` of the first of its name, -1 without one.
    package internal(set) var host = -1
    package internal(set) var authorization = -1
    package internal(set) var connection = -1
    package internal(set) var upgrade = -1
    package internal(set) var te = -1
    /// Responses only.
    package internal(set) var date = -1
    /// Length of the whole head, its empty line included.
    package internal(set) var headLength = 0

    /// The head is not complete: parsing goes on where it stopped, so that bytes which come one by one are not
    /// looked at again each time.
    var isPartial = false
    /// The first line that was not complete; and up to where its end was looked for.
    var nextLine = 0
    var searched = 0

    package init() {}

    /// Where the value of `Host` stands; empty without one.
    package var hostRange: Range<Int> { host < 0 ? 0..<0 : lines[host].valueRange }

    mutating func reset() {
        lines.removeAll(keepingCapacity: true)
        contentLength = -1
        isChunked = false
        wantsClose = false
        wantsKeepAlive = false
        wantsUpgrade = false
        expectsContinue = false
        host = -1
        authorization = -1
        connection = -1
        upgrade = -1
        te = -1
        date = -1
        headLength = 0
        isPartial = false
        nextLine = 0
        searched = 0
    }

    /// More bytes are needed: the line at `line` is not complete in the `count` bytes that there are.
    mutating func pause(at line: Int, searched count: Int) {
        isPartial = true
        nextLine = line
        searched = count
    }

    @inline(__always) mutating func add(_ line: FieldLine) {
        lines.append(line)
    }

    mutating func markForThisHop(_ index: Int) {
        lines[index].isForThisHop = true
    }

    /// Where the lines from `first` up to, not including, `last` stand, their line ends included.
    package func run(_ first: Int, _ last: Int) -> Range<Int> {
        let start = Int(lines[first].nameStart)
        let end = last < lines.count ? Int(lines[last].nameStart) : headLength - 2
        return start..<end
    }
}

/// Bounds of a head. What goes over is refused before it is stored.
package struct HeadLimits: Sendable, Equatable {
    /// Bytes of the request line or status line.
    package var startLine = 8 * 1024
    /// Bytes of one field line.
    package var fieldLine = 16 * 1024
    package var fields = 100
    /// Bytes in all.
    package var head = 32 * 1024

    package init() {}
}
