import CLinux
import Shared

/// What there is to know of a running Postern at one moment.
struct SystemState {
    /// One process, as systemd knows it.
    struct Process: Equatable {
        let unit: String
        /// `running`, `failed`, `start`, … (SubState), or `asleep` for one whose socket waits for a request.
        let state: String
        var processID: UInt64 = 0
        /// Seconds since it became ready.
        var uptime: UInt64?
        var memory: UInt64?
        /// Seconds since its last sign of life; nil where nobody wants one.
        var watchdog: UInt64?
        /// Its own line.
        var status = ""
        /// It should run, and does not.
        var hasFailed: Bool { state == "failed" || state == "auto-restart" }
    }
    /// Nil where there is no systemd.
    var processes: [Process]?
    /// Nil where no gateway answers; then `absence` says why.
    var services: [ServiceReport]?
    var absence: String?
    var version = ""
    var routes = 0
    var connections = 0
    /// Of the files, when the gateway last read them.
    var problems = 0

    /// The gateway's own word.
    mutating func ask(_ gateway: GatewayControl) {
        do throws(CommandFailure) {
            services = try gateway.services()
            let status = try gateway.status()
            version = status["version"]?.string ?? ""
            routes = Int(status["routes"]?.integer ?? 0)
            connections = Int(status["connections"]?.integer ?? 0)
            problems = Int(status["problems"]?.integer ?? 0)
        } catch {
            absence = error.message
        }
    }

    /// What systemd knows of Postern's units, and of those of the services.
    mutating func ask(_ manager: ServiceManager) throws(ServiceManagerError) {
        var patterns = ["postern-*"]
        for service in services ?? [] where !service.unit.hasPrefix("postern-") {
            patterns.append("\(UnitTemplate(service.unit).stem)*")
        }
        var units: [UnitState] = []
        for pattern in patterns { units += try manager.units(pattern) }
        let sockets = units.filter { $0.name.hasSuffix(".socket") && $0.isUp }
        let programs = units.filter { $0.name.hasSuffix(".service") && $0.isThere }
        var all: [Process] = []
        for unit in programs where unit.active != "inactive" { all.append(try Self.process(unit, manager)) }
        // A socket whose service is not there, or has not been yet.
        for socket in sockets {
            let service = try manager.text(socket.path, .unit, "Triggers")
            let state = programs.first { $0.name == service }?.active ?? "inactive"
            if state == "inactive", !all.contains(where: { $0.unit == service }) {
                all.append(Process(unit: service, state: "asleep"))
            }
        }
        processes = all.sorted { $0.unit < $1.unit }
    }

    private static func process(
        _ unit: UnitState, _ manager: ServiceManager
    ) throws(ServiceManagerError) -> Process {
        var process = Process(unit: unit.name, state: unit.active == "failed" ? "failed" : unit.sub)
        process.processID = try manager.number(unit.path, .service, "MainPID")
        let now = postern_monotonic_ns() / 1000
        let since = try manager.number(unit.path, .unit, "ActiveEnterTimestampMonotonic")
        if unit.active == "active", since > 0, since <= now { process.uptime = (now - since) / 1_000_000 }
        let memory = try manager.number(unit.path, .service, "MemoryCurrent")
        if memory != .max, process.processID > 0 { process.memory = memory }
        let watchdog = try manager.number(unit.path, .service, "WatchdogUSec")
        let sign = try manager.number(unit.path, .service, "WatchdogTimestampMonotonic")
        if watchdog > 0, watchdog != .max, sign > 0, sign <= now { process.watchdog = (now - sign) / 1_000_000 }
        process.status = try manager.text(unit.path, .service, "StatusText")
        return process
    }
}
