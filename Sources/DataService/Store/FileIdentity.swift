import Glibc

/// Which file a path names (stat(2)). SQLite goes on with a file that was deleted or replaced under it, so whoever
/// holds a store open asks now and then whether the path still names what it opened.
struct FileIdentity: Equatable, Sendable {
    private let device: UInt
    private let inode: UInt

    /// - Returns: nil if there is no file, or it cannot be reached.
    init?(path: String) {
        var facts = stat()
        guard unsafe stat(path, &facts) == 0 else { return nil }
        device = facts.st_dev
        inode = facts.st_ino
    }
}
