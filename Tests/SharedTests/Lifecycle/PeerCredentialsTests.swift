import Glibc
import Testing

@testable import Shared

@Suite("peer credentials")
struct PeerCredentialsTests {
    @Test("the other end of a Unix socket is known by process, user and group")
    func ownPair() throws {
        var pair: [Int32] = [-1, -1]
        try #require(unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        defer { pair.forEach { close($0) } }
        #expect(
            try PeerCredentials(socket: pair[0])
                == PeerCredentials(processID: getpid(), userID: geteuid(), groupID: getegid()))
    }

    @Test("a descriptor that is no socket is an error that names the call")
    func noSocket() {
        let error = #expect(throws: SystemError.self) { try PeerCredentials(socket: -1) }
        #expect(error?.description == "getsockopt(SO_PEERCRED): Bad file descriptor")
    }
}
