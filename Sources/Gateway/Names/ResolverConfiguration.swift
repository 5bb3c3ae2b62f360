import Shared

/// `resolver:` in `postern.yaml`: how names of services are looked up.
///
/// - `servers`: DNS servers in place of those in resolv.conf(5): numeric addresses with a port.
/// - `timeout` (2s): for one server to answer; each is asked twice.
/// - `minimum_ttl` (5s), `maximum_ttl` (1h): within these the time of an answer is kept to.
/// - `stale` (1h): how long addresses are used beyond their time while no server answers.
struct ResolverConfiguration: Sendable, Equatable {
    var servers: [String] = []
    var timeout: Duration = .seconds(2)
    var minimumTTL: UInt64 = 5_000_000_000
    var maximumTTL: UInt64 = 3_600_000_000_000
    var stale: UInt64 = 3_600_000_000_000

    static func read(_ reader: ConfigurationReader) -> ResolverConfiguration {
        var resolver = ResolverConfiguration()
        let times = ValueForm<Duration>.duration(in: .seconds(1) ... .seconds(86400))
        resolver.servers = reader.value("servers", .list(of: .server), default: [])
        resolver.timeout = reader.value(
            "timeout", .duration(in: .milliseconds(50) ... .seconds(30)), default: resolver.timeout)
        resolver.minimumTTL = reader.optional("minimum_ttl", times)?.nanoseconds ?? resolver.minimumTTL
        resolver.maximumTTL =
            reader.optional("maximum_ttl", times)?.nanoseconds
            ?? max(
                resolver.maximumTTL, resolver.minimumTTL)
        resolver.stale =
            reader.optional("stale", .duration(in: .seconds(0) ... .seconds(604800)))?.nanoseconds ?? resolver.stale
        if resolver.maximumTTL < resolver.minimumTTL {
            reader.report(
                "maximum_ttl", "`resolver.maximum_ttl` is less than `resolver.minimum_ttl`",
                mend: "Write a time that is not.")
        }
        return resolver
    }
}

extension ValueForm where Value == String {
    /// A numeric address with a port, as c-ares reads it.
    fileprivate static var server: ValueForm {
        ValueForm { node in
            guard let text = node.text, !node.isEmpty else {
                node.reportMismatch(expected: "an address", mend: "Write for example 192.0.2.53:53.")
                return nil
            }
            do throws(ListenError) {
                guard case .tcp(.address(let address), let port) = try ListenAddress(text), port > 0 else {
                    node.report(
                        "`\(node.name)`: \(LogText.quoted(text, limit: 60)) is no numeric address with a port",
                        mend: "Write for example 192.0.2.53:53.")
                    return nil
                }
                return address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
            } catch {
                node.report("`\(node.name)`: \(error.message)", mend: "Write for example 192.0.2.53:53.")
                return nil
            }
        }
    }
}
