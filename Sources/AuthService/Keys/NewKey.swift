import FoundationEssentials
import Shared

/// A key that is made: its name, and its JWK.
struct NewKey {
    let id: String
    let algorithm: SignatureAlgorithm
    let times: KeyTimes
    /// The JWK with the private half. Who has written it cleanses it.
    var text: [UInt8]

    /// - Parameters:
    ///   - id: nil for the day, and a part of the thumbprint.
    ///   - now: seconds since 1970.
    /// - Returns: nil when libcrypto has no entropy or no memory.
    init?(_ algorithm: SignatureAlgorithm, id: String?, times: KeyTimes, now: Int64) {
        var secret: [UInt8] = []
        defer { OpenSSL.cleanse(&secret) }
        let material = algorithm.kind.flatMap { KeyMaterial.generate($0) }
        var name: String?
        if let material {
            name = JSONWebKeyWriter.thumbprint(of: material)
        } else if algorithm.kind == nil, let bytes = OpenSSL.randomBytes(algorithm.digest.length) {
            secret = bytes
            // A secret's name says nothing of the secret.
            name = OpenSSL.randomBytes(12).map { String(decoding: Base64URL.encode($0), as: UTF8.self) }
        }
        guard let name else { return nil }
        let day = Date(timeIntervalSince1970: Double(now)).formatted(.iso8601.year().month().day())
        let chosen = id ?? "\(day)-\(name.prefix(12))"
        self.id = chosen
        self.algorithm = algorithm
        self.times = times
        text = JSONWriter.bytes { writer in
            writer.object { jwk in
                if let material {
                    JSONWebKeyWriter.numbers(of: material, isPrivate: true, to: &jwk)
                } else {
                    jwk.member("kty", "oct")
                    jwk.key("k")
                    jwk.string(utf8: Base64URL.encode(secret))
                }
                jwk.member("kid", chosen)
                jwk.member("use", "sig")
                jwk.member("alg", algorithm.rawValue)
                jwk.member("iat", now)
                jwk.member("nbf", times.signsFrom)
            }
        }
    }
}
