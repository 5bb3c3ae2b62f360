// Unsafe code: mkdir(2).
import Glibc
import Shared

/// `control:` in postern.yaml: the Unix socket where the operator asks a running gateway, for its user and root alone.
struct ControlConfiguration: Sendable, Equatable {
    /// Below the folder for sockets, where nothing is said.
    static let standardPath = "gateway/control.sock"

    /// Nil for `none`.
    let path: String?
    /// postern.yaml names it: without it the gateway does not start.
    let isDemanded: Bool
    /// Its folder is ours to make: the standard one, where nobody has made it.
    private let folder: String?

    static func read(_ reader: ConfigurationReader, runDirectory: String) -> ControlConfiguration {
        let given = reader.optional("control", .control(relativeTo: runDirectory))
        if let given { return ControlConfiguration(path: given.path, isDemanded: given.path != nil, folder: nil) }
        return ControlConfiguration(
            path: "\(runDirectory)/\(standardPath)", isDemanded: false, folder: "\(runDirectory)/gateway")
    }

    /// What is to be opened for it.
    var requests: [ListenerRequest] {
        guard let path, path.utf8.count <= ListenAddress.unixPathLimit else { return [] }
        if let folder { _ = unsafe mkdir(folder, 0o700) }
        return [ListenerRequest(name: ControlServer.listenerName, addresses: [.unix(path: path)], mode: 0o600)]
    }
}

/// What stands at `control`.
private struct ControlPath {
    let path: String?
}

extension ValueForm where Value == ControlPath {
    /// `none`, or the path of a Unix socket.
    fileprivate static func control(relativeTo folder: String) -> ValueForm {
        ValueForm { node in
            if node.text == "none" { return ControlPath(path: nil) }
            guard case .unix(let path)? = node.read(as: ValueForm<ListenAddress>.socketPath(relativeTo: folder)) else {
                return nil
            }
            return ControlPath(path: path)
        }
    }
}
