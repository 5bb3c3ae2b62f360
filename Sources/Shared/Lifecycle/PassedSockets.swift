// Unsafe code: names that C hands over.
import CLinux
import CSystemd
import Glibc

/// The listening sockets that the service manager passed (socket activation: systemd.socket(5), sd_listen_fds(3)),
/// to be taken by name.
package struct PassedSockets: Sendable {
    private var waiting: [ListeningSocket]

    /// None: a process that was started without a socket unit.
    package init() { waiting = [] }

    /// Takes over what `$LISTEN_FDS` and `$LISTEN_FDNAMES` tell, and removes both from the environment.
    /// To be called once, before any other thread is started: it changes the environment.
    package static func takeFromSystemd() throws(ListenError) -> PassedSockets {
        var joined: UnsafeMutablePointer<CChar>?
        let count = unsafe postern_systemd_take_listen_fds(&joined)
        defer { unsafe free(joined) }
        guard count >= 0 else {
            throw ListenError(
                message:
                    "the sockets that systemd passed cannot be taken (\(SystemError("sd_listen_fds", code: -count)))",
                mend: "Check LISTEN_FDS and LISTEN_FDNAMES in the environment of this process.")
        }
        guard count > 0, let text = unsafe joined else { return PassedSockets() }
        let names = unsafe String(cString: text).split(separator: "\n", omittingEmptySubsequences: false)
        let first = postern_systemd_first_fd()
        return try PassedSockets((0..<count).map { (first + $0, String(names[Int($0)])) })
    }

    /// Owns `descriptors` from now on. Each has to be a listening stream socket.
    package init(_ descriptors: [(descriptor: Int32, name: String)]) throws(ListenError) {
        waiting = []
        for (descriptor, name) in descriptors {
            waiting.append(try Self.adopt(descriptor, name: name))
        }
    }

    /// The names under which sockets wait to be taken, in the order in which they came, each once.
    package var names: [String] {
        waiting.reduce(into: []) { names, socket in
            if !names.contains(socket.name) { names.append(socket.name) }
        }
    }

    /// Every socket that was passed under `name`; a socket unit with several `ListenStream=` lines passes several.
    package mutating func take(named name: String) -> [ListeningSocket] {
        let taken = waiting.filter { $0.name == name }
        waiting.removeAll { $0.name == name }
        return taken
    }

    /// A socket that nobody took would accept clients whom nobody answers: that is an error.
    package func requireAllTaken(known: [String]) throws(ListenError) {
        guard let socket = waiting.first else { return }
        throw ListenError(
            message: "systemd passed a socket named \(LogText.quoted(socket.name)) (\(socket.address)), "
                + "and nothing here has that name",
            mend: "Set FileDescriptorName= in the socket unit to "
                + (known.isEmpty ? "a name that is asked for." : "one of: \(known.joined(separator: ", "))."))
    }

    private static func adopt(_ descriptor: Int32, name: String) throws(ListenError) -> ListeningSocket {
        var family: Int32 = 0
        guard unsafe postern_is_listening(descriptor, &family) else {
            throw ListenError(
                message: "systemd passed descriptor \(descriptor) named \(LogText.quoted(name)), "
                    + "which is no listening stream socket",
                mend: "Use ListenStream= and Accept=no in the socket unit.")
        }
        guard let address = address(of: descriptor, family: family), postern_set_nonblocking(descriptor) == 0 else {
            throw ListenError(
                message: "systemd passed a socket named \(LogText.quoted(name)) of a family that is not supported",
                mend: "Use ListenStream= with a path, or with an IPv4 or IPv6 address.")
        }
        return ListeningSocket(descriptor: descriptor, name: name, address: address, isPassed: true)
    }

    private static func address(of descriptor: Int32, family: Int32) -> ListenAddress? {
        var text = [CChar](repeating: 0, count: 256)
        if family == AF_UNIX {
            let length = unsafe postern_systemd_socket_path(descriptor, &text, text.count)
            return length < 0 ? nil : .unix(path: string(text, length))
        }
        var port: UInt16 = 0
        let length = unsafe postern_local_address(descriptor, &text, text.count, &port)
        return length <= 0 ? nil : .tcp(host: .address(string(text, length)), port: port)
    }

    private static func string(_ text: [CChar], _ length: Int32) -> String {
        String(decoding: text.prefix(Int(length)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
