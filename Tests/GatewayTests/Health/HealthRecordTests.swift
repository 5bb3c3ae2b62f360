import Testing

@testable import Gateway

@Suite("What is known of an instance by its checks")
struct HealthRecordTests {
    private let rule = HealthRule()

    /// What changes with each of so many checks: `+` for one that passes.
    private func changes(_ checks: String, _ phase: HealthRecord.Phase) -> [HealthRecord.Change?] {
        var record = HealthRecord(phase)
        return checks.map { $0 == "+" ? record.passed(rule) : record.failed(rule) }
    }

    @Test("so many failures in a row take it out; one that passes begins the count anew")
    func down() {
        #expect(changes("+--+---", .up) == [nil, nil, nil, nil, nil, nil, .down])
    }

    @Test("so many that pass in a row bring it back; one that fails begins the count anew")
    func up() {
        #expect(changes("+-+++", .down) == [nil, nil, nil, .up, nil])
    }

    @Test("one that has come joins with the first check that passes, however many failed before")
    func joining() {
        #expect(changes("-----+---", .joining) == [nil, nil, nil, nil, nil, .joined, nil, nil, .down])
    }

    @Test("what was only assumed at the start ends with the first check that says otherwise")
    func assumed() {
        #expect(changes("-++", .assumed) == [.down, nil, .up])
        #expect(changes("+--", .assumed) == [nil, nil, nil])
    }

    @Test("any 2xx is good unless statuses are named; the time between checks is a tenth more or less")
    func rules() {
        #expect(rule.isGood(200) && rule.isGood(204) && !rule.isGood(301) && !rule.isGood(500))
        var named = rule
        named.statuses = [200, 401]
        #expect(named.isGood(401) && !named.isGood(204))
        #expect(rule.pause(0) == 4_500_000_000)
        #expect(rule.pause(0.5) == 5_000_000_000)
        #expect(rule.pause(1) == 5_500_000_000)
    }
}
