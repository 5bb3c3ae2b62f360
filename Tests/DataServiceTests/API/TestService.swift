import Shared
import Synchronization

@testable import DataService

/// The API on a seeded store of its own, asked without a server.
struct TestService {
    let folder: TemporaryFolder
    let store: DataStore
    let events = EventRecorder()
    let clock: TestClock
    let endpoints: [ServiceEndpoint]

    /// - Parameter tick: how far the clock goes on each time that it is read; the default is past every pause.
    init(seed: StoreSeed = .tutorial, tick: Duration = .seconds(10)) throws {
        folder = try TemporaryFolder()
        let clock = TestClock(tick: tick)
        self.clock = clock
        store = try DataStore(path: folder.store, seed: seed, busyTimeout: .milliseconds(20)) { clock.read() }
        let events = events
        endpoints = TutorialAPI(store: store, log: StoreLog { events.append($0) }).endpoints
    }

    /// The answer of the endpoint at `pattern`, as status and body.
    func get(
        _ pattern: String, _ target: String = "/", _ parameters: [(String, [String])] = []
    ) async throws -> Answer {
        guard let endpoint = endpoints.first(where: { $0.pattern == pattern && $0.method == .get }) else {
            throw NoSuchEndpoint()
        }
        let request = ServiceRequest(.get, target, parameters: RouteParameters(parameters))
        return Answer(await endpoint.handler.answer(request))
    }

    struct Answer: Equatable {
        let status: Int
        let body: String
        let contentType: String?

        init(_ status: Int, _ body: String) {
            self.status = status
            self.body = body
            contentType = "application/json; charset=utf-8"
        }

        init(_ response: ServiceResponse) {
            status = response.status
            body = String(decoding: response.body, as: UTF8.self)
            contentType = response.fields.first { $0.name == "Content-Type" }?.value
        }
    }

    private struct NoSuchEndpoint: Error {}
}

final class EventRecorder: Sendable {
    private let recorded = Mutex<[StoreLog.Event]>([])
    var all: [StoreLog.Event] { recorded.withLock { $0 } }
    func append(_ event: StoreLog.Event) { recorded.withLock { $0.append(event) } }
}

/// A clock that goes on when it is read or told to.
final class TestClock: Sendable {
    private let instant = Mutex(ContinuousClock.now)
    private let tick: Duration

    init(tick: Duration) { self.tick = tick }

    func read() -> ContinuousClock.Instant {
        instant.withLock { instant in
            instant += tick
            return instant
        }
    }

    func advance(by duration: Duration) { instant.withLock { $0 += duration } }
}
