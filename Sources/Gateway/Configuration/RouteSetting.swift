import Shared

/// One thing that holds for a route, and where it was said: what `explain` shows.
struct RouteSetting: Sendable, Equatable {
    /// `timeout`, `headers.set.X-Api-Key`.
    let key: String
    /// As it stands in the file: a credential is its name there.
    let value: String
    /// Nil for a default of the gateway's own.
    let place: ConfigurationPlace?
}

/// Collects what was read for one route.
final class RouteSettings {
    private(set) var all: [RouteSetting] = []

    func record(_ key: String, _ value: String, _ place: ConfigurationPlace?) {
        all.append(RouteSetting(key: key, value: value, place: place))
    }
}
