import CLinux
import Testing

@testable import Shared

@Suite("listener requests")
struct ListenerRequestTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func request(_ name: String) -> ListenerRequest {
        ListenerRequest(name: name, addresses: [.unix(path: folder["\(name).sock"])], mode: 0o600)
    }

    @Test("a passed socket is used in place of the configured address, which is not bound")
    func passedFirst() throws {
        let descriptor = unsafe postern_listen_unix(folder["elsewhere.sock"], 8, 0o600)
        let sockets = try ListenerRequest.open(
            [request("login"), request("verify")], passed: PassedSockets([(descriptor, "login")]))
        #expect(sockets.map(\.name) == ["login", "verify"])
        #expect(sockets.map(\.isPassed) == [true, false])
        #expect(ScratchFolder.names(in: folder.path) == ["elsewhere.sock", "verify.sock"])
        #expect(modeOfFile(at: folder["verify.sock"]).map { $0 & 0o777 } == 0o600)
    }

    @Test("a misnamed passed socket is an error before anything is bound")
    func misnamed() throws {
        let descriptor = unsafe postern_listen_unix(folder["elsewhere.sock"], 8, 0o600)
        let passed = try PassedSockets([(descriptor, "logon")])
        #expect(throws: ListenError.self) { try ListenerRequest.open([request("login")], passed: passed) }
        #expect(ScratchFolder.names(in: folder.path) == ["elsewhere.sock"])
    }

    @Test("a name without a passed socket and without an address is an error")
    func nowhere() {
        let error = #expect(throws: ListenError.self) {
            try ListenerRequest.open([ListenerRequest(name: "login", addresses: [])], passed: PassedSockets())
        }
        #expect(
            error?.description == "there is no address to listen on for \"login\", "
                + "and systemd passed no socket of that name. "
                + "Configure an address, or set FileDescriptorName=login in a socket unit.")
    }

    @Test("when one cannot be bound none stays")
    func allOrNone() throws {
        try folder.write("", to: "verify.sock")
        #expect(throws: ListenError.self) {
            try ListenerRequest.open([request("login"), request("verify")], passed: PassedSockets())
        }
        #expect(ScratchFolder.names(in: folder.path) == ["verify.sock"])
    }
}
