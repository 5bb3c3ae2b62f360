import Shared

/// `POST /services/NAME/drain`, `/release` and `/undrain`: makes one instance ready to be stopped without a request being
/// lost, and takes that back.
///
/// The body names it, as `GET /services` does: `{"instance":"unix:/run/postern/data/2.sock"}`; `deadline` is how many
/// seconds may be waited, 30 without it. No new request goes to an instance that drains. One that is released is asked
/// as ever, each time on a new connection: it is for a process whose socket systemd holds, which can be stopped at any
/// time then. Once its socket is gone an instance is forgotten, and the next of that name is another.
struct DrainEndpoint: Sendable {
    let workers: WorkerSet
    let discovery: InstanceDiscovery

    private static let longestDeadline: Int64 = 3600

    /// 200 with `{"drained":true,"in_flight":0}`, or `false` and what is left after the deadline: then it stays taken out.
    func drain(_ request: ServiceRequest) async -> ServiceResponse {
        await quiet(request) { $0.isDraining = true }
    }

    /// The same for one that goes on being asked.
    func release(_ request: ServiceRequest) async -> ServiceResponse {
        await quiet(request) { $0.isReleased = true }
    }

    private func quiet(_ request: ServiceRequest, _ mark: (InstanceState) -> Void) async -> ServiceResponse {
        let (found, refusal) = find(request)
        guard let found else { return refusal }
        mark(found.state)
        // Once each loop has had its turn none begins another exchange there.
        let arrival = workers.onEachLoop { worker, _ in worker.table.pools[found.address]?.closeIdle() }
        _ = arrival.wait(atMost: 1000)
        let isQuiet = await discovery.wait(until: found.state, isQuietWithin: found.deadline * 1_000_000_000)
        let left = found.state.inFlight
        return .json(
            JSONWriter.bytes { writer in
                writer.object { answer in
                    answer.member("drained", isQuiet)
                    answer.member("in_flight", left)
                }
            })
    }

    func undrain(_ request: ServiceRequest) -> ServiceResponse {
        let (found, refusal) = find(request)
        guard let found else { return refusal }
        found.state.isDraining = false
        found.state.isReleased = false
        return .json(Array(#"{"drained":false}"#.utf8))
    }

    private struct Found {
        let address: InstanceAddress
        let state: InstanceState
        let deadline: UInt64
    }

    /// The instance in question, or what to answer.
    private func find(_ request: ServiceRequest) -> (Found?, ServiceResponse) {
        guard let body = try? StrictJSON.parseObject(request.body), let wanted = body["instance"]?.string else {
            return (nil, .error("The body must be {\"instance\":\"unix:/path\"}", status: 400))
        }
        let deadline = body["deadline"].map { $0.integer ?? -1 } ?? 30
        guard (0...Self.longestDeadline).contains(deadline) else {
            return (nil, .error("`deadline` must be a whole number of seconds from 0 to 3600", status: 400))
        }
        let name = request.parameters.first("name") ?? ""
        guard let service = workers.snapshot.services.first(where: { $0.name == name }) else {
            return (nil, .error("There is no such service", status: 404))
        }
        guard let address = service.instances.first(where: { $0.description == wanted }),
            let state = workers.states[address]
        else { return (nil, .error("The service has no such instance", status: 404)) }
        return (Found(address: address, state: state, deadline: UInt64(deadline)), .error("", status: 500))
    }
}
