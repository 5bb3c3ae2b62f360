import FoundationEssentials
import Shared
import Testing

@testable import Postern

@Suite("The tutorial's secret")
struct TutorialSecretTests {
    @Test("A secret is made once, with 256 bits, for this user alone, and kept")
    func madeOnce() throws {
        let folder = try TemporaryFolder()
        let made = try TutorialSecret.load("\(folder.path)/jwt-secret")
        #expect(made.isNew)
        #expect(made.value.utf8.count == 64)
        #expect(try folder.mode(of: "jwt-secret") == 0o600)
        #expect(try TutorialSecret.load("\(folder.path)/jwt-secret") == TutorialSecret(value: made.value, isNew: false))
    }

    @Test("Two folders have two secrets")
    func different() throws {
        let (one, two) = (try TemporaryFolder(), try TemporaryFolder())
        #expect(try TutorialSecret.load("\(one.path)/s").value != TutorialSecret.load("\(two.path)/s").value)
    }

    @Test("A secret that others may read, or an empty one, is refused, and its text is in no message")
    func unsafeFiles() throws {
        let folder = try TemporaryFolder()
        try folder.write("sesame-sesame\n", to: "open", mode: 0o644)
        #expect {
            _ = try TutorialSecret.load("\(folder.path)/open")
        } throws: {
            "\($0)".contains("others may read") && !"\($0)".contains("sesame")
        }
        try folder.write("", to: "empty")
        #expect { _ = try TutorialSecret.load("\(folder.path)/empty") } throws: { "\($0)".contains("empty") }
    }

    @Test("postern-auth alone gets the secret, also when it is in the environment of postern up")
    func authAlone() {
        let given = ["JWT_SECRET_KEY": "mysecret", "PATH": "/bin"]
        let environment = ChildEnvironment(given, secret: "mysecret")
        #expect(environment.variables(for: .auth)["JWT_SECRET_KEY"] == "mysecret")
        #expect(environment.variables(for: .gateway)["JWT_SECRET_KEY"] == nil)
        #expect(environment.variables(for: .data(instance: 1))["JWT_SECRET_KEY"] == nil)
        #expect(environment.variables(for: .gateway)["PATH"] == "/bin")
    }

    @Test("What a service manager said to postern up is not passed on")
    func managersWords() {
        let given = [
            "NOTIFY_SOCKET": "/run/systemd/notify", "LISTEN_FDS": "1", "LISTEN_PID": "1", "WATCHDOG_USEC": "1",
        ]
        let variables = ChildEnvironment(given, secret: nil).variables(for: .auth)
        #expect(Set(variables.keys) == [RuntimeOptions.parentVariable])
    }

    @Test("The data service gets no credentials")
    func noCredentialsForData() {
        let environment = ChildEnvironment(["CREDENTIALS_DIRECTORY": "/c"], secret: nil)
        #expect(environment.variables(for: .data(instance: 1))["CREDENTIALS_DIRECTORY"] == nil)
        #expect(environment.variables(for: .auth)["CREDENTIALS_DIRECTORY"] == "/c")
    }
}
