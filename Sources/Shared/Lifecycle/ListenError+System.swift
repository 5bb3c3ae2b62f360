import Glibc

extension ListenError {
    /// A Unix socket that could not be made at `path`.
    static func cannotBind(_ path: String, _ error: SystemError) -> ListenError {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        switch error.code {
        case ENOENT:
            return ListenError(
                message: "the folder \(folder) of the socket \(path) does not exist",
                mend: "Create it, or let systemd do so (RuntimeDirectory= in the unit).")
        case ENOTDIR:
            return ListenError(
                message: "\(folder), in which the socket \(path) is to be, is no folder", mend: "Choose another path.")
        case EACCES, EPERM, EROFS:
            return ListenError(
                message: "this process (user \(geteuid())) may not create the socket \(path) (\(error.reason))",
                mend: "Give it the right to write in \(folder), or choose another path.")
        default:
            return ListenError(message: "cannot listen on \(path) (\(error))", mend: "Choose another path.")
        }
    }

    /// A TCP address that could not be bound.
    static func cannotBind(_ address: ListenAddress, _ error: SystemError) -> ListenError {
        switch error.code {
        case EADDRINUSE:
            ListenError(
                message: "something is listening on \(address)", mend: "Stop it, or choose another port.")
        case EADDRNOTAVAIL, EAFNOSUPPORT:
            ListenError(
                message: "this machine has no such address as \(address)",
                mend: "Write one that ip address shows, or * for all.")
        case EACCES, EPERM:
            ListenError(
                message: "this process (user \(geteuid())) may not listen on \(address)",
                mend: "Take a port from 1024 up, let systemd pass the socket, or give the unit CAP_NET_BIND_SERVICE.")
        default:
            ListenError(message: "cannot listen on \(address) (\(error))", mend: "Choose another address.")
        }
    }
}
