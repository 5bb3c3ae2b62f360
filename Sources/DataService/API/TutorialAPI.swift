import Shared

/// The tutorial's API as endpoints of a server. What is not here (404, 405 with `Allow`, HEAD, `ETag`) is the server's.
struct TutorialAPI: Sendable {
    private let store: DataStore
    private let log: StoreLog

    init(store: DataStore, log: StoreLog) {
        self.store = store
        self.log = log
    }

    var endpoints: [ServiceEndpoint] {
        [
            endpoint("/api/users", RequestPlan.users),
            endpoint("/api/users/[id]", RequestPlan.user),
            endpoint("/api/users/[id]/posts", RequestPlan.postsOfUser),
            endpoint("/api/posts", RequestPlan.posts),
            endpoint("/api/comments/[[...ids]]", RequestPlan.comments),
            ServiceEndpoint(.get, "/healthz", .concurrent { _ in await health() }),
        ]
    }

    private func endpoint(
        _ pattern: String, _ plan: @escaping @Sendable (ServiceRequest) -> RequestPlan
    ) -> ServiceEndpoint {
        ServiceEndpoint(
            .get, pattern,
            .kept(
                attempt: { request in
                    switch plan(request) {
                    case .answer(let response): response
                    case .query(let query): store.keptAnswer(to: query).map(response)
                    }
                },
                otherwise: { request in
                    switch plan(request) {
                    case .answer(let response): response
                    case .query(let query): await read(query)
                    }
                }))
    }

    private func read(_ query: RecordQuery) async -> ServiceResponse {
        do throws(StoreError) {
            let answer = try await store.answer(to: query)
            log.noteSuccess()
            return response(answer)
        } catch {
            log.note(error)
            return error.response
        }
    }

    private func response(_ answer: StoredAnswer) -> ServiceResponse {
        switch answer {
        case .found(let json): .json(json)
        case .absent: .notFound
        case .long(let beginning, let rest): longList(beginning, rest)
        }
    }

    /// A list that leaves in pieces, each read when the ones before have mostly left.
    private func longList(_ beginning: [UInt8], _ rest: RecordSlices) -> ServiceResponse {
        let stream = RecordStream(rest)
        let log = self.log
        var response = ServiceResponse.json(beginning)
        response.rest = ServiceBody {
            do throws(StoreError) {
                return try await stream.next()
            } catch {
                log.note(error)
                throw error
            }
        }
        return response
    }

    /// For the gateway: may this instance be sent requests? Always asks the store, never a kept answer.
    private func health() async -> ServiceResponse {
        do throws(StoreError) {
            try await store.probe()
            log.noteSuccess()
            return .json(Array(#"{"status":"ok"}"#.utf8))
        } catch {
            // Who asked has left, and the read was given up for that.
            if !Task.isCancelled { log.note(error) }
            return .error("Service unavailable", status: 503)
        }
    }
}
