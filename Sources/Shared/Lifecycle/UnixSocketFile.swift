import CLinux
import Glibc

/// The file of a bound Unix socket, told apart from a later one of the same path by its inode.
struct UnixSocketFile: Sendable, Equatable {
    let path: String
    let device: UInt64
    let inode: UInt64

    /// The file at `path` as it is now (a symbolic link is not followed); nil when there is none.
    init?(at path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        self.path = path
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }

    func removeIfUnchanged() {
        if UnixSocketFile(at: path) == self { _ = unsafe unlink(path) }
    }

    /// What stands at the path of a socket that is to be bound.
    enum Occupant: Equatable {
        case none
        /// A socket file that nobody listens on.
        case stale
        case listener
        /// A file of another type: named by the word for it.
        case other(String)
        case unknown(SystemError)
    }

    /// Asks by connecting, which is the only way to know; a listener sees a connection that is closed at once.
    static func occupant(of path: String) -> Occupant {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            return errno == ENOENT ? .none : .unknown(.last("lstat"))
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else { return .other(typeName(of: status.st_mode)) }
        var inProgress = false
        let descriptor = unsafe postern_connect_unix(path, &inProgress)
        if descriptor >= 0 {
            close(descriptor)
            return .listener
        }
        switch errno {
        case ECONNREFUSED: return .stale
        case ENOENT: return .none
        // A full backlog; a socket of another type, datagram for example.
        case EAGAIN, EPROTOTYPE: return .listener
        default: return .unknown(.last("connect"))
        }
    }

    private static func typeName(of mode: mode_t) -> String {
        switch mode & S_IFMT {
        case S_IFREG: "a file"
        case S_IFDIR: "a folder"
        case S_IFLNK: "a symbolic link"
        case S_IFIFO: "a named pipe"
        default: "a device"
        }
    }
}
