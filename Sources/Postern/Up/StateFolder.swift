// Unsafe: C strings for mkdir(2), open(2) and realpath(3), a buffer for read(2).
import Glibc
import Shared

/// The folder in which `postern up` keeps what must outlive it: stores, the secret. One `postern up` at a time uses it.
final class StateFolder {
    /// Absolute, so that it means the same in every process.
    let path: String
    private let lock: Int32

    /// Makes the folder if it is missing, and takes it.
    init(_ given: String) throws(CommandFailure) {
        try Self.make(given)
        guard let resolved = unsafe realpath(given, nil) else {
            throw CommandFailure("the state folder \(given): \(SystemError.last("realpath").reason)")
        }
        path = unsafe String(cString: resolved)
        unsafe free(resolved)
        lock = try Self.take(path)
        // The folders that on a server are made by StateDirectory= (systemd.exec(5)); who cannot write there says so.
        for name in ["auth", "data"] { _ = unsafe mkdir("\(path)/\(name)", 0o700) }
    }

    /// The lock ends with the descriptor. Its file stays: to remove it would let a third one in.
    deinit { close(lock) }

    /// Where `postern up` keeps its state if nobody says otherwise (XDG Base Directory Specification).
    static func defaultPath(environment: [String: String]) -> String? {
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return "\(state)/postern" }
        if let home = environment["HOME"], home.hasPrefix("/") { return "\(home)/.local/state/postern" }
        return nil
    }

    /// The folder and those above it that are missing, all for this user alone.
    private static func make(_ folder: String) throws(CommandFailure) {
        var path = folder.hasPrefix("/") ? "" : "."
        for part in folder.split(separator: "/") {
            path += "/\(part)"
            if unsafe mkdir(path, 0o700) != 0, case let error = SystemError.last("mkdir"), error.code != EEXIST {
                throw CommandFailure(
                    "the state folder \(folder) cannot be made: \(error.reason)",
                    mend: "Name another one with --state DIR")
            }
        }
    }

    private static func take(_ folder: String) throws(CommandFailure) -> Int32 {
        let file = "\(folder)/up.lock"
        let descriptor = unsafe open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(
                "\(file) cannot be written: \(SystemError.last("open").reason)",
                mend: "Name another folder with --state DIR")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            var text = [UInt8](repeating: 0, count: 16)
            let count = max(0, unsafe read(descriptor, &text, text.count))
            close(descriptor)
            let holder = String(decoding: text[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
            throw CommandFailure(
                "another postern up\(holder.isEmpty ? "" : " (process \(holder))") uses \(folder)",
                mend: "Stop it, or name another folder with --state DIR")
        }
        ftruncate(descriptor, 0)
        StandardStream(descriptor: descriptor).write("\(getpid())\n")
        return descriptor
    }
}
