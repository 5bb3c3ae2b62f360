/// A host that a service names, and whether the name may lead to private addresses.
struct ServiceName: Sendable, Hashable {
    let host: String
    let allowsPrivate: Bool
}
