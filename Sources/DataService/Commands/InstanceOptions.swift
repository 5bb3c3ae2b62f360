import ArgumentParser

/// Which instance of the service this process is: `--instance NAME`, what systemd calls `%i`.
struct InstanceOptions: ParsableArguments, Sendable {
    static let defaultName = "1"
    /// Room for a folder and `.sock` in a socket's path (unix(7)).
    static let lengthLimit = 40

    @Option(
        name: .customLong("instance"),
        help: ArgumentHelp("The name of this instance, which stands for {instance} in data.yaml.", valueName: "name"))
    var name: String = Self.defaultName

    func validate() throws {
        guard Self.isName(name) else {
            throw ValidationError(
                """
                --instance \(name.debugDescription) is no name. Use letters, digits, `-`, `_` and `.`, not first a \
                `.`, \(Self.lengthLimit) at most.
                """)
        }
    }

    /// A name becomes part of a path, so it must not leave its folder or hide in it.
    static func isName(_ name: String) -> Bool {
        guard !name.isEmpty, !name.hasPrefix("."), name.utf8.count <= lengthLimit else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
    }
}
