/// One request under way on a client connection, seen by the one who sent it.
package protocol ClientExchange: AnyObject {
    /// The attempt to connect succeeded; not told where the connection stood already.
    func connectionDidOpen(on connection: ClientConnection)
    /// An interim response came (1xx, but not 101): `connection.head` is its head.
    func responseWasInformed(on connection: ClientConnection)
    /// The final response's head is complete; `connection.head` and `connection.withHead` are valid during the call.
    func responseDidBegin(on connection: ClientConnection)
    /// The response's head has come, and not yet the whole of its content: told once, when what came with the head has
    /// been passed on. A response that comes in one piece is not told of.
    func responseGoesOn(on connection: ClientConnection)
    /// After `responseDidBegin` with 101: the connection has ended, and its stream, with what the service has said
    /// behind the head, is the exchange's to use and to close. Only for requests that ask for another protocol.
    func protocolDidSwitch(on connection: ClientConnection)
    /// The first `count` bytes of the connection's input are content; they must be taken before this returns.
    func responseBody(_ count: Int, on connection: ClientConnection)
    /// The first `count` bytes of the connection's input are the response's trailer section, checked, with its empty
    /// line. They are dropped after this.
    func responseTrailers(_ count: Int, on connection: ClientConnection)
    /// The response is complete. The connection may be used again when `connection.isReusable`.
    func responseDidEnd(on connection: ClientConnection)
    /// The request's output has drained: its source may go on.
    func requestDidDrain(on connection: ClientConnection)
    /// No complete response will come; the connection is closed.
    func exchangeDidFail(on connection: ClientConnection, _ failure: ClientFailure)
}

extension ClientExchange {
    package func connectionDidOpen(on connection: ClientConnection) {}
    package func responseWasInformed(on connection: ClientConnection) {}
    package func responseGoesOn(on connection: ClientConnection) {}
    package func protocolDidSwitch(on connection: ClientConnection) { connection.stream.close() }
    package func responseTrailers(_ count: Int, on connection: ClientConnection) {}
    package func requestDidDrain(on connection: ClientConnection) {}
}

/// Why no complete response came.
package struct ClientFailure: Error, Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        /// No connection; the errno.
        case connect(Int32)
        case connectTimeout
        /// The connection broke or was closed before the response was complete.
        case closed
        /// The response cannot be understood in one way only.
        case malformed(MessageFault)
        case timeout
    }
    package let kind: Kind
    /// Some byte of the response had come: the request was received, perhaps acted upon.
    package let hadResponse: Bool
    /// The connection had carried an exchange before: it may just have been closed for idleness.
    package let wasReused: Bool
    /// A byte of the request may have reached the service. Where none has, any request may be sent to another, and what
    /// there was of it is in `ClientConnection.unsent`.
    package let wasSent: Bool

    package init(kind: Kind, hadResponse: Bool, wasReused: Bool, wasSent: Bool = true) {
        self.kind = kind
        self.hadResponse = hadResponse
        self.wasReused = wasReused
        self.wasSent = wasSent
    }
}
