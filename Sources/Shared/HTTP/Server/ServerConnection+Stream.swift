extension ServerConnection: StreamDelegate {
    package func streamDidRead(_ stream: Stream) {
        switch state {
        case .idle, .head:
            process()
        case .exchange:
            if isReadingBody {
                setDeadline(limits.bodyDeadline)
                pumpBody()
            }
        case .lingering:
            lingered += stream.inputCount
            stream.consume(stream.inputCount)
            if lingered > limits.lingerBytes { abort() }
        case .closed:
            break
        }
    }

    /// The client sends no more. A request that is complete is answered all the same (RFC 9112 section 9.6).
    package func streamDidEnd(_ stream: Stream) {
        switch state {
        case .idle, .head, .lingering, .closed:
            abort()
        case .exchange:
            keepsAlive = false
            if !requestEnded { abort() }
        }
    }

    package func streamDidDrain(_ stream: Stream) {
        switch state {
        case .lingering:
            stream.shutdownWriting()
            setDeadline(limits.lingerDeadline)
        case .exchange:
            cancelDeadline()
            if isReadingBody { setDeadline(limits.bodyDeadline) }
            exchange?.responseDidDrain(on: self)
        case .idle, .head, .closed:
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
