import Testing

@testable import Gateway

@Suite("Which verdicts a revocation overtakes")
struct RevocationEpochsTests {
    private func verdict(_ user: String?, epoch: UInt64 = 0) -> Verdict {
        Verdict("t", fields: user.map { "Postern-User: \($0)\r\n" } ?? "", epoch: epoch)
    }

    @Test("one of a user is about that user's verdicts that were asked for before it")
    func user() {
        var epochs = RevocationEpochs()
        #expect(epochs.stands(verdict("1")))
        epochs.revoke("1".utf8)
        #expect(!epochs.stands(verdict("1")))
        #expect(epochs.stands(verdict("2")))
        #expect(epochs.stands(verdict(nil)))
        #expect(epochs.stands(verdict("1", epoch: epochs.current)))
        epochs.revoke("2".utf8)
        #expect(epochs.stands(verdict("1", epoch: 1)))
        #expect(!epochs.stands(verdict("2", epoch: 1)))
        epochs.revoke("1".utf8)
        #expect(!epochs.stands(verdict("1", epoch: 2)))
    }

    @Test("one of everybody's is about all of them")
    func all() {
        var epochs = RevocationEpochs()
        epochs.revokeAll()
        for user in ["1", "zoe@example.org", nil] {
            #expect(!epochs.stands(verdict(user)))
            #expect(epochs.stands(verdict(user, epoch: 1)))
        }
    }

    @Test("of a hundred thousand users each is overtaken by its own")
    func everyUser() {
        var epochs = RevocationEpochs()
        for number in 0..<100_000 {
            let before = epochs.current
            epochs.revoke("user-\(number)".utf8)
            #expect(!epochs.stands(verdict("user-\(number)", epoch: before)))
            #expect(epochs.stands(verdict("user-\(number)", epoch: epochs.current)))
        }
    }

    @Test("users are spread over the places")
    func spread() {
        let places = Set((1...4096).map { RevocationEpochs.place(of: "\($0)".utf8) })
        #expect(places.count > 2000)
        #expect(!places.contains(RevocationEpochs.nobody))
    }
}
