import Shared

/// A key as a JWK (RFC 7517) of the types `oct`, `RSA` and `EC` (RFC 7518 section 6) and `OKP` (RFC 8037 section 2).
enum JSONWebKey {
    /// Bytes of the longest `kid`.
    static let longestID = 256

    static func key(_ object: StrictJSONObject) throws(KeyFileError) -> TokenKey {
        guard let type = object["kty"]?.string else { throw .invalidMember("kty") }
        let id = try id(object)
        let times = try times(object)
        if type == "oct" { return try secret(object, id: id, times: times) }
        let material = try material(object, type: type)
        let maySign = try maySign(object, holder: material.isPrivate)
        let algorithm = try algorithm(object) ?? SignatureAlgorithm(naturalFor: material.kind)
        guard let key = TokenKey(material, algorithm: algorithm, id: id, times: times, maySign: maySign) else {
            throw .otherAlgorithm(algorithm.rawValue)
        }
        return key
    }

    /// A public key as an issuer publishes it, once for each of `algorithms` that it can be for: that of its `alg`, or
    /// without `alg` all those of its type.
    static func publicKeys(
        _ object: StrictJSONObject, for algorithms: [SignatureAlgorithm]
    ) throws(KeyFileError) -> [TokenKey] {
        guard let type = object["kty"]?.string else { throw .invalidMember("kty") }
        _ = try maySign(object, holder: false)
        let own = try algorithm(object)
        let id = try id(object)
        let times = try times(object)
        let material = try material(object, type: type)
        let fitting = algorithms.filter { $0.kind == material.kind && (own ?? $0) == $0 }
        let keys = fitting.compactMap {
            TokenKey(material, algorithm: $0, id: id, times: times, maySign: false)
        }
        guard !keys.isEmpty else {
            throw .otherAlgorithm((own ?? SignatureAlgorithm(naturalFor: material.kind)).rawValue)
        }
        return keys
    }

    private static func secret(
        _ object: StrictJSONObject, id: String?, times: KeyTimes
    ) throws(KeyFileError) -> TokenKey {
        let maySign = try maySign(object, holder: true)
        let algorithm = try algorithm(object) ?? .hs256
        guard algorithm.kind == nil else { throw .otherAlgorithm(algorithm.rawValue) }
        var secret = try number("k", in: object, mayBeEmpty: true)
        defer { OpenSSL.cleanse(&secret) }
        guard let key = TokenKey(secret: secret, algorithm: algorithm, id: id, times: times, maySign: maySign) else {
            throw .emptySecret
        }
        return key
    }

    private static func material(_ object: StrictJSONObject, type: String) throws(KeyFileError) -> KeyMaterial {
        let kind: KeyMaterial.Kind
        var parts: KeyMaterial.Parts
        switch (type, object["crv"]?.string) {
        case ("RSA", _):
            kind = .rsa
            parts = try rsa(object)
        case ("EC", "P-256"?), ("EC", "P-384"?), ("EC", "P-521"?):
            kind = object["crv"]?.string == "P-256" ? .p256 : object["crv"]?.string == "P-384" ? .p384 : .p521
            parts = try point(object, kind, ["x", "y"])
        case ("OKP", "Ed25519"?):
            kind = .ed25519
            parts = try point(object, kind, ["x"])
        case ("EC", _), ("OKP", _): throw .invalidMember("crv")
        default: throw .unknownType(type)
        }
        defer { for index in parts.indices { OpenSSL.cleanse(&parts[index]) } }
        guard let material = KeyMaterial(kind, parts: parts) else { throw .noSuchKey }
        return material
    }

