// Unsafe code: lends the bytes of a text.

extension FieldName {
    /// The field that a configuration names; nil when the text is no token (RFC 9110 section 5.1), or too long.
    package init?(named text: String) {
        let bytes = Array(text.utf8)
        guard let name = Self.identify(unsafe bytes.span.bytes, 0..<bytes.count) else { return nil }
        self = name
    }
}
