// Unsafe code: texts that the shim writes into buffers, and a handle that it owns.
import CSystemd
import Glibc

/// The service manager of this machine, over D-Bus: starts and stops units, and tells how they fare
/// (org.freedesktop.systemd1(5)). One thread's matter.
@safe final class ServiceManager {
    private let bus: OpaquePointer
    private static let textLimit = 512

    /// - Parameter timeout: for each answer of the manager.
    /// - Throws: where there is no systemd, or it does not answer.
    init(timeout: Duration = .seconds(25)) throws(ServiceManagerError) {
        var opened: OpaquePointer?
        let code = unsafe postern_bus_open(&opened, UInt64(max(1, timeout / .microseconds(1))))
        guard code == 0, let bus = unsafe opened else { throw .absent(code: -code) }
        unsafe self.bus = bus
    }

    deinit { unsafe postern_bus_close(bus) }

    // MARK: Jobs

    enum Change: String {
        case start = "StartUnit"
        case stop = "StopUnit"
        case restart = "RestartUnit"
    }

    /// Enqueues a job; its end is told by `nextEnd`.
    func enqueue(_ change: Change, _ unit: String) throws(ServiceManagerError) -> UInt32 {
        var job: UInt32 = 0
        try check(unsafe postern_bus_enqueue(bus, change.rawValue, unit, &job), unit: unit)
        return job
    }

    /// The next job that has ended, whoever enqueued it, with its result (`done`, `failed`, `dependency`, `timeout`,
    /// `canceled`, `skipped`); nil when none has within the time.
    func nextEnd(within time: Duration) throws(ServiceManagerError) -> (job: UInt32, result: String)? {
        var job: UInt32 = 0
        var text = [CChar](repeating: 0, count: 32)
        let code = unsafe postern_bus_next_job(
            bus, UInt64(max(0, time / .microseconds(1))), &job, &text, text.count)
        try check(min(code, 0), unit: nil)
        return code > 0 ? (job, Self.string(text)) : nil
    }

    // MARK: Units

    /// The units in memory whose names match a pattern as in a shell, by name.
    func units(_ pattern: String) throws(ServiceManagerError) -> [UnitState] {
        try check(unsafe postern_bus_list_units(bus, pattern), unit: nil)
        var units: [UnitState] = []
        var unit = unsafe postern_unit()
        while true {
            let code = unsafe postern_bus_next_unit(bus, &unit)
            try check(min(code, 0), unit: nil)
            guard code > 0 else { break }
            unsafe units.append(
                UnitState(
                    name: String(cString: unit.name), load: String(cString: unit.load_state),
                    active: String(cString: unit.active_state), sub: String(cString: unit.sub_state),
                    path: String(cString: unit.path)))
        }
        return units.sorted { $0.name < $1.name }
    }

    /// The path of a unit's object, and whether there is a file for it.
    func load(_ unit: String) throws(ServiceManagerError) -> (path: String, isThere: Bool) {
        var text = [CChar](repeating: 0, count: Self.textLimit)
        try check(unsafe postern_bus_load_unit(bus, unit, &text, text.count), unit: unit)
        let path = Self.string(text)
        return (path, try self.text(path, .unit, "LoadState") == "loaded")
    }

    enum Interface: String {
        case unit = "org.freedesktop.systemd1.Unit"
        case service = "org.freedesktop.systemd1.Service"
    }

    func text(_ path: String, _ interface: Interface, _ property: String) throws(ServiceManagerError) -> String {
        var text = [CChar](repeating: 0, count: Self.textLimit)
        try check(
            unsafe postern_bus_text(bus, path, interface.rawValue, property, &text, text.count), unit: nil)
        return Self.string(text)
    }

    func number(_ path: String, _ interface: Interface, _ property: String) throws(ServiceManagerError) -> UInt64 {
        var number: UInt64 = 0
        try check(unsafe postern_bus_number(bus, path, interface.rawValue, property, &number), unit: nil)
        return number
    }

    /// The paths of the Unix stream sockets that a socket unit listens on.
    func streamPaths(_ path: String) throws(ServiceManagerError) -> [String] {
        var text = [CChar](repeating: 0, count: 4096)
        try check(unsafe postern_bus_listen(bus, path, &text, text.count), unit: nil)
        return Self.string(text).split(separator: "\n").compactMap { line in
            line.hasPrefix("Stream /") ? String(line.dropFirst(7)) : nil
        }
    }

    // MARK: The next boot

    /// Has a unit started at boot. `isInstallable` is false for one without `[Install]`, which is started by others.
    func enable(_ unit: String) throws(ServiceManagerError) -> (hasChanged: Bool, isInstallable: Bool) {
        var hasInstall = false
        let code = unsafe postern_bus_enable(bus, unit, &hasInstall)
        try check(min(code, 0), unit: unit)
        return (code > 0, hasInstall)
    }

    /// Has a unit started at boot no longer; whether it was.
    func disable(_ unit: String) throws(ServiceManagerError) -> Bool {
        let code = unsafe postern_bus_disable(bus, unit)
        try check(min(code, 0), unit: unit)
        return code > 0
    }

    /// Has the manager read its files again.
    func reload() throws(ServiceManagerError) {
        try check(unsafe postern_bus_reload(bus), unit: nil)
    }

    private func check(_ code: Int32, unit: String?) throws(ServiceManagerError) {
        guard code < 0 else { return }
        let name = unsafe Self.string(postern_bus_error_name(bus))
        let text = unsafe Self.string(postern_bus_error_text(bus))
        throw ServiceManagerError(name: name, text: text, code: -code, unit: unit)
    }

    private static func string(_ text: UnsafePointer<CChar>?) -> String {
        unsafe text.map { unsafe String(cString: $0) } ?? ""
    }

    private static func string(_ text: [CChar]) -> String {
        String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// One unit as a list tells it (systemctl(1), list-units).
struct UnitState: Equatable {
    let name: String
    let load: String
    let active: String
    let sub: String
    /// Of its object.
    let path: String

    /// It runs, or is about to.
    var isUp: Bool { active == "active" || active == "activating" || active == "reloading" }
    var isThere: Bool { load == "loaded" }
}
