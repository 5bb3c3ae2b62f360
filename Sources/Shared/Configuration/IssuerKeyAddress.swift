/// Where on the web the keys of an issuer are: `jwks` of an entry of `issuers:` in auth.yaml, as its URL or as
/// `{url: …, ca: FILE, allow_private: true}`.
///
/// Two programs read it: the auth service, which judges by the keys and has no network, and the gateway, which serves
/// exactly these URLs on its egress socket.
package struct IssuerKeyAddress: Sendable, Equatable {
    /// As it was written: `https://` or `http://`, a host and a path.
    package let url: String
    /// The path of a file of authorities in place of the system's; relative to the folder of the configuration.
    package let authorities: String?
    /// Whether the host's name may lead to private addresses.
    package let allowsPrivate: Bool
    package let place: ConfigurationPlace

    package static let example = "https://clerk.example.com/.well-known/jwks.json"

    /// Where it is on the egress socket: `/https/clerk.example.com/.well-known/jwks.json`.
    package var egressPath: String {
        let scheme = url.hasPrefix("https://") ? "https" : "http"
        return "/\(scheme)/" + url.dropFirst(scheme.utf8.count + 3).filter { $0 != "[" && $0 != "]" }
    }

    /// Whether a text is meant as a URL, and not as the path of a file.
    package static func isMeant(_ text: String) -> Bool {
        text.contains("://")
    }

    /// Those of the file, each once. What is wrong with the file is no matter here: the auth service says it.
    package static func all(in file: String) -> [IssuerKeyAddress] {
        let reader = ConfigurationReader(file: file, problems: ConfigurationProblems())
        let found = reader.optional("issuers", .list(of: .issuerAddress, keepingGood: true)) ?? []
        var all: [IssuerKeyAddress] = []
        for case let address? in found where !all.contains(where: { $0.url == address.url }) { all.append(address) }
        return all
    }
}

extension ValueForm where Value == IssuerKeyAddress {
    /// A URL, or a mapping with one.
    package static var issuerKeyAddress: ValueForm {
        ValueForm { node in
            guard node.isMapping else {
                return node.read(as: .keyURL).map {
                    IssuerKeyAddress(url: $0, authorities: nil, allowsPrivate: false, place: node.place)
                }
            }
            guard let reader = node.read(as: ValueForm<ConfigurationReader>.mapping) else { return nil }
            let url = reader.required("url", .keyURL, example: IssuerKeyAddress.example)
            let authorities = reader.optional("ca", .nonEmptyString)
            let allowsPrivate = reader.value("allow_private", .bool, default: false)
            return url.map {
                IssuerKeyAddress(
                    url: $0, authorities: authorities, allowsPrivate: allowsPrivate, place: reader.place(of: "url"))
            }
        }
    }
}

extension ValueForm where Value == String {
    /// Letters that stand for themselves in a path: what the one asks for is what the other serves.
    fileprivate static var keyURL: ValueForm {
        text(expected: "a URL", mend: "Write for example \(IssuerKeyAddress.example).") { text in
            let isPlain = text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-._~:/[]".utf8.contains(byte)
                }
            }
            guard isPlain, (1...1024).contains(text.utf8.count), text.hasPrefix("https://") || text.hasPrefix("http://")
            else { return nil }
            return text
        }
    }
}

extension ValueForm where Value == IssuerKeyAddress? {
    /// The address of an entry of `issuers`; nil in it for one whose keys are in a file.
    fileprivate static var issuerAddress: ValueForm {
        ValueForm { node in
            guard let reader = node.read(as: ValueForm<ConfigurationReader>.mapping),
                let keys = reader.optional("jwks", .node),
                keys.isMapping || keys.text.map(IssuerKeyAddress.isMeant) == true
            else { return .some(nil) }
            return .some(keys.read(as: .issuerKeyAddress))
        }
    }
}
