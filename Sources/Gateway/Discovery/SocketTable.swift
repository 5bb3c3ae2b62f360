// Unsafe code: the names that the shim tells.
import CLinux
import Glibc

/// One socket's file in a folder.
struct SocketFile: Sendable, Hashable {
    let name: String
    let owner: UInt32
    /// These tell it from a later file of the same name.
    let inode: UInt64
    let bornAt: Int64
}

/// What the folders in which services have their instances held when they were last looked at. A value: from the
/// configuration, the names' addresses and this table the instances follow.
struct SocketTable: Sendable, Equatable {
    struct Folder: Sendable, Equatable {
        var owner: UInt32
        /// By name. Symbolic links are not among them: whoever owns what they lead to, anybody may have made them.
        var files: [SocketFile]
    }
    private(set) var folders: [String: Folder] = [:]
    /// Folders that are there and cannot be read, with the error's number: what they held is kept.
    private(set) var failures: [String: Int32] = [:]

    init() {}

    /// Looks at `folders` now.
    /// - Parameter former: is kept of a folder that cannot be read for want of descriptors or the right: its instances
    ///   are not gone because we cannot see them.
    init(_ folders: Set<String>, former: SocketTable = SocketTable()) {
        for folder in folders {
            switch Self.read(folder) {
            case .found(let found): self.folders[folder] = found
            case .absent: break
            case .failed(let code):
                failures[folder] = code
                self.folders[folder] = former.folders[folder]
            }
        }
    }

    subscript(folder: String) -> Folder? { folders[folder] }

    /// Addresses whose socket is there as it was before, and is another one.
    func renewed(since former: SocketTable) -> [InstanceAddress] {
        var renewed: [InstanceAddress] = []
        for (path, folder) in folders {
            let before = Dictionary((former[path]?.files ?? []).map { ($0.name, $0) }) { first, _ in first }
            for file in folder.files {
                guard let old = before[file.name], old.inode != file.inode || old.bornAt != file.bornAt else {
                    continue
                }
                renewed.append(.unix(path: "\(path)/\(file.name)"))
            }
        }
        return renewed
    }

    private enum Reading {
        case found(Folder)
        case absent
        case failed(Int32)
    }

    private static func read(_ path: String) -> Reading {
        var owner: uid_t = 0
        guard let folder = unsafe postern_folder_open(path.isEmpty ? "/" : path, &owner) else {
            return errno == ENOENT || errno == ENOTDIR ? .absent : .failed(errno)
        }
        defer { unsafe postern_folder_close(folder) }
        var files: [SocketFile] = []
        var file = unsafe postern_socket_file()
        while true {
            let next = unsafe postern_folder_next(folder, &file)
            guard next >= 0 else { return .failed(errno) }
            guard next > 0 else { break }
            let name = unsafe String(cString: file.name)
            unsafe files.append(
                SocketFile(name: name, owner: file.owner, inode: file.inode, bornAt: file.born_ns))
        }
        return .found(Folder(owner: owner, files: files.sorted { $0.name < $1.name }))
    }
}
