import Shared

/// What the files of routes are read with.
struct RouteContext {
    let services: [ServiceConfiguration]
    /// Whether `postern.yaml` says who judges tokens.
    let asksForVerdicts: Bool
    let credentials: Credentials
    let problems: ConfigurationProblems
    /// The routes are for local services on the egress socket.
    var isEgress = false

    /// Reports a fault of a template where it stands. `file` is the route's, where the template is from another one.
    func report(_ fault: TemplateFault, in key: String, at place: ConfigurationPlace, for file: String) {
        let whose = place.file == file ? "" : " (for \(file))"
        problems.report(place, "`\(key)`\(whose): \(fault.message)", mend: fault.mend)
    }
}
