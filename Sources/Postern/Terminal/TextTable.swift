/// Columns of text, each as wide as its widest entry, numbers to the right; for people.
struct TextTable {
    struct Column {
        let title: String
        var isNumber = false
    }
    private let columns: [Column]
    private var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    /// - Parameter row: an entry a column.
    mutating func add(_ row: [String]) { rows.append(row) }

    var isEmpty: Bool { rows.isEmpty }

    /// A line a row, the titles first.
    var lines: [String] {
        let all = [columns.map(\.title)] + rows
        let widths = columns.indices.map { index in all.map { index < $0.count ? $0[index].count : 0 }.max() ?? 0 }
        return all.map { row in
            var line = ""
            for (index, column) in columns.enumerated() {
                let text = index < row.count ? row[index] : ""
                let pad = String(repeating: " ", count: widths[index] - text.count)
                line += column.isNumber ? pad + text : text + pad
                line += "  "
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }
}

/// Numbers as people read them.
enum Readable {
    /// `0 B`, `12.3 MiB`.
    static func bytes(_ count: UInt64) -> String {
        var value = Double(count)
        var unit = 0
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return unit == 0 ? "\(count) B" : "\(tenths(value)) \(units[unit])"
    }

    /// `870 µs`, `1.2 ms`, `3.4 s`.
    static func microseconds(_ count: UInt64?) -> String {
        guard let count else { return "-" }
        if count < 1000 { return "\(count) µs" }
        if count < 1_000_000 { return "\(tenths(Double(count) / 1000)) ms" }
        return "\(tenths(Double(count) / 1_000_000)) s"
    }

    /// `45 s`, `12 min`, `3 h 20 min`, `12 d`.
    static func seconds(_ count: UInt64) -> String {
        if count < 120 { return "\(count) s" }
        if count < 7200 { return "\(count / 60) min" }
        if count < 172_800 { return "\(count / 3600) h \(count / 60 % 60) min" }
        return "\(count / 86400) d"
    }

    /// Thousandths: `0`, `0.4`, `120`.
    static func rate(_ thousandths: Int) -> String {
        thousandths >= 10_000 ? "\(thousandths / 1000)" : thousandths == 0 ? "0" : tenths(Double(thousandths) / 1000)
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
