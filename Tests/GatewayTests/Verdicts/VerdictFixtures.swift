@testable import Gateway
@testable import Shared

extension Verdict {
    convenience init(_ token: String, status: Int = 200, fields: String = "", deadline: UInt64 = 100) {
        self.init(credentials: Array(token.utf8), status: status, fields: Array(fields.utf8), deadline: deadline)
    }
}

extension VerdictCache {
    mutating func find(_ token: String, now: UInt64 = 0, hash: Int? = nil) -> Verdict? {
        let bytes = Array(token.utf8)
        return find(
            unsafe bytes.span.bytes,
            hash: hash ?? TokenHash(key: 0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344)(unsafe bytes.span.bytes),
            now: now)
    }

    mutating func insert(_ verdict: Verdict) {
        let credentials = verdict.credentials
        insert(
            verdict, hash: TokenHash(key: 0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344)(unsafe credentials.span.bytes))
    }
}
