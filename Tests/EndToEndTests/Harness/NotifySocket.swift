// Unsafe code: sockaddr_un is filled in by hand, and recv(2) writes into a buffer.
import Glibc
import Testing

/// Where a process says that it is ready, as it does to systemd (NOTIFY_SOCKET, sd_notify(3)).
final class NotifySocket {
    let path: String
    private let descriptor: Int32
    private(set) var messages: [String] = []

    init(in folder: TemporaryFolder) throws {
        path = "\(folder.path)/notify"
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        try #require(descriptor >= 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        _ = unsafe unlink(path)
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0)
    }

    deinit { close(descriptor) }

    var environment: [String: String] { ["NOTIFY_SOCKET": path] }

    /// Waits for a message with the line `line`, and returns it whole. Fails as soon as `program` has ended without it.
    @discardableResult
    func message(_ line: String, from program: RunningProgram) throws -> String {
        let deadline = Deadline(in: .patience)
        while !deadline.hasPassed {
            // Asked before the socket is: a last message comes before the end.
            let hasEnded = program.hasEnded
            if let message = receive(100) {
                messages.append(message)
                if message.split(separator: "\n").contains(Substring(line)) { return message }
            } else if hasEnded {
                break
            }
        }
        throw RunningProgram.Failure("\(program.name) did not say \(line); it wrote:\n\(program.text)")
    }

    private func receive(_ milliseconds: Int32) -> String? {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&polled, 1, milliseconds) == 1 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }
}
