import Shared

/// Every socket in a folder whose name begins and ends so: `unix:/run/postern/data/*.sock`. As in a shell, a name that
/// begins with a period is passed over (glob(7)) unless the pattern says it.
struct SocketPattern: Sendable, Hashable {
    let folder: String
    let prefix: String
    let suffix: String

    /// One socket that is an instance, or would be.
    struct Match: Sendable, Equatable {
        let path: String
        let file: SocketFile
        /// Who may listen on it.
        let users: Set<UInt32>
        var folder: String { String(path.dropLast(file.name.count + 1)) }
        /// Its owner is none of them.
        var isRefused: Bool { !users.contains(file.owner) }
    }

    /// The sockets of the table that match, in the order of their names.
    func matches(in table: SocketTable, _ rule: OwnerRule) -> [Match] {
        guard let found = table[folder] else { return [] }
        let users = rule.users(folderOwner: found.owner)
        return found.files.compactMap { file in
            let path = "\(folder)/\(file.name)"
            guard fits(file.name), path.utf8.count <= ListenAddress.unixPathLimit else { return nil }
            return Match(path: path, file: file, users: users)
        }
    }

    private func fits(_ name: String) -> Bool {
        guard !name.hasPrefix(".") || prefix.hasPrefix(".") else { return false }
        return name.count >= prefix.count + suffix.count && name.hasPrefix(prefix) && name.hasSuffix(suffix)
    }
}
