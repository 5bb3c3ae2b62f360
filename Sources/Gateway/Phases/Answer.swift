// Unsafe code: lends the bytes of prepared bodies.
import Shared

/// Routes without a service: what they answer is known beforehand.
extension Exchange {
    func answer(_ connection: ServerConnection, _ answer: LocalAnswer) {
        switch answer {
        case .redirect(let rule): redirect(connection, rule)
        case .fixed(let fixed): respond(connection, fixed)
        }
    }

    /// Sends the client elsewhere.
    private func redirect(_ connection: ServerConnection, _ redirect: RedirectRule) {
        worker.counters.answered &+= 1
        worker.scratch.removeAll(keepingCapacity: true)
        connection.withHead { bytes in
            if let query = path.query {
                let place = query.lowerBound + targetStart..<query.upperBound + targetStart
                redirect.append(path, captures, query: bytes.extracting(place), to: &worker.scratch)
            } else {
                redirect.append(path, captures, query: nil, to: &worker.scratch)
            }
        }
        end()
        connection.beginResponse(redirect.status)
        connection.stream.append("Location: ")
        connection.stream.append(worker.scratch)
        connection.stream.append("\r\n")
        connection.endResponse(RawSpan())
    }

    /// Gives a fixed answer, or says that the client has it already.
    private func respond(_ connection: ServerConnection, _ answer: FixedAnswer) {
        worker.counters.answered &+= 1
        let isKnown = answer.tag.map { names($0, connection) } ?? false
        end()
        connection.beginResponse(isKnown ? 304 : answer.status)
        if !isKnown { connection.stream.append(answer.typeField) }
        connection.stream.append(answer.fields)
        let content = answer.body
        let body = unsafe content.span.bytes
        if let tag = answer.tag {
            connection.endResponse(body, tag: tag)
        } else {
            connection.endResponse(body)
        }
    }

    /// Whether `If-None-Match` names the tag (RFC 9110 section 13.1.2), of methods that only read.
    private func names(_ tag: EntityTag, _ connection: ServerConnection) -> Bool {
        let head = connection.head
        guard head.method == .get || head.method == .head else { return false }
        return connection.withHead { bytes in
            for index in 0..<head.fields.lines.count where head.fields.lines[index].name == .ifNoneMatch {
                if tag.isNamed(by: bytes.extracting(head.fields.lines[index].valueRange)) { return true }
            }
            return false
        }
    }
}
