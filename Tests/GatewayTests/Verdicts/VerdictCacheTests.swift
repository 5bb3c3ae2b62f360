import Testing

@testable import Gateway
@testable import Shared

@Suite("The verdict cache")
struct VerdictCacheTests {
    @Test("finds the verdict on exactly these bytes, until its time has passed")
    func find() {
        var cache = VerdictCache(count: 10, bytes: 10_000)
        let verdict = Verdict("Bearer a", deadline: 100)
        cache.insert(verdict)
        #expect(cache.find("Bearer a", now: 99) === verdict)
        #expect(cache.find("Bearer a", now: 100) == nil)
        #expect(cache.find("Bearer A") == nil)
        #expect(cache.find("Bearer ") == nil)
        #expect(cache.find("Bearer ab") == nil)
        #expect(cache.find("") == nil)
    }

    @Test("never takes one token for another of the same hash")
    func sameHash() {
        var cache = VerdictCache(count: 10, bytes: 10_000)
        let later = Verdict("later")
        cache.insert(Verdict("first"), hash: 7)
        cache.insert(later, hash: 7)
        #expect(cache.find("first", hash: 7) == nil)
        #expect(cache.find("later", hash: 7) === later)
        #expect(cache.count == 1)
    }

    @Test("never takes a token in one place for the same bytes in another")
    func place() {
        var cache = VerdictCache(count: 10, bytes: 10_000)
        let cookie = Verdict("s=t", place: .cookie)
        cache.insert(cookie, hash: 7)
        #expect(cache.find("s=t", in: .authorization, hash: 7) == nil)
        #expect(cache.find("s=t", in: .cookie, hash: 7) === cookie)
    }

    @Test("what is taken out is gone, and its room is free")
    func remove() {
        let size = VerdictCache.size(of: Verdict("a"))
        var cache = VerdictCache(count: 1000, bytes: 4 * size)
        for _ in 0..<50 {
            cache.insert(Verdict("a"), hash: 1)
            cache.remove(hash: 1)
        }
        #expect(cache.count == 0)
        cache.insert(Verdict("b"), hash: 2)
        cache.insert(Verdict("c"), hash: 3)
        #expect(cache.find("b", hash: 2) != nil)
        #expect(cache.find("c", hash: 3) != nil)
    }

    @Test("a later verdict on a token takes the former's place")
    func replace() {
        var cache = VerdictCache(count: 10, bytes: 10_000)
        let second = Verdict("a", deadline: 200)
        cache.insert(Verdict("a", deadline: 100))
        cache.insert(second)
        #expect(cache.find("a", now: 150) === second)
    }

    @Test("holds no more verdicts than its bound")
    func count() {
        var cache = VerdictCache(count: 10, bytes: 1_000_000)
        for number in 0..<100 {
            cache.insert(Verdict("\(number)"))
            #expect(cache.count <= 10)
        }
        #expect(cache.find("99") != nil)
        #expect(cache.find("0") == nil)
    }

    @Test("holds no more bytes than its bound, whatever takes whose place")
    func bytes() {
        let size = VerdictCache.size(of: Verdict("0000", fields: String(repeating: "x", count: 100)))
        var cache = VerdictCache(count: 1000, bytes: 10 * size)
        for number in 0..<100 {
            cache.insert(Verdict("\(1000 + number)", fields: String(repeating: "x", count: 100)))
            #expect(cache.count <= 10)
        }
        // One token that is judged again and again takes the room of one.
        var same = VerdictCache(count: 1000, bytes: 10 * size)
        same.insert(Verdict("kept"))
        for _ in 0..<100 { same.insert(Verdict("same", fields: String(repeating: "x", count: 100))) }
        #expect(same.find("kept") != nil)
    }

    @Test("what is used stays while what is not goes")
    func generations() {
        var cache = VerdictCache(count: 10, bytes: 1_000_000)
        let used = Verdict("used")
        cache.insert(used)
        cache.insert(Verdict("unused"))
        for number in 0..<50 {
            cache.insert(Verdict("\(number)"))
            #expect(cache.find("used") === used)
        }
        #expect(cache.find("unused") == nil)
    }

    @Test("forgets all when it is told to")
    func clear() {
        var cache = VerdictCache(count: 4, bytes: 10_000)
        for number in 0..<4 { cache.insert(Verdict("\(number)")) }
        cache.clear()
        #expect(cache.count == 0)
        for number in 0..<4 { #expect(cache.find("\(number)") == nil) }
    }
}