    /// n and e, and with `d` the rest, of which all or none is there (RFC 7518 section 6.3.2).
    private static func rsa(_ object: StrictJSONObject) throws(KeyFileError) -> KeyMaterial.Parts {
        var parts = [try number("n", in: object), try number("e", in: object)]
        do throws(RSAKeyRules.Fault) {
            try RSAKeyRules.check(modulus: parts[0], exponent: parts[1])
        } catch {
            throw .rsa(error)
        }
        // More than two primes: nobody has them.
        guard object["oth"] == nil else { throw .invalidMember("oth") }
        let further = ["p", "q", "dp", "dq", "qi"]
        guard object["d"] != nil else {
            if let stray = further.first(where: { object[$0] != nil }) { throw .invalidMember(stray) }
            return parts
        }
        parts.append(try number("d", in: object))
        guard further.contains(where: { object[$0] != nil }) else { return parts }
        for name in further { parts.append(try number(name, in: object)) }
        return parts
    }

    /// The coordinates, and `d` where it is there, each as long as the field (RFC 7518 sections 6.2.1.2 and 6.2.2.1).
    private static func point(
        _ object: StrictJSONObject, _ kind: KeyMaterial.Kind, _ coordinates: [String]
    ) throws(KeyFileError) -> KeyMaterial.Parts {
        func coordinate(_ name: String) throws(KeyFileError) -> [UInt8] {
            guard let text = object[name]?.string, let bytes = Base64URL.decode(text.utf8),
                bytes.count == kind.fieldLength
            else { throw .invalidMember(name) }
            return bytes
        }
        var parts: KeyMaterial.Parts = []
        for name in coordinates { parts.append(try coordinate(name)) }
        if parts.count == 1 { parts.append([]) }
        parts.append(object["d"] == nil ? [] : try coordinate("d"))
        return parts
    }

    /// A Base64urlUInt (RFC 7518 section 2): no leading zeros.
    private static func number(
        _ name: String, in object: StrictJSONObject, mayBeEmpty: Bool = false
    ) throws(KeyFileError) -> [UInt8] {
        guard let text = object[name]?.string, let bytes = Base64URL.decode(text.utf8),
            mayBeEmpty || bytes.first.map({ $0 != 0 }) ?? false
        else { throw .invalidMember(name) }
        return bytes
    }

    /// `use` and `key_ops`, where they are there (RFC 7517 sections 4.2 and 4.3), must let the key verify; whether they
    /// let it sign is returned. Who may sign with a pair may verify with it.
    private static func maySign(_ object: StrictJSONObject, holder: Bool) throws(KeyFileError) -> Bool {
        if let use = object["use"], use.string != "sig" { throw .notForSignatures("use") }
        guard let operations = object["key_ops"] else { return true }
        let names = (operations.array ?? []).map(\.string)
        let isPair = object["kty"]?.string != "oct"
        guard names.contains("verify") || (isPair && holder && names.contains("sign")) else {
            throw .notForSignatures("key_ops")
        }
        return names.contains("sign")
    }

    /// `alg`; nil without.
    private static func algorithm(_ object: StrictJSONObject) throws(KeyFileError) -> SignatureAlgorithm? {
        guard let member = object["alg"] else { return nil }
        guard let name = member.string else { throw .invalidMember("alg") }
        guard let algorithm = SignatureAlgorithm(name: name) else { throw .otherAlgorithm(name) }
        return algorithm
    }

    private static func id(_ object: StrictJSONObject) throws(KeyFileError) -> String? {
        guard let member = object["kid"] else { return nil }
        guard let id = member.string, (1...longestID).contains(id.utf8.count) else { throw .invalidMember("kid") }
        return id
    }

    /// `nbf` and `exp`, whole seconds since 1970: see `KeyTimes`.
    private static func times(_ object: StrictJSONObject) throws(KeyFileError) -> KeyTimes {
        func time(_ name: String) throws(KeyFileError) -> Int64? {
            guard let member = object[name] else { return nil }
            guard let seconds = member.integer, (0...Int64(NumericDate.latest)).contains(seconds) else {
                throw .invalidMember(name)
            }
            return seconds
        }
        return KeyTimes(signsFrom: try time("nbf") ?? 0, ends: try time("exp"))
    }
}
