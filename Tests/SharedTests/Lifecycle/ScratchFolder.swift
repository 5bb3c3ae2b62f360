// Unsafe code: calls of C.
import Glibc

/// A folder of a test's own that goes with its last user.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/postern-test-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw ScratchError(code: errno) }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { Self.remove(path) }

    subscript(name: String) -> String { "\(path)/\(name)" }

    /// Writes a file below the folder and returns its path.
    @discardableResult
    func write(_ bytes: some Collection<UInt8>, to name: String, mode: UInt32 = 0o644) throws -> String {
        let path = self[name]
        let descriptor = unsafe open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw ScratchError(code: errno) }
        defer { close(descriptor) }
        let bytes = Array(bytes)
        guard unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fchmod(descriptor, mode) == 0 else {
            throw ScratchError(code: errno)
        }
        return path
    }

    @discardableResult
    func write(_ text: String, to name: String, mode: UInt32 = 0o644) throws -> String {
        try write(Array(text.utf8), to: name, mode: mode)
    }

    func makeFolder(_ name: String) throws -> String {
        guard unsafe mkdir(self[name], 0o755) == 0 else { throw ScratchError(code: errno) }
        return self[name]
    }

    static func names(in path: String) -> [String] {
        guard let folder = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func remove(_ path: String) {
        for name in names(in: path) {
            if unsafe unlink("\(path)/\(name)") != 0 { remove("\(path)/\(name)") }
        }
        _ = unsafe rmdir(path)
    }
}

struct ScratchError: Error {
    let code: Int32
}

/// The mode of a file, its type included.
func modeOfFile(at path: String) -> UInt32? {
    var status = stat()
    return unsafe lstat(path, &status) == 0 ? UInt32(status.st_mode) : nil
}

/// Changes the environment: only for the child process of an exit test, because other threads may read it.
func setEnvironment(_ name: String, _ value: String?) {
    if let value { unsafe setenv(name, value, 1) } else { unsafe unsetenv(name) }
}
