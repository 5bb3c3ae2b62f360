import CLinux
import Testing

/// A TCP port that is taken.
enum TestListener {
    static func open() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = unsafe postern_listen_tcp("127.0.0.1", 0, 1, false)
        try #require(descriptor >= 0)
        var text = [CChar](repeating: 0, count: 64)
        var port: UInt16 = 0
        try #require(unsafe postern_local_address(descriptor, &text, text.count, &port) > 0)
        return (descriptor, port)
    }
}
