import CLinux
import Glibc
import Testing

@testable import Shared

@Suite("passed sockets")
struct PassedSocketsTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func listener(_ name: String) -> Int32 { unsafe postern_listen_unix(folder[name], 8, 0o600) }

    @Test("every socket of a name is taken, with its address, and not those of another name")
    func byName() throws {
        let first = listener("a")
        // What systemd passes may be blocking.
        _ = fcntl(first, F_SETFL, 0)
        var passed = try PassedSockets([(first, "login"), (listener("b"), "verify"), (listener("c"), "login")])
        #expect(passed.names == ["login", "verify"])
        let login = passed.take(named: "login")
        #expect(login.map(\.address) == [.unix(path: folder["a"]), .unix(path: folder["c"])])
        #expect(login.allSatisfy { $0.isPassed && $0.name == "login" })
        #expect(fcntl(login[0].descriptor, F_GETFL) & O_NONBLOCK != 0)
        #expect(passed.take(named: "login").isEmpty)
        #expect(passed.names == ["verify"])
    }

    @Test("a TCP socket's address is the one that it is bound to")
    func tcp() throws {
        let descriptor = unsafe postern_listen_tcp("127.0.0.1", 0, 8, false)
        let port = try #require(ListenAddress.localPort(of: descriptor))
        var passed = try PassedSockets([(descriptor, "http")])
        #expect(passed.take(named: "http").map(\.address) == [.tcp(host: .address("127.0.0.1"), port: port)])
    }

    @Test("a socket that nobody asked for is an error that names it")
    func unasked() throws {
        let passed = try PassedSockets([(listener("a"), "postern-auth.socket")])
        let error = #expect(throws: ListenError.self) { try passed.requireAllTaken(known: ["login", "verify"]) }
        #expect(
            error?.description == "systemd passed a socket named \"postern-auth.socket\" (unix:\(folder["a"])), "
                + "and nothing here has that name. Set FileDescriptorName= in the socket unit to one of: login, verify."
        )
    }

    @Test("a descriptor that does not listen is an error that names it")
    func notListening() {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        let error = #expect(throws: ListenError.self) { try PassedSockets([(descriptor, "http")]) }
        #expect(
            error?.description == "systemd passed descriptor \(descriptor) named \"http\", "
                + "which is no listening stream socket. Use ListenStream= and Accept=no in the socket unit.")
    }

    @Test("sockets that were passed to another process are none")
    func otherProcess() async {
        await #expect(processExitsWith: .success) {
            setEnvironment("LISTEN_PID", "1")
            setEnvironment("LISTEN_FDS", "2")
            let names = try PassedSockets.takeFromSystemd().names
            #expect(names == [])
        }
    }
}
