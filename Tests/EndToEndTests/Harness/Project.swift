import FoundationEssentials
import Shared
import Testing

/// What lies around the tests: the checkout, and the programs that were built with them.
enum Project {
    /// The checkout's folder.
    static let folder: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(4).joined(separator: "/")
    }()

    static let tutorialConfiguration = "\(folder)/deploy/tutorial"

    static let programs = ["postern", "postern-gateway", "postern-auth", "postern-data"]

    /// A program in the folder that the test bundle lies in.
    static func program(_ name: String) throws -> String {
        let folder = try #require(SiblingProgram.ownDirectory)
        return "\(folder)/\(name)"
    }

    static let secret = "mysecret"
    static let environment = ["JWT_SECRET_KEY": secret]
}
