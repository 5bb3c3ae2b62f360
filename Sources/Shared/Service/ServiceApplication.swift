/// Serves endpoints on the connections of one loop.
package final class ServiceApplication: ServerApplication {
    let routes: ServiceRoutes
    /// Of a request's body.
    let bodyLimit: BodyLimit
    /// Requests that were refused before they reached an endpoint.
    package private(set) var refused: UInt64 = 0
    /// Requests whose time was over before work on them began.
    package internal(set) var overdue: UInt64 = 0
    /// The path of the request that is being routed, and its parameters; their storage is used again.
    var path = CanonicalPath()
    var captures = RouteCaptures()

    package init(routes: ServiceRoutes, bodyLimit: Int = 1024 * 1024) {
        self.routes = routes
        self.bodyLimit = BodyLimit(bytes: bodyLimit)
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

    package func count(in tally: inout Tally) {
        tally.add("overdue", overdue)
    }
}
