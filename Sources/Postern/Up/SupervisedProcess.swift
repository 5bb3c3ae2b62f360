/// One of the processes that `postern up` starts.
enum SupervisedProcess: Hashable, Sendable, CustomStringConvertible {
    case auth
    case data(instance: Int)
    case gateway

    /// The program's file name.
    var program: String {
        switch self {
        case .auth: "postern-auth"
        case .data: "postern-data"
        case .gateway: "postern-gateway"
        }
    }

    /// What stands before its log lines: `data@2` as the unit is called.
    var label: String {
        switch self {
        case .auth: "auth"
        case .data(let instance): "data@\(instance)"
        case .gateway: "gateway"
        }
    }

    var description: String {
        if case .data = self { "postern-\(label)" } else { program }
    }

    /// Processes of one stage start together, after all of the stage before are ready: the gateway comes last, so that
    /// the first request that it can take finds everything in place.
    var startStage: Int { self == .gateway ? 1 : 0 }

    /// Processes of one stage stop together, after all of the stage before are gone: the gateway first, because the
    /// requests that it still carries need the others.
    var stopStage: Int {
        switch self {
        case .gateway: 0
        case .data: 1
        case .auth: 2
        }
    }

    /// All processes of a system with `dataInstances` instances of the data service.
    static func all(dataInstances: Int) -> [SupervisedProcess] {
        [.auth] + (0..<dataInstances).map { .data(instance: $0 + 1) } + [.gateway]
    }
}
