import Shared

/// What `data.yaml` says.
struct DataConfiguration: Equatable, Sendable {
    let listen: ListenAddress
    /// The absolute path of the SQLite file.
    let store: String
    let seed: StoreSeed
    /// Whose processes may ask; nil for anyone whom the socket lets in.
    let allowedUsers: [AllowedUser]?

    /// The file's name in the folder of the configuration.
    static let fileName = "data.yaml"

    /// Where the process was told to put things, and which instance it is.
    struct Context: Equatable, Sendable {
        /// Relative paths of sockets are below this folder.
        var runDirectory: String
        /// The relative path of the store is below this folder.
        var stateDirectory: String
        /// What `{instance}` stands for.
        var instance: String
    }

    /// Reads the file, and says all that is wrong with it at once.
    static func load(from directory: String, context: Context) throws(ConfigurationError) -> DataConfiguration {
        let problems = ConfigurationProblems()
        let reader = ConfigurationReader(file: "\(directory)/\(fileName)", problems: problems)
        return try read(reader, context: context)
    }

    static func read(
        _ reader: ConfigurationReader, context: Context
    ) throws(ConfigurationError) -> DataConfiguration {
        let listen = reader.required(
            "listen", .instanceSocket(context.instance, relativeTo: context.runDirectory),
            example: "unix:data/{instance}.sock")
        let store = reader.required("store", .store(relativeTo: context.stateDirectory), example: "sqlite:data.db")
        let seed = reader.value("seed", .word, default: StoreSeed.none)
        let allowedUsers = reader.optional("allow_users", .list(of: .allowedUser))
        reader.finish()
        try reader.problems.throwIfAny()
        guard let listen, let store else { throw ConfigurationError([]) }
        return DataConfiguration(listen: listen, store: store, seed: seed, allowedUsers: allowedUsers)
    }
}
