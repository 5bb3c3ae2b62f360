import Shared

/// The body of a login: a JSON object with `username` and `password`, two texts that are not empty. Other members are
/// ignored.
struct LoginRequest: Equatable {
    let username: String
    let password: String

    enum Fault: Error, Equatable {
        case invalidJSON
        case incomplete
    }

    init(_ body: [UInt8]) throws(Fault) {
        // As Next.js has it: no body at all is an object without members.
        guard !body.isEmpty else { throw .incomplete }
        let value: StrictJSONValue
        do throws(StrictJSONError) {
            value = try StrictJSON.parse(body)
        } catch {
            throw .invalidJSON
        }
        guard let object = value.object, let username = object["username"]?.string,
            let password = object["password"]?.string, !username.isEmpty, !password.isEmpty
        else { throw .incomplete }
        self.username = username
        self.password = password
    }
}

extension LoginRequest.Fault {
    var response: ServiceResponse {
        switch self {
        case .invalidJSON: .error("Invalid JSON", status: 400)
        case .incomplete: .error("Username and password are required", status: 400)
        }
    }
}
