// Unsafe: sockaddr_un is filled in by hand, and recv(2) writes into a buffer.
import Glibc
import Shared

/// The socket on which one child says that it is ready: what systemd is to a unit (`NOTIFY_SOCKET`, sd_notify(3)).
/// Each child has its own, so that it is known who speaks; its folder keeps other users away.
final class ReadinessSocket {
    let path: String
    /// Becomes readable when a message is there.
    let descriptor: Int32

    /// Binds the socket at `path`; whatever lay there is replaced.
    init(path: String) throws(CommandFailure) {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | SocketFlags.closeOnExec | SocketFlags.nonBlocking, 0)
        guard descriptor >= 0 else {
            throw CommandFailure("no socket for readiness: \(SystemError.last("socket").reason)")
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count <= ListenAddress.unixPathLimit else {
            throw CommandFailure(
                "the path \(path) is too long for a Unix socket", mend: "Choose a shorter folder with --state")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        unsafe unlink(path)
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0 else { throw CommandFailure("cannot bind \(path): \(SystemError.last("bind").reason)") }
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        unsafe unlink(path)
    }

    /// The next message that is waiting; nil when none is.
    func receive() -> ReadinessMessage? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            if count >= 0 { return ReadinessMessage(buffer[..<count]) }
            guard errno == EINTR else { return nil }
        }
    }
}

/// Flags of socket(2), which Glibc shows as an enum of types.
private enum SocketFlags {
    static let closeOnExec = Int32(SOCK_CLOEXEC.rawValue)
    static let nonBlocking = Int32(SOCK_NONBLOCK.rawValue)
}
