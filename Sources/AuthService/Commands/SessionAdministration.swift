import CLinux
import Shared

/// What an operator does to sessions. Each method returns what is to be told of it.
struct SessionAdministration {
    let store: AccountStore
    /// Seconds for which it is kept that a user's tokens are revoked.
    let keep: Int64
    /// Seconds since 1970.
    let now: Int64

    init(store: AccountStore, keep: Int64, now: Int64) {
        self.store = store
        self.keep = keep
        self.now = now
    }

    init(_ options: ConfigurationOptions, _ runtime: RuntimeOptions) throws(CommandFailure) {
        try AuthSetup.protectMemory()
        let setup = try AuthSetup(options, runtime)
        self.init(store: try setup.store(), keep: setup.configuration.revocationKeep, now: postern_realtime_s())
    }

    /// A line a session, or all of it as JSON.
    /// - Parameter username: nil for everybody's.
    func list(of username: String?, asJSON: Bool) throws(CommandFailure) -> String {
        let found = try onStore { () throws(AccountStoreError) in
            guard let username else {
                return (sessions: try store.sessions(now: now), accounts: try store.accounts())
            }
            let account = try account(username)
            return (sessions: try store.sessions(ofUser: account.id, now: now), accounts: [account])
        }
        let names = Dictionary(found.accounts.map { ($0.id, $0.username) }, uniquingKeysWith: { $1 })
        guard asJSON else {
            return ListTable.text(
                ["SESSION", "USER", "USERNAME", "BEGUN", "USED", "EXPIRES"],
                found.sessions.map { session in
                    [session.id, "\(session.user)", names[session.user] ?? "-"]
                        + [session.begun, session.used, session.expires].map(ListTable.time)
                })
        }
        return ListTable.json { list in
            for session in found.sessions {
                list.object { object in
                    object.members(of: session)
                    object.member("user", session.user)
                    if let name = names[session.user] { object.member("username", name) }
                }
            }
        }
    }

    func end(_ what: SessionEndArguments) throws(CommandFailure) -> String {
        if let id = what.session {
            let ended = try onStore { () throws(AccountStoreError) in try store.endSession(id, now: now) }
            guard let ended else {
                throw CommandFailure(
                    "there is no session \(LogText.quoted(id, limit: 256))",
                    mend: "See `postern session list` for those that there are", status: .noInput)
            }
            return "ended the session of user \(ended.user)\n"
        }
        let username = what.user ?? ""
        let count = try onStore { () throws(AccountStoreError) in
            try store.endSessions(ofUser: try account(username).id, keep: keep, now: now)
        }
        return "ended \(count) \(count == 1 ? "session" : "sessions") of \(LogText.quoted(username, limit: 256))\n"
    }

    private func account(_ username: String) throws(AccountStoreError) -> Account {
        guard let account = try store.credentials(of: username)?.account else { throw .noSuchUser(username) }
        return account
    }

    private func onStore<Value>(
        _ body: () throws(AccountStoreError) -> Value
    ) throws(CommandFailure) -> Value {
        do {
            return try body()
        } catch {
            throw CommandFailure(account: error)
        }
    }
}
