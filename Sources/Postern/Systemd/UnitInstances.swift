import Shared

/// One numbered instance of a template, as systemd knows it.
struct UnitInstance: Equatable {
    let number: Int
    /// Nil where it is not in memory: stopped, or never started.
    var service: UnitState?
    var socket: UnitState?
    /// The sockets that its socket unit listens on.
    var paths: [String] = []

    var runs: Bool { service?.isUp ?? false }
    var listens: Bool { socket?.isUp ?? false }
    /// It is there for the gateway: it runs, or would with the first request.
    var isThere: Bool { runs || listens }
    /// It is neither there nor on its way to be, and something went wrong.
    var hasFailed: Bool { service?.active == "failed" }

    /// The addresses under which the gateway knows it, among `addresses`: those that its socket unit listens on, and
    /// without one those whose file is called after the number.
    func addresses(among addresses: [String]) -> [String] {
        guard paths.isEmpty else { return paths.map { "unix:\($0)" }.filter(addresses.contains) }
        return addresses.filter { $0.hasPrefix("unix:") && $0.hasSuffix("/\(number).sock") }
    }
}

extension ServiceManager {
    /// The instances of a template that are in memory, by number. Those with names in place of numbers are left out.
    /// - Parameter withPaths: whether it is asked too what each socket unit listens on.
    func instances(
        of template: UnitTemplate, withPaths: Bool = true
    ) throws(ServiceManagerError) -> [UnitInstance] {
        var found: [Int: UnitInstance] = [:]
        for unit in try units("\(template.stem)*") {
            guard let number = template.number(of: unit.name), unit.isThere else { continue }
            if unit.name.hasSuffix(".service") {
                found[number, default: UnitInstance(number: number)].service = unit
            } else if unit.name.hasSuffix(".socket") {
                found[number, default: UnitInstance(number: number)].socket = unit
                if withPaths { found[number]?.paths = try streamPaths(unit.path) }
            }
        }
        return found.values.sorted { $0.number < $1.number }
    }
}
