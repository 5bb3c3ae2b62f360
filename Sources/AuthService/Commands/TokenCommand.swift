import ArgumentParser
import CLinux
import Glibc
import Logging
import Shared

/// `postern-auth token …`.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Look into tokens, and revoke them.",
        subcommands: [Inspect.self, Revoke.self, Revocations.self])

    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a token's header and claims, and whether it verifies with the configured keys.",
            discussion:
                "The exit status is 0 for a good token, 69 where its issuer's keys are not to be had, and 65 for any other."
        )

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var token: TokenArguments

        func run() throws {
            try AuthSetup.protectMemory()
            let setup = try AuthSetup(configuration, runtime)
            let text = try token.given.map { Array($0.utf8) } ?? TokenCommand.standardInput()
            let inspection = try setup.withJudge(logger: TokenCommand.logger) { judge in
                TokenInspection(text, judge: judge, now: postern_realtime_s())
            }
            StandardStream.output.write(inspection.report)
            if inspection.isUnknown { throw ExitCode(ExitStatus.unavailable.rawValue) }
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
            let administration = RevocationAdministration(
                store: try setup.store(), keep: setup.configuration.revocationKeep, now: postern_realtime_s())
            if let report = try administration.revokeNamed(what) { return StandardStream.output.write(report) }
            let token = try given()
            let report = try setup.withJudge(logger: TokenCommand.logger) { judge in
                try administration.revoke(token: token, judge: judge)
            }
            StandardStream.output.write(report)
        }

        private func given() throws(CommandFailure) -> [UInt8] {
            if let token = what.token, token != "-" { return Array(token.utf8) }
            return try TokenCommand.standardInput()
        }
    }

    /// What goes wrong with the keys of issuers is said, and nothing of what goes well.
    private static var logger: Logger {
        var logger = LoggingSetup.make(identifier: AuthCommand.program)
        logger.logLevel = .warning
        return logger
    }

    struct Revocations: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what is revoked, and until when that is kept.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var output: ListOutputOptions

        func run() throws {
            let setup = try AuthSetup(configuration, runtime)
            let administration = RevocationAdministration(
                store: try setup.store(), keep: setup.configuration.revocationKeep, now: postern_realtime_s())
            StandardStream.output.write(try administration.list(asJSON: output.json))
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
