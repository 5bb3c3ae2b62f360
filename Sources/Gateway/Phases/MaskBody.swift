// Unsafe code: lends the bytes of arrays.
import Shared

/// `mask.body`: the body of a response, rewritten on its way through. Routes without it never come here.
extension Exchange {
    // MARK: The request

    /// Takes a mask for the exchange, and how the client calls us: the head is gone when the response comes.
    func takeBodyMask(_ connection: ServerConnection, _ bytes: RawSpan) {
        let mask = bodyMask ?? worker.takeBodyMask()
        bodyMask = mask
        mask.setOrigin(bytes.extracting(connection.head.fields.hostRange), isSecure: isSecure(connection))
    }

    /// Asks for the body as it is, whole; and for another one than the client has, in the service's own words.
    func writeBodyFields(_ head: RequestHead, _ bytes: RawSpan, to stream: Stream) {
        stream.append("Accept-Encoding: identity\r\n")
        guard let tag = table.snapshot.bodyTag else { return }
        for line in head.fields.lines where !line.isForThisHop {
            let name = line.nameRange
            let isCondition = name.count == 8 && bytes.begins(name, with: "if-match") || line.name == .ifNoneMatch
            guard isCondition else { continue }
            worker.scratch.removeAll(keepingCapacity: true)
            tag.appendUnmarked(bytes, line.valueRange, to: &worker.scratch)
            stream.append(bytes.extracting(name))
            stream.append(": ")
            stream.append(worker.scratch)
            stream.append("\r\n")
        }
    }

    // MARK: The response's head

    /// Decides what becomes of the body, and makes ready for it. False where the answer must not pass.
    func beginBodyMask(_ mask: BodyMask, _ upstream: ClientConnection, _ connection: ServerConnection) -> Bool {
        let head = upstream.head
        guard head.status != 101, let rule, let patterns = table.snapshot.bodyPatterns[rule.service] else {
            return true
        }
        switch upstream.withHead({ bytes in Self.verdict(head, bytes) }) {
        case .passes: return true
        case .refused:
            worker.counters.refusedBodies &+= 1
            return false
        case .rewritten(let coding):
            worker.counters.maskedBodies &+= 1
            if coding != nil { worker.counters.inflatedBodies &+= 1 }
            return mask.begin(patterns, publicURLs, coding)
        }
    }

    static func verdict(_ head: ResponseHead, _ bytes: RawSpan) -> BodyMask.Verdict {
        if head.status == 204 || head.status == 304 { return .passes }
        var type: Range<Int>?
        var coding: Inflater.Coding?
        var isCoded = false
        for line in head.fields.lines {
            let value = line.valueRange
            if line.name == .contentType {
                // Two answers to what it is are one too many.
                guard type == nil else { return .refused }
                type = value
            } else if line.nameRange.count == 16, bytes.begins(line.nameRange, with: "content-encoding") {
                if value.isEmpty || value.count == 8 && bytes.begins(value, with: "identity") { continue }
                guard !isCoded else { return .refused }
                isCoded = true
                coding = Inflater.Coding(bytes, value)
            }
        }
        // A part of a body cannot be rewritten: what stands before it is not known. None was asked for.
        if head.status == 206 { return .refused }
        switch BodyType(bytes, type ?? 0..<0) {
        case .binary: return .passes
        case .unreadable: return .refused
        case .text: return isCoded && coding == nil ? .refused : .rewritten(coding)
        }
    }

    /// Writes what the response's own fields cannot say any more.
    func writeBodyFields(_ upstream: ClientConnection, to connection: ServerConnection) {
        if upstream.head.status != 304 { connection.stream.append("Accept-Ranges: none\r\n") }
        guard let tag = table.snapshot.bodyTag else { return }
        upstream.withHead { bytes in
            for line in upstream.head.fields.lines where line.name == .etag && !line.isForThisHop {
                worker.scratch.removeAll(keepingCapacity: true)
                tag.appendMarked(bytes, line.valueRange, to: &worker.scratch)
                connection.stream.append("ETag: ")
                connection.stream.append(worker.scratch)
                connection.stream.append("\r\n")
            }
        }
    }

    // MARK: The response's body

