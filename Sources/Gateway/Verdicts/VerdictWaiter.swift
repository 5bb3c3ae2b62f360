/// Who waits for a verdict.
struct VerdictWaiter {
    private let exchange: Exchange
    /// The exchange's life in which it began to wait.
    private let number: UInt64
    /// Where the exchange is under way, and is only asked about again.
    private let streams: TokenStreams?

    /// - Parameter streams: for an exchange that is among them, and has a verdict already.
    init(_ exchange: Exchange, again streams: TokenStreams? = nil) {
        self.exchange = exchange
        number = exchange.number
        self.streams = streams
    }

    func verdictDidCome(_ answer: Authenticator.Answer) {
        if let streams {
            streams.didAsk(exchange, number, answer)
        } else if exchange.number == number {
            exchange.authenticationDidEnd(answer)
        }
    }
}
