import ArgumentParser
import FoundationEssentials
import Shared

/// `postern-gateway audit`: asks a running gateway, and tells every byte of an answer that says what stands behind it.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Ask a running gateway, and tell what its answers say of the services behind it.")

    @OptionGroup var configuration: ConfigurationOptions
    @OptionGroup var runtime: RuntimeOptions
    @OptionGroup var arguments: AuditArguments

    func run() throws {
        let loaded = try GatewayConfiguration.loadForPerson(
            directory: configuration.directory, runDirectory: runtime.runDirectory, credentials: .unread())
        let requests = try AuditPlan.requests(arguments, loaded)
        let client = try AuditTarget(arguments).makeClient()
        let run = AuditRun(
            identity: AuditPlan.identity(arguments, loaded), keptFields: AuditPlan.keptFields(loaded),
            fields: AuditPlan.fields(arguments), isJSON: arguments.json)
        try run.ask(requests, client)
    }
}

/// What an audit asks, and what it looks for.
enum AuditPlan {
    /// From a file, a log, or else the routes; without those that may change something, unless that was allowed.
    static func requests(
        _ arguments: AuditArguments, _ loaded: GatewayConfiguration
    ) throws(CommandFailure) -> [AuditRequest] {
        let all: [AuditRequest]
        if let file = arguments.requests {
            all = try read(file) { AuditRequestFile.requests($0) }
        } else if let file = arguments.log {
            all = try read(file) { AuditRequestFile.requests(log: $0) }
        } else {
            all = routeRequests(arguments, loaded)
        }
        let asked = arguments.unsafe ? all : all.filter(\.isSafe)
        if asked.count < all.count {
            tell("\(all.count - asked.count) requests that may change something are left out (--unsafe sends them)")
        }
        guard !asked.isEmpty else {
            throw CommandFailure(
                "there is nothing to ask", mend: "Name requests by --requests or --log.", status: .noInput)
        }
        return asked
    }

    private static func routeRequests(_ arguments: AuditArguments, _ loaded: GatewayConfiguration) -> [AuditRequest] {
        var values: [String: String] = [:]
        for parameter in arguments.parameters {
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            values[String(parts[0])] = String(parts[1])
        }
        return RouteRequests.requests(loaded.routes, values: values)
    }

    private static func read(
        _ file: String, _ parse: (String) -> (requests: [AuditRequest], unread: [Int])
    ) throws(CommandFailure) -> [AuditRequest] {
        let (requests, unread) = parse(String(decoding: try AuditTarget.bytes(of: file), as: UTF8.self))
        if !unread.isEmpty {
            let places = unread.prefix(5).map { "\($0)" }.joined(separator: ", ")
            tell("\(file): \(unread.count) lines are no requests (\(places)\(unread.count > 5 ? ", …" : ""))")
        }
        return requests
    }

    static func identity(_ arguments: AuditArguments, _ loaded: GatewayConfiguration) -> IdentityMatcher {
        var origins = loaded.snapshot().services.map(\.origins)
        // The addresses that the names of services outside stand for are theirs as well.
        for index in origins.indices where origins[index].isOutside {
            for authority in origins[index].authorities where authority.isName {
                for address in AuditClient.resolve(authority.host) {
                    origins[index].add(UpstreamOrigins.Authority(host: address, port: authority.port))
                }
            }
        }
        var others = UpstreamOrigins()
        for host in arguments.lookFor { others.add(authority(host)) }
        return IdentityMatcher(origins + [others])
    }

    private static func authority(_ text: String) -> UpstreamOrigins.Authority {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
            text.hasPrefix("[") || text.firstIndex(of: ":") == colon
        else { return UpstreamOrigins.Authority(host: text, port: 443) }
        return UpstreamOrigins.Authority(host: String(text[..<colon]), port: port)
    }

    static func keptFields(_ loaded: GatewayConfiguration) -> Set<String> {
        Set(loaded.routes.routes.flatMap(\.value.mask.keep))
    }

    static func fields(_ arguments: AuditArguments) -> [String] {
        arguments.headers + (arguments.token.map { ["Authorization: Bearer \($0)"] } ?? [])
    }

    private static func tell(_ text: String) { StandardStream.error.write("\(GatewayCommand.program): \(text)\n") }
}

/// The gateway that is asked.
struct AuditTarget {
    private let isSecure: Bool
    private let host: String
    private let port: UInt16
    private let authority: String
    private let ca: String?

    init(_ arguments: AuditArguments) throws(CommandFailure) {
        let url = arguments.url
        let refusal = CommandFailure(
            "'\(url)' is no URL of a gateway", mend: "Write for example --url http://127.0.0.1:3000.", status: .usage)
        isSecure = url.hasPrefix("https://")
        guard isSecure || url.hasPrefix("http://") else { throw refusal }
        var rest = url.dropFirst(isSecure ? 8 : 7)
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard !rest.isEmpty, !rest.contains(where: { "/?#@".contains($0) }) else { throw refusal }
        authority = String(rest)
        let colon = rest.hasSuffix("]") ? nil : rest.lastIndex(of: ":")
        guard let port = colon.map({ UInt16(rest[rest.index(after: $0)...]) }) ?? (isSecure ? 443 : 80) else {
            throw refusal
        }
        self.port = port
        host = UpstreamOrigins.Authority(host: String(rest[..<(colon ?? rest.endIndex)]), port: port).host
        ca = arguments.ca
    }

    static func bytes(of file: String) throws(CommandFailure) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw CommandFailure("\(file) cannot be read", mend: "Name a file that you may read.", status: .noInput)
        }
        return [UInt8](data)
    }

    func makeClient() throws -> AuditClient {
        guard isSecure else { return try AuditClient(host: host, port: port, authority: authority, tls: nil) }
        let authorities = try ca.map { try Self.bytes(of: $0) }
        let tls: TLSClient
        do {
            tls = try TLSClient(serverName: host, authorities: authorities, identity: nil, minimumVersion: .tls12)
        } catch {
            throw CommandFailure("\(ca ?? "the system's authorities") cannot be used: \(error)", status: .dataError)
        }
        return try AuditClient(host: host, port: port, authority: authority, tls: tls)
    }
}
