import Shared
import Synchronization

/// `POST /api/auth/users`: an account for whoever asks, by the rules of `postern user add`. Off unless auth.yaml says
/// `accounts: {sign_up: on}`. Who signs up learns whether a name is taken: that cannot be kept from them.
final class SignUpEndpoint: Sendable {
    static let pattern = "/api/auth/users"

    private enum Outcome: Sendable {
        case free
        case added(Account)
        case taken
        case full
    }

    private let store: AccountStore
    private let queue: StoreQueue
    private let passwords: PasswordService
    private let forwarding: ForwardingPolicy
    private let limit: Mutex<SignUpLimit>
    /// Accounts that there may be.
    private let most: Int
    private let counters: SessionCounters
    /// Seconds since 1970.
    private let now: @Sendable () -> Int64

    init(
        store: AccountStore, queue: StoreQueue, passwords: PasswordService, forwarding: ForwardingPolicy,
        accounts: AccountsConfiguration, counters: SessionCounters, now: @escaping @Sendable () -> Int64
    ) {
        self.store = store
        self.queue = queue
        self.passwords = passwords
        self.forwarding = forwarding
        limit = Mutex(SignUpLimit(perClient: accounts.signUpsPerClient))
        most = accounts.most
        self.counters = counters
        self.now = now
    }

    var endpoint: ServiceEndpoint { ServiceEndpoint(.post, Self.pattern, .concurrent { await self.answer($0) }) }

    func answer(_ request: ServiceRequest) async -> ServiceResponse {
        let asked: SignUpRequest
        do throws(SignUpRequest.Fault) {
            asked = try SignUpRequest(request.body)
        } catch {
            return error.response
        }
        let requester = forwarding.requester(of: request)
        if let seconds = limit.withLock({ $0.take(requester.address?.network, now: now()) }) {
            counters.signUpsLimited.count()
            return .error(
                "Too many accounts were asked for, try again later", status: 429,
                fields: [("Retry-After", "\(seconds)")] + SessionAnswers.noStore)
        }
        do throws(StoreQueue.Unavailable) {
            // What is refused in any case costs no hash.
            let (store, most) = (store, most)
            let state = try await queue.run { () throws(AccountStoreError) -> Outcome in
                if try store.credentials(of: asked.account.username) != nil { return .taken }
                return try store.accountCount() < most ? .free : .full
            }
            if let refusal = Self.refusal(state) { return refusal }
            let hash: String
            do throws(PasswordError) {
                hash = try await passwords.hash(asked.password, for: requester)
            } catch {
                return SessionAnswers.refused(error)
            }
            let outcome = try await queue.run { () throws(AccountStoreError) -> Outcome in
                do throws(AccountStoreError) {
                    return .added(try store.add(asked.account, passwordHash: hash, most: most))
                } catch .usernameTaken {
                    return .taken
                } catch .tooManyAccounts {
                    return .full
                }
            }
            guard case .added(let account) = outcome else { return Self.refusal(outcome) ?? SessionAnswers.unavailable }
            counters.signUps.count()
            return .json(
                JSONWriter.bytes { $0.object { $0.members(of: account) } }, status: 201, fields: SessionAnswers.noStore)
        } catch {
            return SessionAnswers.unavailable
        }
    }

    private static func refusal(_ outcome: Outcome) -> ServiceResponse? {
        switch outcome {
        case .free, .added: nil
        case .taken: .error("The username is taken", status: 409, fields: SessionAnswers.noStore)
        case .full: .error("No accounts can be added", status: 403, fields: SessionAnswers.noStore)
        }
    }
}
