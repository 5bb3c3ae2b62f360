/// Which addresses a name of somebody else may lead to: those that mean the same host to everybody (RFC 6890, and the
/// registries of IANA that it began). Whoever holds a name can point it anywhere, at this host and its network too.
enum AddressPolicy {
    /// Whether the address is of this host, of a private network, or otherwise no host of the public Internet.
    static func isPrivate(_ address: IPAddress) -> Bool {
        guard address.isIPv6 else { return short.contains { address.hasPrefix($0.prefix, $0.length) } }
        // Forms of IPv4 addresses: what counts is where they lead.
        if let inner = embedded(in: address) { return isPrivate(inner) }
        guard let (unicast, length) = globalUnicast, address.hasPrefix(unicast, length) else { return true }
        return long.contains { address.hasPrefix($0.prefix, $0.length) }
    }

    /// The IPv4 address that is reached by way of an IPv6 address; nil for others.
    private static func embedded(in address: IPAddress) -> IPAddress? {
        for (prefix, length, start) in wrappers where address.hasPrefix(prefix, length) {
            return IPAddress(bytes: Array(address.bytes[start..<start + 4]))
        }
        return nil
    }

    private typealias Block = (prefix: IPAddress, length: Int)

    private static func block(_ text: String) -> Block? {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let prefix = IPAddress(String(parts[0])), let length = Int(parts[1]) else { return nil }
        return (prefix, length)
    }

    private static let short = [
        // This host and its network; private; shared by carriers; loopback; link-local, where clouds keep their secrets.
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        // Protocols; documentation; relays that are no more; private.
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        // Benchmarks; documentation; multicast; reserved, with the broadcast.
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    ].compactMap(block)

    /// All that is public in IPv6 lies here; so ::1, fc00::/7, fe80::/10 and ff00::/8 are out.
    private static let globalUnicast = block("2000::/3")
    private static let long = [
        // Protocols with Teredo and benchmarks; documentation.
        "2001::/23", "2001:db8::/32", "3fff::/20",
    ].compactMap(block)

    /// Mapped, NAT64 (RFC 6052) and 6to4 (RFC 3056), and where the IPv4 address begins.
    private static let wrappers = [("::ffff:0:0/96", 12), ("64:ff9b::/96", 12), ("2002::/16", 2)].compactMap {
        text, start in block(text).map { ($0.prefix, $0.length, start) }
    }
}
