/// How one service of a running gateway fares, as `GET /services` of its control socket tells.
package struct ServiceReport: Sendable, Equatable {
    /// What a service file says of scaling, with every default filled in.
    package struct Scale: Sendable, Equatable {
        /// Instances at the least and at the most.
        package var minimum: Int
        package var maximum: Int
        /// The share of `capacity` that is aimed at, in percent.
        package var target: Int
        /// Requests that one instance can have in flight; nil where it is to be found out.
        package var capacity: Int?
        /// Milliseconds of the 95th percentile above which one more is started; nil for none.
        package var latency: Int?
        /// Seconds without a need before one is stopped, and without a request before the last one is.
        package var coolDown: Int
        package var idle: Int

        package init(
            minimum: Int = 1, maximum: Int, target: Int = 70, capacity: Int? = nil, latency: Int? = nil,
            coolDown: Int = 30, idle: Int = 60
        ) {
            self.minimum = minimum
            self.maximum = maximum
            self.target = target
            self.capacity = capacity
            self.latency = latency
            self.coolDown = coolDown
            self.idle = idle
        }
    }

    package struct Instance: Sendable, Equatable {
        package enum State: String, Sendable, CaseIterable {
            case up
            /// Its health check fails.
            case down
            /// Its first health check has not passed yet.
            case joining
            /// Passed over for a while, because requests failed.
            case ejected
            /// Gets no request, because the operator said so.
            case draining
        }
        /// `unix:/run/postern/data/1.sock`, `http://127.0.0.1:8080`.
        package var address: String
        package var state: State
        package var inFlight: Int
        package var requests: UInt64
        package var errors: UInt64

        package init(address: String, state: State, inFlight: Int = 0, requests: UInt64 = 0, errors: UInt64 = 0) {
            self.address = address
            self.state = state
            self.inFlight = inFlight
            self.requests = requests
            self.errors = errors
        }
    }

    package enum Kind: String, Sendable, CaseIterable {
        /// Ours, by `instances`.
        case instances
        /// Somebody else's, by `url`.
        case url
    }

    package var name: String
    package var kind: Kind
    /// The template of its instances' units: `postern-data@.service`.
    package var unit: String
    package var scale: Scale?
    package var instances: [Instance]
    /// Sockets that are there and are not used, because they are a foreign user's.
    package var refused: [String]
    /// Since the gateway started.
    package var requests: UInt64
    package var errors: UInt64
    package var inFlight: Int
    /// Requests that wait for room at an instance.
    package var pending: Int
    /// Of the last seconds: requests a second in thousandths, and microseconds to the first byte of an answer; nil
    /// without a request.
    package var rate: Int
    package var p50: UInt64?
    package var p95: UInt64?
    package var p99: UInt64?

    package init(
        name: String, kind: Kind = .instances, unit: String, scale: Scale? = nil, instances: [Instance] = [],
        refused: [String] = [], requests: UInt64 = 0, errors: UInt64 = 0, inFlight: Int = 0, pending: Int = 0,
        rate: Int = 0, p50: UInt64? = nil, p95: UInt64? = nil, p99: UInt64? = nil
    ) {
        self.name = name
        self.kind = kind
        self.unit = unit
        self.scale = scale
        self.instances = instances
        self.refused = refused
        self.requests = requests
        self.errors = errors
        self.inFlight = inFlight
        self.pending = pending
        self.rate = rate
        self.p50 = p50
        self.p95 = p95
        self.p99 = p99
    }

    /// The template's name of a service that says nothing of it.
    package static func standardUnit(of service: String) -> String { "postern-\(service)@.service" }
}
