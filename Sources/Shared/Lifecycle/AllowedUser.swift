// Unsafe: the buffers of getpwnam_r(3).
import Glibc

/// One user of `allow_users`, by number or by name. A name is looked up when the process starts, not when the
/// configuration is checked: the check may run on another machine.
package struct AllowedUser: Equatable, Sendable {
    package let text: String
    package let place: ConfigurationPlace

    package init(_ text: String, place: ConfigurationPlace) {
        self.text = text
        self.place = place
    }

    /// The user ids of all of `users`; nil for nil.
    package static func resolve(
        _ users: [AllowedUser]?, lookUp: (String) -> UInt32? = { Self.systemUser($0) }
    ) throws(ConfigurationError) -> Set<UInt32>? {
        guard let users else { return nil }
        var identifiers: Set<UInt32> = []
        var problems: [ConfigurationProblem] = []
        for user in users {
            if let identifier = number(user.text) ?? lookUp(user.text) {
                identifiers.insert(identifier)
            } else {
                problems.append(
                    user.place.problem(
                        "there is no user \(LogText.quoted(user.text, limit: 60))",
                        mend: "Create the user, or write the number of one."))
            }
        }
        guard problems.isEmpty else { throw ConfigurationError(problems) }
        return identifiers
    }

    /// A user's number. The highest one is no user (`(uid_t) -1`, setreuid(2)).
    private static func number(_ text: String) -> UInt32? {
        guard let number = UInt32(text), String(number) == text, number != .max else { return nil }
        return number
    }

    /// The number of the system's user of that name.
    static func systemUser(_ name: String) -> UInt32? {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var size = 1 << 10
        // An entry longer than this is none that we should believe.
        while size <= 1 << 20 {
            var buffer = [CChar](repeating: 0, count: size)
            let code = unsafe getpwnam_r(name, &entry, &buffer, size, &found)
            if code == ERANGE {
                size *= 4
                continue
            }
            return unsafe code == 0 && found != nil ? entry.pw_uid : nil
        }
        return nil
    }
}

extension ValueForm where Value == AllowedUser {
    /// A user's name, or the number of one.
    package static var allowedUser: ValueForm {
        ValueForm { node in
            guard !node.isEmpty, let text = node.text, !text.isEmpty else {
                node.reportMismatch(expected: "a user's name or number")
                return nil
            }
            return AllowedUser(text, place: node.place)
        }
    }
}
