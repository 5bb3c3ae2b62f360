import Shared

/// What the control socket serves: to the operator, never to a client. No answer holds a credential, or anything that
/// stands in a file but what a problem quotes.
struct ControlEndpoints: Sendable {
    let reloads: ReloadRequests
    let group: ServerGroup
    let workers: WorkerSet
    let discovery: InstanceDiscovery

    var endpoints: [ServiceEndpoint] { asked + forDrills }

    /// A debug build can be told to hang: so it is tried what the watchdog does then.
    private var forDrills: [ServiceEndpoint] {
        #if DEBUG
            [
                ServiceEndpoint(
                    .post, "/debug/hang",
                    .immediate { _ in
                        group.hang()
                        return .json(Array("{}".utf8))
                    })
            ]
        #else
            []
        #endif
    }

    private var asked: [ServiceEndpoint] {
        let draining = DrainEndpoint(workers: workers, discovery: discovery)
        return [
            ServiceEndpoint(.post, "/reload", .concurrent { _ in await reload() }),
            ServiceEndpoint(.get, "/counters", .concurrent { _ in await counters() }),
            ServiceEndpoint(.get, "/status", .immediate { _ in status() }),
            ServiceEndpoint(
                .get, "/services", .concurrent { _ in .json(ServiceReport.json(workers.serviceReports())) }),
            ServiceEndpoint(.post, "/services/[name]/drain", .concurrent { await draining.drain($0) }),
            ServiceEndpoint(.post, "/services/[name]/release", .concurrent { await draining.release($0) }),
            ServiceEndpoint(.post, "/services/[name]/undrain", .immediate { draining.undrain($0) }),
        ]
    }

    private func reload() async -> ServiceResponse {
        switch await reloads.ask() {
        case .reloaded(let report): .json(report.json)
        case .refused(let problems): .json(ProblemList.json(problems), status: 422)
        case .failed: .error("The reload failed; the log says why", status: 500)
        case .stopping: .error("The gateway is stopping", status: 503)
        }
    }

    private func counters() async -> ServiceResponse {
        let tally = await withCheckedContinuation { continuation in
            group.collect { continuation.resume(returning: $0) }
        }
        return .json(
            JSONWriter.bytes { writer in
                writer.object { answer in
                    for (name, value) in tally.entries { answer.member(name, value) }
                }
            })
    }

    private func status() -> ServiceResponse {
        let (routes, instances) = workers.size
        return .json(
            JSONWriter.bytes { writer in
                writer.object { answer in
                    answer.member("version", ProgramVersion.number)
                    answer.member("routes", routes)
                    answer.member("instances", instances)
                    answer.member("connections", group.connectionCount)
                    answer.member("problems", workers.problems)
                }
            })
    }
}
