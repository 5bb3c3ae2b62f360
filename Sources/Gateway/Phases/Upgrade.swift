import Shared

/// A request for another protocol (WebSocket), which the service grants with 101 or answers as any other.
extension Exchange {
    /// Writes what asks for the protocol: the fields were dropped with all others of the client's connection.
    func writeUpgrade(_ connection: ServerConnection, _ bytes: RawSpan, to stream: Stream) {
        let fields = connection.head.fields
        stream.append("Connection: upgrade\r\nUpgrade: ")
        stream.append(bytes.extracting(fields.lines[fields.upgrade].valueRange))
        stream.append("\r\n")
    }

    /// Whether the service grants what was asked for, and nothing else.
    func answersUpgrade(_ upstream: ClientConnection, of connection: ServerConnection) -> Bool {
        let asked = connection.head.fields
        let granted = upstream.head.fields
        guard isUpgrade, asked.upgrade >= 0, granted.upgrade >= 0 else { return false }
        return connection.withHead { request in
            upstream.withHead { answer in
                UpgradeRule.isOffered(
                    answer, granted.lines[granted.upgrade].valueRange, in: request,
                    asked.lines[asked.upgrade].valueRange)
            }
        }
    }

    /// Ends the head of 101; `mask` has written the fields before.
    func endUpgradeHead(_ upstream: ClientConnection, _ bytes: RawSpan, on connection: ServerConnection) {
        let fields = upstream.head.fields
        connection.stream.append("Upgrade: ")
        connection.stream.append(bytes.extracting(fields.lines[fields.upgrade].valueRange))
        connection.stream.append("\r\n")
        connection.switchProtocols()
    }

    func protocolDidSwitch(on upstream: ClientConnection) {
        guard let connection else { return upstream.stream.close() }
        worker.counters.tunnels &+= 1
        // A tunnel may last for days; what can be said of the instance is known now.
        report(.answered(status: 101))
        worker.counters.openTunnels += 1
        tunnel = Tunnel(
            client: connection.stream, service: upstream.stream, idleDeadline: connection.tunnelIdleDeadline
        ) { [unowned self] in tunnelDidEnd() }
        streamDidBegin()
    }

    private func tunnelDidEnd() {
        guard let connection else { return }
        worker.counters.openTunnels -= 1
        if tunnel?.wasIdle == true { worker.counters.idleTunnels &+= 1 }
        record()
        if let upstream { instance?.lose(upstream) }
        end()
        connection.exchange = nil
        connection.abort()
    }

    /// The client's connection was closed from this side.
    func closeTunnel() {
        worker.counters.openTunnels -= 1
        tunnel?.close()
    }
}
