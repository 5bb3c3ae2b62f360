import CLinux
import Glibc

extension ListenAddress {
    /// Binds and listens. One address may be several sockets (``Host/localhost``); all of them, or an error.
    ///
    /// A Unix socket's file that nobody listens on is replaced; a live one, or a file of another type, is an error.
    /// - Parameters:
    ///   - name: the name that the sockets are to carry, see ``ListeningSocket/name``.
    ///   - mode: permission bits of a Unix socket's file; connecting takes the write bit (unix(7)).
    ///   - backlog: as in listen(2); the kernel caps it at net.core.somaxconn.
    package func bind(name: String, mode: UInt32 = 0o660, backlog: Int32 = 4096) throws(ListenError)
        -> [ListeningSocket]
    {
        switch self {
        case .unix(let path):
            return [try Self.bindUnix(path, name: name, mode: mode, backlog: backlog)]
        case .tcp(.address(let address), let port):
            switch Self.bindTCP(address, port: port, name: name, backlog: backlog) {
            case .success(let socket): return [socket]
            case .failure(let error): throw .cannotBind(self, error)
            }
        case .tcp(.any, let port):
            return [try bindAny(port: port, name: name, backlog: backlog)]
        case .tcp(.localhost, let port):
            return try bindLocalhost(port: port, name: name, backlog: backlog)
        }
    }

    private static func bindUnix(
        _ path: String, name: String, mode: UInt32, backlog: Int32
    ) throws(ListenError) -> ListeningSocket {
        // Checked here too: a case of the enum can be made without the parser.
        let address = try ListenAddress(unixPath: path)
        let lock = try StartLock(for: path)
        defer { lock.release() }
        switch UnixSocketFile.occupant(of: path) {
        case .none: break
        case .stale: _ = unsafe unlink(path)
        case .listener:
            throw ListenError(
                message: "something is listening on \(path)", mend: "Stop it, or choose another path.")
        case .other(let type):
            throw ListenError(
                message: "\(path) is \(type), not a socket", mend: "Move it away, or choose another path.")
        case .unknown(let error):
            throw ListenError(
                message: "\(path) exists, and whether something listens on it cannot be told (\(error.reason))",
                mend: "Let this process write to it, or choose another path.")
        }
        let descriptor = unsafe postern_listen_unix(path, backlog, mode)
        guard descriptor >= 0 else { throw .cannotBind(path, SystemError.last("bind")) }
        return ListeningSocket(
            descriptor: descriptor, name: name, address: address, isPassed: false, file: UnixSocketFile(at: path))
    }

    private static func bindTCP(
        _ address: String, port: UInt16, name: String, backlog: Int32
    ) -> Result<ListeningSocket, SystemError> {
        let descriptor = unsafe postern_listen_tcp(address, port, backlog, false)
        guard descriptor >= 0 else { return .failure(.last("bind")) }
        let bound = ListenAddress.tcp(host: .address(address), port: localPort(of: descriptor) ?? port)
        return .success(ListeningSocket(descriptor: descriptor, name: name, address: bound, isPassed: false))
    }

    /// `::` takes IPv4 too (IPV6_V6ONLY is off); a kernel without IPv6 gets 0.0.0.0.
    private func bindAny(port: UInt16, name: String, backlog: Int32) throws(ListenError) -> ListeningSocket {
        var result = Self.bindTCP("::", port: port, name: name, backlog: backlog)
        if case .failure(let error) = result, error.isAddressMissing {
            result = Self.bindTCP("0.0.0.0", port: port, name: name, backlog: backlog)
        }
        switch result {
        case .success(let socket): return socket
        case .failure(let error): throw .cannotBind(self, error)
        }
    }

    private func bindLocalhost(port: UInt16, name: String, backlog: Int32) throws(ListenError) -> [ListeningSocket] {
        // A port that the kernel chose on 127.0.0.1 may be taken on ::1: then it chooses again.
        var triesLeft = port == 0 ? 16 : 1
        while true {
            let first: ListeningSocket
            switch Self.bindTCP("127.0.0.1", port: port, name: name, backlog: backlog) {
            case .success(let socket): first = socket
            case .failure(let error): throw .cannotBind(self, error)
            }
            guard case .tcp(_, let chosen) = first.address else { return [first] }
            switch Self.bindTCP("::1", port: chosen, name: name, backlog: backlog) {
            case .success(let second): return [first, second]
            case .failure(let error) where error.isAddressMissing: return [first]
            case .failure(let error):
                triesLeft -= 1
                if triesLeft == 0 || error.code != EADDRINUSE { throw .cannotBind(self, error) }
            }
        }
    }

    static func localPort(of descriptor: Int32) -> UInt16? {
        var text = [CChar](repeating: 0, count: 64)
        var port: UInt16 = 0
        return unsafe postern_local_address(descriptor, &text, text.count, &port) > 0 ? port : nil
    }
}

extension SystemError {
    fileprivate var isAddressMissing: Bool { code == EADDRNOTAVAIL || code == EAFNOSUPPORT }
}
