import ArgumentParser
import CLinux
import Glibc
import Shared

/// `postern-auth token …`.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Look into tokens.", subcommands: [Inspect.self])

    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a token's header and claims, and whether it verifies with the configured keys.",
            discussion: "The exit status is 0 for a good token and 65 for any other.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var token: TokenArguments

        func run() throws {
            try AuthSetup.protectMemory()
            let verifier = TokenVerifier(try AuthSetup(configuration, runtime).keys())
            let inspection = TokenInspection(
                try token.given.map { Array($0.utf8) } ?? Self.standardInput(), verifier: verifier,
                now: postern_realtime_s())
            StandardStream.output.write(inspection.report)
            if inspection.refusal != nil { throw ExitCode(ExitStatus.dataError.rawValue) }
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
}
