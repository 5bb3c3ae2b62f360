import FoundationEssentials
import Shared

/// Reads the keys that a configuration names. What it reads is overwritten as soon as libcrypto has it.
struct KeyLoader {
    let environment: [String: String]
    /// The folder of credentials; nil for none.
    let credentials: String?

    /// The ring of keys: those of `keys` first, in the order of the files' names, then the shared secret.
    /// - Throws: all problems at once; without any key, how to give one.
    func load(_ sources: KeySources) throws(ConfigurationError) -> KeyRing {
        let problems = ConfigurationProblems()
        var keys = sources.keys.map { files(at: $0, problems: problems) } ?? []
        if let secret = secret(sources, problems: problems) {
            keys += [SigningKey(secret: secret, algorithm: sources.algorithm, id: sources.secretID)].compactMap { $0 }
        }
        try problems.throwIfAny()
        do throws(KeyRingError) {
            return try KeyRing(keys)
        } catch {
            throw ConfigurationError([problem(error, sources)])
        }
    }

    private func problem(_ error: KeyRingError, _ sources: KeySources) -> ConfigurationProblem {
        switch error {
        case .noKey:
            sources.place.problem(
                "no key to sign tokens with was given",
                mend: "Set the environment variable \(KeySources.defaultName), give a credential of that name"
                    + " (LoadCredential= in the unit), or name a JWK file as `keys`.")
        case .duplicateID(let id):
            sources.place.problem(
                "two keys have the kid \(LogText.quoted(id, limit: 80))", mend: "Give each key a kid of its own.")
        }
    }

    /// The shared secret; nil when there is none, or after a problem with it.
    private func secret(_ sources: KeySources, problems: ConfigurationProblems) -> [UInt8]? {
        switch sources.secret {
        case .environment(let name)?:
            if let secret = variable(name) { return secret }
            problems.report(
                sources.place, "the environment variable \(LogText.quoted(name, limit: 80)) is empty or not set",
                mend: "Set it to the secret that signs tokens.")
            return nil
        case .credential(let name)?:
            return read(sources.place, problems) { () throws(SecretFile.Failure) in try credential(name) }
        case .file(let path)?: return read(sources.place, problems) { SecretFile(path: path) }
        case nil:
            if sources.keys != nil { return nil }
            if let secret = variable(KeySources.defaultName) { return secret }
            guard let file = try? credential(KeySources.defaultName), FileManager.default.fileExists(atPath: file.path)
            else { return nil }
            return read(sources.place, problems) { file }
        }
    }

    /// An empty secret is none.
    private func variable(_ name: String) -> [UInt8]? {
        guard let value = environment[name], !value.isEmpty else { return nil }
        return Array(value.utf8)
    }

    private func credential(_ name: String) throws(SecretFile.Failure) -> SecretFile {
        try SecretFile(credential: name, in: credentials)
    }

    private func read(
        _ place: ConfigurationPlace, _ problems: ConfigurationProblems,
        _ file: () throws(SecretFile.Failure) -> SecretFile
    ) -> [UInt8]? {
        do throws(SecretFile.Failure) {
            return try file().read()
        } catch {
            problems.report(place, "\(error.path): \(error.message)", mend: error.mend)
            return nil
        }
    }

    /// The keys of a file, or of all files in a folder.
    private func files(at path: String, problems: ConfigurationProblems) -> [SigningKey] {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder else {
            return keys(in: path, problems: problems)
        }
        // Editors' and package managers' left-overs begin with a period or end in a tilde.
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
            .filter { !$0.hasPrefix(".") && !$0.hasSuffix("~") }.sorted()
        if names.isEmpty {
            problems.report(
                ConfigurationPlace(file: path), "there is no key in this folder", mend: "Put a JWK file into it.")
        }
        return names.flatMap { keys(in: "\(path)/\($0)", problems: problems) }
    }

    private func keys(in path: String, problems: ConfigurationProblems) -> [SigningKey] {
        let place = ConfigurationPlace(file: path)
        var text: [UInt8]
        do throws(SecretFile.Failure) {
            text = try SecretFile(path: path).read()
        } catch {
            problems.report(place, error.message, mend: error.mend)
            return []
        }
        defer { OpenSSL.cleanse(&text) }
        do throws(JSONWebKeyError) {
            return try JSONWebKey.keys(in: text)
        } catch {
            problems.report(place, error.description, mend: error.mend)
            return []
        }
    }
}
