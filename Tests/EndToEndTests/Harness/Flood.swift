// Unsafe code: send(2) and recv(2) with one buffer, for bodies that no test wants to hold.
import Glibc

/// Long bodies at the speed of the kernel, without keeping them.
extension SocketStream {
    private static let piece = 256 * 1024

    /// Sends so many zero bytes; false when the other side takes no more.
    @discardableResult
    func sendZeros(_ count: Int) -> Bool {
        let zeros = [UInt8](repeating: 0, count: Self.piece)
        var left = count
        while left > 0 {
            let sent = unsafe Glibc.send(descriptor, zeros, min(left, zeros.count), Int32(MSG_NOSIGNAL))
            if sent < 0 && errno == EINTR { continue }
            guard sent > 0 else { return false }
            left -= sent
        }
        return true
    }

    /// Drops so many bytes; returns how many came.
    func drop(_ count: Int) -> Int {
        var dropped = min(count, input.count)
        _ = take(dropped)
        var buffer = [UInt8](repeating: 0, count: Self.piece)
        while dropped < count {
            let received = unsafe recv(descriptor, &buffer, min(buffer.count, count - dropped), 0)
            if received < 0 && errno == EINTR { continue }
            guard received > 0 else { break }
            dropped += received
        }
        return dropped
    }
}
