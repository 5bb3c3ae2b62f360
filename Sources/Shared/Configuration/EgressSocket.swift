/// The gateway's egress socket as other programs find it: by what postern.yaml in the same folder says.
package enum EgressSocket {
    /// The path that `egress` names; nil where there is none, or it cannot be read. What is wrong with the file, the
    /// gateway says.
    package static func path(directory: String, runDirectory: String) -> String? {
        let reader = ConfigurationReader(file: "\(directory)/postern.yaml", problems: ConfigurationProblems())
        guard let node = reader.optional("egress", .node) else { return nil }
        let form = ValueForm<ListenAddress>.socketPath(relativeTo: runDirectory)
        let address =
            node.isMapping
            ? node.read(as: ValueForm<ConfigurationReader>.mapping)?.optional("listen", form) : node.read(as: form)
        guard case .unix(let path)? = address else { return nil }
        return path
    }
}
