import FoundationEssentials
import Shared

/// Reads the keys that a configuration names. What it reads is overwritten as soon as libcrypto has it.
struct KeyLoader {
    let environment: [String: String]
    /// The folder of credentials; nil for none.
    let credentials: String?

    /// The ring of keys: those of `keys` first, in the order of the files' names, then the shared secret.
    /// - Parameter mayBeEmpty: there are issuers, whose tokens need no key of ours.
    /// - Throws: all problems at once; without any key, how to give one.
    func load(_ sources: KeySources, mayBeEmpty: Bool = false) throws(ConfigurationError) -> KeyRing {
        let problems = ConfigurationProblems()
        var keys = files(sources, problems: problems).flatMap(\.keys)
        if let secret = secret(sources, problems: problems),
            let key = TokenKey(secret: secret, algorithm: sources.algorithm, id: sources.secretID)
        {
            if let (message, mend) = lengthProblem(of: key, sources) {
                problems.report(sources.place, message, mend: mend)
            }
            keys.append(key)
        }
        try problems.throwIfAny()
        do throws(KeyRingError) {
            return try KeyRing(keys, mayBeEmpty: mayBeEmpty)
        } catch {
            throw ConfigurationError([problem(error, sources)])
        }
    }

    /// The files that `keys` names, each with what is in it.
    private func files(_ sources: KeySources, problems: ConfigurationProblems) -> [KeyFile] {
        switch sources.keys {
        case nil: return []
        case .path(let path)?:
            return KeyFolder.files(at: path, problems: problems).compactMap {
                file(SecretFile(path: $0), sources, problems)
            }
        case .credential(let name)?:
            do throws(SecretFile.Failure) {
                return [file(try credential(name), sources, problems)].compactMap { $0 }
            } catch {
                problems.report(sources.place, "\(error.path): \(error.message)", mend: error.mend)
                return []
            }
        }
    }

    /// Nil after a problem with the file.
    private func file(_ secret: SecretFile, _ sources: KeySources, _ problems: ConfigurationProblems) -> KeyFile? {
        let place = ConfigurationPlace(file: secret.path)
        do throws(KeyFileReadingError) {
            let file = try KeyFile(reading: secret)
            for (message, mend) in file.keys.compactMap({ lengthProblem(of: $0, sources) }) {
                problems.report(place, message, mend: mend)
            }
            return file
        } catch {
            problems.report(place, error.message, mend: error.mend)
            return nil
        }
    }

    /// What is wrong with a secret that is shorter than RFC 7518 section 3.2 has it; nil where that is accepted.
    private func lengthProblem(of key: TokenKey, _ sources: KeySources) -> (String, String)? {
        guard key.isShort, sources.shortSecrets == .refuse else { return nil }
        let length = key.algorithm.digest.length
        return (
            "the secret of \(key.algorithm.rawValue) has fewer than \(length) bytes, and can be found from a token",
            "Make one with `openssl rand -base64 48`; for a demo, accept it with `policy: {short_hmac_keys: accept}`."
        )
    }

    private func problem(_ error: KeyRingError, _ sources: KeySources) -> ConfigurationProblem {
        switch error {
        case .noKey:
            sources.place.problem(
                "no key to sign tokens with was given",
                mend: "Set the environment variable \(KeySources.defaultName), give a credential of that name"
                    + " (LoadCredential= in the unit), or name a file or a folder of keys as `keys`.")
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
}
