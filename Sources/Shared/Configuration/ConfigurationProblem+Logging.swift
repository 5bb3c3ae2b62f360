package import Logging

extension ConfigurationProblem {
    /// The problem as facts of a log event.
    package var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["config.file": "\(file)", "config.problem": "\(message)"]
        if let line { metadata["config.line"] = "\(line)" }
        if let column { metadata["config.column"] = "\(column)" }
        if let mend { metadata["config.mend"] = "\(mend)" }
        return metadata
    }
}
