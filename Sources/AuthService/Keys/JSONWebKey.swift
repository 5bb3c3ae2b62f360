import Shared

/// A key as a JWK (RFC 7517), of type `oct` (RFC 7518 section 6.4); other types come with their algorithms.
enum JSONWebKey {
    /// The keys of a file: one JWK, or a JWK set (RFC 7517 section 5).
    static func keys(in text: [UInt8]) throws(JSONWebKeyError) -> [SigningKey] {
        let object: StrictJSONObject
        do throws(StrictJSONError) {
            object = try StrictJSON.parseObject(text)
        } catch {
            throw text.starts(with: "-----BEGIN".utf8) ? .pem : .malformed(error)
        }
        guard let set = object["keys"] else { return [try key(object)] }
        guard let members = set.array, !members.isEmpty else { throw .emptySet }
        var keys: [SigningKey] = []
        for member in members {
            guard let object = member.object else { throw .emptySet }
            keys.append(try key(object))
        }
        return keys
    }

    private static func key(_ object: StrictJSONObject) throws(JSONWebKeyError) -> SigningKey {
        guard let type = object["kty"]?.string else { throw .invalidMember("kty") }
        guard type == "oct" else { throw .unknownType(type) }
        try checkUse(object)
        guard let text = object["k"]?.string, var secret = Base64URL.decode(text.utf8) else {
            throw .invalidMember("k")
        }
        defer { OpenSSL.cleanse(&secret) }
        guard let key = SigningKey(secret: secret, algorithm: try algorithm(object), id: try id(object)) else {
            throw .emptySecret
        }
        return key
    }

    /// `use` and `key_ops`, where they are there, must allow signatures (RFC 7517 sections 4.2 and 4.3).
    private static func checkUse(_ object: StrictJSONObject) throws(JSONWebKeyError) {
        if let use = object["use"], use.string != "sig" { throw .notForSignatures("use") }
        guard let operations = object["key_ops"] else { return }
        let names = (operations.array ?? []).map(\.string)
        guard names.contains("sign"), names.contains("verify") else { throw .notForSignatures("key_ops") }
    }

    /// `alg`, else HS256: a key is for one algorithm.
    private static func algorithm(_ object: StrictJSONObject) throws(JSONWebKeyError) -> SignatureAlgorithm {
        guard let member = object["alg"] else { return .hs256 }
        guard let name = member.string, let algorithm = SignatureAlgorithm(name: name) else {
            throw .invalidMember("alg")
        }
        return algorithm
    }

    private static func id(_ object: StrictJSONObject) throws(JSONWebKeyError) -> String? {
        guard let member = object["kid"] else { return nil }
        guard let id = member.string, !id.isEmpty else { throw .invalidMember("kid") }
        return id
    }
}

/// Why a file gives no keys. None of it shows what is in the file.
enum JSONWebKeyError: Error, Equatable, CustomStringConvertible {
    case malformed(StrictJSONError)
    case pem
    case emptySet
    case emptySecret
    case invalidMember(String)
    case notForSignatures(String)
    case unknownType(String)

    var description: String {
        switch self {
        case .malformed(let error): "\(error)"
        case .pem: "this is a PEM file, and keys of that form are not read yet"
        case .emptySet: "`keys` is no list of JWKs"
        case .emptySecret: "the secret `k` is empty"
        case .invalidMember(let name): "`\(name)` is missing or not what a JWK has there"
        case .notForSignatures(let name): "its `\(name)` does not let this key sign and verify"
        case .unknownType(let type):
            "keys of the type \(LogText.quoted(type, limit: 40)) are not read yet"
        }
    }

    var mend: String {
        switch self {
        case .malformed: "Write one JWK or one JWK set."
        case .pem, .unknownType: "Give a JWK of the type oct: {\"kty\":\"oct\",\"k\":\"…\",\"alg\":\"HS256\"}."
        case .emptySet: "Write {\"keys\":[{\"kty\":\"oct\",…}]}."
        case .emptySecret: "Give a secret of 32 bytes or more, in base64url without padding."
        case .invalidMember, .notForSignatures: "See RFC 7517 section 4, and section 6.4 of RFC 7518 for oct keys."
        }
    }
}
