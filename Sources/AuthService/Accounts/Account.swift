/// Somebody who can log in. The password's hash is not among what is known here: it stays in the store.
struct Account: Sendable, Equatable {
    let id: Int64
    let username: String
    let name: String
    let location: String
}
