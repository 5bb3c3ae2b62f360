import Shared
import Testing

@testable import AuthService

@Suite("Key loader")
struct KeyLoaderTests {
    private let folder = try? TemporaryFolder()
    private static let place = ConfigurationPlace(file: "auth.yaml")

    private func load(
        _ environment: [String: String] = [:], credentials: String? = nil,
        _ change: (inout KeySources) -> Void = { _ in }
    ) throws(ConfigurationError) -> KeyRing {
        var sources = KeySources(place: Self.place)
        sources.shortSecrets = .accept
        change(&sources)
        return try KeyLoader(environment: environment, credentials: credentials).load(sources)
    }

    private func signing(_ ring: KeyRing) throws -> TokenKey {
        ring.keys[try #require(ring.signing(at: 0, lifetime: 1))]
    }

    private func problem(
        _ environment: [String: String] = [:], credentials: String? = nil,
        _ change: (inout KeySources) -> Void = { _ in }
    ) -> String? {
        do throws(ConfigurationError) {
            _ = try load(environment, credentials: credentials, change)
            return nil
        } catch {
            return error.description
        }
    }

    /// Whether the ring's first key is the secret `mysecret`.
    private func isTutorial(_ ring: KeyRing) throws -> Bool {
        try TokenVerifier(KeyRing([signing(ring)])).refusal(TokenFixtures.tutorial) == nil
    }

    @Test("JWT_SECRET_KEY is the tutorial's secret")
    func environment() throws {
        let ring = try load(["JWT_SECRET_KEY": "mysecret"])
        #expect(try isTutorial(ring))
        #expect(ring.keys.count == 1)
    }

    @Test("without a key the error says how to give one, and an empty secret is none")
    func noKey() throws {
        for environment in [[:], ["JWT_SECRET_KEY": ""]] {
            let text = try #require(problem(environment))
            #expect(text.contains("JWT_SECRET_KEY"))
            #expect(text.contains("credential"))
        }
        #expect(problem(["A": ""], { $0.secret = .environment("A") })?.contains("\"A\" is empty or not set") == true)
    }

    @Test("a credential of that name is taken where the environment has none")
    func defaultCredential() throws {
        let folder = try #require(folder)
        try folder.write("mysecret\n", to: "JWT_SECRET_KEY")
        #expect(try isTutorial(load(credentials: folder.path)))
        #expect(try !isTutorial(load(["JWT_SECRET_KEY": "other"], credentials: folder.path)))
    }

    @Test("a named credential, a file, a kid and an algorithm")
    func namedSecrets() throws {
        let folder = try #require(folder)
        let path = try folder.write("mysecret", to: "secret")
        #expect(try isTutorial(load(credentials: folder.path) { $0.secret = .credential("secret") }))
        #expect(try isTutorial(load { $0.secret = .file(path) }))
        let ring = try load { sources in
            sources.secret = .file(path)
            sources.secretID = "k1"
            sources.algorithm = .hs384
        }
        #expect(try "\(signing(ring))" == "HS384 key \"k1\"")
    }

    @Test("a secret that others can read is refused with the mend, and its content is in no error")
    func wideMode() throws {
        let path = try #require(folder).write("tell-nobody", to: "secret", mode: 0o644)
        let text = try #require(problem { $0.secret = .file(path) })
        #expect(text.contains("chmod 600"))
        #expect(!text.contains("tell-nobody"))
    }

    @Test("a secret that is missing or empty is an error, even beside the environment's")
    func missingSecret() throws {
        let path = try #require(folder).file("none")
        #expect(problem(["JWT_SECRET_KEY": "x"], { $0.secret = .file(path) })?.contains(path) == true)
        #expect(problem { $0.secret = .credential("none") } != nil)
        #expect(problem(credentials: "/nonexistent", { $0.secret = .credential("../x") }) != nil)
    }

    @Test("a folder of JWKs and sets: the first one signs, and JWT_SECRET_KEY does not count")
    func keyFolder() throws {
        let folder = try #require(folder)
        try folder.write(#"{"kty":"oct","k":"bXlzZWNyZXQ","kid":"a"}"#, to: "1.json")
        try folder.write(
            #"{"keys":[{"kty":"oct","k":"AQ","alg":"HS512","kid":"b","use":"sig"},{"kty":"oct","k":"Ag","key_ops":["sign","verify"]}]}"#,
            to: "2.json")
        try folder.write("left over", to: "2.json~")
        let ring = try load(["JWT_SECRET_KEY": "x"]) { $0.keys = .path(folder.path) }
        #expect(ring.keys.map(\.id) == ["a", "b", nil])
        #expect(ring.keys.map(\.algorithm) == [.hs256, .hs512, .hs256])
        #expect(try signing(ring).id == "a")
        let both = try load(["S": "mysecret"]) { sources in
            sources.keys = .path(folder.file("1.json"))
            sources.secret = .environment("S")
        }
        #expect(try signing(both).id == "a")
        #expect(TokenVerifier(both).refusal(TokenFixtures.tutorial) == nil)
    }

    @Test("two keys of one kid, and an empty folder")
    func folderProblems() throws {
        let folder = try #require(folder)
        #expect(problem { $0.keys = .path(folder.path) }?.contains("no key in this folder") == true)
        for name in ["1.json", "2.json"] { try folder.write(#"{"kty":"oct","k":"AQ","kid":"a"}"#, to: name) }
        #expect(problem { $0.keys = .path(folder.path) }?.contains("two keys have the kid \"a\"") == true)
    }

    @Test("a short secret is refused unless it is accepted, wherever it stands")
    func shortSecrets() throws {
        let folder = try #require(folder)
        try folder.write("1234567890123456789012345678901", to: "31")
        try folder.write("12345678901234567890123456789012", to: "32")
        let file = { (name: String, algorithm: SignatureAlgorithm) in
            { (sources: inout KeySources) in
                sources.shortSecrets = .refuse
                sources.secret = .file(folder.file(name))
                sources.algorithm = algorithm
            }
        }
        let text = try #require(problem([:], file("31", .hs256)))
        #expect(text.contains("fewer than 32 bytes") && text.contains("short_hmac_keys") && !text.contains("12345"))
        #expect(problem([:], file("32", .hs256)) == nil)
        #expect(problem([:], file("32", .hs384))?.contains("fewer than 48 bytes") == true)
        #expect(problem(["JWT_SECRET_KEY": "x"], { $0.shortSecrets = .refuse }) != nil)
        let jwk = try folder.write(#"{"kty":"oct","k":"bXlzZWNyZXQ"}"#, to: "short.json")
        let named = try #require(
            problem { sources in
                sources.shortSecrets = .refuse
                sources.keys = .path(jwk)
            })
        #expect(named.hasPrefix(jwk) && !named.contains("bXlzZWNyZXQ"))
    }

    @Test("keys from a credential")
    func credentialKeys() throws {
        let folder = try #require(folder)
        try folder.write(KeyVectors.p256, to: "jwt-keys")
        #expect(
            try load(credentials: folder.path) { $0.keys = .credential("jwt-keys") }.keys.map(\.algorithm) == [.es256])
        #expect(
            problem(credentials: folder.path, { $0.keys = .credential("none") })?.contains("no such credential") == true
        )
    }

    @Test("a private key that others may read is refused with the mend, a public one is not")
    func modes() throws {
        let folder = try #require(folder)
        for (name, text) in [
            ("pair.json", KeyVectors.p256), ("pair.pem", KeyVectors.pemEd25519), ("secret.json", KeyVectors.secret),
            ("set.json", #"{"keys":[\#(try KeyVectors.publicHalf(KeyVectors.p521)),\#(KeyVectors.p256)]}"#),
        ] {
            for mode in [0o644, 0o640, 0o604, 0o620] {
                let path = try folder.write(text, to: name, mode: mode)
                #expect(problem { $0.keys = .path(path) }?.contains("chmod 600 \(path)") == true, "\(name) \(mode)")
            }
            let path = try folder.write(text, to: name, mode: 0o600)
            #expect(problem { $0.keys = .path(path) } == nil)
        }
        let path = try folder.write(try KeyVectors.publicHalf(KeyVectors.rsa), to: "public.json", mode: 0o644)
        #expect(try load { $0.keys = .path(path) }.signing(at: 0, lifetime: 1) == nil)
    }

    @Test(
        "a file that is no key is an error that names it and shows nothing of it",
        arguments: [
            "mysecret", "-----BEGIN PRIVATE KEY-----mysecret", "{}", #"{"keys":[]}"#, #"{"keys":["mysecret"]}"#,
            #"{"kty":"oct","k":""}"#, #"{"kty":"oct","k":"mysecret="}"#, #"{"kty":"oct"}"#, #"{"kty":"RSA","n":"AQ"}"#,
            #"{"kty":"oct","k":"bXlzZWNyZXQ","use":"enc"}"#, #"{"kty":"oct","k":"bXlzZWNyZXQ","key_ops":["sign"]}"#,
            #"{"kty":"oct","k":"bXlzZWNyZXQ","alg":"none"}"#, #"{"kty":"oct","k":"bXlzZWNyZXQ","alg":"RS256"}"#,
            #"{"kty":"oct","k":"bXlzZWNyZXQ","kid":1}"#, #"{"kty":"oct","k":"bXlzZWNyZXQ","k":"bXlzZWNyZXQ"}"#,
        ])
    func brokenKeys(text: String) throws {
        let path = try #require(folder).write(text, to: "key.json")
        let found = try #require(problem { $0.keys = .path(path) })
        #expect(found.hasPrefix(path))
        #expect(!found.contains("mysecret") && !found.contains("bXlzZWNyZXQ"))
    }
}
