import Shared
import Testing

@testable import AuthService

@Suite("How long a verdict may be kept")
struct VerdictLifetimeTests {
    private let lifetime = VerdictLifetime(good: 60, refused: 5)

    private func token(expiry: Double?) -> VerifiedToken {
        VerifiedToken(claims: StrictJSONObject(), payload: "", expiry: expiry)
    }

    @Test("as long as configured, and never past the expiry")
    func good() {
        #expect(lifetime.seconds(for: token(expiry: 2000), now: 1000) == 60)
        #expect(lifetime.seconds(for: token(expiry: 1010), now: 1000) == 10)
        #expect(lifetime.seconds(for: token(expiry: 1000.9), now: 1000) == 0)
        #expect(lifetime.seconds(for: token(expiry: NumericDate.latest), now: 0) == 60)
        #expect(lifetime.seconds(for: token(expiry: nil), now: 1000) == 60)
    }

    @Test("a refusal shortly, and never until the token would be good")
    func refused() {
        #expect(lifetime.seconds(for: .badSignature, now: 1000) == 5)
        #expect(lifetime.seconds(for: .notYetValid(until: 1003), now: 1000) == 3)
        #expect(lifetime.seconds(for: .notYetValid(until: 1003.5), now: 1000) == 3)
        #expect(lifetime.seconds(for: .notYetValid(until: 9000), now: 1000) == 5)
    }
}
