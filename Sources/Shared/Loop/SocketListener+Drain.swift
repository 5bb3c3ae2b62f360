import CLinux

extension SocketListener {
    /// Accepts what waits already, then no more: who has connected is served.
    package func acceptWaiting() {
        guard descriptor >= 0 else { return }
        while true {
            let connection = postern_accept(descriptor)
            guard connection >= 0 else { return }
            take(connection)
        }
    }
}
