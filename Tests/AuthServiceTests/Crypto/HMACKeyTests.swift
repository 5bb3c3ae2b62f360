import Shared
import Synchronization
import Testing

@testable import AuthService

@Suite("HMAC and what needs no key")
struct HMACKeyTests {
    private func hex(_ bytes: [UInt8]?) -> String {
        (bytes ?? []).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    @Test("the vectors of RFC 4231, test case 2")
    func vectors() throws {
        let message = Array("what do ya want for nothing?".utf8)
        let codes = try [Digest.sha256, .sha384, .sha512].map { digest in
            hex(try #require(HMACKey(digest, secret: Array("Jefe".utf8))).code(of: message[...]))
        }
        #expect(codes[0] == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(
            codes[1]
                == "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649")
        #expect(
            codes[2]
                == "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
        )
    }

    @Test("a key gives the same code each time, and forgets the message before")
    func reuse() throws {
        let key = try #require(HMACKey(.sha256, secret: [1, 2, 3]))
        let first = try #require(key.code(of: [1][...]))
        for message in [[2], [], Array(repeating: 7, count: 1000), [1]] as [[UInt8]] {
            #expect(key.code(of: message[...]) == HMACKey(.sha256, secret: [1, 2, 3])?.code(of: message[...]))
        }
        #expect(key.code(of: [1][...]) == first)
        #expect(key.isCode(first, of: [1][...]))
        #expect(!key.isCode(first, of: [2][...]))
        #expect(!key.isCode(Array(first.dropLast()), of: [1][...]))
        #expect(!key.isCode([], of: [1][...]))
    }

    @Test("many threads use one key at once and disturb nobody")
    func threads() async throws {
        let key = try #require(HMACKey(.sha256, secret: [9]))
        let expected = (0..<32).map { HMACKey(.sha256, secret: [9])?.code(of: [UInt8($0)][...]) }
        await withTaskGroup(of: Bool.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    (0..<2000).allSatisfy {
                        key.code(of: [UInt8(($0 + worker) % 32)][...]) == expected[($0 + worker) % 32]
                    }
                }
            }
            for await good in group { #expect(good) }
        }
    }

    @Test("bytes are equal when all of them are")
    func equality() {
        #expect(OpenSSL.areEqual([], []))
        #expect(OpenSSL.areEqual([1, 2, 3], [1, 2, 3]))
        #expect(!OpenSSL.areEqual([1, 2, 3], [1, 2, 4]))
        #expect(!OpenSSL.areEqual([1, 2, 3], [1, 2]))
    }

    @Test("random bytes are as many as asked for, and others each time")
    func random() {
        #expect(OpenSSL.randomBytes(32)?.count == 32)
        #expect(OpenSSL.randomBytes(32) != OpenSSL.randomBytes(32))
    }

    @Test("the vector of FIPS 180-4 for SHA-256")
    func sha256() {
        #expect(
            hex(OpenSSL.sha256(Array("abc".utf8)))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test("a cleansed secret is gone")
    func cleanse() {
        var secret = Array("secret".utf8)
        OpenSSL.cleanse(&secret)
        #expect(secret.isEmpty)
    }
}
