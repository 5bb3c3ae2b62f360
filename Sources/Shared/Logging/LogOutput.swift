// Unsafe code: write(2) from the bytes of a line.
import Glibc
import Synchronization

/// Where whole log lines go.
enum LogOutput {
    private static let turn = Mutex(())

    /// Writes to standard error, one line after another however many threads write. A reader that does not read is
    /// waited for, a second at most for each line; what then cannot be written is lost.
    static func writeToStandardError(_ line: String) {
        var line = line
        turn.withLock { _ in
            line.withUTF8 { bytes in
                var rest = UnsafeRawBufferPointer(bytes)
                while unsafe !rest.isEmpty {
                    let written = unsafe write(STDERR_FILENO, rest.baseAddress, rest.count)
                    if written > 0 {
                        unsafe rest = UnsafeRawBufferPointer(rebasing: rest[written...])
                    } else if written < 0, errno == EINTR {
                        continue
                    } else if written < 0, errno == EAGAIN {
                        var descriptor = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
                        guard unsafe poll(&descriptor, 1, 1000) > 0 else { return }
                    } else {
                        return
                    }
                }
            }
        }
    }
}
