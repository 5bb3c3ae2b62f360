import Testing

@testable import Shared

/// Endpoints behind one client's connection, on a loop that the test turns by hand.
final class ServiceUnderTest {
    let loop: EventLoop
    let application: ServiceApplication
    let context: ServerContext
    let client: Peer

    init(_ endpoints: [ServiceEndpoint], bodyLimit: Int = 1 << 20) throws {
        loop = try makeLoop()
        application = ServiceApplication(routes: try ServiceRoutes(endpoints), bodyLimit: bodyLimit)
        context = ServerContext(loop: loop, application: application)
        let (descriptor, client) = try Transport.unix.pair()
        self.client = client
        _ = try context.open(descriptor: descriptor)
    }

    deinit { context.closeAll() }

    /// Sends `text` and returns what came back at once.
    func ask(_ text: String) -> String {
        client.send(text)
        loop.settle()
        return client.receiveText()
    }

    /// What comes back of a task, in the end.
    func hear(until isEnough: (String) -> Bool = { !$0.isEmpty }) async throws -> String {
        var text = ""
        let heard = await turn {
            text += client.receiveText()
            return isEnough(text)
        }
        try #require(heard, "no answer came but: \(text)")
        return text
    }

    /// Turns the loop, and lets tasks run, until `condition` holds; false when it does not in some seconds.
    func turn(until condition: () -> Bool) async -> Bool {
        let end = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < end {
            loop.settle(1)
            if condition() { return true }
            await Task.yield()
        }
        return condition()
    }
}

extension String {
    /// The status code of a response.
    var status: Int? { split(separator: " ").dropFirst().first.flatMap { Int($0) } }

    /// What follows the first empty line.
    var content: String? { firstRange(of: "\r\n\r\n").map { String(self[$0.upperBound...]) } }

    /// The value of a field, its name written as here.
    func value(_ name: String) -> String? {
        split(separator: "\r\n").first { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.utf8.count + 2)) }
    }
}
