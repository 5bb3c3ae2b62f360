/// The `limit` of a list: "a whole number from 0 up", in ASCII digits.
enum RowLimit {
    /// - Parameter values: every value that the query gives for `limit`, in order.
    /// - Returns: the rows at most; nil for all, which is what no limit means, and what a number past `Int64` comes to.
    static func parse(_ values: [String]) throws(RowLimitError) -> Int64? {
        guard let text = values.first else { return nil }
        let digits = text.utf8
        guard values.count == 1, !digits.isEmpty,
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { throw RowLimitError() }
        return Int64(text)
    }
}

/// `limit` is given twice, or is no whole number.
struct RowLimitError: Error, Equatable {}
