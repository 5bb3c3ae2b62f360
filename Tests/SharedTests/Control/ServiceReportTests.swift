import Testing

@testable import Shared

@Suite("Reports of services")
struct ServiceReportTests {
    @Test("what is written is read again")
    func roundTrip() throws {
        let reports = [
            ServiceReport(name: "weather", kind: .url, unit: "postern-weather@.service"),
            ServiceReport(
                name: "data", unit: "other@.service",
                scale: ServiceReport.Scale(minimum: 0, maximum: 8, target: 60, capacity: 9, latency: 100, idle: 5),
                instances: [
                    .init(address: "unix:/run/a.sock", state: .draining, inFlight: 3, requests: 1 << 40, errors: 2),
                    .init(address: "http://127.0.0.1:1", state: .up),
                ], refused: ["/run/b.sock"], requests: 9, errors: 1, inFlight: 3, pending: 2, rate: 1500, p50: 100,
                p95: 2000, p99: 30000),
        ]
        let json = try StrictJSON.parseObject(ServiceReport.json(reports))
        #expect(ServiceReport.read(json) == reports)
    }

    @Test(
        "what no gateway writes is not read",
        arguments: [
            "{}", #"{"services":[1]}"#, #"{"services":[{"name":"a"}]}"#,
            #"{"services":[{"name":"a","unit":"b","kind":"instances","instances":[{"address":"x","state":"odd"}]}]}"#,
        ])
    func refusals(text: String) throws {
        #expect(ServiceReport.read(try StrictJSON.parseObject(Array(text.utf8))) == nil)
    }
}
