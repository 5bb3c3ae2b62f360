import Shared

/// The end of the gateway's status line: what an operator wants to know of, and nothing where there is nothing.
enum StatusText {
    /// Services of which no instance may be asked for anything.
    static func closed(_ services: [String]) -> String {
        guard !services.isEmpty else { return "" }
        let names = services.prefix(3).joined(separator: ", ") + (services.count > 3 ? ", …" : "")
        return ", no healthy instance of \(names)"
    }

    static func troubles(_ tally: Tally) -> String {
        let parts = [
            (tally["tunnels.open"], "tunnels open"),
            (tally["limits.connections"] &+ tally["limits.connections_per_client"], "connections refused"),
            (tally.sum(of: "limits."), "limits met"),
            (tally["failed.upstream"], "requests failed by services"),
            (tally["failed.ourselves"], "failed by ourselves"),
            (tally["broken"], "answers broken off"),
            (tally["revocations.deaf"], "loops hear no revocations"),
        ]
        return parts.map { $0.0 > 0 ? ", \($0.0) \($0.1)" : "" }.joined()
    }
}
