import ArgumentParser
import CLinux
import Glibc
import Shared

/// `postern-auth token …`.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Look into tokens, and revoke them.", subcommands: [Inspect.self, Revoke.self])

    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a token's header and claims, and whether it verifies with the configured keys.",
            discussion: "The exit status is 0 for a good token and 65 for any other.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var token: TokenArguments

        func run() throws {
            try AuthSetup.protectMemory()
            let setup = try AuthSetup(configuration, runtime)
            let verifier = TokenVerifier(try setup.keys(), rules: setup.configuration.claimRules)
            let inspection = TokenInspection(
                try token.given.map { Array($0.utf8) } ?? TokenCommand.standardInput(), verifier: verifier,
                now: postern_realtime_s())
            StandardStream.output.write(inspection.report)
            if inspection.refusal != nil { throw ExitCode(ExitStatus.dataError.rawValue) }
        }

    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make tokens bad before their time: one, a session's, a user's, or a key's.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var what: RevocationArguments

        func run() throws {
            try AuthSetup.protectMemory()
            let setup = try AuthSetup(configuration, runtime)
            let administration = RevocationAdministration(store: try setup.store(), now: postern_realtime_s())
            let report =
                if let named = try administration.revokeNamed(what) {
                    named
                } else {
                    try administration.revoke(
                        token: try what.token.flatMap { $0 == "-" ? nil : Array($0.utf8) }
                            ?? TokenCommand.standardInput(),
                        verifier: TokenVerifier(try setup.keys(), rules: setup.configuration.claimRules))
                }
            StandardStream.output.write(report)
        }
    }

    /// The first line, of a token's length at most.
    private static func standardInput() throws(CommandFailure) -> [UInt8] {
        var token: [UInt8] = []
        while let byte = PasswordSource.nextByte(STDIN_FILENO), byte != UInt8(ascii: "\n") {
            guard token.count <= CompactSerialization.longest else { break }
            token.append(byte)
        }
        guard !token.isEmpty else {
            throw CommandFailure("no token was given", mend: "Write it to standard input", status: .dataError)
        }
        return token
    }
}
