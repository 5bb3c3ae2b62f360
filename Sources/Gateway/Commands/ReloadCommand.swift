import ArgumentParser
import Shared

/// `postern-gateway reload`: has the running gateway read its configuration again, and says what came of it.
struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Have the running gateway take the configuration into use.")

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var runtime: RuntimeOptions

    /// Nanoseconds for the gateway to read its files and to tell its loops.
    private static let deadline: UInt64 = 30_000_000_000

    func run() throws {
        // What is secret the gateway may read, and perhaps nobody else.
        let folder = runtime.credentials ?? SecretFile.credentialsDirectory
        let loaded = try GatewayConfiguration.loadForPerson(
            directory: configuration.directory, runDirectory: runtime.runDirectory,
            credentials: folder.map { Credentials(folder: $0) } ?? .unread())
        guard let path = loaded.main.control.path else {
            throw CommandFailure(
                "postern.yaml says `control: none`, so the gateway cannot be asked",
                mend: "Send it SIGHUP: systemctl reload postern-gateway.", status: .unavailable)
        }
        let answer = try ControlClient.ask(.post, "/reload", at: path, deadline: Self.deadline)
        let json = try? StrictJSON.parseObject(answer.body)
        switch answer.status {
        case 200:
            guard let report = json.flatMap(ReloadReport.init(json:)) else { break }
            StandardStream.output.write(report.text)
            if report.directory != configuration.directory {
                StandardStream.output.write("  the gateway reads \(report.directory), not \(configuration.directory)\n")
            }
            return
        case 422:
            // The files are good for us and not for the gateway: another folder, or a right that it has not.
            guard let problems = json.flatMap(ProblemList.read) else { break }
            throw CommandFailure(configuration: ConfigurationError(problems))
        case 500:
            throw CommandFailure("the reload failed", mend: "See the gateway's log: journalctl -u postern-gateway.")
        case 503:
            throw CommandFailure("the gateway is stopping", status: .unavailable)
        default: break
        }
        throw CommandFailure("\(path) answered what no gateway of this version answers (\(answer.status))")
    }
}
