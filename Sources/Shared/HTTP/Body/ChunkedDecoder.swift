/// The chunked transfer coding (RFC 9112 section 7.1), read strictly: sizes are plain hexadecimal digits, lines end
/// in CRLF, and chunk extensions, which nobody uses but attackers, are refused.
struct ChunkedDecoder: Sendable {
    private enum State {
        case size
        case content(remaining: Int)
        case contentEnd
        case trailers
        case end
    }
    private var state = State.size
    /// More digits than any body needs, few enough for an `Int`.
    private static let sizeDigits = 15
    static let trailerLimits = {
        var limits = HeadLimits()
        limits.fields = 32
        limits.head = 8 * 1024
        limits.fieldLine = 4 * 1024
        return limits
    }()

    /// Whether the trailer section has just been read, and is to be skipped, or the end told.
    var isPastTrailers: Bool {
        if case .end = state { true } else { false }
    }

    mutating func next(_ bytes: RawSpan) throws(MessageFault) -> BodyReader.Step {
        switch state {
        case .size: return try size(bytes)
        case .content(let remaining):
            let count = min(remaining, bytes.byteCount)
            if count == 0 { return .needMore }
            state = count == remaining ? .contentEnd : .content(remaining: remaining - count)
            return .content(count: count)
        case .contentEnd:
            guard try startsWithLineEnd(bytes, at: 0, or: .chunkEnding) else { return .needMore }
            state = .size
            return .skip(count: 2)
        case .trailers:
            // Read, bounded and checked; whether they are passed on is the exchange's to say.
            var fields = FieldIndex()
            guard let length = try HeadParser.parseTrailers(bytes, limits: Self.trailerLimits, into: &fields) else {
                return .needMore
            }
            for line in fields.lines where line.name.isHopByHop || line.name.isProtected { throw .trailer }
            state = .end
            return .skip(count: length)
        case .end:
            return .end
        }
    }

    private mutating func size(_ bytes: RawSpan) throws(MessageFault) -> BodyReader.Step {
        var value = 0
        var index = 0
        while index < bytes.byteCount, let digit = Self.hexadecimal(Bytes.at(bytes, index)) {
            guard index < Self.sizeDigits else { throw .chunkSize }
            value = value << 4 | digit
            index += 1
        }
        guard index < bytes.byteCount else { return .needMore }
        guard index > 0, try startsWithLineEnd(bytes, at: index, or: .chunkSize) else {
            if index == 0 { throw .chunkSize }
            return .needMore
        }
        state = value == 0 ? .trailers : .content(remaining: value)
        return .skip(count: index + 2)
    }

    /// True for CRLF at `index`, false when it is not all there yet; anything else is `fault`.
    private func startsWithLineEnd(
        _ bytes: RawSpan, at index: Int, or fault: MessageFault
    ) throws(MessageFault) -> Bool {
        guard index < bytes.byteCount else { return false }
        guard Bytes.at(bytes, index) == Bytes.carriageReturn else { throw fault }
        guard index + 1 < bytes.byteCount else { return false }
        guard Bytes.at(bytes, index + 1) == Bytes.lineFeed else { throw fault }
        return true
    }

    private static func hexadecimal(_ byte: UInt8) -> Int? {
        switch byte {
        case 48...57: Int(byte - 48)
        case 65...70: Int(byte - 55)
        case 97...102: Int(byte - 87)
        default: nil
        }
    }
}
