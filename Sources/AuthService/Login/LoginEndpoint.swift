import Shared

/// `POST /api/auth`: a token for a username and a password. The failures are 401 without `WWW-Authenticate`, as in the
/// tutorial: no scheme of HTTP is asked for here.
struct LoginEndpoint: Sendable {
    static let pattern = "/api/auth"

    let passwords: PasswordService
    let forwarding: ForwardingPolicy
    let keys: LiveKeys
    let errors: LoginErrors
    /// Nil where a login begins no session.
    var sessions: SessionKeeper?
    /// Seconds since 1970.
    let now: @Sendable () -> Int64

    var endpoint: ServiceEndpoint {
        ServiceEndpoint(
            .post, Self.pattern,
            .concurrent { request in
                // Nobody else's page logs somebody in here: the answer may set cookies.
                if let refusal = sessions?.loginRefusal(of: request) { return refusal }
                return await answer(request.body, for: forwarding.requester(of: request))
            })
    }

    func answer(_ body: [UInt8], for requester: Requester = Requester()) async -> ServiceResponse {
        let request: LoginRequest
        do throws(LoginRequest.Fault) {
            request = try LoginRequest(body)
        } catch {
            return error.response
        }
        let lastRevocation: Int64
        do throws(StoreQueue.Unavailable) {
            lastRevocation = try await sessions?.lastRevocation(of: request.username) ?? 0
        } catch {
            return LoginErrors.unavailable
        }
        switch await passwords.check(request.username, request.password, for: requester) {
        case .correct(let account):
            guard let sessions else { return token(for: account) }
            return await sessions.login(account, body, lastRevocation: lastRevocation)
        case .unknownUser: return errors.unknownUser
        case .wrongPassword: return errors.wrongPassword
        case .limited(_, let seconds): return LoginErrors.limited(seconds: seconds)
        case .unavailable: return LoginErrors.unavailable
        }
    }

    private func token(for account: Account) -> ServiceResponse {
        let token: [UInt8]
        do throws(TokenIssuer.Failure) {
            token = try keys.current.issuer.token(for: account, now: now())
        } catch {
            passwords.notify(.fault(error == .noKey ? .noKey : .signing))
            return LoginErrors.unavailable
        }
        let body = JSONWriter.bytes { writer in
            writer.object { object in
                object.key("token")
                object.string(utf8: token)
            }
        }
        // A token is a secret: no cache may keep it (RFC 6749 section 5.1).
        return .json(body, fields: [("Cache-Control", "no-store")])
    }
}

/// What keeps people from logging in, for the log.
enum LoginFault: Sendable, Equatable, CustomStringConvertible {
    /// More logins at once than `passwords.queue` takes.
    case busy
    case store(AccountStoreError)
    /// The hash of that account is of a form that cannot be compared with.
    case unusableHash(String)
    /// More to do on the store than waits for it, or it takes too long.
    case storeBusy
    case signing
    /// There are keys that verify, and none that signs now.
    case noKey

    var description: String {
        switch self {
        case .busy: "more logins at once than passwords.queue takes"
        case .store(let error): "\(error)"
        case .unusableHash(let username):
            "the password hash of \(LogText.quoted(username, limit: 256)) is neither bcrypt nor yescrypt: set a password"
        case .storeBusy: "the account store takes too long: see the load of its disk"
        case .noKey: "no key can sign a token now: see `postern key list`"
        case .signing: "a token could not be signed: libcrypto has no memory"
        }
    }
}
