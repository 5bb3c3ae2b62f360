import Testing

@testable import DataService

@Suite("Kept answers")
struct KeptAnswersTests {
    private func query(_ id: Int) -> RecordQuery { .user(id: Int64(id)) }

    @Test("an answer holds for the version it was read in, and no other")
    func versions() {
        var kept = KeptAnswers()
        kept.keep(.found([1]), to: query(1), version: 5)
        #expect(kept.answer(to: query(1), version: 5) == .found([1]))
        #expect(kept.answer(to: query(1), version: 6) == nil)
        #expect(kept.answer(to: query(2), version: 5) == nil)
        kept.keep(.absent, to: query(2), version: 6)
        #expect(kept.answer(to: query(2), version: 6) == .absent)
        #expect(kept.answer(to: query(1), version: 6) == nil)
    }

    @Test("the number of answers is bounded")
    func count() {
        var kept = KeptAnswers()
        for id in 0..<(KeptAnswers.countLimit * 3) {
            kept.keep(.absent, to: query(id), version: 1)
            #expect(kept.count <= KeptAnswers.countLimit)
        }
        #expect(kept.answer(to: query(KeptAnswers.countLimit * 3 - 1), version: 1) == .absent)
    }

    @Test("the bytes of all answers are bounded, and a long answer is not kept")
    func bytes() {
        var kept = KeptAnswers()
        let large = [UInt8](repeating: 0, count: KeptAnswers.answerLimit)
        for id in 0..<(KeptAnswers.byteLimit / KeptAnswers.answerLimit * 2) {
            kept.keep(.found(large), to: query(id), version: 1)
            #expect(kept.byteCount <= KeptAnswers.byteLimit)
            #expect(kept.answer(to: query(id), version: 1) == .found(large))
        }
        kept.keep(.found(large + [0]), to: query(-1), version: 1)
        #expect(kept.answer(to: query(-1), version: 1) == nil)
    }

    @Test("an answer that is kept twice counts once")
    func twice() {
        var kept = KeptAnswers()
        kept.keep(.found([1, 2]), to: query(1), version: 1)
        kept.keep(.found([1, 2]), to: query(1), version: 1)
        #expect(kept.byteCount == 2)
    }
}
