import Shared

/// A file of certificates or of a key, as the configuration names it.
struct TLSFile: Sendable, Equatable {
    enum Source: Sendable, Equatable {
        /// An absolute path.
        case path(String)
        /// In the folder of credentials: `$CREDENTIALS_DIRECTORY`, or the one that `--credentials` names.
        case credential(String, folder: String?)
    }
    let source: Source
    let place: ConfigurationPlace

    /// Where it is; nil without a folder of credentials.
    var path: String? {
        switch source {
        case .path(let path): path
        case .credential(let name, let folder): folder.map { "\($0)/\(name)" }
        }
    }

    var isCredential: Bool { if case .credential = source { true } else { false } }

    /// A private key: nobody else may be able to read it.
    func readKey(_ problems: ConfigurationProblems) -> [UInt8]? {
        do throws(SecretFile.Failure) {
            switch source {
            case .path(let path): return try SecretFile(path: path).read()
            case .credential(let name, let folder): return try SecretFile(credential: name, in: folder).read()
            }
        } catch {
            problems.report(place, "\(error.path): \(error.message)", mend: error.mend)
            return nil
        }
    }

    /// Certificates, which are for everybody.
    func readCertificates(_ problems: ConfigurationProblems) -> [UInt8]? {
        guard let path else {
            problems.report(
                place, "there is no folder of credentials", mend: "Set LoadCredential= in the unit, or name a file.")
            return nil
        }
        do throws(ConfigurationProblem) {
            return Array(try ConfigurationFile.text(of: path).utf8)
        } catch {
            problems.report(place, "\(path): \(error.message)", mend: error.mend)
            return nil
        }
    }
}

extension ValueForm where Value == TLSFile {
    /// A path (a relative one is below `folder`), or `{credential: NAME}`.
    static func tlsFile(relativeTo folder: String, _ credentials: Credentials) -> ValueForm {
        ValueForm { node in
            if node.isMapping { return credential(node, credentials) }
            guard let text = node.text, !node.isEmpty else {
                node.reportMismatch(expected: "a file", mend: "Write a path, or {credential: NAME}.")
                return nil
            }
            if text.hasPrefix("{credential:"), text.hasSuffix("}") {
                return file(String(text.dropFirst(12).dropLast()), node, credentials)
            }
            let path = text.hasPrefix("/") ? text : "\(folder)/\(text)"
            return TLSFile(source: .path(path), place: node.place)
        }
    }

    private static func file(_ name: String, _ node: ConfigurationNode, _ credentials: Credentials) -> TLSFile {
        TLSFile(source: .credential(name, folder: credentials.folder), place: node.place)
    }

    private static func credential(_ node: ConfigurationNode, _ credentials: Credentials) -> TLSFile? {
        guard let reader = node.read(as: ValueForm<ConfigurationReader>.mapping) else { return nil }
        // `{credential:NAME}` without a space is a key of YAML's, with nothing behind it.
        if reader.keys.count == 1, let key = reader.keys.first, key.hasPrefix("credential:") {
            _ = reader.optional(key, .node)
            return file(String(key.dropFirst(11)), node, credentials)
        }
        guard let name = reader.required("credential", .nonEmptyString, example: "tls-key") else { return nil }
        return file(name, node, credentials)
    }
}
