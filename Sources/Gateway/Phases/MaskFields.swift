// Unsafe code: an array's bytes as a span.
import Shared

/// The fields that cannot be copied as they are, and the heads that are looked at as a whole.
extension Exchange {
    /// The head is put together before any of it is written: it may be refused, or an allow list says what passes.
    @inline(__always) var needsWholeHead: Bool {
        guard let rule else { return false }
        return rule.masksThoroughly || table.services[rule.service].rule.isForeign
    }

    /// Writes one field that describes the server, where the route keeps it, or that tells places.
    func maskField(
        _ line: FieldLine, _ index: Int, _ bytes: RawSpan, _ upstream: ClientConnection,
        _ connection: ServerConnection, _ isReady: inout Bool
    ) {
        guard let rule else { return }
        // Where the route says which pages may read its answers, its service does not.
        if line.name == .accessControlAllowOrigin, rule.cors != nil { return }
        if line.name.describesServer {
            guard rule.keeps(bytes, line.nameRange) else { return }
            return connection.stream.append(bytes.extracting(upstream.head.run(index, index + 1)))
        }
        if !isReady {
            beginHeaderMask(connection, rule)
            isReady = true
        }
        switch table.headerMask.rewrite(line.name, bytes, line.valueRange) {
        case .unchanged: connection.stream.append(bytes.extracting(upstream.head.run(index, index + 1)))
        case .unreachable: worker.counters.droppedFields &+= 1
        case .changed:
            connection.stream.append(bytes.extracting(line.nameRange))
            connection.stream.append(": ")
            connection.stream.append(table.headerMask.output)
            connection.stream.append("\r\n")
        }
    }

    private func beginHeaderMask(_ connection: ServerConnection, _ rule: RouteRule) {
        let mask = table.headerMask
        let service = table.services[rule.service].rule
        mask.begin(
            service: rule.service, publicURLs, isOutside: service.isForeign,
            refuses: rule.mask.unreachable == .refuse)
        let isSecure = connection.stream.security != nil
        if hasBegunBody {
            let host = clientHost
            unsafe mask.setHost(host.span.bytes, 0..<host.count, isSecure: isSecure)
        } else {
            connection.withHead { bytes in
                mask.setHost(bytes, connection.head.fields.hostRange, isSecure: isSecure)
            }
        }
        guard !mask.isPlain else { return }
        mask.base.removeAll(keepingCapacity: true)
        mask.base.append(contentsOf: service.basePath)
        rule.appendPath(for: path, captures, to: &mask.base)
    }

    /// Collects the fields that the client may see in `Worker.fields`; false where the answer is not to be passed on.
    func collectFields(_ upstream: ClientConnection, _ connection: ServerConnection) -> Bool {
        guard let rule else { return false }
        worker.fields.removeAll(keepingCapacity: true)
        beginHeaderMask(connection, rule)
        let isForeign = table.services[rule.service].rule.isForeign
        let lines = upstream.head.fields.lines
        let isWhole = upstream.withHead { bytes in
            for index in lines.indices {
                let line = lines[index]
                guard mayPass(line, bytes, rule, isForeign: isForeign), rule.responseFields?.drops(line, bytes) != true
                else { continue }
                if let bodyMask, BodyFields.isDropped(line, bytes, isRewritten: bodyMask.isRewriting) { continue }
                switch outcome(line, bytes) {
                case .unchanged: worker.fields.append(bytes, upstream.head.run(index, index + 1))
                case .changed:
                    worker.fields.append(bytes, line.nameRange)
                    worker.fields.append(": ")
                    worker.fields.append(contentsOf: table.headerMask.output)
                    worker.fields.append("\r\n")
                case .unreachable:
                    worker.counters.droppedFields &+= 1
                    if rule.mask.unreachable == .refuse {
                        worker.counters.refusedAnswers &+= 1
                        return false
                    }
                }
            }
            return true
        }
        guard isWhole, rule.mask.audit != .off else { return isWhole }
        return auditHead(rule, connection)
    }

    private func outcome(_ line: FieldLine, _ bytes: RawSpan) -> HeaderMask.Outcome {
        line.name.tellsPlace
            ? table.headerMask.rewrite(line.name, bytes, line.valueRange)
            : table.headerMask.rewriteOther(bytes, line.valueRange)
    }

    /// Of a service of ours all passes but what describes it; of somebody else's, what is known to tell of the answer.
    private func mayPass(_ line: FieldLine, _ bytes: RawSpan, _ rule: RouteRule, isForeign: Bool) -> Bool {
        // Reserved are names of requests; these two may tell of an answer.
        let isOfAnswers = !line.name.isReserved || line.name == .underscored || line.name == .xRequestID
        guard !line.isForThisHop, !line.name.isHopByHop, isOfAnswers else { return false }
        if line.name.describesServer { return rule.keeps(bytes, line.nameRange) }
        if rule.cors != nil, line.name == .accessControl || line.name == .accessControlAllowOrigin { return false }
        guard isForeign else { return true }
        switch line.name {
        case .other, .underscored, .xRequestID:
            return PassableFields.contain(bytes, line.nameRange) || rule.keeps(bytes, line.nameRange)
        default: return true
        }
    }
}
