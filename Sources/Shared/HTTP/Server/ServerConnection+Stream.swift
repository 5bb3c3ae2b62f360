extension ServerConnection: StreamDelegate {
    package func streamDidRead(_ stream: Stream) {
        switch state {
        case .idle, .head:
            process()
        case .exchange:
            if isReadingBody { pumpBody() }
        case .lingering:
            lingered += stream.inputCount
            stream.consume(stream.inputCount)
            if lingered > limits.lingerBytes { abort() }
        case .closed, .tunnel:
            break
        }
    }

    /// The client sends no more. A request that is complete is answered all the same (RFC 9112 section 9.6).
    package func streamDidEnd(_ stream: Stream) {
        switch state {
        case .idle, .head, .lingering:
            // Answers to what it sent before are still on their way.
            guard stream.outputCount > 0 else { return abort() }
            clientEnded = true
            if state != .lingering { linger() }
        case .closed, .tunnel:
            break
        case .exchange:
            keepsAlive = false
            if !requestEnded { abort() }
        }
    }

    package func streamDidDrain(_ stream: Stream) {
        switch state {
        case .lingering:
            // The low mark is not the end.
            guard stream.outputCount == 0 else { return }
            guard !clientEnded else { return abort() }
            stream.shutdownWriting()
            setDeadline(limits.lingerDeadline)
        case .exchange:
            cancelDeadline()
            if isReadingBody { setBodyDeadline() }
            exchange?.responseDidDrain(on: self)
        case .idle:
            guard !stream.wantsInput else { return }
            setDeadline(context.isDraining ? limits.drainGrace : limits.idleDeadline)
            stream.wantsInput = true
            process()
        case .head, .closed, .tunnel:
            break
        }
    }

    package func streamDidHangUp(_ stream: Stream) {
        // The client can read no answer any more.
        abort()
    }

    package func streamDidFail(_ stream: Stream, _ error: LoopError) {
        closed()
    }
}
