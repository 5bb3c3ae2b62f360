// Unsafe code: the checker counts the bytes of a span among what is unsafe.
import Shared

/// What Postern's parser makes of `stream`, the bytes of one connection, handed to it in pieces of `pieceSize` bytes
/// (1 or more; the last one may be shorter).
func probe(_ stream: [UInt8], pieceSize: Int) -> ProbeResult {
    var reader = StreamReader()
    var given = 0
    while given < stream.count && !reader.hasEnded {
        let end = min(stream.count, given + pieceSize)
        reader.read(Array(stream[given..<end]))
        given = end
    }
    return reader.result
}

/// Reads requests as a server connection does: a head, its body, the next head.
private struct StreamReader {
    private var input: [UInt8] = []
    /// Bytes taken off the front of the stream so far.
    private var offset = 0
    private var messages: [ProbeResult.Message] = []
    private var body: BodyReader?
    private var ending: ProbeResult.Ending?
    private var endsAfterMessage = false
    private let head = RequestHead()
    private let limits = HeadLimits()

    var hasEnded: Bool { ending != nil }

    var result: ProbeResult {
        ProbeResult(messages: messages, ending: ending ?? (input.isEmpty && body == nil ? .complete : .incomplete))
    }

    mutating func read(_ piece: [UInt8]) {
        input += piece
        do throws(MessageFault) {
            while ending == nil {
                let goesOn = try body == nil ? readHead() : readBody()
                guard goesOn else { return }
            }
        } catch {
            ending = .refused(status: error.status, reason: "\(error.reason)")
        }
    }

    private mutating func take(_ count: Int) -> [UInt8] {
        defer {
            input.removeFirst(count)
            offset += count
        }
        return Array(input[..<count])
    }

    private mutating func readHead() throws(MessageFault) -> Bool {
        guard !input.isEmpty else { return false }
        let empty = unsafe HeadParser.emptyLine(input.span.bytes)
        if empty > 0 {
            _ = take(empty)
            return true
        }
        guard let length = try unsafe HeadParser.parse(input.span.bytes, limits: limits, into: head) else {
            return false
        }
        messages.append(
            ProbeResult.Message(
                start: offset, method: Array(input[head.methodRange]), target: Array(input[head.targetRange]),
                version: "1.\(head.minorVersion)",
                fields: head.fields.lines.map { (Array(input[$0.nameRange]), Array(input[$0.valueRange])) }))
        _ = take(length)
        body = BodyReader(BodyFraming(request: head))
        endsAfterMessage = !head.allowsKeepAlive
        return true
    }

    private mutating func readBody() throws(MessageFault) -> Bool {
        guard var body else { return false }
        let step = try unsafe body.next(input.span.bytes)
        self.body = body
        switch step {
        case .content(let count): messages[messages.count - 1].body += take(count)
        case .skip(let count): _ = take(count)
        case .needMore: return false
        case .end:
            messages[messages.count - 1].isComplete = true
            self.body = nil
            if endsAfterMessage { ending = .closed }
        }
        return true
    }
}
