import FoundationEssentials
import Shared

/// `basic:` of a route or a service: HTTP's Basic authentication towards the service (RFC 7617). It is a field that is
/// set, `Authorization`, and follows the rules of `headers`.
struct BasicConfiguration {
    let username: TemplateText
    let password: TemplateText
    let place: ConfigurationPlace

    /// Nil without the key, or after a problem.
    static func read(_ reader: ConfigurationReader) -> BasicConfiguration? {
        guard let block = reader.optional("basic", .mapping) else { return nil }
        let username = block.required("username", .template(canBeEmpty: true), example: "postern")
        let password = block.required("password", .template(canBeEmpty: true), example: "\"{credential:NAME}\"")
        guard let username, let password else { return nil }
        for (key, text) in [("username", username), ("password", password)] where !text.isFixed {
            block.report(
                key, "`basic.\(key)` holds a parameter of the request",
                mend: "Write it out, or {credential:NAME}; {{ is a brace.")
            return nil
        }
        let isSecret = password.tokens.contains { if case .credential = $0 { true } else { false } }
        guard isSecret || password.tokens.isEmpty else {
            block.report(
                "password", "`basic.password` stands in the file itself",
                mend: "Put it into a credential and write \"{credential:NAME}\".")
            return nil
        }
        return BasicConfiguration(username: username, password: password, place: reader.place(of: "basic"))
    }

    /// The value of `Authorization`.
    func value(_ resolution: TemplateResolution) throws(TemplateFault) -> ValueTemplate {
        var value = ValueTemplate()
        guard let username = try Self.bytes(username, resolution), let password = try Self.bytes(password, resolution)
        else {
            value.append(text: "Basic (\(username.source), \(password.source))".utf8)
            return value
        }
        guard !username.contains(UInt8(ascii: ":")) else {
            throw TemplateFault(
                message: "a username with a colon cannot be told from the password after it (RFC 7617 section 2)",
                mend: "Use another username.")
        }
        let pair = Data(username + [UInt8(ascii: ":")] + password).base64EncodedString()
        value.append(text: "Basic \(pair)".utf8)
        return value
    }

    /// Nil where credentials are not read.
    private static func bytes(
        _ text: TemplateText, _ resolution: TemplateResolution
    ) throws(TemplateFault) -> [UInt8]? {
        var bytes: [UInt8] = []
        var isKnown = true
        for token in text.tokens {
            switch token {
            case .text(let text): bytes += text.utf8
            case .parameter: break
            case .credential(let name):
                let secret = try resolution.bytes(ofCredential: name, isAllowed: Credential.isText)
                isKnown = isKnown && secret != nil
                bytes += secret ?? []
            }
        }
        guard bytes.allSatisfy(Credential.isText) else {
            throw TemplateFault(message: "a control character cannot stand here", mend: "Take it out.")
        }
        return isKnown ? bytes : nil
    }
}
