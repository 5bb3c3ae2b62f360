// Unsafe code: spans of arrays.
import Testing

@testable import Gateway

@Suite("The hash of a token")
struct TokenHashTests {
    private func hash(
        _ bytes: [UInt8], _ hash: TokenHash = TokenHash(key: 0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344)
    ) -> Int {
        hash(unsafe bytes.span.bytes)
    }

    @Test(
        "the same bytes have the same hash under one key, and another under another key",
        arguments: [0, 1, 15, 16, 180])
    func key(length: Int) {
        let token = [UInt8](repeating: 7, count: length)
        #expect(hash(token) == hash(token))
        #expect(hash(token) != hash(token, TokenHash(key: 0x243F_6A88_85A3_08D3, 3)))
        #expect(hash(token) != hash(token, TokenHash(key: 2, 0x1319_8A2E_0370_7344)))
    }

    @Test("two processes have two keys")
    func random() {
        let token = Array("Bearer aaaa.bbbb.cccc".utf8)
        #expect(hash(token, TokenHash()) != hash(token, TokenHash()))
    }

    @Test("tokens that differ in one bit, wherever, or in length, all have hashes of their own")
    func everyBitCounts() {
        for length in [1, 8, 15, 16, 17, 31, 32, 33, 100] {
            let token = (0..<length).map { UInt8($0 & 0xFF) }
            var seen: Set<Int> = [hash(token), hash(token + [0])]
            for bit in 0..<(length * 8) {
                var other = token
                other[bit / 8] ^= 1 << UInt8(bit % 8)
                seen.insert(hash(other))
            }
            #expect(seen.count == length * 8 + 2)
        }
    }

    @Test("hashes of many alike tokens spread over the low bits, by which a table is indexed")
    func spread() {
        var buckets = [Int](repeating: 0, count: 64)
        for number in 0..<6400 { buckets[hash(Array("Bearer token-\(number)-of-many".utf8)) & 63] += 1 }
        #expect(buckets.allSatisfy { (50...150).contains($0) })
    }
}
