/// What a process wants to listen on under one name.
package struct ListenerRequest: Sendable {
    /// The name of a passed socket that is meant (`FileDescriptorName=`), and of the sockets that come of it.
    package let name: String
    /// Where to listen when no socket of that name was passed.
    package let addresses: [ListenAddress]
    /// Permission bits of a Unix socket's file that we make ourselves.
    package let mode: UInt32

    package init(name: String, addresses: [ListenAddress], mode: UInt32 = 0o660) {
        self.name = name
        self.addresses = addresses
        self.mode = mode
    }

    /// Opens what all of `requests` want: the passed sockets of a name where there are any (the configured addresses
    /// are then not bound: the socket unit decides), else our own. All of them or an error, after which none is open.
    package static func open(
        _ requests: [ListenerRequest], passed: PassedSockets
    ) throws(ListenError) -> [ListeningSocket] {
        var passed = passed
        var sockets: [ListeningSocket] = []
        var unserved: [ListenerRequest] = []
        for request in requests {
            let given = passed.take(named: request.name)
            sockets += given
            if given.isEmpty { unserved.append(request) }
        }
        // Before anything is bound: a misnamed socket would otherwise show as an address that is in use.
        try passed.requireAllTaken(known: requests.map(\.name))
        for request in unserved {
            guard !request.addresses.isEmpty else {
                throw ListenError(
                    message: "there is no address to listen on for \(LogText.quoted(request.name)), "
                        + "and systemd passed no socket of that name",
                    mend: "Configure an address, or set FileDescriptorName=\(request.name) in a socket unit.")
            }
            for address in request.addresses {
                sockets += try address.bind(name: request.name, mode: request.mode)
            }
        }
        return sockets
    }
}
