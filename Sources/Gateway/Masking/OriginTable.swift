import Shared

/// Which services an authority stands for, by its bytes. Made with each snapshot.
struct OriginTable: Sendable {
    enum Finding: Equatable {
        case unknown
        /// It is the origin of the services at this place in `services`.
        case services(Int)
        /// Nothing of ours is at that port, but the host is a service's.
        case host
    }
    private struct Entry: Sendable {
        let host: [UInt8]
        let port: UInt16
        var services: [Int]
    }
    private var entries: [Entry] = []
    /// Indices in `entries`, by the hash of the host; -1 for none.
    private var slots: [Int32] = [-1]

    init(_ origins: [UpstreamOrigins]) {
        for (service, origin) in origins.enumerated() {
            for authority in origin.authorities {
                add(authority.host, authority.port, service)
                // Who writes the scheme otherwise than it is means the same host all the same.
                let isUsual = authority.port == 80 || authority.port == 443
                if isUsual { add(authority.host, authority.port == 80 ? 443 : 80, service) }
            }
        }
        var capacity = 1
        while capacity < entries.count * 2 { capacity *= 2 }
        slots = Array(repeating: -1, count: capacity)
        for (index, entry) in entries.enumerated() {
            var slot = Self.hash(entry.host) & (capacity - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (capacity - 1) }
            slots[slot] = Int32(index)
        }
    }

    private mutating func add(_ host: String, _ port: UInt16, _ service: Int) {
        let host = Array(host.utf8)
        if let known = entries.firstIndex(where: { $0.port == port && $0.host == host }) {
            if !entries[known].services.contains(service) { entries[known].services.append(service) }
        } else {
            entries.append(Entry(host: host, port: port, services: [service]))
        }
    }

    var isEmpty: Bool { entries.isEmpty }

    /// The services of a finding, in the order of their files.
    func services(_ place: Int) -> [Int] { entries[place].services }

    /// - Parameter host: without brackets; letters in either case, with or without a period at its end.
    func find(_ bytes: RawSpan, host: Range<Int>, port: UInt16) -> Finding {
        guard !entries.isEmpty else { return .unknown }
        var host = host
        if host.count > 1, bytes.octet(host.upperBound - 1) == UInt8(ascii: ".") {
            host = host.lowerBound..<host.upperBound - 1
        }
        var hash: UInt32 = 0x811C_9DC5
        for index in host { hash = (hash ^ UInt32(Self.lowercased(bytes.octet(index)))) &* 0x0100_0193 }
        var slot = Int(hash) & (slots.count - 1)
        var finding = Finding.unknown
        while slots[slot] >= 0 {
            let index = Int(slots[slot])
            if isEqual(entries[index].host, bytes, host) {
                if entries[index].port == port { return .services(index) }
                finding = .host
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return finding
    }

    /// Whether a service's host ends so (`.example`).
    func hasHost(endingWith bytes: RawSpan, _ ending: Range<Int>) -> Bool {
        entries.contains { entry in
            guard entry.host.count > ending.count else { return false }
            let offset = entry.host.count - ending.count
            for index in 0..<ending.count
            where entry.host[offset + index] != Self.lowercased(bytes.octet(ending.lowerBound + index)) {
                return false
            }
            return true
        }
    }

    private func isEqual(_ known: [UInt8], _ bytes: RawSpan, _ host: Range<Int>) -> Bool {
        guard known.count == host.count else { return false }
        for offset in 0..<known.count where Self.lowercased(bytes.octet(host.lowerBound + offset)) != known[offset] {
            return false
        }
        return true
    }

    @inline(__always) private static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= 65 && byte <= 90 ? byte | 32 : byte
    }

    /// FNV-1a.
    private static func hash(_ host: [UInt8]) -> Int {
        var hash: UInt32 = 0x811C_9DC5
        for byte in host { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        return Int(hash)
    }
}
