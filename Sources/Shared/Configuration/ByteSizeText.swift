/// A number of bytes as it is written in configuration: `65536`, `64KiB`, `1MiB`, `1GiB` (powers of 1024),
/// `1kB`, `1MB`, `1GB` (powers of 1000; IEC 80000-13).
enum ByteSizeText {
    private static let units: [(suffix: String, bytes: Int)] = [
        ("", 1), ("B", 1), ("kB", 1000), ("KB", 1000), ("KiB", 1 << 10), ("MB", 1_000_000), ("MiB", 1 << 20),
        ("GB", 1_000_000_000), ("GiB", 1 << 30),
    ]

    /// Nil for a text of another form, or past what fits.
    static func parse(_ text: String) -> Int? {
        let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
        let suffix = String(text.utf8.dropFirst(digits.count)) ?? ""
        guard let number = Int(Substring(digits)), let unit = units.first(where: { $0.suffix == suffix }) else {
            return nil
        }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: unit.bytes)
        return overflow ? nil : bytes
    }

    /// In the largest binary unit that leaves no rest.
    static func format(_ bytes: Int) -> String {
        for (suffix, unit) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
        where bytes != 0 && bytes % unit == 0 {
            return "\(bytes / unit)\(suffix)"
        }
        return "\(bytes)"
    }
}
