/// How much of a service's requests each instance gets, as against the others: whole numbers, in fixed point on the byte
/// path.
struct Weights: Sendable, Equatable {
    /// A weight of 1.
    static let one = 1024
    /// The least of what an instance that has just joined gets of its weight; see `SlowStart`.
    static let least = 102
    static let range = 1...1000

    /// By the places of the instances; empty where all are the same.
    private let values: [Int]

    /// - Parameter values: a weight for each instance; none where all are the same.
    init(_ values: [Int] = []) {
        self.values = Set(values).count > 1 ? values.map { $0 * Self.one } : []
    }

    var areEven: Bool { values.isEmpty }

    @inline(__always) subscript(place: Int) -> Int { values.isEmpty ? Self.one : values[place] }
}
