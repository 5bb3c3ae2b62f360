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

    /// A kept connection that was closed for idleness, perhaps under our request, says nothing of the instance.
    init(_ failure: ClientFailure) {
        switch failure.kind {
        case .closed where failure.wasReused && !failure.hadResponse: self = .abandoned
        case .connect, .connectTimeout: self = .refused
        case .closed, .malformed: self = .broken
        case .timeout: self = .timedOut
        }
    }

    /// Whether it counts against the instance where it is to be ejected: no answer, or one that says that there is none
    /// (502, 503, 504). 500 is what the service makes of a request, and perhaps of any instance.
    var isFault: Bool {
        switch self {
        case .answered(let status): status >= 502 && status <= 504
        case .refused, .broken, .timedOut: true
        case .abandoned: false
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
