import Glibc
import Shared
import Testing

/// The processes of the tutorial's configuration, each started by itself, as systemd does.
final class RunningParts {
    let folder: TemporaryFolder
    private(set) var data: [RunningProgram] = []
    let auth: RunningProgram
    let gateway: RunningProgram
    let port: UInt16

    init(dataInstances: Int) throws {
        folder = try TemporaryFolder()
        for name in ["run/auth", "run/data", "state/auth", "state/data"] { try folder.makeFolder(name) }
        auth = try Self.start("postern-auth", [], in: folder)
        for instance in 1...dataInstances {
            data.append(try Self.start("postern-data", ["--instance", "\(instance)"], in: folder))
        }
        gateway = try Self.start("postern-gateway", ["--listen", "127.0.0.1:0"], in: folder)
        let line = try gateway.line { $0.contains("listening listener=") }
        let match = try #require(line.firstMatch(of: /listener=127\.0\.0\.1:(\d+)/))
        port = try #require(UInt16(match.1))
    }

    /// Starts one more instance of the data service, and waits until it is ready.
    func startData(_ instance: String) throws {
        data.append(try Self.start("postern-data", ["--instance", instance], in: folder))
    }

    private static func start(
        _ program: String, _ arguments: [String], in folder: TemporaryFolder
    ) throws -> RunningProgram {
        let notify = try NotifySocket(in: folder)
        let running = try RunningProgram(
            program: program,
            [
                "--config", Project.tutorialConfiguration, "--run", "\(folder.path)/run",
                "--state", "\(folder.path)/state",
            ] + arguments, environment: Project.environment.merging(notify.environment) { $1 })
        try notify.message("READY=1", from: running)
        return running
    }
}
