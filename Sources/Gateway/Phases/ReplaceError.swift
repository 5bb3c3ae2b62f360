import Shared

/// `mask.errors: replace`: a service's own failures (5xx) in our words.
extension Exchange {
    @inline(__always) var replacesErrors: Bool { rule?.mask.errors == .replace }

    /// Answers with the service's status and a body of ours; `Retry-After` is kept. What the service says is read to its
    /// end elsewhere, so that its connection can be used again.
    func replaceError(_ upstream: ClientConnection, on connection: ServerConnection) {
        let head = upstream.head
        worker.counters.replacedErrors &+= 1
        connection.beginResponse(head.status)
        upstream.withHead { bytes in
            for (index, line) in head.fields.lines.enumerated() where line.name == .retryAfter {
                guard isTime(bytes, line.valueRange) else { continue }
                connection.stream.append(bytes.extracting(head.run(index, index + 1)))
                break
            }
        }
        report(.answered(status: head.status))
        if let instance {
            if connection.requestEnded {
                upstream.handOver(to: DiscardedBody(instance))
            } else {
                instance.lose(upstream)
            }
        }
        record()
        end()
        connection.endResponse(error: Status.message(head.status))
    }

    /// Seconds or a date (RFC 9110 section 10.2.3), and no place for anything else.
    private func isTime(_ bytes: RawSpan, _ value: Range<Int>) -> Bool {
        guard !value.isEmpty, value.count <= 29 else { return false }
        for index in value {
            switch bytes.octet(index) {
            case 48...57, 65...90, 97...122, 32, UInt8(ascii: ","), UInt8(ascii: ":"): continue
            default: return false
            }
        }
        return true
    }
}

/// Reads the rest of a response that nobody wants, then gives the connection back; a long one is not worth it.
final class DiscardedBody: ClientExchange {
    private let instance: InstancePool
    private var left = 64 * 1024

    init(_ instance: InstancePool) { self.instance = instance }

    func responseDidBegin(on connection: ClientConnection) {}

    func responseBody(_ count: Int, on connection: ClientConnection) {
        left -= count
        if left < 0 { instance.lose(connection) }
    }

    func responseDidEnd(on connection: ClientConnection) { instance.give(connection) }

    func exchangeDidFail(on connection: ClientConnection, _ failure: ClientFailure) { instance.lose(connection) }
}
