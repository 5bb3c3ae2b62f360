import Shared

/// A key's members as they are written: into a file, to the public, and for its thumbprint.
enum JSONWebKeyWriter {
    /// The public half: type, numbers, and what it is for.
    static func publicMembers(of key: TokenKey, to writer: inout JSONWriter) {
        guard let material = key.publicKey else { return }
        numbers(of: material, to: &writer)
        if let id = key.id { writer.member("kid", id) }
        writer.member("use", "sig")
        writer.member("alg", key.algorithm.rawValue)
    }

    /// `{"keys":[…]}`: the public half of each pair that has not ended at `now` (RFC 7517 section 5). A shared secret is
    /// never in it.
    static func publicSet(_ keys: [TokenKey], now: Int64) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { set in
                set.key("keys")
                set.array { list in
                    for key in keys where key.publicKey != nil && !key.times.hasEnded(at: now) {
                        list.object { publicMembers(of: key, to: &$0) }
                    }
                }
            }
        }
    }

    /// The thumbprint of RFC 7638, a name that two keys never share; nil when libcrypto fails.
    static func thumbprint(of material: KeyMaterial) -> String? {
        let names =
            material.kind == .rsa
            ? ["e", "kty", "n"]
            : material.kind == .ed25519
                ? ["crv", "kty", "x"] : ["crv", "kty", "x", "y"]
        let members = publicNumbers(of: material)
        let text = JSONWriter.bytes { writer in
            writer.object { object in
                for name in names {
                    if let value = members.first(where: { $0.name == name })?.value { object.member(name, value) }
                }
            }
        }
        return OpenSSL.sha256(text).map { String(decoding: Base64URL.encode($0), as: UTF8.self) }
    }

    /// Type and public numbers, and with `isPrivate` the rest.
    static func numbers(of material: KeyMaterial, isPrivate: Bool = false, to writer: inout JSONWriter) {
        for (name, value) in publicNumbers(of: material) { writer.member(name, value) }
        guard isPrivate else { return }
        let names = material.kind == .rsa ? ["d", "p", "q", "dp", "dq", "qi"] : ["d"]
        for (offset, name) in names.enumerated() {
            var part = material.part(2 + offset)
            var text = Base64URL.encode(part)
            writer.key(name)
            writer.string(utf8: text)
            OpenSSL.cleanse(&part)
            OpenSSL.cleanse(&text)
        }
    }

    private static func publicNumbers(of material: KeyMaterial) -> [(name: String, value: String)] {
        func text(_ index: Int) -> String { String(decoding: Base64URL.encode(material.part(index)), as: UTF8.self) }
        return switch material.kind {
        case .rsa: [("kty", "RSA"), ("n", text(0)), ("e", text(1))]
        case .p256: [("kty", "EC"), ("crv", "P-256"), ("x", text(0)), ("y", text(1))]
        case .p384: [("kty", "EC"), ("crv", "P-384"), ("x", text(0)), ("y", text(1))]
        case .p521: [("kty", "EC"), ("crv", "P-521"), ("x", text(0)), ("y", text(1))]
        case .ed25519: [("kty", "OKP"), ("crv", "Ed25519"), ("x", text(0))]
        }
    }
}
