import Shared

/// `GET /api/auth/session`: who is logged in, and the sessions that they have.
struct SessionEndpoint: Sendable {
    static let pattern = "/api/auth/session"

    let keeper: SessionKeeper

    var endpoint: ServiceEndpoint { ServiceEndpoint(.get, Self.pattern, .concurrent(answer)) }

    @Sendable func answer(_ request: ServiceRequest) async -> ServiceResponse {
        switch keeper.holder(of: request) {
        case .missing: return SessionAnswers.missing
        case .refused: return SessionAnswers.unauthorized()
        case .good(let holder):
            do throws(StoreQueue.Unavailable) {
                let (keeper, now) = (keeper, keeper.now())
                let found = try await keeper.queue.run { () throws(AccountStoreError) in
                    (
                        account: try keeper.store.account(holder.user),
                        sessions: try keeper.store.sessions(ofUser: holder.user, now: now)
                    )
                }
                // It may have ended since its token was judged.
                guard let account = found.account, found.sessions.contains(where: { $0.id == holder.session }) else {
                    return SessionAnswers.unauthorized()
                }
                let body = Self.body(account, found.sessions, current: holder.session)
                return .json(body, fields: SessionAnswers.noStore)
            } catch {
                return SessionAnswers.unavailable
            }
        }
    }

    private static func body(_ account: Account, _ sessions: [Session], current: String) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { object in
                object.key("user")
                object.object { $0.members(of: account) }
                object.member("session", current)
                object.key("sessions")
                object.array { list in
                    for session in sessions { list.object { $0.members(of: session) } }
                }
            }
        }
    }
}

extension JSONWriter {
    /// What people may know of an account.
    mutating func members(of account: Account) {
        member("id", account.id)
        member("username", account.username)
        member("name", account.name)
        member("location", account.location)
    }

    /// Times are in seconds since 1970.
    mutating func members(of session: Session) {
        member("id", session.id)
        member("begun", session.begun)
        member("used", session.used)
        member("expires", session.expires)
        member("ends", session.ends)
    }
}

extension SessionKeeper {
    /// What a request says of who asks.
    enum Holder: Sendable {
        case missing
        case refused
        case good(SessionHolder)
    }

    /// By its access token.
    func holder(of request: ServiceRequest) -> Holder {
        guard let asked = try? SessionRequest(request, cookies: cookies), let shown = asked.accessToken else {
            return .missing
        }
        return SessionHolder(shown.credentials, keys: keys, revocations: revocations, now: now())
            .map(Holder.good) ?? .refused
    }
}
