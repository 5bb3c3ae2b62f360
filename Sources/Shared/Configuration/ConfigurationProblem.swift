/// Where something stands in a configuration file; lines and columns count from 1.
package struct ConfigurationPlace: Sendable, Hashable, CustomStringConvertible {
    /// The file's path as the operator named it.
    package let file: String
    /// Nil for the file as a whole.
    package let line: Int?
    package let column: Int?

    package init(file: String, line: Int? = nil, column: Int? = nil) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `FILE:LINE:COLUMN`, as compilers and editors write it.
    package var description: String {
        var text = file
        if let line { text += ":\(line)" }
        if line != nil, let column { text += ":\(column)" }
        return text
    }

    /// Something wrong here.
    package func problem(_ message: String, mend: String? = nil) -> ConfigurationProblem {
        ConfigurationProblem(file: file, line: line, column: column, message: message, mend: mend)
    }
}

/// One thing that is wrong with the configuration: where, what, and the mend.
package struct ConfigurationProblem: Error, Sendable, Hashable, CustomStringConvertible {
    package let file: String
    package let line: Int?
    package let column: Int?
    /// What is wrong: on one line, without a period at its end, and without secrets.
    package let message: String
    /// What to do about it, in whole sentences; nil where the message says it.
    package let mend: String?

    package init(file: String, line: Int? = nil, column: Int? = nil, message: String, mend: String? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.mend = mend
    }

    package var place: ConfigurationPlace { ConfigurationPlace(file: file, line: line, column: column) }

    /// `FILE:LINE:COLUMN: what is wrong. The mend.`
    package var description: String {
        "\(place): \(message)." + (mend.map { " \($0)" } ?? "")
    }
}

/// All that is wrong with a configuration, at once.
package struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    /// By file, then by line.
    package let problems: [ConfigurationProblem]

    package init(_ problems: [ConfigurationProblem]) {
        self.problems = problems.enumerated().sorted { left, right in
            let leftKey = (left.element.file, left.element.line ?? 0, left.element.column ?? 0, left.offset)
            let rightKey = (right.element.file, right.element.line ?? 0, right.element.column ?? 0, right.offset)
            return leftKey < rightKey
        }.map(\.element)
    }

    /// A problem a line.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}
