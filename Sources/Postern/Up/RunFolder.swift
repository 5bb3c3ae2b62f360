// Unsafe: C strings for mkdir(2), lstat(2) and mkdtemp(3).
import FoundationEssentials
import Glibc
import Shared

/// The folder of one run's sockets, for this user alone: below the state folder, or a short one elsewhere where that
/// would make the sockets' paths too long.
final class RunFolder {
    let path: String
    /// Whether it is not below the state folder, and so goes with the run.
    let isTemporary: Bool

    /// What a socket's path may add to the folder's: `/data/64.sock`, `/auth/verify.sock`, and room for a
    /// configuration's own names.
    static let roomForNames = 40

    init(below state: String, environment: [String: String]) throws(CommandFailure) {
        let wanted = "\(state)/sockets"
        if Self.isShortEnough(wanted) {
            path = wanted
            isTemporary = false
            try Self.make(wanted)
        } else {
            path = try Self.makeTemporary(environment: environment)
            isTemporary = true
        }
        // The folders that on a server come from tmpfiles.d(5).
        for name in ["auth", "data", "gateway", "notify"] {
            try Self.make("\(path)/\(name)")
            Self.removeSockets(in: "\(path)/\(name)")
        }
    }

    deinit {
        if isTemporary { try? FileManager.default.removeItem(atPath: path) }
    }

    /// The folder of the readiness sockets.
    var notifyFolder: String { "\(path)/notify" }

    /// Whether sockets below `path` fit into sockaddr_un (unix(7)).
    static func isShortEnough(_ path: String) -> Bool {
        path.utf8.count + roomForNames <= ListenAddress.unixPathLimit
    }

    /// What a run left behind that was killed. Nobody else uses them: the state folder is taken.
    private static func removeSockets(in folder: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            var status = stat()
            if unsafe lstat("\(folder)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFSOCK {
                _ = unsafe unlink("\(folder)/\(name)")
            }
        }
    }

    private static func make(_ path: String) throws(CommandFailure) {
        guard unsafe mkdir(path, 0o700) != 0 else { return }
        let error = SystemError.last("mkdir")
        var status = stat()
        guard error.code == EEXIST, unsafe lstat(path, &status) == 0 else {
            throw CommandFailure(
                "the folder \(path) cannot be made: \(error.reason)", mend: "Name another one with --state DIR")
        }
        guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid() else {
            throw CommandFailure(
                "\(path) is not a folder of this user's own",
                mend: "Move it away, or name another folder with --state DIR")
        }
        guard unsafe chmod(path, 0o700) == 0 else {
            throw CommandFailure("\(path): \(SystemError.last("chmod").reason)")
        }
    }

    private static func makeTemporary(environment: [String: String]) throws(CommandFailure) -> String {
        let candidates = [environment["XDG_RUNTIME_DIR"], "/tmp"].compactMap(\.self)
        for parent in candidates where parent.hasPrefix("/") && isShortEnough("\(parent)/postern-XXXXXX") {
            var template = Array("\(parent)/postern-XXXXXX".utf8CString)
            // mkdtemp makes it with mode 0700.
            if unsafe mkdtemp(&template) != nil {
                return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
            }
        }
        throw CommandFailure(
            "no folder for sockets: \(candidates.joined(separator: " and ")) cannot be written",
            mend: "Name a short folder with --state DIR")
    }
}
