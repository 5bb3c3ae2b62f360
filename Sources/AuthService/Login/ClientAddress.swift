// Unsafe code: inet_pton(3) and inet_ntop(3).
import Glibc
import Shared

/// What counts as one client: an IPv4 address, or an IPv6 network of 64 bits, which is what one household gets.
struct ClientNetwork: Sendable, Hashable {
    /// Four bytes or eight.
    let bytes: [UInt8]
}

/// Where a client is.
struct ClientAddress: Sendable, Equatable {
    /// As inet_ntop(3) writes it, for the log.
    let text: String
    let network: ClientNetwork

    /// An IPv4 or IPv6 address without port; nil for anything else. `::ffff:a.b.c.d` is the IPv4 address.
    init?(_ text: String) {
        var bytes = [UInt8](repeating: 0, count: 16)
        if unsafe inet_pton(AF_INET, text, &bytes) == 1 {
            self.init(version4: Array(bytes.prefix(4)))
        } else if unsafe inet_pton(AF_INET6, text, &bytes) == 1 {
            if bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] {
                self.init(version4: Array(bytes.suffix(4)))
            } else {
                self.init(Self.text(AF_INET6, bytes), ClientNetwork(bytes: Array(bytes.prefix(8))))
            }
        } else {
            return nil
        }
    }

    private init(version4 bytes: [UInt8]) {
        self.init(bytes.map(String.init).joined(separator: "."), ClientNetwork(bytes: bytes))
    }

    private init(_ text: String, _ network: ClientNetwork) {
        self.text = text
        self.network = network
    }

    private static func text(_ family: Int32, _ bytes: [UInt8]) -> String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard unsafe inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "?" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

extension ClientAddress {
    /// What a gateway says of its client, in `X-Forwarded-For` or `Forwarded` (RFC 7239), as its file of this service has
    /// it (`forwarding`); nil where it says nothing: its client came over a Unix socket. The last value is the gateway's
    /// own word.
    init?(of request: ServiceRequest) {
        let last = { (name: String) in
            request.fields(name).last?.split(separator: ",").last.map { Self.trimmed($0) }
        }
        if let value = last("X-Forwarded-For") {
            self.init(String(value))
        } else if let element = last("Forwarded"), let node = Self.node(of: element) {
            self.init(String(node))
        } else {
            return nil
        }
    }

    /// The `for` of one element: an address, or `"[…]"` around one of IPv6; without its port.
    private static func node(of element: Substring) -> Substring? {
        for pair in element.split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, trimmed(parts[0]).lowercased() == "for" else { continue }
            let value = trimmed(parts[1]).drop { $0 == "\"" }
            if value.hasPrefix("[") { return value.dropFirst().prefix { $0 != "]" } }
            return value.prefix { $0 != "\"" && $0 != ":" }
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let isBlank = { (letter: Character) in letter == " " || letter == "\t" }
        let rest = text.drop(while: isBlank)
        return rest.lastIndex { !isBlank($0) }.map { rest[...$0] } ?? ""
    }
}
