// Unsafe: hands a string's bytes to write(2).
import Glibc

/// A descriptor that people read from: standard output or standard error.
package struct StandardStream: Sendable {
    package static let output = StandardStream(descriptor: STDOUT_FILENO)
    package static let error = StandardStream(descriptor: STDERR_FILENO)

    package let descriptor: Int32

    package init(descriptor: Int32) { self.descriptor = descriptor }

    /// Whether a terminal shows what is written.
    package var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Whether colour is welcome: on a terminal that can show it, unless `NO_COLOR` is set to anything (no-color.org).
    package func wantsColour(environment: [String: String]) -> Bool {
        isTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
    }

    /// Writes all of `text`. A reader that has gone away is no reason to fail: what is left is dropped.
    package func write(_ text: String) { write(Array(text.utf8)) }

    package func write(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { all in
            var rest = unsafe all
            while unsafe !rest.isEmpty {
                let count = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return }
                unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }
}
