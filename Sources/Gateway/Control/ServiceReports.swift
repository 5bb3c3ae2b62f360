import CLinux
import Shared
import Synchronization

/// What all loops have counted of services, brought together for one who asks.
final class FiguresCollection: Sendable {
    private let figures = Mutex<[String: FiguresSample]>([:])

    func add(_ samples: [String: FiguresSample]) {
        figures.withLock { figures in
            for (name, sample) in samples { figures[name, default: FiguresSample()].add(sample) }
        }
    }

    var all: [String: FiguresSample] { figures.withLock { $0 } }
}

extension WorkerSet {
    /// How each service fares. A loop that does not answer within a moment, because it hangs, is left out.
    func serviceReports() -> [ServiceReport] {
        let collection = FiguresCollection()
        let arrival = onEachLoop { worker, loop in
            collection.add(worker.table.figures.mapValues { $0.sample(now: loop.now) })
        }
        _ = arrival.wait(atMost: 500)
        let figures = collection.all
        let (configuration, sockets) = inForce
        let snapshot = self.snapshot
        let rules = Dictionary(snapshot.services.map { ($0.name, $0) }) { first, _ in first }
        return configuration.services.map { service in
            let figures = figures[service.name] ?? FiguresSample()
            let instances = (rules[service.name]?.instances ?? []).map(report)
            return ServiceReport(
                name: service.name, kind: service.url == nil ? .instances : .url, unit: service.unit,
                scale: service.scale, instances: instances,
                refused: service.sockets(in: sockets).filter(\.isRefused).map(\.path), requests: figures.requests,
                errors: figures.errors, inFlight: instances.reduce(0) { $0 + $1.inFlight },
                pending: snapshot.loads[service.name]?.pending ?? 0, rate: figures.rate, p50: figures.percentile(500),
                p95: figures.percentile(950),
                p99: figures.percentile(990))
        }
    }

    private func report(_ address: InstanceAddress) -> ServiceReport.Instance {
        guard let state = states[address] else {
            return ServiceReport.Instance(address: address.description, state: .up)
        }
        let word: ServiceReport.Instance.State =
            if state.isDraining {
                .draining
            } else if state.isJoining {
                .joining
            } else if !state.isUp {
                .down
            } else if state.isEjected(postern_monotonic_ns()) {
                .ejected
            } else {
                .up
            }
        return ServiceReport.Instance(
            address: address.description, state: word, inFlight: state.inFlight, requests: state.requests,
            errors: state.errors)
    }
}
