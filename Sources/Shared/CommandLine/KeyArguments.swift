package import ArgumentParser

/// What kind of key is made.
package struct NewKeyOptions: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp(
            """
            HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 or EdDSA (default: that \
            of the key that signs, else ES256).
            """,
            valueName: "name"))
    package var algorithm: String?

    @Option(
        help: ArgumentHelp(
            "The key's name in a token's header: letters, digits, periods, - and _ (default: one made up).",
            valueName: "name"))
    package var kid: String?

    package init() {}

    package func validate() throws {
        guard let kid else { return }
        let isLetter = { (byte: UInt8) in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        guard let first = kid.utf8.first, isLetter(first), kid.utf8.count <= 100,
            kid.utf8.allSatisfy({ isLetter($0) || [0x2D, 0x2E, 0x5F].contains($0) })
        else {
            throw ValidationError(
                "The name of the key is not letters, digits, periods, - and _, 100 at most, a letter or digit first.")
        }
    }
}

/// Which key it is.
package struct KeyNameArgument: ParsableArguments, Sendable {
    @Argument(help: "The key's name, as `postern key list` shows it.")
    package var kid: String

    package init() {}
}

/// Whether a key goes at once.
package struct KeyHasteOptions: ParsableArguments, Sendable {
    @Flag(
        name: .customLong("now"),
        help: "Remove the old key instead of letting its tokens run out: for a key that somebody else has.")
    package var atOnce = false

    package init() {}
}
