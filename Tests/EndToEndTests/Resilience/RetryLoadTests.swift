import Testing

@Suite("A service in trouble")
struct RetryLoadTests {
    @Test("gets a fifth more requests at most for those that are sent again, and ten a second")
    func budget() throws {
        let fixture = try GatewayFixture()
        try fixture.write("postern.yaml", "listen: 127.0.0.1:0\nverify: unix:verify.sock\nthreads: 1\n")
        try fixture.write("services/main.yaml", "instances: [unix:main.sock, unix:other.sock]\n")
        // Both take each request, and drop it without a word.
        let services = try [fixture.mainSocket, "\(fixture.runFolder)/other.sock"].map { path in
            try ScriptedService(path) { service, stream, _ in _ = service.read(stream) }
        }
        defer { for service in services { service.stop() } }
        let gateway = try fixture.start()
        let client = try Client(port: gateway.port)
        let count = 1000
        let begun = ContinuousClock.now
        for _ in 0..<count {
            try client.request("GET", "/slow/x").expect(502, error: "Bad gateway")
        }
        let arrived = services.reduce(0) { $0 + $1.record.value.requests.count }
        #expect(arrived > count)
        // What is earned, and the floor of each ten seconds that it took; without a budget it were three times as many.
        let tens = Int(begun.duration(to: .now) / .seconds(10)) + 1
        #expect(arrived <= count + count / 5 + 100 * tens, "\(arrived) in \(tens) times ten seconds")
    }
}
