// Unsafe code: open(2), fstat(2) and read(2).
import Glibc

/// A small file read whole, with a bound.
struct BoundedFile {
    let bytes: [UInt8]
    /// The permission bits that the file had when it was open.
    let mode: UInt32

    enum Failure: Error, Equatable {
        case missing
        case folder
        /// A pipe, a socket or a device: reading it could wait for ever.
        case notRegular
        case tooLarge
        case system(SystemError)
    }

    /// Reads the regular file at `path`, of at most `limit` bytes.
    init(_ path: String, limit: Int) throws(Failure) {
        // Without O_NONBLOCK opening a named pipe waits for a writer.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else {
            throw errno == ENOENT ? .missing : .system(.last("open"))
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .system(.last("fstat")) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw .folder }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
        guard status.st_size <= limit else { throw .tooLarge }
        mode = UInt32(status.st_mode) & 0o7777
        // One byte past the limit shows a file that has grown since.
        var buffer = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count < buffer.count {
            let got = unsafe buffer.withUnsafeMutableBytes { rest in
                unsafe read(descriptor, rest.baseAddress.map { unsafe $0 + count }, rest.count - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .system(.last("read")) }
            if got == 0 { break }
            count += got
        }
        guard count <= limit else { throw .tooLarge }
        buffer.removeSubrange(count...)
        bytes = buffer
    }
}
