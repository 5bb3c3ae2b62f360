import Shared

/// One entry of `instances`: an address, or `{address: ADDRESS, weight: N}`.
struct WeightedSource {
    let source: InstanceSource
    /// Of each instance that comes of it.
    let weight: Int
}

extension ValueForm where Value == WeightedSource {
    static func instances(relativeTo folder: String) -> ValueForm {
        ValueForm { node in
            let addresses = ValueForm<InstanceSource>.instances(relativeTo: folder)
            guard node.isMapping else {
                return node.read(as: addresses).map { WeightedSource(source: $0, weight: 1) }
            }
            guard let reader = node.read(as: ValueForm<ConfigurationReader>.mapping) else { return nil }
            let source = reader.required("address", addresses, example: "unix:/run/name.sock")
            let weight = reader.value("weight", .integer(in: Weights.range), default: 1)
            return source.map { WeightedSource(source: $0, weight: weight) }
        }
    }
}
