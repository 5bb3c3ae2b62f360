/// What serves the requests of a loop's connections: the gateway, or one of our services.
package protocol ServerApplication: AnyObject {
    /// A request's head is complete (`connection.head`, `connection.withHead`). The application sets
    /// `connection.exchange`, or answers at once.
    func serverDidReceive(_ connection: ServerConnection)
    /// A message was refused before the application saw it, or in the middle of its body.
    func serverDidRefuse(_ connection: ServerConnection, _ fault: MessageFault)
    /// The connection is gone.
    func serverDidClose(_ connection: ServerConnection)
    /// Adds what it has counted on this loop.
    func count(in tally: inout Tally)
}

/// What secures a client's connection.
package struct ServerSecurity {
    let layer: any StreamSecurity
    /// Field lines of every response on it, each with its CRLF.
    let responseFields: [UInt8]

    package init(layer: any StreamSecurity, responseFields: [UInt8] = []) {
        self.layer = layer
        self.responseFields = responseFields
    }
}

extension ServerApplication {
    package func count(in tally: inout Tally) {}
}

/// One request under way on a server connection, from its head to the end of its response.
package protocol ServerExchange: AnyObject {
    /// The first `count` bytes of the connection's input are content of the request's body; they must be taken
    /// (`connection.stream.consume`, or transferred) before this returns.
    func receiveBody(_ count: Int, from connection: ServerConnection)
    /// The first `count` bytes of the connection's input are the request's trailer section, checked, with its empty
    /// line. They are dropped after this.
    func receiveTrailers(_ count: Int, from connection: ServerConnection)
    /// The request's body has ended.
    func receiveEnd(from connection: ServerConnection)
    /// The response's output has drained: its source may go on.
    func responseDidDrain(on connection: ServerConnection)
    /// The client is gone, or the exchange cannot go on; the connection is closed.
    func exchangeWasCancelled(on connection: ServerConnection)
}

extension ServerExchange {
    package func receiveTrailers(_ count: Int, from connection: ServerConnection) {}
}
