// Unsafe code: stat(2).
import FoundationEssentials
import Glibc

/// Which files a configuration consists of, and what of each tells its state from another. For saying what a reload
/// changed; nothing is decided by it.
struct ConfigurationFingerprints: Sendable, Equatable {
    /// By the path below the folder.
    let files: [String: UInt64]

    init(files: [String: UInt64] = [:]) { self.files = files }

    /// Of the gateway's files below `directory`.
    init(directory: String) {
        var files: [String: UInt64] = [:]
        Self.enter("postern.yaml", of: directory, into: &files)
        // For the keys of issuers, which are served on the egress socket.
        Self.enter("auth.yaml", of: directory, into: &files)
        for folder in ["services", "routes", "hosts", "egress"] {
            Self.collect(folder, of: directory, depth: 0, into: &files)
        }
        self.files = files
    }

    /// What is in `self` and was not, or was otherwise, in `former`; and what is no longer there.
    func changes(since former: ConfigurationFingerprints) -> (added: [String], changed: [String], removed: [String]) {
        let added = files.keys.filter { former.files[$0] == nil }
        let changed = files.filter { path, mark in former.files[path].map { $0 != mark } ?? false }.keys
        let removed = former.files.keys.filter { files[$0] == nil }
        return (added.sorted(), changed.sorted(), removed.sorted())
    }

    private static func collect(_ path: String, of directory: String, depth: Int, into files: inout [String: UInt64]) {
        // Routes are no deeper, and a link may lead back to a folder that it is in.
        guard depth < 70, let names = try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/\(path)")
        else {
            return
        }
        for name in names
        where (!name.hasPrefix(".") || name == RouteFolder.wellKnownName) && !name.hasSuffix("~") {
            if name.hasSuffix(".yaml") {
                enter("\(path)/\(name)", of: directory, into: &files)
            } else {
                collect("\(path)/\(name)", of: directory, depth: depth + 1, into: &files)
            }
        }
    }

    private static func enter(_ path: String, of directory: String, into files: inout [String: UInt64]) {
        var status = stat()
        // Reading a pipe could wait for ever.
        guard unsafe stat("\(directory)/\(path)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
        guard status.st_size <= 1 << 20, let bytes = FileManager.default.contents(atPath: "\(directory)/\(path)") else {
            return
        }
        files[path] = bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}
