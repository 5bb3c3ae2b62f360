import Shared

/// What the names in a template stand for: the parameters of a route's name, and the credentials.
struct TemplateResolution {
    let pattern: RoutePattern
    let credentials: Credentials

    /// The parameter's place among those of the pattern.
    func index(of name: String, isAll: Bool) throws(TemplateFault) -> Int {
        let parameters = pattern.segments.filter { $0.name != nil }
        guard let index = parameters.firstIndex(where: { $0.name == name }) else {
            let known = parameters.map { $0.isCatchAll ? "{\($0.name ?? "")...}" : "{\($0.name ?? "")}" }
            throw TemplateFault(
                message: "the route has no parameter '\(LogText.escaped(name, limit: 60))'",
                mend: known.isEmpty
                    ? "The file's name has none: write the text without braces, or {{ for a brace."
                    : "It has: \(known.joined(separator: ", ")).")
        }
        guard parameters[index].isCatchAll == isAll else {
            throw TemplateFault(
                message: "'{\(name)\(isAll ? "..." : "")}' does not go with \(parameters[index].description)",
                mend: isAll ? "Write {\(name)}." : "Write {\(name)...}.")
        }
        return index
    }

    /// The credential's bytes, of which `isAllowed` holds for each; nil where credentials are not read.
    func bytes(
        ofCredential name: String, isAllowed: (UInt8) -> Bool
    ) throws(TemplateFault) -> [UInt8]? {
        let credential: Credential
        do throws(SecretFile.Failure) {
            credential = try credentials.credential(name)
        } catch {
            // The path says which folder was looked in.
            let place = error.path.hasPrefix("/") ? " (\(error.path))" : ""
            throw TemplateFault(message: "{credential:\(name)}\(place): \(error.message)", mend: error.mend)
        }
        guard let bytes = credential.bytes else { return nil }
        guard bytes.allSatisfy(isAllowed) else {
            throw TemplateFault(
                message: "\(credential): the secret holds a byte that cannot stand there (a line break, NUL or another "
                    + "control character)",
                mend: "Write the secret alone into its file; one line break at its end is left out.")
        }
        return bytes
    }
}

extension Credential {
    /// Bytes that a field's value may have (RFC 9110 section 5.5).
    static func isFieldByte(_ byte: UInt8) -> Bool { (byte >= 32 && byte != 127) || byte == 9 }

    /// Bytes that are no control characters: what an escape may stand for.
    static func isText(_ byte: UInt8) -> Bool { byte >= 32 && byte != 127 }
}
