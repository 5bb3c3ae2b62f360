import FoundationEssentials
import Shared
import Testing

@Suite(
    "Tokens and other implementations", .tutorialSystem,
    .enabled(if: !TokenPeer.installed.isEmpty, "neither jsonwebtoken nor PyJWT is here: apt-get install python3-jwt"))
struct TokenPeerTests {
    private static let now = Int(Date().timeIntervalSince1970)

    private func payload(expiry: Int = now + 86400) -> String {
        #"{"userId":1,"location":"USA","name":"Bob","iat":\#(Self.now),"exp":\#(expiry)}"#
    }

    private func users(_ token: String) throws -> Message {
        try SharedSystem.system.request("GET", "/api/users", fields: ["Authorization: Bearer \(token)"])
    }

    @Test("A token from a login is good there, with the same claims", arguments: TokenPeer.installed)
    func ours(_ peer: TokenPeer) throws {
        let token = try SharedSystem.system.token()
        #expect(try peer.verify(token) == JWT(token).payload)
        // The peer would refuse, so its word counts.
        #expect(try peer.verify(token, secret: "othersecret") == nil)
        #expect(try peer.verify("\(JWT(token).signed).\(JWT(JWT.article).parts[2])") == nil)
    }

    @Test("A token made there is good here", arguments: TokenPeer.installed)
    func theirs(_ peer: TokenPeer) throws {
        try users(peer.sign(payload())).expect(200, Seed.allUsers)
        try users(peer.sign(#"{"userId":3}"#)).expect(200, Seed.allUsers)
        try users(peer.sign(#"{"exp":\#(Self.now + 60),"name":"Zoë 😀","nested":{"a":[1,2.5,null]}}"#))
            .expect(200, Seed.allUsers)
    }

    @Test(
        "A token made there is refused here for another secret, another algorithm, or its time",
        arguments: TokenPeer.installed)
    func refused(_ peer: TokenPeer) throws {
        for token in [
            try peer.sign(payload(), secret: "othersecret"), try peer.sign(payload(), algorithm: "HS384"),
            try peer.sign(payload(), algorithm: "HS512"), try peer.sign(payload(), algorithm: "none"),
            try peer.sign(payload(expiry: Self.now - 1)), try peer.sign(payload(expiry: Self.now)),
        ] {
            try users(token).expect(401, error: "Unauthorized")
        }
    }

    @Test("Both find that the article's token has expired", arguments: TokenPeer.installed)
    func article(_ peer: TokenPeer) throws {
        #expect(try peer.verify(JWT.article) == nil)
        try users(JWT.article).expect(401, error: "Unauthorized")
    }
}
