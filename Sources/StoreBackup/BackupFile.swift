// Unsafe code: stat(2), open(2) and their like take paths as C strings.
import Glibc
import Shared

/// What stat(2) says of a file that there is.
struct FileStatus {
    let isRegular: Bool
    let size: Int64
    let device: UInt
    let inode: UInt

    init?(_ path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        isRegular = status.st_mode & S_IFMT == S_IFREG
        size = Int64(status.st_size)
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
    }

    func isSame(as other: FileStatus) -> Bool { device == other.device && inode == other.inode }
}

/// The file that a copy becomes: made beside its place, and put there when it is whole.
struct BackupFile {
    let path: String
    /// Whether a file that is there may be replaced.
    let replaces: Bool

    /// - Throws: where the place is taken, or is the store's own.
    func check(against store: String) throws(CommandFailure) {
        // A link that leads nowhere is something too.
        var link = stat()
        guard unsafe lstat(path, &link) == 0 else { return }
        for own in [store, store + "-wal", store + "-shm", store + "-journal"] {
            guard let own = FileStatus(own), let found = FileStatus(path), own.isSame(as: found) else { continue }
            throw CommandFailure(
                "\(path): this is the store itself", mend: "Name another file for the copy", status: .dataError)
        }
        guard replaces else {
            throw CommandFailure(
                "\(path): there is a file already", mend: "Name another one, or replace it with --force",
                status: .failure)
        }
        guard link.st_mode & S_IFMT == S_IFREG else {
            throw CommandFailure(
                "\(path): it is no regular file, and is not replaced", mend: "Name another one", status: .failure)
        }
    }

    /// Makes an empty file beside the place, mode 0600 from its first moment on, and returns its path.
    func make() throws(CommandFailure) -> String {
        var template = Array((path + ".partial-XXXXXX").utf8CString)
        let descriptor = unsafe mkstemp(&template)
        guard descriptor >= 0 else {
            throw CommandFailure(
                "\(path): a file cannot be made there (\(SystemError.last("open").reason))",
                mend: "Name a folder that there is and that you may write to", status: .systemError)
        }
        close(descriptor)
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Brings the file to the disk and to its place; returns its size.
    func finish(_ partial: String) throws(CommandFailure) -> Int64 {
        try sync(partial)
        let size = FileStatus(partial)?.size ?? 0
        // Nobody's file is replaced that came meanwhile: link(2) does not.
        let done = unsafe replaces ? rename(partial, path) : link(partial, path)
        guard done == 0 else {
            throw CommandFailure("\(path): \(SystemError.last("rename").reason)", status: .systemError)
        }
        if !replaces { Self.remove(partial) }
        try sync(parent)
        return size
    }

    static func remove(_ path: String) {
        for suffix in ["", "-journal", "-wal", "-shm"] { _ = unsafe unlink(path + suffix) }
    }

    private var parent: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private func sync(_ path: String) throws(CommandFailure) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw CommandFailure("\(path): \(SystemError.last("fsync").reason)", status: .systemError)
        }
    }
}
