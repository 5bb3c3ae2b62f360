package import ArgumentParser

/// What `audit` asks of a running gateway, and how it tells what it found.
package struct AuditArguments: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("The gateway that is asked; nothing else is.", valueName: "url"))
    package var url: String = "http://127.0.0.1:3000"

    @Option(
        help: ArgumentHelp(
            "Requests: `METHOD URL` lines, or an .http file with fields and bodies.", valueName: "file"),
        completion: .file())
    package var requests: String?

    @Option(
        help: ArgumentHelp(
            "An access log (Common or Combined Log Format): what was asked is asked again.", valueName: "file"),
        completion: .file())
    package var log: String?

    @Option(
        name: .customLong("param"),
        help: ArgumentHelp(
            "What a parameter of a route stands for, name=value; may be repeated.", valueName: "name=value"))
    package var parameters: [String] = []

    @Option(
        name: .customLong("header"),
        help: ArgumentHelp("A field of every request, \"Name: value\"; may be repeated.", valueName: "field"))
    package var headers: [String] = []

    @Option(help: ArgumentHelp("The bearer token of every request.", valueName: "token"))
    package var token: String?

    @Option(
        name: .customLong("look-for"),
        help: ArgumentHelp(
            "A name or address to look for beside those of the services; may be repeated.", valueName: "host"))
    package var lookFor: [String] = []

    @Option(
        help: ArgumentHelp(
            "For https: the authorities to believe, a PEM file (default: the system's).", valueName: "file"),
        completion: .file())
    package var ca: String?

    @Flag(help: "Also send methods that may change something.")
    package var unsafe = false

    @Flag(help: "Write a JSON object a line.")
    package var json = false

    package init() {}

    package func validate() throws {
        guard requests == nil || log == nil else {
            throw ValidationError("--requests and --log exclude each other. Give one of them.")
        }
        for parameter in parameters where parameter.firstIndex(of: "=") ?? parameter.startIndex == parameter.startIndex
        {
            throw ValidationError("--param '\(parameter)' is no name=value. Write for example --param city=paris.")
        }
        for header in headers {
            guard let colon = header.firstIndex(of: ":"), colon != header.startIndex,
                header.utf8.allSatisfy({ $0 >= 32 && $0 != 127 })
            else {
                throw ValidationError("--header '\(header)' is no field. Write for example --header 'X-A: b'.")
            }
        }
        if let token, !token.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) {
            throw ValidationError("--token holds a character that no token has.")
        }
    }
}
