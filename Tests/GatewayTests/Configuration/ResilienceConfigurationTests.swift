import Testing

@testable import Gateway
@testable import Shared

@Suite("retries, hedge, limits and deadline of services")
struct ResilienceConfigurationTests {
    private let configuration: TestConfiguration

    init() throws { configuration = try TestConfiguration() }

    @Test("each has a default")
    func defaults() throws {
        let rule = try configuration.load().services[0].rule()
        #expect(rule.retries == RetriesConfiguration(budget: 20, attempts: 3))
        #expect(rule.limits == ServiceLimitsConfiguration() && !rule.isLimited)
        #expect(rule.hedge == 0 && rule.tellsDeadline)
    }

    @Test("each is read; as many may wait as may be under way")
    func values() throws {
        try configuration.folder.write(
            """
            instances: unix:a.sock
            retries: {budget: 5%, attempts: 2}
            hedge: 50ms
            limits: {in_flight: 100, wait: 200ms, adaptive: true}
            deadline: false

            """, to: "services/data.yaml")
        let rule = try configuration.load().services[0].rule()
        #expect(rule.retries == RetriesConfiguration(budget: 5, attempts: 2))
        #expect(rule.hedge == 50 * millisecond && !rule.tellsDeadline && rule.isLimited)
        #expect(
            rule.limits
                == ServiceLimitsConfiguration(
                    inFlight: 100, pending: 100, wait: 200 * millisecond, isAdaptive: true))
    }

    @Test(
        "what is wrong is said with its place and the mend",
        arguments: [
            (
                "retries: {budget: 20}",
                "2:19: `retries.budget` must be a share from 0% to 100%, not \"20\". Write for example 50%."
            ),
            ("retries: {attempts: 0}", "2:21: `retries.attempts` must be a whole number from 1 to 10, not \"0\"."),
            (
                "retries: {attempt: 2}",
                "2:11: `retries.attempt` is not a known key. Did you mean `attempts`?"
            ),
            (
                "hedge: 0s",
                "2:8: `hedge` must be a duration from 1ms to 1m, not \"0s\". "
                    + "Write a whole number and a unit: 500ms, 10s, 1m, 1h or 2d."
            ),
            (
                "limits: {wait: 1s, adaptive: true}",
                "2:16: `limits.wait` is of those who wait for a place, and nothing limits the places. "
                    + "Add `in_flight`, or take `wait` out."
            ),
            ("deadline: 5s", "2:11: `deadline` must be true or false, not \"5s\"."),
        ])
    func problems(_ text: String, _ problem: String) throws {
        #expect(
            try configuration.problems("services/data.yaml", "instances: unix:a.sock\n\(text)\n")
                == ["services/data.yaml:\(problem)"])
    }
}
