// Unsafe code: stat(2) and open(2) take a path as a C string.
import Glibc
import Shared

/// The store's file before SQLite has it: SQLite would make it readable for all.
enum AccountStoreFile {
    /// Makes the file with mode 0600 when there is none, and takes other users' rights from one that is there.
    /// SQLite gives its log and its index the same mode.
    static func prepare(_ path: String) throws(AccountStoreError) {
        var folder = stat()
        guard unsafe stat(parent(of: path), &folder) == 0, folder.st_mode & S_IFMT == S_IFDIR else {
            throw .noFolder(path: path)
        }
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: SystemError.last("open").reason) }
        defer { close(descriptor) }
        var file = stat()
        guard unsafe fstat(descriptor, &file) == 0, file.st_mode & S_IFMT == S_IFREG else {
            throw .cannotOpen(path: path, reason: "no regular file")
        }
        guard file.st_mode & 0o077 == 0 || fchmod(descriptor, 0o600) == 0 else {
            throw .cannotOpen(path: path, reason: "its mode lets others read it, and it belongs to somebody else")
        }
        // Made by root, for a service that is not: the folder's owner is who must open it.
        if file.st_size == 0, geteuid() == 0 { _ = fchown(descriptor, folder.st_uid, folder.st_gid) }
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
