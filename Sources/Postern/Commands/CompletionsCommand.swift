import ArgumentParser
import Shared

struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print the completion script for a shell.",
        discussion: """
              postern completions bash > /etc/bash_completion.d/postern
              postern completions zsh > "${fpath[1]}/_postern"
              postern completions fish > ~/.config/fish/completions/postern.fish
            """)

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish

        var completionShell: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @Argument(help: "Which shell the script is for.")
    var shell: Shell

    func run() throws {
        StandardStream.output.write(PosternCommand.completionScript(for: shell.completionShell) + "\n")
    }
}
