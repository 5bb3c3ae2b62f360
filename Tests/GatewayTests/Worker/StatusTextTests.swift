import Testing

@testable import Gateway
@testable import Shared

@Suite("The gateway's status line")
struct StatusTextTests {
    @Test("it is silent of what did not happen")
    func quiet() {
        var tally = Tally()
        Counters().add(to: &tally)
        tally.add("requests", 5)
        #expect(StatusText.troubles(tally) == "")
    }

    @Test("it names services of which no instance may be asked, three at most")
    func closed() {
        #expect(StatusText.closed([]) == "")
        #expect(StatusText.closed(["data", "search"]) == ", no healthy instance of data, search")
        #expect(StatusText.closed(["a", "b", "c", "d"]) == ", no healthy instance of a, b, c, …")
    }

    @Test("it names tunnels, refusals, limits, and failures by whose fault they are")
    func troubles() {
        var tally = Tally()
        var counters = Counters()
        counters.openTunnels = 2
        counters.upstreamFaults = 3
        counters.ownFaults = 4
        counters.broken = 5
        counters.longBodies = 6
        counters.add(to: &tally)
        tally.add("limits.connections", 7)
        tally.add("limits.connections_per_client", 1)
        #expect(
            StatusText.troubles(tally)
                == ", 2 tunnels open, 8 connections refused, 14 limits met, 3 requests failed by services, "
                + "4 failed by ourselves, 5 answers broken off")
    }
}
