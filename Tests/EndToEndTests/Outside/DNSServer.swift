// Unsafe code: recvfrom(2), sendto(2) and socket addresses.
import CLinux
import Glibc
import Testing

/// A DNS server (RFC 1035) that says what a test tells it, over UDP on this machine.
final class DNSServer: Sendable {
    /// What a name is answered with.
    enum Record: Sendable {
        /// Addresses of both families, with their time in seconds.
        case addresses([String], ttl: UInt32)
        /// Another name, which is asked for here in the same answer.
        case alias(String, ttl: UInt32)
        /// Nothing is said.
        case silence
        /// SERVFAIL.
        case failure
    }
    struct State: Sendable {
        var records: [String: Record] = [:]
        /// Questions for addresses of IPv4, by name.
        var questions: [String: Int] = [:]
    }

    let state = Monitor(State())
    let port: UInt16
    private let descriptor: Int32

    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
            }
        }
        self.descriptor = descriptor
        port = UInt16(bigEndian: address.sin_port)
        try #require(isBound)
        try TestThread.start("dns") { [self] in serve() }
    }

    /// Ends the server; questions are refused from then on.
    func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    subscript(name: String) -> Record? {
        get { state.value.records[name] }
        set { state.change { $0.records[name] = newValue } }
    }

    /// Waits until a name has been asked for so often.
    func asked(_ name: String, _ times: Int) -> Bool {
        state.wait { ($0.questions[name] ?? 0) >= times ? true : nil } ?? false
    }

    private func serve() {
        defer { close(descriptor) }
        var packet = [UInt8](repeating: 0, count: 512)
        while true {
            var peer = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let count = unsafe withUnsafeMutablePointer(to: &peer) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    unsafe recvfrom(descriptor, &packet, packet.count, 0, pointer, &length)
                }
            }
            guard count > 0 else { return }
            guard let answer = answer(Array(packet[..<count])) else { continue }
            _ = unsafe withUnsafePointer(to: &peer) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    unsafe sendto(descriptor, answer, answer.count, 0, pointer, length)
                }
            }
        }
    }

    private func answer(_ question: [UInt8]) -> [UInt8]? {
        guard question.count > 16 else { return nil }
        var labels: [String] = []
        var at = 12
        while at < question.count, question[at] > 0 {
            let end = at + 1 + Int(question[at])
            guard end < question.count else { return nil }
            labels.append(String(decoding: question[(at + 1)..<end], as: UTF8.self))
            at = end
        }
        guard at + 4 < question.count else { return nil }
        let type = question[at + 2]
        let section = Array(question[12..<(at + 5)])
        let name = labels.joined(separator: ".").lowercased()
        let record = state.change { state -> Record? in
            if type == 1 { state.questions[name, default: 0] += 1 }
            return state.records[name]
        }
        var code: UInt8 = 0
        var answers: [[UInt8]] = []
        switch record {
        case nil: code = 3
        case .silence?: return nil
        case .failure?: code = 2
        case .addresses(let texts, let ttl)?: answers = addresses(texts, type, ttl, owner: [0xC0, 12])
        case .alias(let other, let ttl)?:
            let target = Self.encoded(other)
            answers = [[0xC0, 12, 0, 5, 0, 1] + Self.bytes(ttl) + Self.bytes(UInt16(target.count)) + target]
            if case .addresses(let texts, let ttl)? = self[other] {
                answers += addresses(texts, type, ttl, owner: target)
            }
        }
        let flags: [UInt8] = [0x81, 0x80 | code]
        let counts = Self.bytes(UInt16(1)) + Self.bytes(UInt16(answers.count)) + [0, 0, 0, 0]
        return Array(question[0..<2]) + flags + counts + section + answers.flatMap { $0 }
    }

    private func addresses(_ texts: [String], _ type: UInt8, _ ttl: UInt32, owner: [UInt8]) -> [[UInt8]] {
        texts.compactMap { text in
            var bytes = [UInt8](repeating: 0, count: 16)
            let isIPv6 = text.contains(":")
            guard (type == 28) == isIPv6, unsafe inet_pton(isIPv6 ? AF_INET6 : AF_INET, text, &bytes) == 1 else {
                return nil
            }
            let size = isIPv6 ? 16 : 4
            return owner + [0, type, 0, 1] + Self.bytes(ttl) + Self.bytes(UInt16(size)) + bytes.prefix(size)
        }
    }

    private static func encoded(_ name: String) -> [UInt8] {
        name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        unsafe withUnsafeBytes(of: number.bigEndian) { unsafe Array($0) }
    }
}

/// A gateway with one outside service by name, and the server that knows the name.
struct OutsideFixture {
    let dns: DNSServer
    let gateway: GatewayFixture

    /// - Parameter service: what stands in services/far.yaml.
    init(_ service: String, resolver: String = "") throws {
        dns = try DNSServer()
        gateway = try GatewayFixture()
        try write(service)
        try gateway.write(
            "postern.yaml",
            """
            listen: 127.0.0.1:0
            threads: 2
            resolver: {servers: "127.0.0.1:\(dns.port)", timeout: 200ms, minimum_ttl: 1s\(resolver)}

            """)
        try gateway.write("routes/members/[...path].yaml", "service: main\n")
        try gateway.write("routes/far/[...path].yaml", "service: far\npath: /{path...}\n")
    }

    func write(_ service: String) throws { try gateway.write("services/far.yaml", service) }

    func start() throws -> RunningGateway { try gateway.start() }
}

extension RunningGateway {
    /// Asks until the answer is as wanted: what is looked up comes in its own time.
    func ask(_ target: String, until isWanted: (Message) -> Bool) throws -> Message {
        let deadline = Deadline(in: .patience)
        while true {
            let answer = try request("GET", target)
            if isWanted(answer) || deadline.hasPassed { return answer }
            var nothing = pollfd(fd: -1, events: 0, revents: 0)
            _ = unsafe poll(&nothing, 1, 20)
        }
    }
}
