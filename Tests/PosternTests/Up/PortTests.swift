import Glibc
import Shared
import Testing

@testable import Postern

@Suite("A port that is taken")
struct PortTests {
    @Test("The listening sockets of /proc/net/tcp are read, others left out")
    func table() {
        let text = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1
               1: 0100007F:0BB8 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 4712 1
               2: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 4713 1
               broken line
            """
        #expect(ListeningSocketTable(text).entries == [.init(port: 3000, inode: 4711), .init(port: 80, inode: 4713)])
    }

    @Test("The process that holds a port is found by its descriptors")
    func holder() throws {
        let (descriptor, port) = try TestListener.open()
        defer { close(descriptor) }
        #expect(PortHolder.find(port: port)?.processID == getpid())
        #expect(PortHolder.ports(of: getpid()).contains(port))
    }

    @Test("A taken port is refused with its number, its holder, and a free port to use")
    func taken() throws {
        let (descriptor, port) = try TestListener.open()
        defer { close(descriptor) }
        let address = try ListenAddress("127.0.0.1:\(port)")
        #expect {
            try PortCheck().check([address])
        } throws: { error in
            guard let failure = error as? CommandFailure else { return false }
            return failure.message.hasPrefix("port \(port) is taken: ")
                && failure.message.contains("(process \(getpid())) listens on it")
                && failure.mend?.contains("--listen 127.0.0.1:") == true && failure.status == .failure
        }
    }

    @Test("The advice is the first port after it that is free")
    func advice() throws {
        let check = PortCheck(tryToListen: { $1 < 3003 ? EADDRINUSE : 0 }, holder: { _ in nil })
        #expect {
            try check.check([ListenAddress("localhost:3000")])
        } throws: {
            "\($0)".contains("another process listens on it") && "\($0)".hasSuffix("--listen localhost:3003")
        }
    }

    @Test("With no free port near, or at the last one, the advice names none")
    func noAdvice() throws {
        let check = PortCheck(tryToListen: { _, _ in EADDRINUSE }, holder: { _ in nil })
        for text in ["127.0.0.1:3000", "127.0.0.1:65535"] {
            #expect { try check.check([ListenAddress(text)]) } throws: { "\($0)".hasSuffix("--listen HOST:PORT") }
        }
    }

    @Test("A port that the kernel chooses, a Unix socket, and other errors are the gateway's matter")
    func notAsked() throws {
        let check = PortCheck(tryToListen: { _, _ in EACCES }, holder: { _ in nil })
        try check.check([ListenAddress("127.0.0.1:0"), ListenAddress("unix:/run/x.sock"), ListenAddress("*:80")])
    }
}
