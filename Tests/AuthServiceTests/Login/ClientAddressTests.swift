import Glibc
import Shared
import Testing

@testable import AuthService

@Suite("Where a client is")
struct ClientAddressTests {
    private func request(_ fields: [(String, String)], user: UInt32? = geteuid()) -> ServiceRequest {
        ServiceRequest(
            .post, "/api/auth", fields: fields,
            peer: user.map { PeerCredentials(processID: 1, userID: $0, groupID: 0) })
    }

    @Test(
        "the fields that a gateway tells it in",
        arguments: [
            ("X-Forwarded-For", "192.0.2.1", "192.0.2.1"), ("X-Forwarded-For", "2001:DB8::1", "2001:db8::1"),
            ("X-Forwarded-For", "10.0.0.1, 192.0.2.1 ", "192.0.2.1"),
            ("X-Forwarded-For", "::ffff:192.0.2.1", "192.0.2.1"),
            ("Forwarded", "for=192.0.2.1;proto=http;host=a", "192.0.2.1"),
            ("Forwarded", #"proto=http; For="[2001:db8::1]:4711""#, "2001:db8::1"),
            ("Forwarded", #"for=10.0.0.1, for="192.0.2.1:80""#, "192.0.2.1"),
        ])
    func fields(name: String, value: String, text: String) {
        #expect(ClientAddress(of: request([(name, value)]))?.text == text)
    }

    @Test(
        "what is no address is none",
        arguments: [
            ("X-Forwarded-For", ""), ("X-Forwarded-For", "unknown"), ("X-Forwarded-For", "192.0.2.1:80"),
            ("Forwarded", "for=_hidden"), ("Forwarded", "proto=http"), ("Forwarded", "for="),
            ("X-Real-IP", "192.0.2.1"),
        ])
    func none(name: String, value: String) {
        #expect(ClientAddress(of: request([(name, value)])) == nil)
    }

    @Test("one client is an address of IPv4, and 64 bits of IPv6")
    func networks() {
        let network = { (text: String) in ClientAddress(text)?.network }
        #expect(network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9"))
        #expect(network("2001:db8:1:2::1") != network("2001:db8:1:3::1"))
        #expect(network("192.0.2.1") != network("192.0.2.2"))
        #expect(network("192.0.2.1") == network("::ffff:192.0.2.1"))
    }

    @Test("only the gateway's word is taken: by the user at the socket's other end")
    func belief() throws {
        let policy = try ForwardingPolicy.resolve(
            [AllowedUser("4711", place: ConfigurationPlace(file: "a"))], file: "a")
        let fields = [("X-Forwarded-For", "192.0.2.1")]
        #expect(policy.requester(of: request(fields, user: 4711)).address?.text == "192.0.2.1")
        #expect(policy.requester(of: request(fields)).address != nil)
        #expect(policy.requester(of: request(fields, user: 4712)).address == nil)
        #expect(policy.requester(of: request(fields, user: nil)).address == nil)
        #expect(throws: ConfigurationError.self) {
            try ForwardingPolicy.resolve([AllowedUser("no-such-user", place: ConfigurationPlace(file: "a"))], file: "a")
        }
        // Without a word about it, and whether the unit's user is there or not.
        #expect(try ForwardingPolicy.resolve(nil, file: "a").users.contains(geteuid()))
    }

    @Test("until when the client waits comes along")
    func deadline() {
        let request = ServiceRequest(.post, "/api/auth", deadline: 77)
        #expect(ForwardingPolicy(users: []).requester(of: request) == Requester(address: nil, deadline: 77))
    }
}
