import Shared

/// The credentials of one loading of the configuration: each is read once, when it is first named, so that a reload
/// takes a changed file into use.
final class Credentials {
    private enum Source {
        /// Systemd's folder, or the one that `--credentials` names; nil where there is none, which is an error for
        /// whoever names a credential.
        case folder(String?, systemd: String?)
        /// For who explains and lists: what is not read cannot be shown.
        case unread
    }

    private let source: Source
    private let willRead: () throws(SecretFile.Failure) -> Void
    private var known: [String: Result<Credential, SecretFile.Failure>] = [:]

    /// - Parameters:
    ///   - folder: systemd's, or the one that `--credentials` names.
    ///   - systemd: where systemd keeps credentials, whatever `folder` is.
    ///   - willRead: called before a secret is read: see `MemoryProtection`.
    init(
        folder: String?, systemd: String? = SecretFile.credentialsDirectory,
        willRead: @escaping () throws(SecretFile.Failure) -> Void = {}
    ) {
        source = .folder(folder, systemd: systemd)
        readsFiles = true
        self.willRead = willRead
    }

    private init(readsFiles: Bool) {
        source = .unread
        willRead = {}
        self.readsFiles = readsFiles
    }

    /// Credentials of which only the names are looked at.
    /// - Parameter readsFiles: whether the keys of TLS that are files are read all the same.
    static func unread(readsFiles: Bool = false) -> Credentials { Credentials(readsFiles: readsFiles) }

    /// Whether keys and certificates that are files are read; who explains and lists needs none of them.
    let readsFiles: Bool

    /// Whether credentials are read.
    var areRead: Bool { if case .unread = source { false } else { true } }

    /// Where they are; nil where there is no such folder, and where none is read.
    var folder: String? { if case .folder(let folder, _) = source { folder } else { nil } }

    /// The names that were asked for, sorted.
    var names: [String] { known.keys.sorted() }

    /// The credential `name`; the failure says what is wrong with its file, and nothing of what is in it.
    func credential(_ name: String) throws(SecretFile.Failure) -> Credential {
        let result = known[name] ?? read(name)
        known[name] = result
        return try result.get()
    }

    private func read(_ name: String) -> Result<Credential, SecretFile.Failure> {
        do throws(SecretFile.Failure) {
            switch source {
            case .unread:
                // For the check of the name.
                _ = try SecretFile(credential: name, in: "/", systemd: nil)
                return .success(Credential(name: name, bytes: nil))
            case .folder(let folder, let systemd):
                let file = try SecretFile(credential: name, in: folder, systemd: systemd)
                try willRead()
                return .success(Credential(name: name, bytes: try file.read()))
            }
        } catch {
            return .failure(error)
        }
    }
}
