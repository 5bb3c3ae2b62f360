import FoundationEssentials
import Shared
import Testing

/// A compact JWS taken apart, and one put together.
struct JWT {
    /// The token of the tutorial's text: signed with `mysecret` by jsonwebtoken in November 2022, good for a day.
    static let article =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
        + ".eyJ1c2VySWQiOjEsImxvY2F0aW9uIjoiVVNBIiwibmFtZSI6IkJvYiIsImlhdCI6MTY2OTEwMDI3OCwiZXhwIjoxNjY5MTg2Njc4fQ"
        + ".0EFxEtqR2-rZij-PqD66bWatC_kiMl6QDpNlaqyjaLQ"

    let parts: [String]

    init(_ token: String) {
        parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    }

    var header: String { Self.decode(parts[0]) }
    var payload: String { Self.decode(parts[1]) }
    /// What the signature is of.
    var signed: String { "\(parts[0]).\(parts[1])" }

    static func encode(_ text: String) -> String { encode(Array(text.utf8)) }
    static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func decode(_ part: String) -> String {
        let plain = part.replacing("-", with: "+").replacing("_", with: "/")
        let padded = plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)
        return Data(base64Encoded: padded).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Signs with HMAC-SHA-256, whatever the header says.
    static func sign(header: String, payload: String, secret: String = Project.secret) throws -> String {
        let signed = "\(encode(header)).\(encode(payload))"
        return "\(signed).\(encode(try HMAC.sha256(Array(signed.utf8), key: secret)))"
    }
}

/// HMAC by the openssl command: another program than the one under test makes the signatures that are judged.
enum HMAC {
    static func sha256(_ message: [UInt8], key: String) throws -> [UInt8] {
        let program = try RunningProgram(
            "/bin/sh",
            [
                "-c", #"printf %s "$1" | openssl dgst -sha256 -hmac "$2""#, "sh",
                String(decoding: message, as: UTF8.self), key,
            ])
        try #require(try program.end() == .exited(0))
        let digits = try #require(program.text.split(separator: " ").last)
        let bytes = stride(from: 0, to: digits.utf8.count, by: 2).compactMap { offset in
            UInt8(String(digits.dropFirst(offset).prefix(2)), radix: 16)
        }
        try #require(bytes.count == 32)
        return bytes
    }
}
