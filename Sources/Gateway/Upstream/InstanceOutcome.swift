import Shared

/// How an exchange with an instance ended. Told once for each attempt, to `ServicePool.record`.
enum InstanceOutcome: Equatable {
    /// A whole answer, or the head of one that became a tunnel.
    case answered(status: Int)
    /// It took no connection, or not in time, or was not who it must be.
    case refused
    /// It broke the connection, or its answer is none.
    case broken
    case timedOut
    /// The client left, or we gave the exchange up: that says nothing of the instance.
    case abandoned

    init(_ failure: ClientFailure) {
        switch failure.kind {
        case .connect, .connectTimeout: self = .refused
        case .closed, .malformed: self = .broken
        case .timeout: self = .timedOut
        }
    }

    /// Whether it counts as an error of the instance: no answer, or one with 5xx.
    var isError: Bool {
        switch self {
        case .answered(let status): status >= 500
        case .refused, .broken, .timedOut: true
        case .abandoned: false
        }
    }
}
