@testable import Gateway
@testable import Shared

extension Verdict {
    convenience init(
        _ token: String, place: TokenPlace = .authorization, status: Int = 200, fields: String = "",
        deadline: UInt64 = 100, epoch: UInt64 = 0
    ) {
        self.init(
            credentials: Array(token.utf8), place: place, status: status, fields: Array(fields.utf8),
            deadline: deadline, epoch: epoch)
    }
}

extension VerdictCache {
    mutating func find(
        _ token: String, in place: TokenPlace = .authorization, now: UInt64 = 0, hash: Int? = nil
    ) -> Verdict? {
        let bytes = Array(token.utf8)
        return find(
            unsafe bytes.span.bytes, in: place,
            hash: hash ?? TokenHash(key: 0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344)(unsafe bytes.span.bytes),
            now: now)
    }

    mutating func insert(_ verdict: Verdict) {
        let credentials = verdict.credentials
        insert(
            verdict, hash: TokenHash(key: 0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344)(unsafe credentials.span.bytes))
    }
}
