import Shared

/// The keys of one file: a JWK, a JWK set (RFC 7517), or PEM (RFC 7468).
struct KeyFile {
    let keys: [TokenKey]
    /// Whether somebody who reads the file can sign: it has a secret or a private half.
    let isSecret: Bool

    /// - Throws: the first thing that is wrong.
    init(_ text: [UInt8]) throws(KeyFileError) {
        if PEMText.isPEM(text) {
            keys = try PEMText.keys(in: text)
        } else {
            keys = try Self.keys(json: text)
        }
        isSecret = keys.contains { $0.publicKey?.isPrivate ?? true }
    }

    /// The keys of the file; its text is overwritten.
    /// - Throws: what is wrong with its content.
    init(reading file: SecretFile) throws(KeyFileReadingError) {
        var (text, exposure): ([UInt8], SecretFile.Failure?)
        do throws(SecretFile.Failure) {
            (text, exposure) = try file.readPerhapsPublic()
        } catch {
            throw .file(error)
        }
        defer { OpenSSL.cleanse(&text) }
        do throws(KeyFileError) {
            try self.init(text)
        } catch {
            throw .content(error)
        }
        if isSecret, let exposure { throw .file(exposure) }
    }

    private static func keys(json text: [UInt8]) throws(KeyFileError) -> [TokenKey] {
        let object: StrictJSONObject
        do throws(StrictJSONError) {
            object = try StrictJSON.parseObject(text)
        } catch {
            throw .malformed(error)
        }
        guard let set = object["keys"] else { return [try JSONWebKey.key(object)] }
        guard let members = set.array, !members.isEmpty else { throw .emptySet }
        var keys: [TokenKey] = []
        for member in members {
            guard let object = member.object else { throw .emptySet }
            keys.append(try JSONWebKey.key(object))
        }
        // Who publishes keys means none of them to sign: a secret among them is a mistake, or somebody's trap.
        let publicKeys = keys.compactMap(\.publicKey)
        let isPublic = !publicKeys.isEmpty && !publicKeys.contains(where: \.isPrivate)
        if isPublic, publicKeys.count < keys.count { throw .secretAmongPublic }
        return keys
    }
}

enum KeyFileReadingError: Error {
    case file(SecretFile.Failure)
    case content(KeyFileError)

    var message: String {
        switch self {
        case .file(let failure): failure.message
        case .content(let error): error.description
        }
    }

    var mend: String {
        switch self {
        case .file(let failure): failure.mend
        case .content(let error): error.mend
        }
    }
}

/// Why a file gives no keys. None of it shows what is in the file.
enum KeyFileError: Error, Equatable {
    case malformed(StrictJSONError)
    case emptySet
    case emptySecret
    case invalidMember(String)
    case notForSignatures(String)
    case unknownType(String)
    case otherAlgorithm(String)
    case noSuchKey
    case secretAmongPublic
    case rsa(RSAKeyRules.Fault)
    case pem(PEMText.Fault)
}

extension KeyFileError: CustomStringConvertible {
    var description: String {
        switch self {
        case .malformed(let error): "\(error)"
        case .emptySet: "`keys` is no list of JWKs"
        case .emptySecret: "the secret `k` is empty"
        case .invalidMember(let name): "`\(name)` is missing or not what a JWK has there"
        case .notForSignatures(let name): "its `\(name)` does not let this key verify signatures"
        case .unknownType(let type): "a key of the type \(LogText.quoted(type, limit: 40)) signs no tokens"
        case .otherAlgorithm(let name):
            "its `alg` \(LogText.quoted(name, limit: 40)) is none for a key of that type"
        case .noSuchKey: "its numbers are no key: a point off its curve, or halves that do not belong together"
        case .secretAmongPublic: "there is a shared secret (`kty` \"oct\") in a set of public keys"
        case .rsa(.short(let bits)): "the RSA key has \(bits) bits, and \(RSAKeyRules.leastBits) are the least"
        case .rsa(.long(let bits)): "the RSA key has \(bits) bits, and \(RSAKeyRules.mostBits) are the most"
        case .rsa(.exponent): "the RSA key's exponent `e` is even, 65536 or less, or longer than 32 bits"
        case .rsa(.guessable): "the RSA key was made by a library whose keys can be guessed (ROCA, CVE-2017-15361)"
        case .pem(.encrypted): "the PEM file is encrypted with a passphrase"
        case .pem(.certificate): "this is a certificate, and a key is wanted"
        case .pem(.unknown(let label)): "a PEM block \(LogText.quoted(label, limit: 40)) is no key that signs tokens"
        case .pem(.malformed): "the PEM file is damaged, or its key is of a type that signs no tokens"
        }
    }

    var mend: String {
        switch self {
        case .malformed: "Write one JWK, one JWK set, or PEM."
        case .emptySet: "Write {\"keys\":[{\"kty\":…},…]}."
        case .emptySecret: "Give a secret of 32 bytes or more, in base64url without padding."
        case .invalidMember, .notForSignatures, .otherAlgorithm:
            "See RFC 7517 section 4, RFC 7518 section 6 and, for Ed25519, RFC 8037 section 2."
        case .unknownType: "Give one of RSA, EC (P-256, P-384, P-521), OKP (Ed25519) or oct."
        case .noSuchKey, .rsa: "Make a new one with `postern key generate`."
        case .secretAmongPublic: "Put it into a file of its own, of mode 0600."
        case .pem(.encrypted): "Decrypt it with `openssl pkey -in FILE -out NEW` and keep it at mode 0600."
        case .pem(.certificate): "Extract its key with `openssl x509 -in FILE -noout -pubkey`."
        case .pem: "Give PRIVATE KEY or PUBLIC KEY of RSA, P-256, P-384, P-521 or Ed25519."
        }
    }
}
