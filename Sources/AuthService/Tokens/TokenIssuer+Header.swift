import Shared

extension TokenIssuer {
    /// The base64url of the header of a key's tokens: `{"alg":…,"typ":"JWT"}`, with `kid` last where the key has one.
    static func header(of key: TokenKey) -> [UInt8] {
        Base64URL.encode(
            JSONWriter.bytes {
                $0.object { header in
                    header.member("alg", key.algorithm.rawValue)
                    header.member("typ", "JWT")
                    if let id = key.id { header.member("kid", id) }
                }
            })
    }
}
