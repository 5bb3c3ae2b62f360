import Shared

/// Where in a request a token stands.
enum TokenPlace: Sendable {
    /// The value of `Authorization`.
    case authorization
    /// Pairs of `Cookie`.
    case cookie
}

/// What the auth service said of one token. Immutable.
final class Verdict: Sendable {
    /// What was judged: the value of the `Authorization` field, or the pairs of cookies, `name=value; name=value`.
    let credentials: [UInt8]
    let place: TokenPlace
    /// 200, or the status of the refusal (4xx).
    let status: Int
    /// Field lines with their CRLF. Of a good token: what services are told of its bearer. Of a refused one: what
    /// the client is told (challenge, Retry-After).
    let fields: [UInt8]
    /// Where in `fields` the name of the token's user stands; empty where the auth service names none.
    let user: Range<Int>
    /// Until when it may be used, on the loop's clock.
    let deadline: UInt64
    /// When the token ends, on the loop's clock: what was begun with it ends then. `LoopTimer.never` where nobody says.
    let expiry: UInt64
    /// When it was asked for, on the loop's clock, and the number of revocations that had been heard then.
    let askedAt: UInt64
    let epoch: UInt64
    /// Its user's among `RevocationEpochs`.
    let userPlace: Int
    /// What routes ask of tokens, as far as it was looked at.
    let findings: VerdictFindings

    /// On a token that was good when its request came, and is no longer (RFC 6750 section 3.1).
    static let ended = Verdict(
        credentials: [], status: 401, fields: Array("WWW-Authenticate: Bearer error=\"invalid_token\"\r\n".utf8),
        deadline: 0)

    var isAccepted: Bool { status == 200 }

    init(
        credentials: [UInt8], place: TokenPlace = .authorization, status: Int, fields: [UInt8], deadline: UInt64,
        expiry: UInt64 = LoopTimer.never, askedAt: UInt64 = 0, epoch: UInt64 = 0
    ) {
        self.credentials = credentials
        self.place = place
        self.status = status
        self.fields = fields
        user = Self.user(in: fields)
        self.askedAt = askedAt
        self.epoch = epoch
        findings = VerdictFindings()
        userPlace = RevocationEpochs.place(of: fields[user])
        self.deadline = deadline
        self.expiry = expiry
    }

    /// The value of `Postern-User`, in field lines as they are kept here: `name: value`, CRLF.
    private static func user(in fields: [UInt8]) -> Range<Int> {
        var start = 0
        while let end = fields[start...].firstIndex(of: 13) {
            let line = fields[start..<end]
            let colon = line.firstIndex(of: 58) ?? end
            if colon + 2 <= end, String(decoding: line[..<colon], as: UTF8.self).lowercased() == "postern-user" {
                return colon + 2..<end
            }
            start = end + 2
        }
        return 0..<0
    }

    /// Compares in a time that does not depend on where the bytes differ.
    func judged(_ bytes: RawSpan, _ place: TokenPlace) -> Bool {
        guard place == self.place, bytes.byteCount == credentials.count else { return false }
        var difference: UInt8 = 0
        for index in credentials.indices {
            difference |= credentials[index] ^ (unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self))
        }
        return difference == 0
    }
}
