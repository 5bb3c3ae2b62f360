import Shared
import Testing

@testable import AuthService

@Suite("when the keys of an issuer are fetched, and what is said meanwhile")
struct IssuerKeyStateMachineTests {
    private static let second = IssuerKeyStateMachine.second
    private static let epoch: Int64 = 1_800_000_000
    private let issuer: TestIssuer
    private let set: IssuerKeySet

    init() throws {
        issuer = try TestIssuer("i")
        set = try IssuerKeySet(issuer.set, algorithms: [.es256])
    }

    /// A machine, and a clock: seconds since its making.
    private func machine(stale: UInt64 = 3600) -> IssuerKeyStateMachine {
        IssuerKeyStateMachine(.init(stale: stale * Self.second, coolDown: 30 * Self.second, clockSkew: 5))
    }

    private func fetched(_ machine: inout IssuerKeyStateMachine, at: UInt64, maxAge: Int64? = nil) {
        machine.begin(now: at * Self.second, time: Self.epoch + Int64(at))
        _ = machine.answered(set, tag: "\"t\"", maxAge: maxAge, now: at * Self.second, chance: 1)
    }

    private func look(
        _ machine: inout IssuerKeyStateMachine, _ kid: String = "k1", made: Int64?, at: UInt64
    ) -> String {
        let issuedAt = made.map { Double(Self.epoch + $0) }
        switch machine.look(for: kid, .es256, issuedAt: issuedAt, now: at * Self.second) {
        case .keys(let keys, let left): return "\(keys.count) keys for \(left / Self.second)"
        case .absent: return "absent"
        case .unknown(let retryAfter, let isSoon): return "unknown \(retryAfter / Self.second)\(isSoon ? " soon" : "")"
        }
    }

    @Test("before the first answer nobody can say, and it is fetched at once")
    func first() {
        var machine = machine()
        #expect(machine.isDue(at: 0))
        #expect(look(&machine, made: 0, at: 0) == "unknown 1 soon")
        machine.begin(now: 0, time: Self.epoch)
        #expect(!machine.isDue(at: 0))
        #expect(look(&machine, made: 0, at: 1) == "unknown 1 soon")
        _ = machine.answered(set, tag: nil, maxAge: nil, now: 2 * Self.second, chance: 1)
        #expect(look(&machine, made: 0, at: 2) == "1 keys for 3598")
        // What was asked before is no reason to have a new key wait.
        #expect(look(&machine, "k2", made: 2, at: 3) == "unknown 1 soon")
        #expect(machine.isDue(at: 3 * Self.second))
    }

    @Test(
        "the answer says when it is fetched again, within bounds",
        arguments: [(nil, 600), (0, 60), (61, 61), (300, 300), (86400, 3600), (Int64.max, 3600)] as [(Int64?, UInt64)])
    func refresh(maxAge: Int64?, next: UInt64) {
        var machine = machine(stale: 86400)
        fetched(&machine, at: 10, maxAge: maxAge)
        #expect(!machine.isDue(at: (10 + next) * Self.second - 1))
        #expect(machine.isDue(at: (10 + next) * Self.second))
    }

    @Test("it is fetched again before its keys are over, and chance moves it by a tenth")
    func chance() {
        var machine = machine(stale: 20)
        fetched(&machine, at: 0)
        #expect(machine.next == 10 * Self.second)
        machine.begin(now: 10 * Self.second, time: 0)
        machine.confirmed(maxAge: nil, now: 10 * Self.second, chance: 0)
        #expect(machine.next == 19 * Self.second)
    }

    @Test("when the issuer is down its keys are good for their bound, then nobody can say")
    func stale() {
        var machine = machine()
        fetched(&machine, at: 0)
        machine.begin(now: 600 * Self.second, time: 0)
        machine.failed(.issuer, now: 605 * Self.second, chance: 1)
        #expect(look(&machine, made: 0, at: 3599) == "1 keys for 1")
        #expect(look(&machine, made: 0, at: 3600).hasPrefix("unknown"))
        machine.begin(now: 3700 * Self.second, time: 0)
        machine.confirmed(maxAge: nil, now: 3701 * Self.second, chance: 1)
        #expect(look(&machine, made: 0, at: 3701) == "1 keys for 3599")
    }