    /// Takes `count` bytes of the service's.
    func maskBody(_ count: Int, _ upstream: ClientConnection, _ connection: ServerConnection, _ mask: BodyMask) {
        guard let input = upstream.stream.input else { return }
        if mask.isInflating {
            input.withBytes { mask.add($0.extracting(0..<count)) }
            inflate(upstream, connection, mask)
            if mask.isRewriting, mask.hasWaiting || connection.stream.isAboveHighMark { upstream.pause() }
            return
        }
        let passes = input.withBytes { bytes -> Bool? in
            let piece = bytes.extracting(0..<count)
            guard mask.isReadable(piece) else { return nil }
            return mask.rewriter.passes(piece)
        }
        guard let passes else { return refuseBody() }
        if passes {
            if isAudited {
                guard input.withBytes({ auditContent($0.extracting(0..<count), to: connection) }) else { return }
            }
            connection.sendContent(count, from: upstream.stream)
        } else {
            guard input.withBytes({ rewrite($0.extracting(0..<count), mask, connection) }) else { return }
        }
        if connection.stream.isAboveHighMark { upstream.pause() }
    }

    /// Sends what comes of a piece; false where it is not to go on, and the answer has been ended.
    private func rewrite(_ text: RawSpan, _ mask: BodyMask, _ connection: ServerConnection) -> Bool {
        var start = 0
        while start < text.byteCount {
            let end = min(text.byteCount, start + BodyMask.slice)
            worker.bodyOutput.removeAll(keepingCapacity: true)
            mask.rewriter.rewrite(text.extracting(start..<end), into: &worker.bodyOutput)
            guard sendAudited(connection) else { return false }
            start = end
        }
        return true
    }

    /// Sends `Worker.bodyOutput`, looked at where the route is audited; false where it is not to go on.
    private func sendAudited(_ connection: ServerConnection) -> Bool {
        if isAudited {
            let text = worker.bodyOutput
            guard auditContent(unsafe text.span.bytes, to: connection) else { return false }
        }
        connection.sendContent(worker.bodyOutput)
        return true
    }

    /// Inflates what waits, for as long as the client takes what comes of it.
    private func inflate(_ upstream: ClientConnection, _ connection: ServerConnection, _ mask: BodyMask) {
        if worker.bodyRoom.isEmpty { worker.bodyRoom = [UInt8](repeating: 0, count: BodyMask.slice) }
        while mask.hasWaiting, !connection.stream.isAboveHighMark {
            let produced: Int
            do throws(Inflater.Fault) {
                produced = try mask.inflate(into: &worker.bodyRoom)
            } catch {
                return refuseBody()
            }
            let room = worker.bodyRoom
            let text = unsafe room.span.bytes.extracting(0..<produced)
            guard mask.isReadable(text) else { return refuseBody() }
            guard rewrite(text, mask, connection) else { return }
        }
    }

    /// The client has taken most of what there was: more can come of what waits. False where some still does.
    func goOnInflating(_ connection: ServerConnection) -> Bool {
        guard let mask = bodyMask, let upstream, mask.hasWaiting else { return true }
        inflate(upstream, connection, mask)
        return bodyMask === mask && !mask.hasWaiting
    }

    /// Sends the end of the body, which has waited. False where it is no end: the answer has been broken off then.
    func endBodyMask(_ connection: ServerConnection, _ mask: BodyMask) -> Bool {
        guard mask.mayEnd else {
            refuseBody()
            return false
        }
        worker.bodyOutput.removeAll(keepingCapacity: true)
        mask.rewriter.finish(into: &worker.bodyOutput)
        return sendAudited(connection)
    }

    private func refuseBody() {
        worker.counters.refusedBodies &+= 1
        fail(.upstream(.upstreamFailed))
    }

    /// Gives the mask back.
    func giveBodyMask(_ mask: BodyMask) {
        worker.counters.maskedURLs &+= mask.isRewriting ? mask.rewriter.replacements : 0
        bodyMask = nil
        worker.giveBodyMask(mask)
    }

    private func isSecure(_ connection: ServerConnection) -> Bool { connection.stream.security != nil }
}

extension Exchange {
    /// The route's answers are rewritten, and there is something to look for in them. What goes to local services by the
    /// egress socket is not: they are told where it comes from.
    var masksBody: Bool {
        guard !isEgress, let rule, rule.mask.body else { return false }
        return table.snapshot.bodyPatterns[rule.service] != nil
    }
}
