// Unsafe code: lends the bytes of an address.
/// `hash`: what has one key goes to one instance, and of N instances one that comes or goes moves about 1/N of the keys
/// (consistent hashing with bounded loads, Mirrokni, Thorup and Zadimoghaddam 2016). Points of the instances stand on a
/// ring, more of them for a greater weight; a key belongs to the first point after it whose instance has room.
///
/// The hash is not keyed: a user stays on an instance over restarts, and on all gateways. Who chooses keys may have them
/// all on one instance, as with one key; that is what the bound is for.
///
/// Made with the snapshot, on the control side.
struct ConsistentHash: Sendable {
    private struct Point {
        let hash: UInt64
        let place: Int32
        /// Tells the points of an instance whose share still grows apart.
        let chance: Int32
    }
    /// An instance has no more than so much of its share of what is under way…
    static let factor = 1.25
    /// …but so many exchanges are never too many: where little is under way nobody is sent elsewhere.
    static let floor = 8
    /// Points of an instance with the least weight, and of any.
    private static let points = 128
    private static let pointLimit = 4096

    private let ring: [Point]

    /// - Parameters:
    ///   - names: of the instances, by their places: what their points are made of.
    ///   - weights: see `Weights`.
    init(_ names: [String], _ weights: Weights) {
        let least = names.indices.map { weights[$0] }.min() ?? 1
        var ring: [Point] = []
        for (place, name) in names.enumerated() {
            let start = Self.hash(Array(name.utf8))
            let count = min(Self.pointLimit, Self.points * weights[place] / least)
            for number in 0..<count {
                let hash = Self.mix(start &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
                ring.append(Point(hash: hash, place: Int32(place), chance: Int32(Self.mix(hash) & 1023)))
            }
        }
        // Two points that fall together stand in an order that does not depend on that of the instances.
        self.ring = ring.sorted { ($0.hash, names[Int($0.place)]) < ($1.hash, names[Int($1.place)]) }
    }

    /// - Parameter weights: the whole ones: points of an instance whose share still grows are passed over by chance.
    func choose(_ candidates: some Candidates, _ weights: Weights, key: UInt64) -> Int? {
        guard !ring.isEmpty else { return nil }
        var load = 0
        var sum = 0
        for place in 0..<candidates.count where candidates.canUse(place) {
            load += candidates.wholeLoad(place)
            sum += candidates.weight(place)
        }
        guard sum > 0 else { return nil }
        var index = first(from: key)
        var fallback = -1
        for _ in 0..<ring.count {
            let point = ring[index]
            index = index + 1 == ring.count ? 0 : index + 1
            let place = Int(point.place)
            guard candidates.canUse(place) else { continue }
            if fallback < 0 { fallback = place }
            let weight = candidates.weight(place)
            if !candidates.isEven, weight < weights[place], Int(point.chance) * weights[place] >= weight * Weights.one {
                continue
            }
            if candidates.wholeLoad(place) < Self.room(weight, of: sum, load: load) { return place }
        }
        return fallback < 0 ? nil : fallback
    }

    /// Exchanges that an instance may have under way, where there are `load` in all and one more comes.
    static func room(_ weight: Int, of sum: Int, load: Int) -> Int {
        let share = Double(load + 1) * Double(weight) / Double(sum)
        return max(floor, Int((share * factor).rounded(.up)))
    }

    private func first(from key: UInt64) -> Int {
        var low = 0
        var high = ring.count
        while low < high {
            let middle = (low + high) / 2
            if ring[middle].hash < key { low = middle + 1 } else { high = middle }
        }
        return low == ring.count ? 0 : low
    }

    private static let bytesHash = TokenHash(key: 0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344)

    /// The key that stands in some bytes.
    static func key(_ bytes: RawSpan) -> UInt64 { mix(UInt64(bitPattern: Int64(bytesHash(bytes)))) }

    /// The key of a number of some kind.
    static func key(_ kind: UInt64, _ value: UInt64) -> UInt64 { mix(bytesHash(kind, value)) }

    private static func hash(_ bytes: [UInt8]) -> UInt64 { key(unsafe bytes.span.bytes) }

    /// The finaliser of splitmix64: neighbours come to lie far apart.
    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
