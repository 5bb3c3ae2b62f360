package import ArgumentParser

/// `--listen ADDRESS`: in place of what postern.yaml says.
package struct ListenOptions: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp(
            "Where the gateway listens, in place of the configuration's own: 127.0.0.1:3000, localhost:3000, *:3000.",
            valueName: "host:port"),
        transform: Self.address)
    package var listen: ListenAddress?

    package init() {}

    private static func address(_ text: String) throws -> ListenAddress {
        do {
            return try ListenAddress(text)
        } catch {
            throw ValidationError(error.description)
        }
    }
}
