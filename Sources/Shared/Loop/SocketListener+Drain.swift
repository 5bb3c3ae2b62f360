import Glibc

extension SocketListener {
    /// Accepts what waits already, then no more: who has connected is served.
    package func acceptWaiting() {
        while descriptor >= 0 {
            let connection = accept(descriptor)
            if connection >= 0 {
                take(connection)
            } else if errno != EINTR && errno != ECONNABORTED {
                return
            }
        }
    }
}
