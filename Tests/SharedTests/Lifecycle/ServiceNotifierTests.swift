// Unsafe code: a datagram socket by hand.
import Glibc
import Synchronization
import Testing

@testable import Shared

@Suite("service notifier")
struct ServiceNotifierTests {
    private func messages(_ use: (ServiceNotifier) throws -> Void) rethrows -> [String] {
        let sent = Recorder()
        try use(ServiceNotifier(watchdogInterval: nil) { sent.add($0) })
        return sent.all
    }

    @Test("each message has sd_notify's form")
    func forms() throws {
        let sent = try messages { notifier in
            try notifier.ready(status: "3 routes")
            try notifier.reloading(monotonic: .microseconds(1_234_567))
            try notifier.stopping(status: "2 left", limit: .milliseconds(30_500))
            try notifier.status("1 left")
            try notifier.watchdog()
        }
        #expect(
            sent == [
                "READY=1\nSTATUS=3 routes", "RELOADING=1\nMONOTONIC_USEC=1234567",
                "STOPPING=1\nEXTEND_TIMEOUT_USEC=30500000\nSTATUS=2 left", "STATUS=1 left", "WATCHDOG=1",
            ])
    }

    @Test("a line break in a status makes no assignment of its own")
    func statusIsOneLine() throws {
        let sent = try messages { try $0.status("a\nMAINPID=1\r\u{0}b") }
        #expect(sent == ["STATUS=a MAINPID=1  b"])
    }

    @Test("a manager that cannot be told is an error with its reason")
    func failure() {
        let notifier = ServiceNotifier(watchdogInterval: nil) { _ in -ECONNREFUSED }
        let error = #expect(throws: SystemError.self) { try notifier.watchdog() }
        #expect(error?.description == "sd_notify: Connection refused")
    }

    @Test("messages arrive at the socket that NOTIFY_SOCKET names")
    func realSocket() async {
        await #expect(processExitsWith: .success) {
            let folder = try ScratchFolder()
            let manager = try NotifySocket(at: folder["notify"])
            setEnvironment("NOTIFY_SOCKET", folder["notify"])
            #expect(ServiceNotifier.isSupervised)
            try ServiceNotifier().ready(status: "up")
            #expect(manager.receive() == "READY=1\nSTATUS=up")
            try ServiceNotifier().watchdog()
            #expect(manager.receive() == "WATCHDOG=1")
        }
    }

    @Test("without NOTIFY_SOCKET a message does nothing and is no error")
    func unsupervised() async {
        await #expect(processExitsWith: .success) {
            setEnvironment("NOTIFY_SOCKET", nil)
            #expect(!ServiceNotifier.isSupervised)
            try ServiceNotifier().ready(status: "up")
        }
    }

    @Test("the watchdog's interval is WATCHDOG_USEC, where it is meant for this process")
    func watchdogInterval() async {
        await #expect(processExitsWith: .success) {
            setEnvironment("WATCHDOG_USEC", nil)
            #expect(ServiceNotifier().watchdogInterval == nil)
            setEnvironment("WATCHDOG_USEC", "3000000")
            setEnvironment("WATCHDOG_PID", "\(getpid())")
            #expect(ServiceNotifier().watchdogInterval == .seconds(3))
            setEnvironment("WATCHDOG_PID", "\(getpid() + 1)")
            #expect(ServiceNotifier().watchdogInterval == nil)
        }
    }
}

/// Keeps what a notifier sent.
private final class Recorder: Sendable {
    private let sent = Mutex<[String]>([])

    var all: [String] { sent.withLock { $0 } }

    func add(_ message: String) -> Int32 {
        sent.withLock { $0.append(message) }
        return 1
    }
}

/// The manager's end: a datagram socket, as systemd's.
private struct NotifySocket {
    let descriptor: Int32

    init(at path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0, bindUnix(descriptor, path) == 0 else { throw ScratchError(code: errno) }
    }

    func receive() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        return count < 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
    }
}

/// bind(2) to a path, for tests that need a socket which the code under test did not make.
func bindUnix(_ descriptor: Int32, _ path: String) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    return unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
}
