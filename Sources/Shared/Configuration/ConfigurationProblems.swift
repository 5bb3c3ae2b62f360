/// Collects what is wrong with the files of one configuration, so that all of it is said at once.
package final class ConfigurationProblems {
    /// In the order in which they were found.
    package private(set) var found: [ConfigurationProblem] = []
    /// What stands in one file for many (`_defaults.yaml`) is read for each of them, and said once.
    private var known: Set<ConfigurationProblem> = []

    package init() {}

    package var isEmpty: Bool { found.isEmpty }

    package func report(_ problem: ConfigurationProblem) {
        if known.insert(problem).inserted { found.append(problem) }
    }

    package func report(_ place: ConfigurationPlace, _ message: String, mend: String? = nil) {
        report(place.problem(message, mend: mend))
    }

    /// Ends a loading: an error with all that was found.
    package func throwIfAny() throws(ConfigurationError) {
        if !found.isEmpty { throw ConfigurationError(found) }
    }
}
