// Unsafe code: bytes go to and from the TLS layer by pointer.
import CLinux
import Glibc
import Testing

@testable import Gateway
@testable import Shared

/// A client that speaks TLS, blocking, by the gateway's own client side.
final class SecureClient {
    private let descriptor: Int32
    let session: TLSSession
    private(set) var received: [UInt8] = []
    /// The server has announced its end, or is gone.
    private(set) var hasEnded = false

    /// Why there was no handshake.
    struct Refusal: Error { let problem: String }

    /// Connects, and shakes hands; throws where that fails.
    init(port: UInt16, _ tls: TLSClient) throws {
        var inProgress = false
        descriptor = unsafe postern_connect_tcp("127.0.0.1", port, &inProgress)
        session = tls.makeSecurity()
        try #require(descriptor >= 0)
        wait(POLLOUT)
        session.attach(descriptor)
        while true {
            session.inputDidArrive(isEnd: false)
            let result = session.shakeHands()
            if result.count >= 0 { break }
            guard result == .wantsInput || result == .wantsOutput else { throw Refusal(problem: session.problem) }
            wait(result == .wantsInput ? POLLIN : POLLOUT)
        }
    }

    deinit {
        // A session whose end was not announced is not resumed (SSL_free(3)).
        _ = session.announceEnd()
        close(descriptor)
    }

    private func wait(_ events: Int32) {
        var polled = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        _ = unsafe poll(&polled, 1, 5000)
    }

    func send(_ text: String) throws {
        var rest = Array(text.utf8)
        while !rest.isEmpty {
            let result = unsafe rest.withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress else { return StreamSecurityResult(count: 0) }
                return unsafe session.send(base, bytes.count)
            }
            if result == .wantsOutput { wait(POLLOUT) } else { try #require(result.count > 0) }
            if result.count > 0 { rest.removeFirst(result.count) }
        }
    }

    /// Reads until `text` has come, and gives all that came up to then.
    @discardableResult
    func receive(until text: String) throws -> String {
        let wanted = Array(text.utf8)
        while received.firstRange(of: wanted) == nil, !hasEnded { try read() }
        let end = try #require(
            received.firstRange(of: wanted)?.upperBound, "got: \(String(decoding: received, as: UTF8.self))")
        defer { received.removeFirst(end) }
        return String(decoding: received[..<end], as: UTF8.self)
    }

    /// Reads to the end of what the server sends.
    func receiveToEnd() throws {
        while !hasEnded { try read() }
    }

    private func read() throws {
        var room = [UInt8](repeating: 0, count: 65536)
        session.inputDidArrive(isEnd: false)
        let result = unsafe room.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return StreamSecurityResult.failed }
            return unsafe session.receive(base, bytes.count)
        }
        if result == .wantsInput {
            var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            try #require(unsafe poll(&polled, 1, 5000) == 1, "nothing comes")
        } else if result.count > 0 {
            received += room[..<result.count]
        } else {
            hasEnded = true
        }
    }
}
