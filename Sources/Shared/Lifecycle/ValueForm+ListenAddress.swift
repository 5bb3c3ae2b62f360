extension ValueForm where Value == ListenAddress {
    /// An address to listen on, in one of ``ListenAddress``'s forms.
    package static func listenAddress(relativeTo folder: String? = nil) -> ValueForm {
        reading { text throws(ListenError) in try ListenAddress(text, relativeTo: folder) }
    }

    /// The path of a Unix socket to listen on, with `unix:` before it or without.
    package static func socketPath(relativeTo folder: String? = nil) -> ValueForm {
        reading { text throws(ListenError) in
            let path = text.hasPrefix("unix:") ? String(text.dropFirst(5)) : text
            return try ListenAddress(unixPath: path, relativeTo: folder)
        }
    }

    private static func reading(_ parse: @escaping (String) throws(ListenError) -> ListenAddress) -> ValueForm {
        ValueForm { node in
            guard let text = node.text, !node.isEmpty else {
                node.reportMismatch(expected: "an address to listen on")
                return nil
            }
            do throws(ListenError) {
                return try parse(text)
            } catch {
                node.report("`\(node.name)`: \(error.message)", mend: error.mend)
                return nil
            }
        }
    }
}
