/// How long a request's body may be, and what a client is told whose body is longer.
package struct BodyLimit: Sendable {
    package let bytes: Int
    /// The JSON body of the answer 413.
    package let refusal: [UInt8]

    package init(bytes: Int) {
        self.bytes = bytes
        refusal = Array("{\"error\":\"Body exceeded \(Self.text(bytes)) limit\"}".utf8)
    }

    /// `1mb`, `64kb`, `100b`: the words of the API that this one stands in for.
    private static func text(_ bytes: Int) -> String {
        if bytes >= 1 << 20 && bytes % (1 << 20) == 0 { return "\(bytes >> 20)mb" }
        if bytes >= 1 << 10 && bytes % (1 << 10) == 0 { return "\(bytes >> 10)kb" }
        return "\(bytes)b"
    }
}
