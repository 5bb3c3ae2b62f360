/// Which instances came and went with a snapshot, each once, in the order of their addresses.
struct InstanceChanges: Sendable, Equatable {
    var joined: [String] = []
    var left: [String] = []

    var isEmpty: Bool { joined.isEmpty && left.isEmpty }

    init() {}

    init(from before: Snapshot, to after: Snapshot) {
        let before = Set(before.services.flatMap(\.instances))
        let after = Set(after.services.flatMap(\.instances))
        joined = after.subtracting(before).map(\.description).sorted()
        left = before.subtracting(after).map(\.description).sorted()
    }
}

/// What there is to tell of the folders in which instances come and go.
struct FolderReport: Sendable, Equatable {
    /// A socket that is a foreign user's.
    struct Refused: Sendable, Hashable {
        let service: String
        /// The service's file.
        let file: String
        let path: String
        let owner: UInt32
        let folderOwner: UInt32
    }
    var folders: Set<String> = []
    /// Those that are there and cannot be read, with the error's number.
    var failures: [String: Int32] = [:]
    var refused: [Refused] = []
}
