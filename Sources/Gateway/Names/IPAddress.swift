// Unsafe code: inet_pton(3) and inet_ntop(3) fill arrays.
import Glibc

/// A numeric address, IPv4 or IPv6, as its bytes.
struct IPAddress: Sendable, Hashable {
    /// In the order of the network; IPv4 has four.
    let bytes: [UInt8]

    var isIPv6: Bool { bytes.count == 16 }

    /// Nil unless there are 4 or 16 bytes.
    init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// In the usual form; nil for anything else.
    init?(_ text: String) {
        var binary = [UInt8](repeating: 0, count: 16)
        if unsafe inet_pton(AF_INET, text, &binary) == 1 {
            bytes = Array(binary.prefix(4))
        } else if unsafe inet_pton(AF_INET6, text, &binary) == 1 {
            bytes = binary
        } else {
            return nil
        }
    }

    /// Whether its first `length` bits are those of `prefix`.
    func hasPrefix(_ prefix: IPAddress, _ length: Int) -> Bool {
        guard bytes.count == prefix.bytes.count else { return false }
        let whole = length / 8
        guard bytes.prefix(whole).elementsEqual(prefix.bytes.prefix(whole)) else { return false }
        let rest = length % 8
        return rest == 0 || (bytes[whole] ^ prefix.bytes[whole]) >> UInt8(8 - rest) == 0
    }
}

extension IPAddress: Comparable {
    static func < (one: IPAddress, other: IPAddress) -> Bool { one.bytes.lexicographicallyPrecedes(other.bytes) }
}

extension IPAddress: CustomStringConvertible {
    /// inet_ntop(3)'s form.
    var description: String {
        var text = [CChar](repeating: 0, count: 64)
        let family = isIPv6 ? AF_INET6 : AF_INET
        guard unsafe inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

extension [IPAddress] {
    /// Families in turn, IPv6 first (RFC 8305 section 4), each in the order of its numbers: so that the same answer in
    /// another order is the same.
    var interleaved: [IPAddress] {
        let long = filter(\.isIPv6).sorted()
        let short = filter { !$0.isIPv6 }.sorted()
        var all: [IPAddress] = []
        for index in 0..<Swift.max(long.count, short.count) {
            if index < long.count { all.append(long[index]) }
            if index < short.count { all.append(short[index]) }
        }
        return all
    }
}
