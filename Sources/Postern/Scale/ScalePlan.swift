/// What has to be done so that so many instances of a template run.
struct ScalePlan: Equatable {
    /// The numbers that are to run: of those that are there the lowest, and the lowest that are free.
    let kept: [Int]
    /// Those of them that do not run.
    let start: [Int]
    /// Those that are there and are not kept, the highest first.
    let stop: [Int]

    /// - Parameter instances: that systemd knows of, by number.
    init(_ instances: [UnitInstance], count: Int) {
        let there = instances.filter(\.isThere).map(\.number)
        var kept = Array(there.prefix(count))
        var next = 1
        while kept.count < count {
            if !kept.contains(next) { kept.append(next) }
            next += 1
        }
        self.kept = kept.sorted()
        start = self.kept.filter { number in !instances.contains { $0.number == number && $0.runs } }
        stop = there.filter { !kept.contains($0) }.reversed()
    }
}
