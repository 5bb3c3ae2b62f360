import Shared

/// Somebody who can log in. The password's hash is not among what is known here: it stays in the store.
struct Account: Sendable, Equatable {
    /// Never given to another account, not after a removal either: tokens may name it still.
    let id: Int64
    let username: String
    let name: String
    let location: String
}

/// An account that is to be made.
struct NewAccount: Sendable {
    let username: String
    let name: String
    let location: String

    /// - Throws: `AccountStoreError.invalidUsername` for a name that is empty, longer than 256 bytes or has control
    ///   characters, `.invalidProfile` for a name or a location of that kind: both stand in every token. Usernames are
    ///   compared byte for byte, by case too.
    init(username: String, name: String, location: String) throws(AccountStoreError) {
        guard !username.isEmpty, Self.fits(username) else { throw .invalidUsername }
        guard Self.fits(name), Self.fits(location) else { throw .invalidProfile }
        self.username = username
        self.name = name
        self.location = location
    }

    private static func fits(_ text: String) -> Bool {
        text.utf8.count <= 256
            && !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    }
}
