import Shared

/// How much a failed login tells: `login.errors` in `auth.yaml`.
enum LoginErrors: String, Sendable, CaseIterable {
    /// One answer, in one time, for an unknown user and a wrong password: nobody can find out who has an account.
    case uniform
    /// The tutorial's answers, which tell the two apart.
    case tutorial

    /// Too many attempts have failed; the same whether there is the account or not.
    static func limited(seconds: Int64) -> ServiceResponse {
        .error("Too many attempts, try again later", status: 429, fields: [("Retry-After", "\(seconds)")])
    }

    static let unavailable = ServiceResponse.error(
        "Logging in is not possible right now, try again later", status: 503, fields: [("Retry-After", "1")])

    var unknownUser: ServiceResponse {
        switch self {
        case .uniform: wrongPassword
        case .tutorial: .error("User not found ", status: 404)
        }
    }

    var wrongPassword: ServiceResponse {
        switch self {
        case .uniform: .error("Invalid username or password", status: 401)
        case .tutorial: .error("Wrong password", status: 401)
        }
    }
}
