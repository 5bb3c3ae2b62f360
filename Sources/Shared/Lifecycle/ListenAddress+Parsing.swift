import CLinux
import Glibc

extension ListenAddress {
    private static let forms = "Write unix:/path, 127.0.0.1:3000, [::1]:3000, localhost:3000 or *:3000."

    /// The longest path of a Unix socket in bytes (unix(7)): sockaddr_un without its final NUL.
    package static var unixPathLimit: Int { postern_unix_path_capacity() - 1 }

    /// Reads one of the forms that ``ListenAddress`` lists. A relative path of a Unix socket is one below `folder`;
    /// without a folder it is refused, because it would depend on where the process was started.
    package init(_ text: String, relativeTo folder: String? = nil) throws(ListenError) {
        if text.hasPrefix("unix:") {
            self = try .init(unixPath: String(text.dropFirst(5)), relativeTo: folder)
            return
        }
        if text.hasPrefix("/") {
            throw ListenError(message: "\(quoted(text)) is a path without unix:", mend: "Write unix:\(text).")
        }
        guard let colon = text.lastIndex(of: ":") else {
            throw ListenError(message: "\(quoted(text)) names no port", mend: Self.forms)
        }
        let host = try Self.host(text[..<colon], of: text)
        self = .tcp(host: host, port: try Self.port(text[text.index(after: colon)...], of: text))
    }

    /// A Unix socket at `path`.
    package init(unixPath path: String, relativeTo folder: String? = nil) throws(ListenError) {
        var path = path
        if !path.hasPrefix("/") {
            guard let folder, !path.isEmpty, !path.hasPrefix("@") else {
                throw ListenError(
                    message: "\(quoted(path)) is no absolute path of a socket",
                    mend: "Begin it with /, for example /run/postern/name.sock.")
            }
            path = folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
        }
        guard !path.utf8.contains(0) else {
            throw ListenError(message: "the path of a socket holds a NUL byte", mend: "Take it out.")
        }
        guard !path.hasSuffix("/") else {
            throw ListenError(
                message: "\(quoted(path)) is a folder's path, not a socket's", mend: "Add the name of the socket.")
        }
        let limit = Self.unixPathLimit
        guard path.utf8.count <= limit else {
            throw ListenError(
                message:
                    "the socket path \(path) has \(path.utf8.count) bytes, and a Unix socket's has \(limit) at most",
                mend: "Choose a shorter path.")
        }
        self = .unix(path: path)
    }

    private static func host(_ host: Substring, of text: String) throws(ListenError) -> Host {
        if host == "*" { return .any }
        if host.lowercased() == "localhost" { return .localhost }
        if host.isEmpty {
            throw ListenError(
                message: "\(quoted(text)) names no address",
                mend: "Write 127.0.0.1\(text) for this machine alone, or *\(text) for every address.")
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            if let address = normalised(String(host.dropFirst().dropLast()), family: AF_INET6) {
                return .address(address)
            }
        } else if let address = normalised(String(host), family: AF_INET) {
            return .address(address)
        } else if normalised(String(host), family: AF_INET6) != nil {
            throw ListenError(
                message: "the IPv6 address in \(quoted(text)) has no brackets",
                mend: "Write [\(host)]\(text.dropFirst(host.count)).")
        }
        throw ListenError(message: "\(quoted(String(host))) is no address of a machine", mend: forms)
    }

    private static func port(_ port: Substring, of text: String) throws(ListenError) -> UInt16 {
        guard !port.isEmpty, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(port) else {
            throw ListenError(
                message: "\(quoted(String(port))) in \(quoted(text)) is no port",
                mend: "A port is a number from 0 to 65535.")
        }
        return number
    }

    /// The address in inet_ntop(3)'s form, nil for a text that is none of the family.
    private static func normalised(_ text: String, family: Int32) -> String? {
        var binary = [UInt8](repeating: 0, count: 16)
        guard unsafe inet_pton(family, text, &binary) == 1 else { return nil }
        var bytes = [CChar](repeating: 0, count: 64)
        guard unsafe inet_ntop(family, binary, &bytes, socklen_t(bytes.count)) != nil else { return nil }
        return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

private func quoted(_ text: String) -> String { LogText.quoted(text, limit: 120) }
