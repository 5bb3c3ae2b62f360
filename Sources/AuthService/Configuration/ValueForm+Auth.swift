import Shared

extension ValueForm where Value == ListenAddress {
    /// `unix:PATH`.
    static func unixSocket(relativeTo folder: String) -> ValueForm {
        ValueForm { node in
            guard !node.isEmpty, let text = node.text, text.hasPrefix("unix:") else {
                // Tokens and passwords cross these sockets in the clear.
                node.reportMismatch(expected: "a Unix socket", mend: "Write for example `unix:auth/login.sock`.")
                return nil
            }
            do throws(ListenError) {
                return try ListenAddress(text, relativeTo: folder)
            } catch {
                node.report("`\(node.name)`: \(error.message)", mend: error.mend)
                return nil
            }
        }
    }
}

extension ValueForm where Value == String {
    /// `sqlite:PATH`, as an absolute path.
    static func sqliteFile(relativeTo folder: String) -> ValueForm {
        text(expected: "a store", mend: "Write for example `sqlite:auth.db`.") { text in
            guard text.hasPrefix("sqlite:") else { return nil }
            let path = text.dropFirst("sqlite:".count)
            // `sqlite://host/x` looks like a URL and would quietly be a path.
            guard !path.isEmpty, !path.hasPrefix("//"), !path.hasSuffix("/"), !path.utf8.contains(0) else { return nil }
            return absolute(String(path), below: folder)
        }
    }

    /// A path, as an absolute one.
    static func path(relativeTo folder: String) -> ValueForm {
        text(expected: "a path") { text in
            text.isEmpty || text.utf8.contains(0) ? nil : absolute(text, below: folder)
        }
    }

    private static func absolute(_ path: String, below folder: String) -> String {
        path.hasPrefix("/") ? path : "\(folder)/\(path)"
    }
}

extension ValueForm where Value == Int64 {
    /// A duration of whole seconds, in seconds: what tokens and caches count in.
    static func wholeSeconds(in range: ClosedRange<Duration>) -> ValueForm {
        ValueForm { node in
            guard let duration = node.read(as: .duration(in: range)) else { return nil }
            guard duration.components.attoseconds == 0 else {
                node.report("`\(node.name)` is no whole number of seconds", mend: "Write s, m, h or d as the unit.")
                return nil
            }
            return duration.components.seconds
        }
    }
}
