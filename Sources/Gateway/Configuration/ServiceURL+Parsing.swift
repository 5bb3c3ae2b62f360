// Unsafe code: inet_pton(3) and inet_ntop(3) fill arrays.
import Glibc
import Shared

extension ServiceURL {
    /// What is wrong with a URL, and what to write. Never repeats a URL that holds a user: there may be a password in it.
    struct Fault: Error {
        let message: String
        let mend: String
    }

    static let example = "https://api.example.com/v1"

    /// - Throws: `Fault` for what is no URL of a service. Strict: what two readers could read in two ways is refused.
    init(_ text: String) throws(Fault) {
        let rest: Substring
        if text.hasPrefix("https://") {
            (isSecure, rest) = (true, text.dropFirst(8))
        } else if text.hasPrefix("http://") {
            (isSecure, rest) = (false, text.dropFirst(7))
        } else {
            throw Fault(
                message: "\(Self.quoted(text)) does not begin with https:// or http://",
                mend: "Write for example \(Self.example).")
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else {
            throw Fault(
                message: "the URL holds a user or a password",
                mend: "Take out what stands before the @, and write `basic:` in the service's file.")
        }
        guard !rest.contains("?"), !rest.contains("#") else {
            throw Fault(
                message: "\(Self.quoted(text)) holds a query or a fragment",
                mend: "End it with the path; a route's file says what the query is.")
        }
        let (host, port) = try Self.split(authority, of: text)
        self.host = try Self.host(host, of: text)
        self.port = try Self.port(port, of: text) ?? (isSecure ? 443 : 80)
        basePath = try Self.basePath(rest[authority.endIndex...], of: text)
    }

    private static func split(
        _ authority: Substring, of text: String
    ) throws(Fault) -> (host: Substring, port: Substring?) {
        guard authority.hasPrefix("[") else {
            guard let colon = authority.firstIndex(of: ":") else { return (authority, nil) }
            return (authority[..<colon], authority[authority.index(after: colon)...])
        }
        guard let end = authority.firstIndex(of: "]") else {
            throw Fault(message: "\(quoted(text)) has a bracket that is not closed", mend: "Write [::1] for ::1.")
        }
        let rest = authority[authority.index(after: end)...]
        guard rest.isEmpty || rest.hasPrefix(":") else {
            throw Fault(
                message: "\(quoted(text)) has more than a port behind the address", mend: "Write \(example).")
        }
        return (authority[...end], rest.isEmpty ? nil : rest.dropFirst())
    }

    private static func port(_ port: Substring?, of text: String) throws(Fault) -> UInt16? {
        guard let port else { return nil }
        guard let number = UInt16(port), number > 0, String(number) == port else {
            throw Fault(
                message: "\(quoted(String(port))) in \(quoted(text)) is no port",
                mend: "A port is a number from 1 to 65535; without one it is 443 for https and 80 for http.")
        }
        return number
    }

    private static func host(_ host: Substring, of text: String) throws(Fault) -> Host {
        guard !host.isEmpty else {
            throw Fault(message: "\(quoted(text)) names no host", mend: "Write for example \(example).")
        }
        if host.hasPrefix("[") {
            let inside = String(host.dropFirst().dropLast())
            guard let address = numeric(inside, family: AF_INET6) else {
                throw Fault(
                    message: "\(quoted(inside)) in \(quoted(text)) is no IPv6 address", mend: "Write it as in [::1].")
            }
            return .address(address)
        }
        if let address = numeric(String(host), family: AF_INET) { return .address(address) }
        return .name(try HostName.check(String(host)))
    }

    private static func basePath(_ path: Substring, of text: String) throws(Fault) -> String {
        let base = path.hasSuffix("/") ? path.dropLast() : path
        guard !base.isEmpty else { return "" }
        let canonical: CanonicalPath
        do throws(PathError) {
            canonical = try CanonicalPath(base.utf8)
        } catch {
            throw Fault(
                message: "the path of \(quoted(text)) can be read in two ways: \(error.reason)",
                mend: "Write it plainly, as in \(example).")
        }
        let plain = String(decoding: canonical.canonical, as: UTF8.self)
        guard plain == base, !canonical.hasTrailingSlash else {
            throw Fault(
                message: "the path of \(quoted(text)) is not in its plain form",
                mend: "Write \(canonical.hasTrailingSlash ? String(plain.dropLast()) : plain).")
        }
        return plain
    }

    /// The address in inet_ntop(3)'s form; nil for a text that is none of the family.
    private static func numeric(_ text: String, family: Int32) -> String? {
        var binary = [UInt8](repeating: 0, count: 16)
        guard unsafe inet_pton(family, text, &binary) == 1 else { return nil }
        var bytes = [CChar](repeating: 0, count: 64)
        guard unsafe inet_ntop(family, binary, &bytes, socklen_t(bytes.count)) != nil else { return nil }
        return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    static func quoted(_ text: String) -> String { LogText.quoted(text, limit: 120) }
}

extension ValueForm where Value == ServiceURL {
    /// `https://` or `http://`, a host, and where needed a port and a path.
    static var serviceURL: ValueForm {
        ValueForm { node in
            guard let text = node.text, !node.isEmpty else {
                node.reportMismatch(expected: "a URL", mend: "Write for example \(ServiceURL.example).")
                return nil
            }
            do throws(ServiceURL.Fault) {
                return try ServiceURL(text)
            } catch {
                node.report("`\(node.name)`: \(error.message)", mend: error.mend)
                return nil
            }
        }
    }
}
