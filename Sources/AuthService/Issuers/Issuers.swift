import FoundationEssentials
import Shared

/// All issuers whose tokens are taken, beside ourselves.
final class Issuers: Sendable {
    /// One issuer: what its tokens must say, where they may come from, and its keys.
    struct Issuer: Sendable {
        let rules: IssuerRules
        let places: TokenPlaces
        let keys: IssuerKeys
        let place: ConfigurationPlace
    }

    static let none = Issuers([])

    let all: [Issuer]

    init(_ configurations: [IssuerConfiguration]) {
        all = configurations.map { configuration in
            Issuer(
                rules: configuration.rules, places: configuration.places, keys: IssuerKeys(configuration),
                place: configuration.place)
        }
    }

    var isEmpty: Bool { all.isEmpty }

    /// By the exact `iss`.
    func issuer(named name: String) -> Issuer? { all.first { $0.rules.name.hasSameCodePoints(as: name) } }

    /// Whether a cookie of that name may hold a token of one of them.
    func takeCookie(_ name: String) -> Bool { all.contains { $0.places.contains(.cookie(name)) } }

    /// Reads the files of keys; none is taken where one is wrong.
    /// - Throws: all that is wrong with them.
    func readFiles() throws(ConfigurationError) {
        let problems = ConfigurationProblems()
        var sets: [(keys: IssuerKeys, set: IssuerKeySet)] = []
        for issuer in all {
            guard case .file(let path) = issuer.keys.source else { continue }
            if let set = Self.read(path, issuer, problems) { sets.append((issuer.keys, set)) }
        }
        try problems.throwIfAny()
        for (keys, set) in sets { keys.replace(file: set) }
    }

    /// A file is the operator's own: what is wrong in it is said, and not passed over. Keys for other things than
    /// signatures are passed over, for the sets that issuers publish have them.
    private static func read(
        _ path: String, _ issuer: Issuer, _ problems: ConfigurationProblems
    ) -> IssuerKeySet? {
        func report(_ message: String, _ mend: String) {
            problems.report(ConfigurationPlace(file: path), message, mend: mend)
        }
        guard let mode = try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int else {
            report("there is no such file", "Put the issuer's key set there, or name its URL.")
            return nil
        }
        guard mode & 0o022 == 0 else {
            report("others may change this file, and so make tokens", "Run chmod go-w \(path).")
            return nil
        }
        do {
            let (text, _) = try SecretFile(path: path).readPerhapsPublic(limit: IssuerKeySet.longest)
            let set = try IssuerKeySet(file: text, algorithms: issuer.keys.algorithms)
            for refusal in set.refusals where !refusal.reason.isForeign {
                report(
                    "\(refusal)", "Take it out; a set of an issuer has public keys alone, each with a `kid` of its own."
                )
            }
            if set.keys.isEmpty, set.refusals.allSatisfy(\.reason.isForeign) {
                report(
                    "no key in it is one for \(issuer.keys.algorithms.map(\.rawValue).joined(separator: ", "))",
                    "Name the issuer's `algorithms`, or another file.")
            }
            return set
        } catch let failure as SecretFile.Failure {
            report(failure.message, failure.mend)
        } catch let error as KeyFileError {
            report("\(error)", error.mend)
        } catch {
            report("\(error)", "Name a JWK set.")
        }
        return nil
    }
}
