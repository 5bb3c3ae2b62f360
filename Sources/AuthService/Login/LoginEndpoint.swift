import Shared

/// `POST /api/auth`: a token for a username and a password. The failures are 401 without `WWW-Authenticate`, as in the
/// tutorial: no scheme of HTTP is asked for here.
struct LoginEndpoint: Sendable {
    static let pattern = "/api/auth"

    let authenticator: Authenticator
    let pool: HashingPool
    let keys: LiveKeys
    let errors: LoginErrors
    /// Seconds since 1970.
    let now: @Sendable () -> Int64
    /// Is told what the operator should know and the client must not.
    let report: @Sendable (LoginFault) -> Void

    var endpoint: ServiceEndpoint {
        ServiceEndpoint(.post, Self.pattern, .concurrent { request in await answer(request.body) })
    }

    func answer(_ body: [UInt8]) async -> ServiceResponse {
        let request: LoginRequest
        do throws(LoginRequest.Fault) {
            request = try LoginRequest(body)
        } catch {
            return error.response
        }
        let outcome: Authenticator.Outcome
        do throws(HashingPool.Refusal) {
            outcome = try await pool.run { [authenticator] in
                authenticator.authenticate(username: request.username, password: request.password)
            }
        } catch {
            if error == .busy { report(.busy) }
            return Self.unavailable
        }
        switch outcome {
        case .authenticated(let account): return token(for: account)
        case .unknownUser: return errors.unknownUser
        case .wrongPassword: return errors.wrongPassword
        case .storeFailed(let error):
            report(.store(error))
            return Self.unavailable
        }
    }

    private func token(for account: Account) -> ServiceResponse {
        let token: [UInt8]
        do throws(TokenIssuer.Failure) {
            token = try keys.current.issuer.token(for: account, now: now())
        } catch {
            report(error == .noKey ? .noKey : .signing)
            return Self.unavailable
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

    private static let unavailable = ServiceResponse.error(
        "Logging in is not possible right now, try again later", status: 503, fields: [("Retry-After", "1")])
}

/// What keeps people from logging in, for the log.
enum LoginFault: Sendable, Equatable, CustomStringConvertible {
    /// More logins at once than `passwords.queue` takes.
    case busy
    case store(AccountStoreError)
    case signing
    /// There are keys that verify, and none that signs now.
    case noKey

    var description: String {
        switch self {
        case .busy: "more logins at once than passwords.queue takes"
        case .store(let error): "\(error)"
        case .noKey: "no key can sign a token now: see `postern key list`"
        case .signing: "a token could not be signed: libcrypto has no memory"
        }
    }
}
