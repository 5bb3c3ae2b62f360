import Shared
import Testing

@testable import Gateway

@Suite("Waiting for all loops")
struct ArrivalTests {
    @Test("it is over when the last one has come, and not before; nobody is waited for for ever")
    func arrival() throws {
        #expect(Arrival(0).wait(atMost: 0))
        let arrival = Arrival(2)
        #expect(!arrival.wait(atMost: 0))
        arrival.arrive()
        #expect(!arrival.wait(atMost: 1))
        let thread = try LoopThread(name: "arrival") { _ in arrival.arrive() }
        #expect(arrival.wait(atMost: 60_000))
        #expect(arrival.wait(atMost: 0))
        thread.stop()
        thread.join()
    }
}
