// Unsafe: C strings for access(2) and execv(3).
import FoundationEssentials
import Glibc

/// Another of Postern's programs, in the folder of the one that runs. It is never looked for in `$PATH`: the programs
/// of one version belong together.
package struct SiblingProgram: Sendable, Equatable {
    package let name: String
    package let path: String

    /// Finds `name` beside the program that runs (/proc/self/exe), or in `directory` if that is given.
    package init(_ name: String, in directory: String? = nil) throws(CommandFailure) {
        guard let folder = directory ?? Self.ownDirectory else {
            throw CommandFailure(
                "cannot find out where this program is: /proc/self/exe cannot be read", mend: "Mount /proc")
        }
        self.name = name
        self.path = "\(folder)/\(name)"
        guard unsafe access(path, F_OK) == 0 else {
            throw CommandFailure(
                "\(name) is not in \(folder)",
                mend: "Postern's programs belong in one folder: install it there (from a checkout: swift build)",
                status: .notFound)
        }
        guard unsafe access(path, X_OK) == 0 else {
            throw CommandFailure(
                "\(path) cannot be run: \(SystemError.last("access").reason)", mend: "chmod +x \(path)",
                status: .cannotExecute)
        }
    }

    /// Becomes the sibling: same process, same terminal, its exit status. Returns only by throwing.
    package func replaceThisProcess(arguments: [String]) throws(CommandFailure) -> Never {
        let vector = CStringVector([name] + arguments)
        _ = unsafe vector.withPointer { unsafe execv(path, $0) }
        throw CommandFailure("\(path) cannot be run: \(SystemError.last("execv").reason)", status: .cannotExecute)
    }

    /// Runs the sibling with this process's standard streams and waits for its end.
    package func run(
        arguments: [String], environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandFailure) -> ChildEnd {
        do {
            let child = try ChildLaunch(path: path, arguments: [name] + arguments, environment: environment).start()
            return ChildEnd.wait(for: child) ?? .exited(ExitStatus.failure.rawValue)
        } catch {
            throw CommandFailure("\(path) cannot be run: \(error.reason)", status: .cannotExecute)
        }
    }

    /// The folder of the program that runs; nil without /proc.
    package static var ownDirectory: String? {
        guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
            let slash = path.lastIndex(of: "/")
        else { return nil }
        return String(path[..<slash])
    }
}
