import FoundationEssentials
import Shared

/// What `postern up` itself has to know of a configuration. What is wrong with the files is for the processes to say.
struct UpConfiguration {
    /// The addresses of postern.yaml that can be read.
    let listen: [ListenAddress]
    /// The data service is filled with the tutorial's rows.
    let isTutorial: Bool
    /// The tutorial's users log in, and no key is named but `JWT_SECRET_KEY`.
    let needsTutorialSecret: Bool

    /// Throws when `directory` is no folder.
    init(directory: String) throws(CommandFailure) {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isFolder), isFolder else {
            throw CommandFailure(
                "the configuration folder \(directory) does not exist",
                mend: "Name one with --config DIR (in a checkout: --config deploy/tutorial)", status: .configuration)
        }
        let gateway = Self.reader(of: "postern.yaml", in: directory)
        let addresses = gateway.optional("listen", .list(of: .node)) ?? []
        listen = addresses.compactMap { $0.text.flatMap { try? ListenAddress($0) } }
        isTutorial = Self.hasTutorialSeed(Self.reader(of: "data.yaml", in: directory))
        let auth = Self.reader(of: "auth.yaml", in: directory)
        let key = auth.optional("token", .mapping)?.optional("key", .mapping)
        let isVariable = key.map { $0.optional("env", .string) == TutorialSecret.variable } ?? true
        needsTutorialSecret = Self.hasTutorialSeed(auth) && !auth.has("keys") && isVariable
    }

    private static func reader(of file: String, in directory: String) -> ConfigurationReader {
        ConfigurationReader(file: "\(directory)/\(file)", problems: ConfigurationProblems())
    }

    private static func hasTutorialSeed(_ reader: ConfigurationReader) -> Bool {
        reader.optional("seed", .node)?.text == "tutorial"
    }
}
