// Unsafe code: paths and bytes are handed to system calls as pointers.
import FoundationEssentials
import Glibc
import Shared

/// The folder of keys as the operator's commands change it: a file a key, whole or not at all.
struct KeyFolder {
    let path: String

    /// The file at `path`, or those of a folder in the order of their names. Reports a folder with none.
    static func files(at path: String, problems: ConfigurationProblems) -> [String] {
        guard let names = names(in: path) else { return [path] }
        if names.isEmpty {
            problems.report(
                ConfigurationPlace(file: path), "there is no key in this folder",
                mend: "Make one with `postern key generate`, or put a file into it.")
        }
        return names.map { "\(path)/\($0)" }
    }

    /// Nil for what is no folder. Editors' and package managers' left-overs begin with a period or end in a tilde.
    static func names(in path: String) -> [String]? {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder else { return nil }
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
            .filter { !$0.hasPrefix(".") && !$0.hasSuffix("~") }.sorted()
    }

    /// Makes the folder, readable for its owner alone, when there is none; its owner is that of the folder above.
    func make() throws(CommandFailure) {
        guard unsafe mkdir(path, 0o700) == 0 else {
            if errno == EEXIST { return }
            throw CommandFailure(
                "\(path): the folder of keys cannot be made (\(SystemError.last("mkdir").reason))",
                mend: "Create the folder above it, owned by the auth service's user", status: .systemError)
        }
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        defer { if descriptor >= 0 { close(descriptor) } }
        Self.giveToOwner(of: "\(path)/..", descriptor)
    }

    /// Runs `body` while no other command changes the folder.
    func locked<Value>(_ body: () throws(CommandFailure) -> Value) throws(CommandFailure) -> Value {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, flock(descriptor, LOCK_EX) == 0 else {
            throw CommandFailure(
                "\(path): the folder of keys cannot be used (\(SystemError.last("open").reason))",
                mend: "Run this as root or as the auth service's user", status: .systemError)
        }
        return try body()
    }

    /// Writes a file of mode 0600 under another name first: a crash leaves the old one or the new one.
    func write(_ bytes: [UInt8], to name: String) throws(CommandFailure) {
        let file = "\(path)/\(name)"
        let draft = "\(path)/.\(name).new"
        unsafe unlink(draft)
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(
                "\(draft): the key cannot be written (\(SystemError.last("open").reason))",
                mend: "Run this as root or as the auth service's user", status: .systemError)
        }
        Self.giveToOwner(of: path, descriptor)
        StandardStream(descriptor: descriptor).write(String(decoding: bytes, as: UTF8.self) + "\n")
        let isSafe = fsync(descriptor) == 0
        close(descriptor)
        guard isSafe, unsafe rename(draft, file) == 0 else {
            let reason = SystemError.last("rename").reason
            unsafe unlink(draft)
            throw CommandFailure("\(file): the key cannot be written (\(reason))", status: .systemError)
        }
    }

    func remove(_ name: String) throws(CommandFailure) {
        guard unsafe unlink("\(path)/\(name)") == 0 else {
            throw CommandFailure(
                "\(path)/\(name): the key cannot be removed (\(SystemError.last("unlink").reason))",
                status: .systemError)
        }
    }

    /// Made by root, for a service that is not.
    private static func giveToOwner(of folder: String, _ descriptor: Int32) {
        var status = stat()
        guard geteuid() == 0, unsafe stat(folder, &status) == 0 else { return }
        _ = fchown(descriptor, status.st_uid, status.st_gid)
    }
}
