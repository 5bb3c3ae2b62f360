/// Keys as PEM (RFC 7468): each block is a key. What stands between the blocks is not looked at (section 2).
enum PEMText {
    enum Fault: Error, Equatable {
        case encrypted
        case certificate
        case unknown(label: String)
        case malformed
    }

    private static let begin = Array("-----BEGIN ".utf8)
    private static let dashes = Array("-----".utf8)
    private static let labels = ["PRIVATE KEY", "PUBLIC KEY", "RSA PRIVATE KEY", "RSA PUBLIC KEY", "EC PRIVATE KEY"]

    /// Whether the text has a block at all.
    static func isPEM(_ text: [UInt8]) -> Bool { text.firstRange(of: begin) != nil }

    static func keys(in text: [UInt8]) throws(KeyFileError) -> [TokenKey] {
        var keys: [TokenKey] = []
        var rest = text[...]
        while let start = rest.firstRange(of: begin) {
            guard let labelEnd = rest[start.upperBound...].firstRange(of: dashes) else { throw .pem(.malformed) }
            let label = String(decoding: rest[start.upperBound..<labelEnd.lowerBound], as: UTF8.self)
            let mark = Array("-----END \(label)-----".utf8)
            guard let end = rest[labelEnd.upperBound...].firstRange(of: mark) else { throw .pem(.malformed) }
            // `openssl ecparam -genkey` puts the name of the curve before the key, which names it again.
            if label != "EC PARAMETERS" {
                keys.append(try key(Array(rest[start.lowerBound..<end.upperBound]), label: label))
            }
            rest = rest[end.upperBound...]
        }
        guard !keys.isEmpty else { throw .pem(.malformed) }
        return keys
    }

    private static func key(_ block: [UInt8], label: String) throws(KeyFileError) -> TokenKey {
        var block = block + [UInt8(ascii: "\n")]
        defer { OpenSSL.cleanse(&block) }
        if label.hasPrefix("ENCRYPTED") || block.firstRange(of: Array("Proc-Type: 4,ENCRYPTED".utf8)) != nil {
            throw .pem(.encrypted)
        }
        if label.hasSuffix("CERTIFICATE") { throw .pem(.certificate) }
        guard labels.contains(label) else { throw .pem(.unknown(label: label)) }
        guard let material = KeyMaterial(pem: block) else { throw .pem(.malformed) }
        let algorithm = SignatureAlgorithm(naturalFor: material.kind)
        do throws(RSAKeyRules.Fault) {
            if material.kind == .rsa {
                try RSAKeyRules.check(modulus: material.part(0), exponent: material.part(1))
            }
        } catch {
            throw .rsa(error)
        }
        guard let key = TokenKey(material, algorithm: algorithm) else { throw .noSuchKey }
        return key
    }
}
