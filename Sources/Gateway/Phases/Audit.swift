// Unsafe code: an array's bytes as a span.
import Shared

/// `mask.audit`: what leaves is looked at for what tells of a service, after all masking. It counts; where the route
/// says `block`, such an answer does not go on.
extension Exchange {
    /// Looks at the fields in `Worker.fields`, and makes ready for the content; false where the answer is not to be
    /// passed on.
    func auditHead(_ rule: RouteRule, _ connection: ServerConnection) -> Bool {
        if audit == nil { audit = LeakScanner(table.snapshot.identity) }
        audit?.reset()
        let fields = worker.fields
        audit?.scan(unsafe fields.span.bytes)
        audit?.finish()
        let isClean = countLeaks(rule)
        audit?.reset()
        isAudited = true
        responseMark = connection.stream.writtenCount
        responseOutput = connection.stream.outputCount
        return isClean || rule.mask.audit != .block
    }

    /// Looks at content that is about to be sent. False where the answer is not to go on: it has been ended then.
    func auditContent(_ bytes: RawSpan, to connection: ServerConnection) -> Bool {
        guard isAudited, let rule else { return true }
        audit?.scan(bytes)
        return countLeaks(rule) || rule.mask.audit != .block || !blockAnswer(connection)
    }

    /// The content is complete: a word that ended with it is whole. False as for `auditContent`.
    func auditEnd(_ connection: ServerConnection) -> Bool {
        guard isAudited, let rule else { return true }
        audit?.finish()
        return countLeaks(rule) || rule.mask.audit != .block || !blockAnswer(connection)
    }

    /// Counts what was found since the last time; true where that was nothing.
    private func countLeaks(_ rule: RouteRule) -> Bool {
        guard let found = audit?.found, !found.isEmpty else { return true }
        for leak in found { worker.counters.count(leak.kind) }
        audit?.found.removeAll(keepingCapacity: true)
        worker.leakLog?.tell(of: found.map(\.kind), in: rule)
        return false
    }

    /// Puts 502 in the answer's place where none of it has left, else breaks it off.
    private func blockAnswer(_ connection: ServerConnection) -> Bool {
        worker.counters.blockedAnswers &+= 1
        if connection.withdrawResponse(to: responseOutput, ifWritten: responseMark) {
            fail(.upstream(.upstreamFailed))
        } else {
            worker.counters.broken &+= 1
            breakOff(connection)
        }
        return true
    }
}
