import Shared

/// The verifier of tokens. An input is a token; and, cut at its first line end, a header and a payload that are signed here.
///
/// - A token that verifies is, byte for byte, one that was signed here (`Known`): no change of one does.
/// - A text of base64url that is read is the one that its bytes have.
/// - What is signed verifies only where a plain reading (`PlainJSON`) finds two objects without a name twice, the
///   algorithm of the key, no `crit` and no `b64`, and times that are good; and the verifier has the same claims then.
enum TokenTarget {
    private static let now: Int64 = 1_700_000_000
    private static let key = TokenKey(secret: Array("a secret that nobody knows, of 32 bytes".utf8))
    private static let verifier: TokenVerifier? = key.flatMap { key in (try? KeyRing([key])).map { TokenVerifier($0) } }

    /// The payloads of the good tokens, which are in the corpus as tokens.
    private static let payloads = [#"{"userId":1,"exp":1700000060}"#, "{}", #"{"sub":"a","aud":[],"nbf":1}"#]
    private static let known: Set<[UInt8]> = Set(payloads.compactMap { signed(header, Array($0.utf8)) })
    private static let header = Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8)

    static func check(_ bytes: [UInt8]) {
        checkToken(bytes)
        checkBase64URL(bytes)
        let lines = bytes.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
        if lines.count == 2 { checkSigned(Array(lines[0]), Array(lines[1])) }
        // The same good token with the input in the place of one part, and one changed by it at one place.
        for token in known {
            var parts = token.split(separator: 0x2E).map(Array.init)
            guard let place = bytes.first else { continue }
            parts[Int(place) % 3] = Array(bytes.dropFirst())
            checkToken(Array(parts.joined(separator: [0x2E])))
        }
    }

    private static func checkToken(_ token: [UInt8]) {
        guard let verifier, (try? verifier.verify(token[...], now: now)) != nil else { return }
        require(known.contains(token) || isSignedAnew(token), "a token is good that nobody signed: \(shown(token))")
    }

    /// Whether its signature is what the key makes of the very bytes before it.
    private static func isSignedAnew(_ token: [UInt8]) -> Bool {
        guard let stop = token.lastIndex(of: 0x2E), let code = key?.signature(of: token[..<stop]) else { return false }
        return Array(token[(stop + 1)...]) == Base64URL.encode(code)
    }

    private static func checkBase64URL(_ text: [UInt8]) {
        guard let bytes = Base64URL.decode(text[...]) else { return }
        require(Base64URL.encode(bytes) == text, "\(shown(text)) is a second text for \(shown(bytes))")
    }

    private static func signed(_ header: [UInt8], _ payload: [UInt8]) -> [UInt8]? {
        let input = Base64URL.encode(header) + [0x2E] + Base64URL.encode(payload)
        return key?.signature(of: input[...]).map { input + [0x2E] + Base64URL.encode($0) }
    }

    private static func checkSigned(_ header: [UInt8], _ payload: [UInt8]) {
        guard let verifier, let token = signed(header, payload) else { return }
        let verified = try? verifier.verify(token[...], now: now)
        let (head, body) = (PlainJSON.object(header), PlainJSON.object(payload))
        require(
            (try? StrictJSON.parseObject(payload, limits: CompactSerialization.limits)) != nil
                || body == nil || payload.count > CompactSerialization.longest,
            "a plain object is refused: \(shown(payload))")
        guard let verified else { return }
        guard let head, let body else { broken("no object is taken: \(shown(header)) \(shown(payload))") }
        require(head["alg"] == .text(Array("HS256".utf8)), "another algorithm is taken: \(shown(header))")
        require(head["crit"] == nil && head["b64"] == nil && head["kid"] == nil, "a header is taken: \(shown(header))")
        require(body["aud"] == nil, "a token for others is taken: \(shown(payload))")
        require(verified.claims.members.count == body.count, "claims are missing or made up: \(shown(payload))")
        for name in ["exp", "nbf", "iat"] {
            switch body[name] {
            case nil: continue
            case .number(let number)?:
                require(number >= 0 && number < 0x1p53, "a time is taken: \(shown(payload))")
                if name == "exp" {
                    require(number > Double(now) && verified.expiry == number, "it has expired: \(shown(payload))")
                }
                if name == "nbf" { require(number <= Double(now), "it is not yet good: \(shown(payload))") }
            default: broken("a time that is no number is taken: \(shown(payload))")
            }
        }
    }
}
