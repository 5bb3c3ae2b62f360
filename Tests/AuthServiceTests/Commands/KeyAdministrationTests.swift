import ArgumentParser
import Shared
import Testing

@testable import AuthService

@Suite("postern key")
struct KeyAdministrationTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func administration(at now: Int64, hasSecret: Bool = false) -> KeyAdministration {
        KeyAdministration(
            folder: KeyFolder(path: folder.file("keys")), tokenLifetime: 100, lead: 10, hasSecret: hasSecret, now: now)
    }

    private func options(_ arguments: String...) throws -> NewKeyOptions { try NewKeyOptions.parse(arguments) }

    /// `kid signsFrom ends`, a line a key.
    private func keys() throws -> [String] {
        try administration(at: 0).folder.entries().map {
            "\($0.name) \($0.key.times.signsFrom) \($0.key.times.ends.map(String.init) ?? "-")"
        }
    }

    private func failure(_ body: () throws -> String) -> CommandFailure? {
        do {
            _ = try body()
            return nil
        } catch {
            return error as? CommandFailure
        }
    }

    @Test("the first key signs at once, the next one when everybody can have it")
    func generate() throws {
        let report = try administration(at: 1000).generate(options("--kid", "a", "--algorithm", "EdDSA"))
        #expect(report.contains("made EdDSA key a, which signs at once"))
        #expect(report.contains("systemctl reload postern-auth"))
        _ = try administration(at: 2000).generate(options("--kid", "b"))
        #expect(try keys() == ["a 1000 -", "b 2010 -"])
        // The algorithm of the one that signs, where none is named.
        #expect(try administration(at: 0).folder.entries().map(\.key.algorithm) == [.eddsa, .eddsa])
        #expect(try folder.mode(of: "keys") == 0o700)
        #expect(try folder.mode(of: "keys/a.json") == 0o600)
        #expect(try folder.names() == ["keys"])
    }

    @Test("beside a secret that signs, the first key is published first")
    func besideSecret() throws {
        _ = try administration(at: 1000, hasSecret: true).generate(options("--kid", "a"))
        #expect(try keys() == ["a 1010 -"])
    }

    @Test("a name made up has the day in it and can be typed")
    func names() throws {
        _ = try administration(at: 1_700_000_000).generate(options())
        let name = try #require(try administration(at: 0).folder.entries().first?.name)
        #expect(name.hasPrefix("2023-11-14-") && name.count == 23)
        for bad in ["-a", ".a", "a/b", "", "a b", String(repeating: "a", count: 101)] {
            #expect(throws: (any Error).self) { try NewKeyOptions.parse(["--kid=\(bad)"]) }
        }
        #expect(throws: (any Error).self) { try administration(at: 0).generate(options("--algorithm", "none")) }
        _ = try administration(at: 0).generate(options("--kid", "x"))
        #expect(throws: (any Error).self) { try administration(at: 0).generate(options("--kid", "x")) }
    }

    @Test("rotation: the new key signs after the lead, the old one ends with its last token")
    func rotate() throws {
        _ = try administration(at: 1000).generate(options("--kid", "a"))
        let report = try administration(at: 2000).rotate(options("--kid", "b"), atOnce: false)
        #expect(report.contains("a verifies until 1970-01-01T00:35:10Z"))
        #expect(try keys() == ["a 1000 2110", "b 2010 -"])
        let ring = try KeyRing(administration(at: 0).folder.entries().map(\.key))
        #expect(ring.signing(at: 2009, lifetime: 100) == 0)
        #expect(ring.signing(at: 2010, lifetime: 100) == 1)
        let list = try administration(at: 2005).list()
        #expect(list.contains("a    ES256      signs, verifies until 1970-01-01T00:35:10Z"))
        #expect(list.contains("b    ES256      signs from 1970-01-01T00:33:30Z"))
        // The next rotation clears away what has ended.
        #expect(try administration(at: 3000).rotate(options("--kid", "c"), atOnce: false).contains("removed a,"))
        #expect(try keys() == ["b 2010 3110", "c 3010 -"])
    }

    @Test("rotate --now: the old key is gone, the new one signs")
    func rotateNow() throws {
        _ = try administration(at: 1000).generate(options("--kid", "a"))
        #expect(try administration(at: 2000).rotate(options("--kid", "b"), atOnce: true).contains("removed a"))
        #expect(try keys() == ["b 2000 -"])
    }

    @Test("a key is retired when another one signs, and not before")
    func retire() throws {
        _ = try administration(at: 1000).generate(options("--kid", "a"))
        #expect(failure { try administration(at: 1001).retire("a", atOnce: false) }?.message == "no other key signs")
        #expect(failure { try administration(at: 1001).retire("z", atOnce: false) }?.status == .noInput)
        _ = try administration(at: 1001).generate(options("--kid", "b"))
        #expect(
            failure { try administration(at: 1001).retire("a", atOnce: true) }?.mend?.contains("rotate --now") == true)
        _ = try administration(at: 1001).retire("a", atOnce: false)
        #expect(try keys() == ["a 1000 1111", "b 1011 -"])
        // An end is never put off.
        _ = try administration(at: 1050).retire("a", atOnce: false)
        #expect(try keys() == ["a 1000 1111", "b 1011 -"])
        _ = try administration(at: 1050).retire("a", atOnce: true)
        #expect(try keys() == ["b 1011 -"])
    }

    @Test("a key in a set is ended and removed in its place, and the other members stay as they are")
    func sets() throws {
        _ = try administration(at: 1000).generate(options("--kid", "z"))
        let other = KeyVectors.secret
        try folder.write(
            #"{"x":[1,null,true,{"y":"é"}],"keys":[\#(other),{"kid":"s","kty":"oct","k":"AQ","ext":true}]}"#,
            to: "keys/set.json")
        _ = try administration(at: 2000).retire("s", atOnce: false)
        let text = try SecretFile(path: folder.file("keys/set.json")).read()
        let written =
            #"{"x":[1,null,true,{"y":"é"}],"keys":[\#(other),{"kid":"s","kty":"oct","k":"AQ","ext":true,"exp":2100}]}"#
        #expect(String(decoding: text, as: UTF8.self) == written)
        _ = try administration(at: 2000).retire("s", atOnce: true)
        #expect(try keys() == ["018c0ae5-4d9b-471b-bfd6-eef314bc7037 0 -", "z 1000 -"])
    }

    @Test("PEM cannot say when it ends: the operator is told what to do")
    func pem() throws {
        _ = try administration(at: 1000).generate(options("--kid", "a"))
        try folder.write(KeyVectors.pemEd25519, to: "keys/old.pem")
        let report = try administration(at: 2000).rotate(options("--kid", "b"), atOnce: false)
        #expect(report.contains("old.pem is PEM, which cannot say when it ends: remove it from"))
        #expect(try keys() == ["a 1000 2110", "b 2010 -", "old.pem 0 -"])
    }

    @Test("nothing of a key is in what is told, and a broken file is named with its mend")
    func secrecy() throws {
        let report = try administration(at: 1000).generate(options("--kid", "a", "--algorithm", "HS256"))
        let text = String(decoding: try SecretFile(path: folder.file("keys/a.json")).read(), as: UTF8.self)
        let secret = try #require(try StrictJSON.parseObject(Array(text.utf8))["k"]?.string)
        #expect(secret.utf8.count == 43)
        #expect(!report.contains(secret))
        #expect(try !administration(at: 1000).list().contains(secret))
        try folder.write(#"{"kty":"oct","k":"tell-nobody="}"#, to: "keys/b.json")
        let failure = try #require(failure { try administration(at: 1000).list() })
        #expect(failure.message.contains("keys/b.json") && !failure.message.contains("tell-nobody"))
    }
}
