import Shared

extension ValueForm where Value == ListenAddress {
    /// `unix:PATH`, in which `{instance}` stands for the instance's name.
    static func instanceSocket(_ instance: String, relativeTo folder: String) -> ValueForm {
        ValueForm { node in
            guard !node.isEmpty, let text = node.text, text.hasPrefix("unix:") else {
                node.reportMismatch(
                    expected: "a Unix socket", mend: "Write for example `unix:data/{instance}.sock`.")
                return nil
            }
            let path = String(text.dropFirst("unix:".count)).replacing("{instance}", with: instance)
            guard !path.contains("{"), !path.contains("}") else {
                node.report(
                    "`\(node.name)` has an unknown placeholder", mend: "The only one here is `{instance}`.")
                return nil
            }
            do throws(ListenError) {
                return try ListenAddress(unixPath: path, relativeTo: folder)
            } catch {
                node.report("`\(node.name)`: \(error.message)", mend: error.mend)
                return nil
            }
        }
    }
}

extension ValueForm where Value == String {
    /// `sqlite:PATH`, as an absolute path.
    static func store(relativeTo folder: String) -> ValueForm {
        text(expected: "a store", mend: "Write for example `sqlite:data.db`.") { text in
            guard text.hasPrefix("sqlite:") else { return nil }
            let path = text.dropFirst("sqlite:".count)
            // `sqlite://host/x` looks like a URL and would quietly be a path.
            guard !path.isEmpty, !path.hasPrefix("//"), !path.hasSuffix("/"), !path.utf8.contains(0) else { return nil }
            return path.hasPrefix("/") ? String(path) : "\(folder)/\(path)"
        }
    }
}
