import GRDB
import Glibc

/// Why the store did not answer. For the program's log: a client meets `StoreError.response` and nothing of this.
struct StoreError: Error, Equatable, CustomStringConvertible {
    enum Kind: Sendable {
        /// There is no file, or the path cannot be reached.
        case missing
        /// Another process holds it for longer than the busy timeout.
        case locked
        case full
        case readOnly
        /// Reading or writing failed in the disk or the file system.
        case unreadable
        /// More reads wait than `DataStore` lets wait.
        case overloaded
        /// No SQLite database, a damaged one, or one without our tables.
        case corrupt
        /// Anything else; most likely a fault of ours.
        case unexpected
    }

    let kind: Kind
    let path: String
    /// What SQLite or the kernel said.
    let cause: String

    init(_ kind: Kind, path: String, cause: String) {
        self.kind = kind
        self.path = path
        self.cause = cause
    }

    init(errno code: Int32, path: String) {
        let kind: Kind =
            switch code {
            case ENOENT, ENOTDIR, EACCES, ELOOP: .missing
            case EROFS, EPERM: .readOnly
            case ENOSPC, EDQUOT: .full
            default: .unreadable
            }
        self.init(kind, path: path, cause: unsafe String(cString: strerror(code)))
    }

    /// Sorts what GRDB threw (result codes: sqlite.org/rescode.html).
    init(_ error: any Error, path: String) {
        if let known = error as? StoreError {
            self = known
            return
        }
        guard let database = error as? DatabaseError else {
            self.init(.unexpected, path: path, cause: "\(error)")
            return
        }
        let kind: Kind =
            switch database.resultCode {
            case .SQLITE_BUSY, .SQLITE_LOCKED: .locked
            case .SQLITE_FULL: .full
            case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: .readOnly
            case .SQLITE_CANTOPEN: .missing
            case .SQLITE_IOERR, .SQLITE_NOMEM: .unreadable
            case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_SCHEMA: .corrupt
            case .SQLITE_ERROR where database.message?.hasPrefix("no such") == true: .corrupt
            default: .unexpected
            }
        self.init(kind, path: path, cause: database.description)
    }

    /// The connection may be part of the trouble, so the next read begins with a new one.
    var spoilsConnection: Bool {
        switch kind {
        case .locked, .overloaded, .unexpected: false
        case .missing, .full, .readOnly, .unreadable, .corrupt: true
        }
    }

    /// What, where, the cause, the mend: one line.
    var description: String {
        "store \(path): \(explanation.what) (\(cause)). \(explanation.mend)"
    }

    private var explanation: (what: String, mend: String) {
        switch kind {
        case .missing:
            ("cannot be opened", "Check that the file and its folder exist and that the service's user may enter them.")
        case .locked:
            ("is held by another process", "Find who holds it (fuser FILE) and end that transaction.")
        case .full:
            ("has no room left", "Free space on its file system.")
        case .readOnly:
            ("cannot be written", "Give the service's user write access to the file and its folder.")
        case .unreadable:
            ("cannot be read", "Look for errors of the disk (journalctl -k).")
        case .overloaded:
            ("has too many reads waiting", "Start another instance, or find what makes the store slow.")
        case .corrupt:
            (
                "is no sound database of this service",
                "Restore it from a backup; sqlite3 FILE 'PRAGMA integrity_check' says more."
            )
        case .unexpected:
            ("failed", "Please report this.")
        }
    }
}
