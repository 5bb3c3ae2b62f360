import ArgumentParser
import FoundationEssentials
import Shared

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the processes, the services with their instances, and the load, on one screen.",
        discussion: """
            Processes are what systemd knows of Postern's units; services are what the gateway knows, in the last five \
            seconds. Without systemd, as with `postern up`, the gateway alone is asked: name its sockets with --run.

              postern status
              postern status --watch
              postern status --config deploy/tutorial --run .build/tutorial/sockets

            EXIT STATUS:
              0    shown
              64   the command line is wrong
              69   no gateway answers, and systemd knows of no process either
              77   the control socket is another user's: run this as root
            """)

    @Flag(help: "Show it again each second, until Ctrl-C.")
    var watch = false

    @Flag(help: "Show it as JSON.")
    var json = false

    @OptionGroup var gateway: GatewayOptions

    func validate() throws {
        if watch, json { throw ValidationError("--watch and --json do not go together.") }
    }

    func run() throws {
        let control = try gateway.control()
        let asksSystemd = gateway.isOfUnits
        let output = StandardStream.output
        let colour = output.wantsColour(environment: ProcessInfo.processInfo.environment)
        guard watch else {
            let state = Self.look(control, asksSystemd ? try? ServiceManager(timeout: .seconds(5)) : nil)
            output.write(
                json
                    ? String(decoding: state.json, as: UTF8.self) + "\n"
                    : StatusPage(state, colour: colour).lines.joined(separator: "\n") + "\n")
            guard state.services != nil || state.processes?.isEmpty == false else {
                throw ExitCode(Shared.ExitStatus.unavailable.rawValue)
            }
            return
        }
        let screen = try Screen(output)
        defer { screen.end() }
        var manager: ServiceManager?
        repeat {
            if asksSystemd, manager == nil { manager = try? ServiceManager(timeout: .seconds(5)) }
            let state = Self.look(control, manager)
            // A manager that has executed itself anew wants another connection.
            if state.processes == nil { manager = nil }
            screen.draw(StatusPage(state, colour: colour).lines)
        } while screen.wait(1000) == .draw
    }

    private static func look(_ gateway: GatewayControl, _ manager: ServiceManager?) -> SystemState {
        var state = SystemState()
        state.ask(gateway)
        if let manager { try? state.ask(manager) }
        return state
    }
}
