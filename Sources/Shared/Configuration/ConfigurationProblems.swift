/// Collects what is wrong with the files of one configuration, so that all of it is said at once.
package final class ConfigurationProblems {
    /// In the order in which they were found.
    package private(set) var found: [ConfigurationProblem] = []

    package init() {}

    package var isEmpty: Bool { found.isEmpty }

    package func report(_ problem: ConfigurationProblem) { found.append(problem) }

    package func report(_ place: ConfigurationPlace, _ message: String, mend: String? = nil) {
        report(place.problem(message, mend: mend))
    }

    /// Ends a loading: an error with all that was found.
    package func throwIfAny() throws(ConfigurationError) {
        if !found.isEmpty { throw ConfigurationError(found) }
    }
}
