import FoundationEssentials
import Shared

/// What a command lists: columns for people, or JSON for programs.
enum ListTable {
    /// A line a row below the headings. What is in it came from elsewhere: a terminal must not obey it.
    static func text(_ headings: [String], _ rows: [[String]]) -> String {
        let rows = [headings] + rows.map { $0.map { LogText.escaped($0, limit: 256) } }
        let widths = headings.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row.dropLast(), widths).map { $0 + String(repeating: " ", count: $1 - $0.count + 2) }.joined()
                + (row.last ?? "") + "\n"
        }.joined()
    }

    /// An array on a line.
    static func json(_ elements: (inout JSONWriter) -> Void) -> String {
        String(decoding: JSONWriter.bytes { $0.array(elements) }, as: UTF8.self) + "\n"
    }

    /// Seconds since 1970 as `2026-11-25T18:30:00Z`.
    static func time(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    }
}
