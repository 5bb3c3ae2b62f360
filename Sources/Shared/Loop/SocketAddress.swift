// Unsafe code: C fills a buffer with the text of an address.
import CLinux
import Glibc

/// Addresses of sockets, as the text that fields and logs carry.
package enum SocketAddress {
    /// The IP address of a connected socket's peer; empty for other families.
    static func peer(of descriptor: Int32) -> [UInt8] {
        var port: UInt16 = 0
        return unsafe text { unsafe postern_peer_address(descriptor, $0, 64, &port) }
    }

    /// The IP address and port that a socket is bound to; nil for other families.
    package static func local(of descriptor: Int32) -> (address: String, port: UInt16)? {
        var port: UInt16 = 0
        let bytes = unsafe text { unsafe postern_local_address(descriptor, $0, 64, &port) }
        return bytes.isEmpty ? nil : (String(decoding: bytes, as: UTF8.self), port)
    }

    private static func text(_ fill: (UnsafeMutablePointer<CChar>) -> Int32) -> [UInt8] {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { room in
            guard let base = room.baseAddress else { return [] }
            let count = unsafe fill(base)
            return unsafe room.prefix(max(0, Int(count))).map { UInt8(bitPattern: $0) }
        }
    }
}
