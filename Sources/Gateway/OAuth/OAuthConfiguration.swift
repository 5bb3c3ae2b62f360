import Shared

/// `oauth:` in a service's file: the gateway gets a token for itself (RFC 6749 section 4.4, client credentials), and
/// shows it to the service in place of whatever the client sent as `Authorization`.
///
/// - `token_url`: where tokens are had; `https://`, or a numeric address of this host.
/// - `client_id`, `client_secret`: the second as `{credential:NAME}`.
/// - `scope`: what is asked for; nothing without it.
/// - `authentication`: `basic` (default), or `post`: how id and secret are shown (RFC 6749 section 2.3.1).
/// - `ca`: a file of authorities for `token_url`, in place of the system's.
struct OAuthConfiguration: Sendable, Hashable {
    enum Authentication: String, Sendable, CaseIterable {
        case basic, post
    }
    let endpoint: Endpoint
    let clientID: [UInt8]
    let clientSecret: [UInt8]
    let scope: String
    let authentication: Authentication

    /// The request for a token, whole.
    var request: [UInt8] {
        var form = "grant_type=client_credentials"
        if !scope.isEmpty { form += "&scope=" + Self.encode(Array(scope.utf8)) }
        var fields = ""
        switch authentication {
        case .basic:
            let pair = Self.encode(clientID) + ":" + Self.encode(clientSecret)
            fields = "Authorization: Basic \(Base64.encode(Array(pair.utf8)))\r\n"
        case .post:
            form += "&client_id=" + Self.encode(clientID) + "&client_secret=" + Self.encode(clientSecret)
        }
        let path = endpoint.url.basePath.isEmpty ? "/" : endpoint.url.basePath
        let head = """
            POST \(path) HTTP/1.1\r
            Host: \(endpoint.url.authority)\r
            Accept: application/json\r
            Content-Type: application/x-www-form-urlencoded\r
            \(fields)Content-Length: \(form.utf8.count)\r
            \r

            """
        return Array((head + form).utf8)
    }

    /// application/x-www-form-urlencoded (URL Standard, section 5.2).
    private static func encode(_ bytes: [UInt8]) -> String {
        var text = ""
        for byte in bytes {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2A, 0x2D, 0x2E, 0x5F:
                text.unicodeScalars.append(Unicode.Scalar(byte))
            case 0x20: text += "+"
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return text
    }
}

extension OAuthConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the secret, and without the id: it may be one.
    var description: String { "\(endpoint.url)" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}

extension OAuthConfiguration {
    /// Nil after a problem, and where credentials are not read.
    static func read(
        _ reader: ConfigurationReader, directory: String, allowsPrivate: Bool, credentials: Credentials
    ) -> OAuthConfiguration? {
        let url = reader.required("token_url", .serviceURL, example: "https://login.example.com/oauth/token")
        let clientID = reader.required("client_id", .template(canBeEmpty: false), example: "postern")
        let secret = reader.required(
            "client_secret", .template(canBeEmpty: false), example: "\"{credential:NAME}\"")
        let scope = reader.optional("scope", .scope)
        let authentication = reader.value("authentication", .word, default: Authentication.basic)
        let files = ServiceFiles(directory: directory, credentials: credentials)
        let authorities = reader.optional("ca", files.certificates)
        guard let url, let clientID, let secret else { return nil }
        if secret.tokens.contains(where: { if case .credential = $0 { false } else { true } }) {
            reader.report(
                "client_secret", "`oauth.client_secret` stands in the file itself",
                mend: "Put it into a credential and write \"{credential:NAME}\".")
            return nil
        }
        guard let endpoint = endpoint(url, authorities, allowsPrivate, reader),
            let clientID = text(clientID, "client_id", reader, credentials),
            let secret = text(secret, "client_secret", reader, credentials)
        else { return nil }
        return OAuthConfiguration(
            endpoint: endpoint, clientID: clientID, clientSecret: secret, scope: scope ?? "",
            authentication: authentication)
    }

    private static func endpoint(
        _ url: ServiceURL, _ authorities: [UInt8]?, _ allowsPrivate: Bool, _ reader: ConfigurationReader
    ) -> Endpoint? {
        if !url.isSecure {
            guard case .address(let address) = url.host, address.hasPrefix("127.") || address == "::1" else {
                reader.report(
                    "token_url", "`oauth.token_url` would send the secret in clear",
                    mend: "Write https://, or a numeric address of this host.")
                return nil
            }
            return Endpoint(url: url, allowsPrivate: allowsPrivate)
        }
        do throws(TLSMaterialError) {
            let source = InstanceSource.endpoint(Endpoint(url: url, allowsPrivate: allowsPrivate))
            let secured = try source.secured(UpstreamTLS.Settings(authorities: authorities), as: nil)
            if case .endpoint(let endpoint) = secured { return endpoint }
        } catch {
            reader.report("ca", "`oauth.ca`: \(error.message)", mend: error.mend)
        }
        return nil
    }

    private static func text(
        _ template: TemplateText, _ key: String, _ reader: ConfigurationReader, _ credentials: Credentials
    ) -> [UInt8]? {
        var bytes: [UInt8] = []
        for token in template.tokens {
            switch token {
            case .text(let text): bytes += text.utf8
            case .parameter:
                reader.report(
                    key, "`oauth.\(key)` holds a parameter of a request",
                    mend: "Write it out, or {credential:NAME}; {{ is a brace.")
                return nil
            case .credential(let name):
                do throws(SecretFile.Failure) {
                    guard let secret = try credentials.credential(name).bytes else { return nil }
                    bytes += secret
                } catch {
                    reader.report(key, "`oauth.\(key)`: {credential:\(name)}: \(error.message)", mend: error.mend)
                    return nil
                }
            }
        }
        return bytes
    }
}

extension ValueForm where Value == String {
    /// Scopes with a space between them, of the characters that RFC 6749 section 3.3 has.
    fileprivate static var scope: ValueForm {
        text(expected: "scopes with a space between them") { text in
            let isGood = text.utf8.allSatisfy { $0 >= 0x20 && $0 <= 0x7E && $0 != 0x22 && $0 != 0x5C }
            return isGood && !text.isEmpty ? text : nil
        }
    }
}
