import CLinux
import Glibc
import Testing

@testable import Shared

@Suite("listening socket")
struct ListeningSocketTests {
    private let folder: ScratchFolder
    private let path: String
    private let socket: ListeningSocket

    init() throws {
        folder = try ScratchFolder()
        path = folder["a.sock"]
        socket = try #require(try ListenAddress(unixPath: path).bind(name: "test").first)
    }

    @Test("closing takes the socket's own file away")
    func close() {
        socket.close()
        #expect(modeOfFile(at: path) == nil)
        #expect(socket.descriptor == -1)
        socket.close()
    }

    @Test("closing leaves another socket's file of the same path alone")
    func closeWithAnothersFile() throws {
        // As an operator would: move the file away and start a second process.
        try #require(unsafe rename(path, folder["moved"]) == 0)
        let second = try #require(try ListenAddress(unixPath: path).bind(name: "test").first)
        socket.close()
        #expect(modeOfFile(at: path) != nil)
        second.close()
        #expect(modeOfFile(at: path) == nil)
    }

    @Test("a withdrawn socket takes no new client, and still has those that had connected")
    func withdraw() {
        var inProgress = false
        let client = unsafe postern_connect_unix(path, &inProgress)
        socket.withdraw()
        #expect(unsafe postern_connect_unix(path, &inProgress) == -1)
        let accepted = postern_accept(socket.descriptor)
        #expect(accepted >= 0)
        _ = Glibc.close(accepted)
        _ = Glibc.close(client)
    }

    @Test("a passed socket's file outlives the socket")
    func passed() throws {
        let other = folder["passed.sock"]
        let descriptor = unsafe postern_listen_unix(other, 1, 0o600)
        let passed = ListeningSocket(
            descriptor: descriptor, name: "test", address: .unix(path: other), isPassed: true)
        passed.close()
        #expect(modeOfFile(at: other) != nil)
    }
}
