import FoundationEssentials
import Shared

/// One run of `postern up`: makes everything ready for the processes, then hands over to the `Supervisor`.
struct UpRun {
    let options: UpOptions
    let environment: [String: String]
    let console: Console

    private var configurationFolder: String { options.configuration.directory }

    func run() throws(CommandFailure) -> ExitStatus {
        let processes = SupervisedProcess.all(dataInstances: options.data)
        let programs = try programs(for: processes)
        let configuration = try UpConfiguration(directory: configurationFolder)
        try PortCheck().check(options.listening.listen.map { [$0] } ?? configuration.listen)

        let state = try stateFolder()
        let run = try RunFolder(below: state.path, environment: environment)
        if run.isTemporary {
            console.say("sockets are in \(run.path): \(state.path) is too long for the path of a socket")
        }
        let childEnvironment = ChildEnvironment(environment, secret: try secret(for: configuration, state: state))
        let plans = processes.map { process in
            ChildPlan(
                process: process, path: programs[process.program]?.path ?? process.program,
                arguments: arguments(of: process, run: run, state: state),
                environment: childEnvironment.variables(for: process))
        }
        let supervisor = Supervisor(plans: plans, notifyFolder: run.notifyFolder, console: console) { gateway in
            announce(url(gateway: gateway, configuration: configuration), configuration: configuration)
        }
        // The folders are taken until the last process is gone.
        return try withExtendedLifetime((state, run)) { () throws(CommandFailure) in try supervisor.run() }
    }

    private func programs(for processes: [SupervisedProcess]) throws(CommandFailure) -> [String: SiblingProgram] {
        var programs: [String: SiblingProgram] = [:]
        for name in processes.map(\.program) where programs[name] == nil { programs[name] = try SiblingProgram(name) }
        return programs
    }

    private func stateFolder() throws(CommandFailure) -> StateFolder {
        guard let path = options.state ?? StateFolder.defaultPath(environment: environment) else {
            throw CommandFailure("no place for the state: $HOME is not set", mend: "Name a folder with --state DIR")
        }
        return try StateFolder(path)
    }

    /// The tutorial's secret: as given, else for the tutorial's configuration one of our own.
    private func secret(for configuration: UpConfiguration, state: StateFolder) throws(CommandFailure) -> String? {
        if let given = environment[TutorialSecret.variable] { return given }
        guard configuration.needsTutorialSecret else { return nil }
        let file = "\(state.path)/jwt-secret"
        let secret = try TutorialSecret.load(file)
        console.say("\(TutorialSecret.variable) is not set: using the random secret in \(file)")
        return secret.value
    }

    private func arguments(of process: SupervisedProcess, run: RunFolder, state: StateFolder) -> [String] {
        var arguments = [
            "--config", configurationFolder, "--run", run.path, "--state", state.path, "--die-with-parent",
        ]
        switch process {
        case .auth: break
        case .data(let instance): arguments += ["--instance", "\(instance)"]
        case .gateway:
            if let listen = options.listening.listen { arguments += ["--listen", listen.description] }
        }
        return arguments
    }

    /// Where the gateway is reached: as it was told, or by the sockets that it holds where the kernel chose the port.
    private func url(gateway: Int32?, configuration: UpConfiguration) -> String {
        let isSecured = options.listening.listen == nil && configuration.served?.isSecured == true
        let url = plainURL(gateway: gateway, configuration: configuration)
        return isSecured && url.hasPrefix("http:") ? "https:" + url.dropFirst(5) : url
    }

    private func plainURL(gateway: Int32?, configuration: UpConfiguration) -> String {
        let told = options.listening.listen ?? configuration.served?.address
        if case .tcp(let host, 0)? = told, let port = gateway.flatMap({ PortHolder.ports(of: $0).first }) {
            return ListenAddress.tcp(host: host, port: port).url
        }
        return told?.url ?? "http://127.0.0.1:3000"
    }

    /// The end of the start-up: these two lines are what people and scripts wait for.
    private func announce(_ url: String, configuration: UpConfiguration) {
        console.sayReady("ready \(url)")
        console.say(Self.curlLine(url, isTutorial: configuration.isTutorial))
    }

    /// A line to try: curl is told of a Unix socket by an option of its own.
    static func curlLine(_ url: String, isTutorial: Bool) -> String {
        let isSocket = url.hasPrefix("unix:")
        let host = isSocket ? "http://localhost" : url
        let options = isSocket ? "--unix-socket '\(url.dropFirst(5))' " : ""
        return isTutorial ? "curl \(options)'\(host)/api/posts?limit=2'" : "curl \(options)-i \(host)/"
    }
}

extension ListenAddress {
    /// Where a client on this machine reaches the listener.
    var url: String {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .tcp(.address("0.0.0.0"), let port), .tcp(.localhost, let port), .tcp(.any, let port),
            .tcp(.address("::"), let port):
            "http://127.0.0.1:\(port)"
        case .tcp(.address, _): "http://\(self)"
        }
    }
}
