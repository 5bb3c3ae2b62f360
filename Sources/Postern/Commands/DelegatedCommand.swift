import ArgumentParser
import Shared

/// A command that another of Postern's programs carries out. `postern` parses it (help, completion, refusal of what is
/// malformed) with the same argument groups, and then becomes that program, arguments as they were typed: the gateway
/// explains with the code that routes, and secrets stay in the program that owns them.
protocol DelegatedCommand: ParsableCommand {
    /// The program that owns the matter. It takes the same command by the same name.
    static var program: String { get }
}

extension DelegatedCommand {
    mutating func run() throws {
        try SiblingProgram(Self.program).replaceThisProcess(arguments: Array(CommandLine.arguments.dropFirst()))
    }
}
