import Shared
import Synchronization
import Testing

@testable import AuthService

/// Sessions on a store of their own, with a clock that stands still.
final class SessionFixture: Sendable {
    let folder: TemporaryFolder
    let store: AccountStore
    let endpoints: AuthEndpoints
    private let record = Record()

    private final class Record: Sendable {
        let now = Mutex(TokenFixtures.issued)
        let faults = Mutex<[LoginFault]>([])
        let reuses = Mutex<[SessionReuse]>([])
    }

    /// - Parameters:
    ///   - settings: further lines of auth.yaml.
    ///   - pageLimit: of the store, for a disk that is full.
    init(_ settings: String = "sessions: on", pageLimit: Int? = nil) throws {
        folder = try TemporaryFolder()
        let text = """
            listen: {login: unix:a, verify: unix:b}
            store: sqlite:auth.db
            seed: tutorial
            passwords: {cost: 4}
            \(settings)

            """
        let configuration = try AuthConfiguration.read(
            ConfigurationReader(text: text, file: "auth.yaml", problems: ConfigurationProblems()),
            context: .init(runDirectory: "/run", stateDirectory: folder.path))
        store = try AccountStore(path: configuration.store, seed: configuration.seed, pageLimit: pageLimit)
        let live = LiveRevocations()
        let now = { @Sendable [record] in record.now.withLock { $0 } }
        let feed = try RevocationFeed(store: store, live: live, last: 0, now: now) { Issue.record("\($0)") }
        endpoints = try AuthEndpoints(
            configuration: configuration, keys: KeyRing([TokenFixtures.key()]), store: store, revocations: live,
            announce: feed.take, now: now,
            notify: { [record] notice in
                if case .fault(let fault) = notice { record.faults.withLock { $0.append(fault) } }
            },
            reused: { [record] reuse in record.reuses.withLock { $0.append(reuse) } })
    }

    deinit { endpoints.shutDown() }

    var now: Int64 { record.now.withLock { $0 } }
    var faults: [LoginFault] { record.faults.withLock { $0 } }
    var reuses: [SessionReuse] { record.reuses.withLock { $0 } }
    var keeper: SessionKeeper { get throws { try #require(endpoints.sessions.keeper) } }

    func pass(_ seconds: Int64) { record.now.withLock { $0 += seconds } }

    /// Asks the endpoint of that method and path; 404 where there is none.
    func ask(
        _ method: Method, _ path: String, _ body: String = "", fields: [(String, String)] = []
    ) async -> ServiceResponse {
        guard let endpoint = endpoints.login.first(where: { $0.method == method && $0.pattern == path }) else {
            return .error("Not found", status: 404)
        }
        return await endpoint.handler.answer(ServiceRequest(method, path, fields: fields, body: Array(body.utf8)))
    }

    /// The status of a verdict.
    func verdict(_ token: String) async throws -> Int {
        let verify = try #require(endpoints.verify.first { $0.pattern == "/verify" })
        let request = ServiceRequest(.get, "/verify", fields: [("Authorization", "Bearer \(token)")])
        return await verify.handler.answer(request).status
    }

    struct NoTokens: Error {
        let status: Int
        let text: String
    }

    struct Tokens {
        let access: String
        let refresh: String
        let expiresIn: Int64

        /// - Throws: for an answer without tokens.
        init(_ response: ServiceResponse) throws {
            let object = try StrictJSON.parseObject(response.body)
            guard response.status == 200, let access = object["token"]?.string,
                let refresh = object["refreshToken"]?.string, let seconds = object["expiresIn"]?.integer
            else { throw NoTokens(status: response.status, text: response.text) }
            self.access = access
            self.refresh = refresh
            expiresIn = seconds
        }

        var bearer: [(String, String)] { [("Authorization", "Bearer \(access)")] }
        var body: String { #"{"refreshToken":"\#(refresh)"}"# }
    }

    func login(_ username: String = "bob") async throws -> Tokens {
        try Tokens(await ask(.post, "/api/auth", #"{"username":"\#(username)","password":"password"}"#))
    }

    func refresh(_ tokens: Tokens) async -> ServiceResponse { await ask(.post, "/api/auth/refresh", tokens.body) }
}
