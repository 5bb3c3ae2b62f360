// Unsafe code: read(2) and write(2) on the standard streams.
import Glibc

/// Fills a buffer of `count` bytes from standard input; nil at the end of file, wherever it comes.
func readExactly(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
        let got = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe read(STDIN_FILENO, buffer.baseAddress?.advanced(by: filled), count - filled)
        }
        if got < 0 && errno == EINTR { continue }
        guard got > 0 else { return nil }
        filled += got
    }
    return bytes
}

/// Writes all of `bytes` to standard output; false where nobody reads it any more.
func writeAll(_ bytes: [UInt8]) -> Bool {
    var written = 0
    while written < bytes.count {
        let put = unsafe bytes.withUnsafeBytes { buffer in
            unsafe write(STDOUT_FILENO, buffer.baseAddress?.advanced(by: written), bytes.count - written)
        }
        if put < 0 && errno == EINTR { continue }
        guard put > 0 else { return false }
        written += put
    }
    return true
}
