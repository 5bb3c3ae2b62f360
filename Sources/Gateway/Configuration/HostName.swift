import Shared

/// The name of a machine, as DNS carries it (RFC 1123 section 2.1): labels of letters, digits and hyphens. An underscore
/// is let in as well: private networks use it.
enum HostName {
    /// The name in small letters.
    /// - Throws: `ServiceURL.Fault` for what is no name, or could be taken for something else.
    static func check(_ text: String) throws(ServiceURL.Fault) -> String {
        let name = text.lowercased()
        let quoted = ServiceURL.quoted(text)
        guard text.utf8.allSatisfy({ $0 < 128 }) else {
            throw ServiceURL.Fault(
                message: "\(quoted) is not in ASCII",
                mend: "Write the form that DNS carries, whose parts begin with xn-- (`idn NAME` tells it).")
        }
        if name.hasSuffix(".") {
            throw ServiceURL.Fault(
                message: "\(quoted) ends in a period", mend: "Take it out: names are always looked up as they stand.")
        }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, labels.allSatisfy(isLabel) else {
            throw ServiceURL.Fault(
                message: "\(quoted) is no name of a machine",
                mend: "A name has letters, digits and hyphens, in parts of 63 at most with a period between them.")
        }
        // 127.1, 0x7f.1 and 2130706433 are addresses to some readers and names to others.
        if let last = labels.last, isNumber(last) {
            throw ServiceURL.Fault(
                message: "\(quoted) is neither a name nor an address in its usual form",
                mend: "Write the address with four numbers, as in 192.0.2.1.")
        }
        return name
    }

    private static func isLabel(_ label: Substring) -> Bool {
        guard (1...63).contains(label.utf8.count), !label.hasPrefix("-"), !label.hasSuffix("-") else { return false }
        return label.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x5F
        }
    }

    private static func isNumber(_ label: Substring) -> Bool {
        let digits = label.hasPrefix("0x") ? label.dropFirst(2) : label
        let isHexadecimal = digits.startIndex != label.startIndex
        return digits.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || isHexadecimal && (0x61...0x66).contains(byte)
        }
    }
}