    @Test("pauses after failures double, up to half a minute without keys and five minutes with them")
    func backoff() {
        var pauses: [UInt64] = []
        var without = machine()
        var with = machine(stale: 1 << 30)
        fetched(&with, at: 0)
        for _ in 0..<10 {
            without.begin(now: 0, time: 0)
            without.failed(.issuer, now: 0, chance: 1)
            pauses.append(without.next / Self.second)
            with.begin(now: 0, time: 0)
            with.failed(.issuer, now: 0, chance: 1)
        }
        #expect(pauses == [1, 2, 4, 8, 16, 30, 30, 30, 30, 30])
        #expect(with.next == 300 * Self.second)
        with.begin(now: 0, time: 0)
        with.failed(.issuer, now: 0, chance: 0)
        #expect(with.next == 150 * Self.second)
        // A gateway that is not there yet is no issuer that is down.
        without.begin(now: 0, time: 0)
        without.failed(.gateway, now: 0, chance: 1)
        #expect(without.next == Self.second / 2)
    }

    @Test("an unknown kid has one fetch begin, and no other for the cool-down")
    func unknownKid() {
        var machine = machine()
        fetched(&machine, at: 0)
        #expect(look(&machine, "k2", made: 100, at: 100) == "unknown 1 soon")
        #expect(machine.isDue(at: 100 * Self.second))
        machine.begin(now: 100 * Self.second, time: Self.epoch + 100)
        for _ in 0..<1000 { #expect(look(&machine, "k2", made: 100, at: 100) == "unknown 1 soon") }
        _ = machine.answered(set, tag: nil, maxAge: nil, now: 101 * Self.second, chance: 1)
        for second in 101..<UInt64(130) {
            for kid in 0..<20 { _ = look(&machine, "x\(kid)", made: 0, at: second) }
            #expect(!machine.isDue(at: second * Self.second))
        }
        #expect(look(&machine, "k2", made: 100, at: 130) == "unknown 1 soon")
        #expect(machine.isDue(at: 130 * Self.second))
    }

    @Test("a token is refused for its kid only by a set that was fetched after it was made: no wrong 401 for a new key")
    func absent() {
        var machine = machine()
        fetched(&machine, at: 0)
        _ = look(&machine, "x", made: 0, at: 100)
        machine.begin(now: 100 * Self.second, time: Self.epoch + 100)
        _ = machine.answered(set, tag: nil, maxAge: nil, now: 101 * Self.second, chance: 1)
        // Made well before: the set would have its key.
        #expect(look(&machine, "k2", made: 90, at: 110) == "absent")
        // Made since, or by a clock that may differ: its key may be newer than the set.
        #expect(look(&machine, "k2", made: 96, at: 110) == "unknown 20")
        #expect(look(&machine, "k2", made: 105, at: 110) == "unknown 20")
        #expect(look(&machine, "k2", made: nil, at: 110) == "unknown 20")
    }

    @Test("while the issuer does not answer, an unknown kid is neither good nor bad")
    func unknownKidWhenDown() {
        var machine = machine()
        fetched(&machine, at: 0)
        _ = look(&machine, "k2", made: -100, at: 100)
        machine.begin(now: 100 * Self.second, time: Self.epoch + 100)
        machine.failed(.issuer, now: 105 * Self.second, chance: 1)
        #expect(look(&machine, "k2", made: -100, at: 110) == "unknown 20")
        #expect(look(&machine, made: 0, at: 110) == "1 keys for 3490")
    }

    @Test("who reloads has it fetched at once, or after the fetch that is under way")
    func reload() {
        var machine = machine()
        fetched(&machine, at: 0)
        machine.askAgain(now: 5 * Self.second)
        #expect(machine.isDue(at: 5 * Self.second))
        machine.begin(now: 5 * Self.second, time: 0)
        machine.askAgain(now: 6 * Self.second)
        machine.confirmed(maxAge: nil, now: 7 * Self.second, chance: 1)
        #expect(machine.isDue(at: 7 * Self.second))
        machine.begin(now: 7 * Self.second, time: 0)
        machine.confirmed(maxAge: nil, now: 8 * Self.second, chance: 1)
        #expect(!machine.isDue(at: 9 * Self.second))
    }

    @Test("a key that is gone is told, one that came is not")
    func rotation() throws {
        var machine = machine()
        fetched(&machine, at: 0)
        let next = try TestIssuer("i", kid: "k2")
        let both = try IssuerKeySet(TestIssuer.set(issuer.jwk(), next.jwk()), algorithms: [.es256])
        let new = try IssuerKeySet(next.set, algorithms: [.es256])
        let isLessWithBoth = machine.answered(both, tag: nil, maxAge: nil, now: 1, chance: 1)
        let isLessWithNew = machine.answered(new, tag: nil, maxAge: nil, now: 2, chance: 1)
        #expect(!isLessWithBoth && isLessWithNew)
        #expect(look(&machine, "k2", made: 0, at: 0).hasPrefix("1 keys"))
    }
}
