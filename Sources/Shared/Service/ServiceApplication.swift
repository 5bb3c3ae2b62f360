/// Serves endpoints on the connections of one loop.
package final class ServiceApplication: ServerApplication {
    let routes: ServiceRoutes
    /// Bytes of a request's body.
    let bodyLimit: Int
    /// Requests that were refused before they reached an endpoint.
    package private(set) var refused: UInt64 = 0

    package init(routes: ServiceRoutes, bodyLimit: Int = 1024 * 1024) {
        self.routes = routes
        self.bodyLimit = bodyLimit
    }

    package func serverDidReceive(_ connection: ServerConnection) {
        let exchange = ServiceExchange(self)
        connection.exchange = exchange
        exchange.begin(connection)
    }

    package func serverDidRefuse(_ connection: ServerConnection, _ fault: MessageFault) {
        refused &+= 1
    }

    package func serverDidClose(_ connection: ServerConnection) {}
}
