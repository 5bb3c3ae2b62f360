import CLinux
import Glibc
import Testing

@testable import Shared

@Suite("binding a listen address")
struct ListenAddressBindingTests {
    private let folder: ScratchFolder
    private let path: String

    init() throws {
        folder = try ScratchFolder()
        path = folder["a.sock"]
    }

    private func bind(mode: UInt32 = 0o660) throws -> ListeningSocket {
        try #require(try ListenAddress(unixPath: path).bind(name: "test", mode: mode).first)
    }

    private func connect() -> Int32 {
        var inProgress = false
        let descriptor = unsafe postern_connect_unix(path, &inProgress)
        return descriptor < 0 ? -errno : descriptor
    }

    /// A socket file whose listener is gone.
    private func leaveStaleSocket() throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        try #require(bindUnix(descriptor, path) == 0)
        close(descriptor)
    }

    @Test("a Unix socket listens, with mode 0660, and leaves no lock behind")
    func unix() throws {
        let socket = try bind()
        #expect(socket.address == .unix(path: path))
        #expect(socket.name == "test")
        #expect(!socket.isPassed)
        #expect(modeOfFile(at: path) == S_IFSOCK | 0o660)
        var family: Int32 = 0
        #expect(unsafe postern_is_listening(socket.descriptor, &family))
        #expect(fcntl(socket.descriptor, F_GETFL) & O_NONBLOCK != 0)
        #expect(fcntl(socket.descriptor, F_GETFD) & FD_CLOEXEC != 0)
        #expect(ScratchFolder.names(in: folder.path) == ["a.sock"])
    }

    @Test("the mode is the one asked for")
    func mode() throws {
        let socket = try bind(mode: 0o600)
        #expect(modeOfFile(at: path) == S_IFSOCK | 0o600)
        socket.close()
    }

    @Test("a stale socket is replaced")
    func stale() throws {
        try leaveStaleSocket()
        let socket = try bind()
        let client = connect()
        #expect(client >= 0)
        close(client)
        socket.close()
    }

    @Test("a live socket is an error, and lives on")
    func live() throws {
        let first = try bind()
        let error = #expect(throws: ListenError.self) { try bind() }
        #expect(error?.description == "something is listening on \(path). Stop it, or choose another path.")
        let client = connect()
        #expect(client >= 0)
        close(client)
        first.close()
    }

    @Test("a live socket with a full backlog is live")
    func fullBacklog() throws {
        let listener = unsafe postern_listen_unix(path, 0, 0o600)
        let clients = (0..<2).map { _ in connect() }
        defer { (clients + [listener]).forEach { if $0 >= 0 { close($0) } } }
        #expect(clients.contains(-EAGAIN))
        #expect(throws: ListenError.self) { try bind() }
        #expect(modeOfFile(at: path) == S_IFSOCK | 0o600)
    }

    @Test("a datagram socket is live, not stale")
    func datagram() throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(descriptor) }
        try #require(bindUnix(descriptor, path) == 0)
        #expect(throws: ListenError.self) { try bind() }
        #expect(modeOfFile(at: path) != nil)
    }

    @Test("a file that is no socket is an error, and is never deleted")
    func noSocket() throws {
        try folder.write("precious", to: "a.sock")
        let error = #expect(throws: ListenError.self) { try bind() }
        #expect(error?.description == "\(path) is a file, not a socket. Move it away, or choose another path.")
        #expect(modeOfFile(at: path) == S_IFREG | 0o644)
    }

    @Test("a symbolic link is not followed")
    func link() throws {
        try #require(unsafe symlink(folder["elsewhere.sock"], path) == 0)
        let error = #expect(throws: ListenError.self) { try bind() }
        #expect(
            error?.description == "\(path) is a symbolic link, not a socket. Move it away, or choose another path.")
    }

    @Test("a missing folder is named, with the mend")
    func missingFolder() throws {
        let path = folder["none/a.sock"]
        let error = #expect(throws: ListenError.self) { try ListenAddress(unixPath: path).bind(name: "test") }
        #expect(
            error?.description == "the folder \(folder["none"]) of the socket \(path) does not exist. "
                + "Create it, or let systemd do so (RuntimeDirectory= in the unit).")
    }

    @Test("a file in the place of the folder is named")
    func fileAsFolder() throws {
        let path = try folder.write("", to: "file") + "/a.sock"
        let error = #expect(throws: ListenError.self) { try ListenAddress(unixPath: path).bind(name: "test") }
        #expect(
            error?.description
                == "\(folder["file"]), in which the socket \(path) is to be, is no folder. Choose another path.")
    }

    @Test("a path that is too long is an error even without the parser")
    func tooLong() {
        let long = "/" + String(repeating: "a", count: 107)
        let error = #expect(throws: ListenError.self) { try ListenAddress.unix(path: long).bind(name: "test") }
        #expect(
            error?.description
                == "the socket path \(long) has 108 bytes, and a Unix socket's has 107 at most. Choose a shorter path.")
    }

    @Test("of many that start at once on a stale socket one wins, and its socket is live")
    func race() async throws {
        let path = path
        // One round alone would seldom have two starters between the look and the replacement.
        for _ in 0..<200 {
            try leaveStaleSocket()
            let winners = await withTaskGroup(of: ListeningSocket?.self) { group in
                for _ in 0..<4 {
                    group.addTask { try? ListenAddress(unixPath: path).bind(name: "test").first }
                }
                return await group.reduce(into: [ListeningSocket]()) { if let socket = $1 { $0.append(socket) } }
            }
            try #require(winners.count == 1)
            let client = connect()
            try #require(client >= 0)
            close(client)
            try #require(ScratchFolder.names(in: folder.path) == ["a.sock"])
            winners[0].close()
        }
    }

    @Test("localhost is 127.0.0.1, and ::1 on the same port where the machine has it")
    func localhost() throws {
        let sockets = try ListenAddress("localhost:0").bind(name: "test")
        guard case .tcp(.address("127.0.0.1"), let port) = sockets[0].address else {
            Issue.record("not 127.0.0.1: \(sockets[0].address)")
            return
        }
        #expect(port != 0)
        #expect(sockets.dropFirst().allSatisfy { $0.address == .tcp(host: .address("::1"), port: port) })
    }

    @Test("* takes a client of IPv4")
    func any() throws {
        let sockets = try ListenAddress("*:0").bind(name: "test")
        #expect(sockets.count == 1)
        guard case .tcp(_, let port) = sockets[0].address else { return }
        var inProgress = false
        let client = unsafe postern_connect_tcp("127.0.0.1", port, &inProgress)
        defer { close(client) }
        var descriptor = pollfd(fd: sockets[0].descriptor, events: Int16(POLLIN), revents: 0)
        #expect(unsafe poll(&descriptor, 1, 10_000) == 1)
    }

    @Test("a TCP port that is taken is an error that names it")
    func portTaken() throws {
        let first = try #require(try ListenAddress("127.0.0.1:0").bind(name: "test").first)
        let error = #expect(throws: ListenError.self) { try first.address.bind(name: "test") }
        #expect(error?.description == "something is listening on \(first.address). Stop it, or choose another port.")
    }

    @Test("an address of another machine is an error that says so")
    func foreignAddress() {
        let error = #expect(throws: ListenError.self) { try ListenAddress("192.0.2.1:0").bind(name: "test") }
        #expect(
            error?.description == "this machine has no such address as 192.0.2.1:0. "
                + "Write one that ip address shows, or * for all.")
    }
}
