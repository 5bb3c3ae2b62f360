/// Says whether a password may be tried now, and remembers how it went. Blocks on the disk: call it on the
/// `HashingPool`, one attempt at one account at a time.
///
/// Failures are counted by account and by client's network. An account that does not exist is counted as one that does.
/// From a network from which its owner has logged in before, an account has a count of its own: whoever guesses
/// elsewhere does not keep the owner out.
struct LoginLimiter: Sendable {
    /// What a limit is for.
    enum Subject: String, Sendable, Equatable, CaseIterable {
        case account
        case address
    }

    enum Admission: Sendable, Equatable {
        case admitted(Attempt)
        /// Milliseconds until the next attempt may be made.
        case limited(Subject, wait: Int64)
    }

    /// An attempt that may be made, under what it is counted.
    struct Attempt: Sendable, Equatable {
        fileprivate let account: [UInt8]
        fileprivate let address: [UInt8]?
        /// The place of its network among those of the account.
        fileprivate let origin: [UInt8]?
    }

    /// How long an address that its owner has logged in from is remembered, and after what time it is noted again.
    static let originLifetime: Int64 = 90 * 86_400_000
    private static let originPause: Int64 = 86_400_000

    private let store: AccountStore
    private let limits: LoginLimits
    private let key: HMACKey

    /// - Throws: what the store says when it is asked for the key under which names and addresses are kept.
    init(store: AccountStore, limits: LoginLimits) throws(AccountStoreError) {
        self.store = store
        self.limits = limits
        let secret = try store.secret(named: "login-limits") { OpenSSL.randomBytes(32) }
        guard let key = HMACKey(.sha256, secret: secret) else {
            throw .failed(path: store.path, reason: "its key for limits is empty, or libcrypto has no memory")
        }
        self.key = key
    }

    func admit(
        _ username: String, _ account: Account?, from address: ClientAddress?, now: Int64
    ) throws(AccountStoreError) -> Admission {
        let network = address?.network
        let origin = try network.map { network throws(AccountStoreError) in try code("o", network.bytes, username) }
        // Asked for an account that there is not too, so that it takes as long.
        let isKnown =
            try origin.map { origin throws(AccountStoreError) in
                try store.isOrigin(origin, of: account?.id ?? -1, since: now - Self.originLifetime)
            } ?? false
        let attempt = Attempt(
            account: try isKnown ? origin ?? [] : code("a", [], username),
            address: try network.map { network throws(AccountStoreError) in try code("n", network.bytes, "") },
            origin: origin)
        let ofAccount = limits.ofAccount.wait(try store.failures(attempt.account), now: now)
        let ofAddress =
            if let key = attempt.address { limits.ofAddress.wait(try store.failures(key), now: now) } else { Int64(0) }
        guard max(ofAccount, ofAddress) > 0 else { return .admitted(attempt) }
        return ofAccount >= ofAddress ? .limited(.account, wait: ofAccount) : .limited(.address, wait: ofAddress)
    }

    func failed(_ attempt: Attempt, now: Int64) throws(AccountStoreError) {
        try store.updateFailures(attempt.account, now: now) { limits.ofAccount.failed($0, now: now) }
        if let address = attempt.address {
            try store.updateFailures(address, now: now) { limits.ofAddress.failed($0, now: now) }
        }
    }

    /// Forgets the account's failures, as far as this attempt was counted among them, and remembers where it came from.
    /// What failed from its network stays: an account of one's own is no way to guess at others.
    func succeeded(_ attempt: Attempt, _ account: Account, now: Int64) throws(AccountStoreError) {
        if try store.failures(attempt.account) != nil { try store.forgetFailures(attempt.account) }
        guard let origin = attempt.origin else { return }
        guard try !store.isOrigin(origin, of: account.id, since: now - Self.originPause) else { return }
        try store.noteOrigin(origin, of: account.id, now: now, lifetime: Self.originLifetime)
    }

    /// Lets the account's next attempt be made, from wherever.
    func release(_ username: String) throws(AccountStoreError) {
        try store.forgetFailures(code("a", [], username))
        try store.forgetFailuresAtOrigins(of: username)
    }

    /// Names are kept as codes: what was typed for a name may have been a password.
    private func code(_ kind: Unicode.Scalar, _ network: [UInt8], _ username: String) throws(AccountStoreError)
        -> [UInt8]
    {
        // The network's length is told: no name runs into it.
        let message = [UInt8(ascii: kind), UInt8(network.count)] + network + Array(username.utf8)
        guard let code = key.code(of: message[...]) else {
            throw .failed(path: store.path, reason: "libcrypto has no memory")
        }
        return Array(code.prefix(16))
    }
}
