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

    @Test("names of LISTEN_FDNAMES reach the descriptors from 3 on, and leave the environment")
    func environment() async {
        // A process of its own: descriptor 3 and the environment belong to the whole process.
        await #expect(processExitsWith: .exitCode(0)) {
            let folder = try ScratchFolder()
            let first = unsafe postern_listen_unix(folder["a"], 8, 0o600)
            let second = unsafe postern_listen_unix(folder["b"], 8, 0o600)
            guard dup2(first, 100) == 100, dup2(second, 101) == 101, dup2(100, 3) == 3, dup2(101, 4) == 4 else {
                exit(9)
            }
            setEnvironment("LISTEN_PID", "\(getpid())")
            setEnvironment("LISTEN_FDS", "2")
            setEnvironment("LISTEN_FDNAMES", "login:verify")
            var passed = try PassedSockets.takeFromSystemd()
            guard passed.names == ["login", "verify"] else { exit(10) }
            let login = passed.take(named: "login")
            guard login.map(\.descriptor) == [3], login.map(\.address) == [.unix(path: folder["a"])] else { exit(11) }
            guard passed.take(named: "verify").map(\.descriptor) == [4] else { exit(12) }
            guard unsafe getenv("LISTEN_FDS") == nil, unsafe getenv("LISTEN_FDNAMES") == nil else { exit(13) }
            guard fcntl(3, F_GETFD) & FD_CLOEXEC != 0 else { exit(14) }
            _ = unsafe unlink(folder["a"])
            _ = unsafe unlink(folder["b"])
            _ = unsafe rmdir(folder.path)
            exit(0)
        }
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
