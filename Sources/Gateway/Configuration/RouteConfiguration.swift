import Shared

/// A file in `routes/`: its path is the route's pattern, in Next.js's names.
///
/// - `service`: the name of a file in `services/` (required).
/// - `methods`: the methods that the route takes; all without it. Who may GET may HEAD.
///   A route that takes GET takes upgrades too (WebSocket): the service decides, by 101 or an ordinary answer.
/// - `auth`: `none` (default), `optional` or `required`: whether a token must be shown, and is judged.
/// - `path`: what the service is asked for, with parameters from the file's name (`/current/{city}`, `/files/{path...}`);
///   the request's own path without it.
/// - `timeout`: for the service to begin its answer, and between its pieces; else its own `timeouts: first_byte` (30s).
/// - `body_limit`: of a request's body (1MiB).
/// - `mask`: see `MaskConfiguration`; goes before what the service says, key by key.
enum RouteConfiguration {
    /// Reads all files; nil after problems with the tree as a whole.
    static func readAll(
        in folder: String, services: [ServiceConfiguration], asksForVerdicts: Bool, problems: ConfigurationProblems
    ) -> RouteTree<RouteRule>? {
        var routes: [(pattern: RoutePattern, value: RouteRule, source: String)] = []
        for name in ConfigurationFolder.files(in: folder, problems: problems) {
            let file = "\(folder)/\(name).yaml"
            let rule = read(file, services: services, asksForVerdicts: asksForVerdicts, problems: problems)
            do throws(RoutePatternError) {
                let pattern = try RoutePattern("/" + name)
                routes.append((pattern, rule(pattern), file))
            } catch {
                problems.report(ConfigurationPlace(file: file), error.message, mend: sentence(error.mend))
            }
        }
        do throws(RouteTreeError) {
            return try RouteTree(routes)
        } catch {
            for clash in error.problems {
                problems.report(ConfigurationPlace(file: clash.source), clash.message, mend: sentence(clash.mend))
            }
            return nil
        }
    }

    /// What the route tree says in half a sentence, as one.
    private static func sentence(_ mend: String) -> String { mend.prefix(1).uppercased() + mend.dropFirst() + "." }

    /// After a problem too there is a rule, so that clashes are found at once with all else; nobody serves by it.
    private static func read(
        _ file: String, services: [ServiceConfiguration], asksForVerdicts: Bool, problems: ConfigurationProblems
    ) -> (RoutePattern) -> RouteRule {
        let reader = ConfigurationReader(file: file, problems: problems)
        let service = service(reader, services)
        let methods = reader.optional("methods", .list(of: .method))
        let authentication = reader.value("auth", .word, default: RouteRule.Authentication.none)
        if authentication != .none && !asksForVerdicts {
            reader.report(
                "auth", "the route asks for tokens, and postern.yaml does not say who judges them",
                mend: "Add to postern.yaml: `verify: unix:auth/verify.sock`.")
        }
        let path = reader.optional("path", .nonEmptyString)
        let timeout = reader.optional("timeout", .duration(in: .milliseconds(1) ... .seconds(86400)))
        let bodyLimit = reader.value("body_limit", .byteSize(in: 0...Int.max), default: 1 << 20)
        let mask = reader.optional("mask", .mapping).map(MaskConfiguration.Part.read)
        reader.finish()
        let parts = [service.map { services[$0].mask }, mask].compactMap { $0 }
        return { pattern in
            RouteRule(
                file: file, pattern: pattern.description, service: service ?? 0, methods: methods,
                authentication: authentication, path: path.flatMap { template($0, for: pattern, reader) },
                timeout: timeout?.nanoseconds ?? service.map { services[$0].timeouts.firstByte } ?? 0,
                bodyLimit: bodyLimit, mask: MaskConfiguration(parts))
        }
    }

    private static func template(
        _ text: String, for pattern: RoutePattern, _ reader: ConfigurationReader
    ) -> PathTemplate? {
        do throws(PathTemplate.Fault) {
            return try PathTemplate(text, for: pattern)
        } catch {
            reader.report("path", "`path`: \(error.message)", mend: error.mend)
            return nil
        }
    }

    /// The index of the service that the file names.
    private static func service(_ reader: ConfigurationReader, _ services: [ServiceConfiguration]) -> Int? {
        guard let name = reader.required("service", .nonEmptyString, example: services.first?.name ?? "data") else {
            return nil
        }
        if let index = services.firstIndex(where: { $0.name == name }) { return index }
        let known = services.map(\.name)
        reader.report(
            "service", "there is no service '\(name)'",
            mend: known.isEmpty
                ? "Add services/\(name).yaml."
                : "Add services/\(name).yaml, or name one of: \(known.joined(separator: ", ")).")
        return nil
    }
}

extension ValueForm where Value == Method {
    /// A method in capitals, one of those that the gateway knows.
    static var method: ValueForm {
        let names = Method.allCases.map(\.name).filter { !$0.isEmpty && $0 != "CONNECT" }
        return text(expected: "a method", mend: "Write one of: \(names.joined(separator: ", ")).") { text in
            names.contains(text) ? Method(name: text) : nil
        }
    }
}
