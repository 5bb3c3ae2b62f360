import FoundationEssentials
import Shared

/// The control socket of the gateway of this machine, as the operator's commands reach it.
struct GatewayControl {
    let path: String

    /// Nanoseconds for an answer that is at hand.
    private static let deadline: UInt64 = 5_000_000_000

    init(path: String) { self.path = path }

    /// Where the gateway of a configuration listens for the operator.
    /// - Throws: where postern.yaml says that it does not.
    init(configuration directory: String, runDirectory: String) throws(CommandFailure) {
        let standard = "\(runDirectory)/gateway/control.sock"
        let file = "\(directory)/postern.yaml"
        // Whoever runs without a configuration, as `postern up` with another folder, has the standard one.
        guard FileManager.default.isReadableFile(atPath: file) else {
            path = standard
            return
        }
        let reader = ConfigurationReader(file: file, problems: ConfigurationProblems())
        guard let text = reader.optional("control", .string) else {
            path = standard
            return
        }
        guard text != "none" else {
            throw CommandFailure(
                "\(file) says `control: none`, so the gateway cannot be asked", mend: "Take the line out.",
                status: .unavailable)
        }
        do throws(ListenError) {
            guard case .unix(let path) = try ListenAddress(text, relativeTo: runDirectory) else {
                throw ListenError(message: "`control` in \(file) is no Unix socket", mend: "Write unix:PATH.")
            }
            self.path = path
        } catch {
            throw CommandFailure(error.message, mend: error.mend, status: .configuration)
        }
    }

    /// How each service fares.
    func services() throws(CommandFailure) -> [ServiceReport] {
        let answer = try ControlClient.ask(.get, "/services", at: path, deadline: Self.deadline)
        let limits = StrictJSONLimits(length: 16 << 20)
        guard answer.status == 200, let json = try? StrictJSON.parseObject(answer.body, limits: limits),
            let reports = ServiceReport.read(json)
        else { throw strange(answer.status) }
        return reports
    }

    /// Its own state.
    func status() throws(CommandFailure) -> StrictJSONObject {
        let answer = try ControlClient.ask(.get, "/status", at: path, deadline: Self.deadline)
        guard answer.status == 200, let json = try? StrictJSON.parseObject(answer.body) else {
            throw strange(answer.status)
        }
        return json
    }

    enum Drain: String {
        /// No new request goes to it.
        case drain
        /// It is asked as ever, but none of its connections is kept: for one whose socket systemd holds.
        case release
        /// Takes both back.
        case undrain
    }

    /// - Returns: requests that are under way there after at most `deadline` seconds; nil for an instance that the
    ///   gateway does not have.
    @discardableResult
    func change(
        _ change: Drain, _ instance: String, of service: String, deadline: Int = 0
    ) throws(CommandFailure) -> Int? {
        let body = JSONWriter.bytes { writer in
            writer.object { question in
                question.member("instance", instance)
                if change != .undrain { question.member("deadline", deadline) }
            }
        }
        let answer = try ControlClient.ask(
            .post, "/services/\(service)/\(change.rawValue)", body: body, at: path,
            deadline: UInt64(deadline) * 1_000_000_000 + Self.deadline)
        if answer.status == 404 { return nil }
        guard answer.status == 200, let json = try? StrictJSON.parseObject(answer.body) else {
            throw strange(answer.status)
        }
        return Int(json["in_flight"]?.integer ?? 0)
    }

    private func strange(_ status: Int) -> CommandFailure {
        CommandFailure(
            "\(path) answered what no gateway of this version answers (\(status))",
            mend: "Restart the gateway after an upgrade: systemctl restart postern-gateway.")
    }
}
