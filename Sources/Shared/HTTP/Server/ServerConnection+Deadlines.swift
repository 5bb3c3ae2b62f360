/// What a client has time for: its head, its body at a rate, taking its answer at a rate, its next request. One timer
/// stands for whichever it is (`awaited`).
extension ServerConnection {
    func setDeadline(_ nanoseconds: UInt64) {
        awaited = .input
        timer?.set(after: nanoseconds)
    }

    func cancelDeadline() {
        awaited = .input
        timer?.cancel()
    }

    /// The client is not waited for with its request; with what it is to take it may be still.
    func cancelBodyDeadline() {
        if awaited != .writing { cancelDeadline() }
    }

    /// Gives the client time for some of its body, unless it is given time already to take some of its answer.
    func setBodyDeadline() {
        bodyProgress = 0
        if awaited != .writing { setDeadline(limits.bodyDeadline) }
    }

    func countBody(_ count: Int) {
        bodyProgress += count
        if bodyProgress >= limits.bodyProgress { setBodyDeadline() }
    }

    func deadlinePassed() {
        switch state {
        case .closed, .tunnel: break
        case .idle, .lingering:
            // The answer before may still be on its way.
            if stream.outputCount > 0 && (awaited != .writing || hasTaken) { return awaitWriting() }
            // It has taken all; from now on it is waited for with a request.
            if state == .idle && awaited == .writing && stream.outputCount == 0 {
                return setDeadline(limits.idleDeadline)
            }
            countClosing()
            if state == .idle && stream.outputCount == 0 && leave() { return }
            abort()
        case .head:
            if !context.isDraining { context.limitHits.slowHeads &+= 1 }
            refuse(status: 408)
        case .exchange:
            switch awaited {
            case .writing where hasTaken: awaitWriting()
            case .departure: askWhetherClientIsThere()
            case .input where isReadingBody && !response.hasBegun:
                context.limitHits.slowBodies &+= 1
                refuse(status: 408)
            case .input, .writing:
                countClosing()
                abort()
            }
        }
    }

    private func countClosing() {
        if awaited == .writing {
            context.limitHits.slowReaders &+= 1
        } else if state == .exchange {
            context.limitHits.slowBodies &+= 1
        } else if state == .idle && !context.isDraining {
            if requestCount == 0 { context.limitHits.slowHeads &+= 1 } else { context.limitHits.idle &+= 1 }
        }
    }

    /// Gives the client time to take some of what waits for it.
    func awaitWriting() {
        setDeadline(limits.writeDeadline)
        awaited = .writing
        takenAtDeadline = takenCount
    }

    /// The client takes what waits for it, and not too slowly.
    private var hasTaken: Bool { takenCount - takenAtDeadline >= limits.writeProgress }

    /// What has left the kernel too: its queue may hold more than a slow client takes in a minute.
    private var takenCount: Int { Int(truncatingIfNeeded: stream.writtenCount) - stream.unacknowledgedCount }
}
