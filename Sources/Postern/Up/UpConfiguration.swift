import FoundationEssentials
import Shared

/// What `postern up` itself has to know of a configuration. What is wrong with the files is for the processes to say.
struct UpConfiguration {
    /// The addresses of postern.yaml that can be read.
    let listen: [ListenAddress]
    /// The first of them that serves and does not only lead elsewhere, and whether it speaks TLS.
    let served: (address: ListenAddress, isSecured: Bool)?
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
        let items = (gateway.optional("listen", .list(of: .node)) ?? []).compactMap(Self.listener)
        listen = items.map(\.address)
        served = items.first { !$0.isRedirect }.map { ($0.address, $0.isSecured) }
        isTutorial = Self.hasTutorialSeed(Self.reader(of: "data.yaml", in: directory))
        let auth = Self.reader(of: "auth.yaml", in: directory)
        let key = auth.optional("token", .mapping)?.optional("key", .mapping)
        let isVariable = key.map { $0.optional("env", .string) == TutorialSecret.variable } ?? true
        needsTutorialSecret = Self.hasTutorialSeed(auth) && !auth.has("keys") && isVariable
    }

    private static func listener(
        _ node: ConfigurationNode
    ) -> (address: ListenAddress, isSecured: Bool, isRedirect: Bool)? {
        guard let reader = node.isMapping ? node.read(as: ValueForm<ConfigurationReader>.mapping) : nil else {
            return node.text.flatMap { try? ListenAddress($0) }.map { ($0, false, false) }
        }
        let address = reader.optional("address", .string).flatMap { try? ListenAddress($0) }
        return address.map { ($0, reader.has("tls"), reader.has("redirect")) }
    }

    private static func reader(of file: String, in directory: String) -> ConfigurationReader {
        ConfigurationReader(file: "\(directory)/\(file)", problems: ConfigurationProblems())
    }

    private static func hasTutorialSeed(_ reader: ConfigurationReader) -> Bool {
        reader.optional("seed", .node)?.text == "tutorial"
    }
}
