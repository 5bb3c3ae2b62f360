import Testing

@testable import Shared

@Suite("Allowed users")
struct AllowedUserTests {
    private func user(_ text: String) -> AllowedUser {
        AllowedUser(text, place: ConfigurationPlace(file: "data.yaml", line: 3, column: 15))
    }

    @Test("no list stays no list")
    func none() throws { #expect(try AllowedUser.resolve(nil) == nil) }

    @Test("numbers are taken as they are, names are looked up")
    func resolved() throws {
        let found = try AllowedUser.resolve([user("0"), user("web"), user("4294967294")]) { $0 == "web" ? 33 : nil }
        #expect(found == [0, 33, 4_294_967_294])
    }

    @Test("what is no number of a user is a name", arguments: ["-1", "+1", "007", "4294967295", "4294967296", "1.0"])
    func noNumber(text: String) throws {
        #expect(try AllowedUser.resolve([user(text)]) { $0 == text ? 5 : nil } == [5])
    }

    @Test("an unknown name is an error with its place")
    func unknown() {
        let error = #expect(throws: ConfigurationError.self) {
            try AllowedUser.resolve([user("1"), user("nobody-such"), user("other")]) { _ in nil }
        }
        #expect(error?.problems.count == 2)
        #expect(error?.problems.first?.description.hasPrefix("data.yaml:3:15: there is no user") == true)
    }

    @Test("the system knows root")
    func system() {
        #expect(AllowedUser.systemUser("root") == 0)
        #expect(AllowedUser.systemUser("no-such-user-here") == nil)
    }
}
