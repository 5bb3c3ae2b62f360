import CLinux
import Shared

/// What came of a name and a password.
enum PasswordCheck: Sendable, Equatable {
    case correct(Account)
    case unknownUser
    case wrongPassword
    /// Too many attempts have failed: nothing was compared.
    case limited(LoginLimiter.Subject, seconds: Int64)
    /// Nobody can say now: the queue is full, the service stops, or the store fails.
    case unavailable
}

/// Checks names and passwords, and makes hashes, for everything that asks for a password: limits of attempts, the bounded
/// queue in front of the hash, and hashes that are made anew because they are of another form than is configured.
struct PasswordService: Sendable {
    /// What the operator should know of.
    enum Notice: Sendable, Equatable {
        /// `user`: nil for a name that nobody has, which may have been a password.
        case failed(user: String?, address: ClientAddress?)
        case limited(LoginLimiter.Subject, user: String?, address: ClientAddress?)
        case fault(LoginFault)
    }

    let authenticator: Authenticator
    let pool: HashingPool
    let counters: PasswordCounters
    /// Milliseconds since 1970.
    let now: @Sendable () -> Int64
    let notify: @Sendable (Notice) -> Void

    /// Waits for a turn and for the hash. Attempts at one account are made one after another, so that of many at once no
    /// more are compared than its limit allows.
    func check(_ username: String, _ password: String, for requester: Requester) async -> PasswordCheck {
        let outcome: Authenticator.Outcome
        do throws(HashingPool.Refusal) {
            let ticket = HashingTicket(
                account: username, network: requester.address?.network, deadline: requester.deadline)
            outcome = try await pool.run(ticket) { [authenticator, now] in
                authenticator.authenticate(
                    username: username, password: password, address: requester.address, now: now)
            }
        } catch {
            note(error)
            return .unavailable
        }
        return conclude(outcome, username, password, requester)
    }

    /// A hash for a new password, in the configured form.
    /// - Throws: `PasswordError` for a password that cannot be set; `.unavailable` too where the queue is full or the
    ///   service stops, after it was counted.
    func hash(_ password: String, for requester: Requester) async throws(PasswordError) -> String {
        // Before it waits for anything.
        try PasswordError.check(password, for: authenticator.hasher.form.scheme)
        let result: Result<String, PasswordError>
        do throws(HashingPool.Refusal) {
            let ticket = HashingTicket(network: requester.address?.network, deadline: requester.deadline)
            result = try await pool.run(ticket) { [hasher = authenticator.hasher] in
                Result { () throws(PasswordError) in try hasher.hash(password) }
            }
        } catch {
            note(error)
            throw .unavailable
        }
        return try result.get()
    }

    private func conclude(
        _ outcome: Authenticator.Outcome, _ username: String, _ password: String, _ requester: Requester
    ) -> PasswordCheck {
        switch outcome {
        case .authenticated(let account, let staleHash):
            counters.add(.correct)
            if let staleHash { replace(staleHash, of: account, password) }
            return .correct(account)
        case .unknownUser:
            counters.add(.wrong)
            notify(.failed(user: nil, address: requester.address))
            return .unknownUser
        case .wrongPassword(let hasUsableHash):
            counters.add(.wrong)
            if !hasUsableHash { notify(.fault(.unusableHash(username))) }
            notify(.failed(user: username, address: requester.address))
            return .wrongPassword
        case .limited(let subject, let wait, let isKnown):
            counters.add(subject == .account ? .limitedByAccount : .limitedByAddress)
            notify(.limited(subject, user: isKnown ? username : nil, address: requester.address))
            return .limited(subject, seconds: (wait + 999) / 1000)
        case .storeFailed(let error):
            notify(.fault(.store(error)))
            return .unavailable
        }
    }

    private func note(_ refusal: HashingPool.Refusal) {
        switch refusal {
        case .busy:
            counters.add(.refused)
            notify(.fault(.busy))
        case .late, .cancelled: counters.add(.abandoned)
        case .stopped: break
        }
    }

    /// After the answer: nobody waits for it, and where it does not come about the next login tries again.
    private func replace(_ hash: String, of account: Account, _ password: String) {
        pool.runInBackground(account: account.username) { [authenticator, counters, notify] in
            do throws(AccountStoreError) {
                if try authenticator.replaceHash(hash, of: account, password) { counters.add(.rehashed) }
            } catch {
                notify(.fault(.store(error)))
            }
        }
    }
}

extension PasswordService {
    /// As `auth.yaml` has it.
    /// - Throws: `WorkerThread.Failure` where the threads for hashing do not start, `AccountStoreError`.
    init(
        _ configuration: AuthConfiguration, store: AccountStore,
        now: @escaping @Sendable () -> Int64 = { postern_realtime_ms() },
        notify: @escaping @Sendable (Notice) -> Void
    ) throws {
        let passwords = configuration.passwords
        self.init(
            authenticator: Authenticator(
                store: store, hasher: PasswordHasher(passwords.form),
                limiter: try configuration.logins.limits.map { try LoginLimiter(store: store, limits: $0) },
                hidesUnknownUsers: configuration.logins.errors == .uniform),
            pool: try HashingPool(
                workers: passwords.workers, queue: passwords.queue, queuePerNetwork: passwords.queuePerAddress),
            counters: PasswordCounters(), now: now, notify: notify)
    }
}
