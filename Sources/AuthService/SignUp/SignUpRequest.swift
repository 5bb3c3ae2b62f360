import Shared

/// The body of a sign-up: a JSON object with `username` and `password`, and perhaps `name` (the username, else) and
/// `location`. Other members are ignored.
struct SignUpRequest: Sendable {
    let account: NewAccount
    let password: String

    enum Fault: Error, Equatable {
        case body(LoginRequest.Fault)
        case invalidText
        case invalidUsername
        case invalidProfile
    }

    init(_ body: [UInt8]) throws(Fault) {
        let login: LoginRequest
        let object: StrictJSONObject
        do throws(LoginRequest.Fault) {
            login = try LoginRequest(body)
            object = (try? StrictJSON.parse(body))?.object ?? StrictJSONObject()
        } catch {
            throw .body(error)
        }
        password = login.password
        guard let name = Self.text("name", in: object, default: login.username),
            let location = Self.text("location", in: object, default: "")
        else { throw .invalidText }
        do throws(AccountStoreError) {
            account = try NewAccount(username: login.username, name: name, location: location)
        } catch {
            throw error == .invalidProfile ? .invalidProfile : .invalidUsername
        }
    }

    private static func text(_ name: String, in object: StrictJSONObject, default: String) -> String? {
        object[name].map { $0.string } ?? `default`
    }
}

extension SignUpRequest.Fault {
    var response: ServiceResponse {
        switch self {
        case .body(let fault): SessionAnswers.malformed(fault)
        case .invalidText: SessionAnswers.badRequest("The name and the location must be text")
        case .invalidUsername:
            SessionAnswers.badRequest("The username is longer than 256 bytes, or has control characters")
        case .invalidProfile:
            SessionAnswers.badRequest("The name or the location is longer than 256 bytes, or has control characters")
        }
    }
}
