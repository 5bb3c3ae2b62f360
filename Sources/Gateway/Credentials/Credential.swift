// Unsafe code: memory is overwritten through a pointer before it is given back.
import Glibc
import Synchronization

/// The content of a credential, which nothing prints: whatever asks for a text of it gets `{credential:NAME}`.
///
/// Its memory is overwritten when the last configuration that names it is gone. What was made of it for the byte path
/// (a field line, a query) is given back as any other memory: it is core dumps that must not show it, and the gateway
/// forbids those.
final class Credential: Sendable {
    let name: String
    /// Nil where the loading reads no credentials (`explain`, `routes`).
    private let content: Mutex<[UInt8]?>

    init(name: String, bytes: [UInt8]?) {
        self.name = name
        content = Mutex(bytes)
    }

    deinit {
        content.withLock { bytes in
            unsafe bytes?.withUnsafeMutableBytes { memory in
                guard let start = memory.baseAddress else { return }
                unsafe explicit_bzero(start, memory.count)
            }
        }
    }

    /// The bytes; nil where credentials are not read.
    var bytes: [UInt8]? { content.withLock { $0 } }
}

extension Credential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "{credential:\(name)}" }
    var debugDescription: String { description }
    /// For `dump`, which would look inside.
    var customMirror: Mirror { Mirror(self, children: []) }
}
