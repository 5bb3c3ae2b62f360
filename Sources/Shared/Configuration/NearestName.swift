/// Finds what a mistyped word was meant to be.
enum NearestName {
    /// The candidate that is nearest to `name`, nil when none is near enough to be a typing error: a third of the
    /// longer word's letters may differ, at least one. A word that differs in case alone is the nearest.
    static func of(_ name: String, among candidates: [String]) -> String? {
        let letters = Array(name.lowercased().unicodeScalars)
        var best: (name: String, distance: Int)?
        // A long word is no typing error, and the cost grows with the product of the lengths.
        guard letters.count <= 64 else { return nil }
        for candidate in candidates {
            let others = Array(candidate.lowercased().unicodeScalars)
            let distance = distance(letters, others)
            if distance <= max(1, max(letters.count, others.count) / 3), distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.name
    }

    /// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var twoAbove: [Int] = []
        var above = Array(0...right.count)
        for i in 0..<left.count {
            var row = [i + 1]
            for j in 0..<right.count {
                var cost = min(above[j + 1] + 1, row[j] + 1, above[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, twoAbove[j - 1] + 1)
                }
                row.append(cost)
            }
            twoAbove = above
            above = row
        }
        return above[right.count]
    }
}
