import Glibc

/// What the server connections of one loop have in common.
package final class ServerContext {
    package let loop: EventLoop
    package unowned let application: any ServerApplication
    package var limits: ServerLimits
    /// Makes what secures the next connection; nil where connections are plain.
    package var secure: (() -> ServerSecurity)?
    private var heads: [RequestHead] = []
    /// Stands in where a connection has no request.
    let noHead = RequestHead()
    /// The process's places for connections.
    private let quota: ConnectionQuota
    private var nextID: UInt64 = 0
    var date = HTTPDate()
    package internal(set) var limitHits = LimitHits()
    /// Open connections, by their number.
    package private(set) var connections: [UInt64: ServerConnection] = [:]
    package private(set) var isDraining = false
    /// Called each time that a connection closes while draining.
    package var connectionClosed: (() -> Void)?

    /// - Parameter quota: shared with the other loops of the process; of its own without it.
    package init(
        loop: EventLoop, application: any ServerApplication, limits: ServerLimits = ServerLimits(),
        quota: ConnectionQuota? = nil
    ) {
        self.quota = quota ?? ConnectionQuota(limits)
        self.loop = loop
        self.limits = limits
        self.application = application
    }

    /// Takes over an accepted descriptor, or closes it at once where there is no place for it: nil then.
    package func accept(_ descriptor: Int32) throws(LoopError) -> ServerConnection? {
        guard let place = quota.take(descriptor) else {
            close(descriptor)
            return nil
        }
        do throws(LoopError) {
            let connection = try open(descriptor: descriptor)
            connection.place = place
            return connection
        } catch {
            quota.give(place)
            throw error
        }
    }

    /// Takes over a connected descriptor, whatever others there are.
    package func open(descriptor: Int32) throws(LoopError) -> ServerConnection {
        let security = secure?()
        let stream = try Stream(loop: loop, descriptor: descriptor, security: security?.layer)
        nextID += 1
        let connection = ServerConnection(id: nextID, stream: stream, context: self)
        if let security { connection.standingFields = security.responseFields }
        connections[nextID] = connection
        if isDraining { connection.drain() }
        return connection
    }

    func closed(_ connection: ServerConnection) {
        connections[connection.id] = nil
        if let place = connection.place { quota.give(place) }
        connection.place = nil
        application.serverDidClose(connection)
        connectionClosed?()
    }

    /// Lets the requests under way end and takes no more on their connections.
    package func drain() {
        isDraining = true
        for connection in Array(connections.values) { connection.drain() }
    }

    /// Closes all connections at once.
    package func closeAll() {
        for connection in Array(connections.values) { connection.abort() }
    }

    func takeHead() -> RequestHead { heads.popLast() ?? RequestHead() }

    func giveHead(_ head: RequestHead) {
        // A head that is refused in its first line is answered by what it does say.
        head.method = .get
        head.minorVersion = 1
        head.fields.isPartial = false
        if heads.count < 256 { heads.append(head) }
    }
}
