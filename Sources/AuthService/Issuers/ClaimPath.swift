import Shared

/// Where in a payload a value is: a claim, or a member of objects inside each other. A claim's name is taken as it is,
/// for names may have periods and slashes in them.
struct ClaimPath: Sendable, Equatable {
    /// One at least.
    let names: [String]

    init(_ name: String, _ further: String...) { names = [name] + further }

    init?(_ names: [String]) {
        guard !names.isEmpty else { return nil }
        self.names = names
    }

    /// Nil where there is no such claim.
    func value(in claims: StrictJSONObject) -> StrictJSONValue? {
        var value = claims[names[0]]
        for name in names.dropFirst() { value = value?.object?[name] }
        return value
    }
}

extension ValueForm where Value == ClaimPath {
    /// The name of a claim, or a list of names from the outermost one inwards.
    static var claimPath: ValueForm {
        ValueForm { node in
            guard let names = node.read(as: .list(of: ValueForm<String>.nonEmptyString)) else { return nil }
            return ClaimPath(names)
        }
    }
}
