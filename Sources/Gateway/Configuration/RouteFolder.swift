import Shared

/// A folder of routes: each file is a route, in Next.js's names; `_defaults.yaml` holds for all at its folder and below.
enum RouteFolder {
    static let defaultsName = "_defaults"
    /// Where others look for what they must find (RFC 8615); all other names with a leading period are passed over.
    static let wellKnownName = ".well-known"

    /// Reads all files; nil after problems with the tree as a whole.
    static func read(_ folder: String, _ context: RouteContext) -> RouteTree<RouteRule>? {
        let names = ConfigurationFolder.files(
            in: folder, reserved: [defaultsName], hidden: [wellKnownName], problems: context.problems)
        let defaults = readDefaults(names.filter(isDefaults), in: folder, context)
        var routes: [(pattern: RoutePattern, value: RouteRule, source: String)] = []
        for name in names where !isDefaults(name) {
            let file = "\(folder)/\(name).yaml"
            let own = ConfigurationReader(file: file, problems: context.problems)
            let reader = LayeredReader(
                [own] + layers(of: name, defaults), place: own.place, settings: RouteSettings())
            let configuration = RouteConfiguration(reader, file: file, context)
            do throws(RoutePatternError) {
                let pattern = try RoutePattern("/" + name)
                routes.append((pattern, configuration.rule(for: pattern), file))
            } catch {
                context.problems.report(ConfigurationPlace(file: file), error.message, mend: sentence(error.mend))
            }
            own.finish()
        }
        for reader in defaults.values { reader.finish() }
        do throws(RouteTreeError) {
            return try RouteTree(routes)
        } catch {
            for clash in error.problems {
                context.problems.report(
                    ConfigurationPlace(file: clash.source), clash.message, mend: sentence(clash.mend))
            }
            return nil
        }
    }

    /// The readers of the files of defaults, by the folder that they are in (`""` or `api/`).
    private static func readDefaults(
        _ names: [String], in folder: String, _ context: RouteContext
    ) -> [String: ConfigurationReader] {
        var defaults: [String: ConfigurationReader] = [:]
        for name in names {
            let file = "\(folder)/\(name).yaml"
            let reader = ConfigurationReader(file: file, problems: context.problems)
            defaults[String(name.dropLast(defaultsName.count))] = reader
            // For itself: what is wrong in it shows where no route meets it, too.
            let layer = LayeredReader([reader], place: reader.place, settings: RouteSettings())
            _ = RouteConfiguration(layer, file: file, isRoute: false, context)
        }
        return defaults
    }

    /// The defaults that hold for a route, nearest first.
    private static func layers(of name: String, _ defaults: [String: ConfigurationReader]) -> [ConfigurationReader] {
        var layers: [ConfigurationReader] = []
        var folder = name.unicodeScalars[...]
        while let slash = folder.lastIndex(of: "/") {
            if let reader = defaults[String(folder[...slash])] { layers.append(reader) }
            folder = folder[..<slash]
        }
        if let reader = defaults[""] { layers.append(reader) }
        return layers
    }

    private static func isDefaults(_ name: String) -> Bool {
        name == defaultsName || name.hasSuffix("/" + defaultsName)
    }

    /// What the route tree says in half a sentence, as one.
    private static func sentence(_ mend: String) -> String { mend.prefix(1).uppercased() + mend.dropFirst() + "." }
}
