import Shared

/// `POST /api/auth/password` with `{"password":…,"newPassword":…}`: another password for whoever shows a good access token
/// and the password up to now, which is checked as a login's is. All sessions of the user end, and a new one begins.
struct PasswordEndpoint: Sendable {
    static let pattern = "/api/auth/password"

    let keeper: SessionKeeper
    let passwords: PasswordService
    let forwarding: ForwardingPolicy

    var endpoint: ServiceEndpoint { ServiceEndpoint(.post, Self.pattern, .concurrent(answer)) }

    @Sendable func answer(_ request: ServiceRequest) async -> ServiceResponse {
        let asked: SessionRequest
        do throws(LoginRequest.Fault) {
            asked = try SessionRequest(request, cookies: keeper.cookies)
        } catch {
            return SessionAnswers.malformed(error)
        }
        guard let shown = asked.accessToken else { return SessionAnswers.missing }
        if shown.isCookie, let refusal = keeper.refusal(of: request) { return refusal }
        guard
            let holder = SessionHolder(
                shown.credentials, keys: keeper.keys, revocations: keeper.revocations, now: keeper.now())
        else { return SessionAnswers.unauthorized() }
        guard let password = asked.body["password"]?.string, let new = asked.body["newPassword"]?.string,
            !password.isEmpty, !new.isEmpty
        else { return SessionAnswers.badRequest("The password and the new password are required") }
        do throws(StoreQueue.Unavailable) {
            let keeper = keeper
            let account = try await keeper.queue.run { () throws(AccountStoreError) in
                try keeper.store.account(holder.user)
            }
            guard let account else { return SessionAnswers.unauthorized() }
            let requester = forwarding.requester(of: request)
            if let refusal = await check(password, of: account, requester) { return refusal }
            let hash: String
            do throws(PasswordError) {
                hash = try await passwords.hash(new, for: requester)
            } catch {
                return SessionAnswers.refused(error)
            }
            let tokens = try await keeper.changePassword(of: account, hash: hash)
            return SessionAnswers.tokens(tokens, cookies: shown.isCookie ? keeper.cookies : nil)
        } catch {
            return SessionAnswers.unavailable
        }
    }

    /// - Returns: the refusal, for a password that is not the account's, and where nobody can say.
    private func check(_ password: String, of account: Account, _ requester: Requester) async -> ServiceResponse? {
        switch await passwords.check(account.username, password, for: requester) {
        case .correct(let found): return found.id == account.id ? nil : SessionAnswers.unauthorized()
        // Not 401, which clients take for the token's.
        case .wrongPassword: return .error("Wrong password", status: 403, fields: SessionAnswers.noStore)
        case .unknownUser: return SessionAnswers.unauthorized()
        case .limited(_, let seconds):
            var response = LoginErrors.limited(seconds: seconds)
            response.fields += SessionAnswers.noStore
            return response
        case .unavailable: return SessionAnswers.unavailable
        }
    }
}

extension SessionAnswers {
    /// A password that cannot be set.
    static func refused(_ error: PasswordError) -> ServiceResponse {
        switch error {
        case .unavailable: unavailable
        case .empty: badRequest("The password is empty")
        case .tooLong: badRequest("The password is too long")
        case .hasNUL: badRequest("The password has a NUL character")
        }
    }
}
