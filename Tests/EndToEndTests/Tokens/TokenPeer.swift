import FoundationEssentials
import Shared
import Testing

/// Another implementation of JSON Web Tokens, as a program that signs and verifies with HS256 and the tutorial's secret.
struct TokenPeer: Sendable, CustomTestStringConvertible {
    let testDescription: String
    private let program: String
    private let script: String
    private let environment: [String: String]

    /// jsonwebtoken, the tutorial's own library, where it is found.
    static let jsonwebtoken = TokenPeer(
        testDescription: "jsonwebtoken", program: "/usr/bin/node",
        script: """
            const jwt = require("jsonwebtoken");
            const [action, text, secret, algorithm] = process.argv.slice(1);
            if (action === "sign") {
              console.log(jwt.sign(JSON.parse(text), secret, { algorithm }));
            } else if (action === "verify") {
              console.log(JSON.stringify(jwt.verify(text, secret, { algorithms: [algorithm] })));
            }
            """,
        environment: [
            "NODE_PATH": "/usr/share/nodejs:/usr/lib/nodejs:/usr/local/lib/node_modules:/usr/lib/node_modules"
        ])

    /// PyJWT, of Debian's package python3-jwt.
    static let pyjwt = TokenPeer(
        testDescription: "PyJWT", program: "/usr/bin/python3",
        script: """
            import json, sys, jwt
            action, text, secret, algorithm = sys.argv[1:]
            if action == "sign":
                print(jwt.encode(json.loads(text), None if algorithm == "none" else secret, algorithm=algorithm))
            elif action == "verify":
                print(json.dumps(jwt.decode(text, secret, algorithms=[algorithm]), separators=(",", ":")))
            """,
        environment: [:])

    /// Those that this machine has.
    static let installed = [jsonwebtoken, pyjwt].filter(\.isInstalled)

    private var isInstalled: Bool {
        guard FileManager.default.isExecutableFile(atPath: program) else { return false }
        return (try? run("none", ""))?.status == 0
    }

    /// A token over `payload`, a JSON object.
    func sign(_ payload: String, secret: String = Project.secret, algorithm: String = "HS256") throws -> String {
        let (status, lines) = try run("sign", payload, secret, algorithm)
        try #require(status == 0, "\(lines)")
        return try #require(lines.last)
    }

    /// The payload as JSON; nil where the token is refused.
    func verify(_ token: String, secret: String = Project.secret) throws -> String? {
        let (status, lines) = try run("verify", token, secret)
        return status == 0 ? lines.last : nil
    }

    private func run(
        _ action: String, _ text: String, _ secret: String = Project.secret, _ algorithm: String = "HS256"
    ) throws -> (status: Int32, lines: [String]) {
        let option = program.hasSuffix("node") ? "-e" : "-c"
        // A dash at the front of node's own arguments would be an option of node.
        let separator = program.hasSuffix("node") ? ["--"] : []
        let running = try RunningProgram(
            program, [option, script] + separator + [action, text, secret, algorithm], environment: environment)
        return (try running.end().status.rawValue, running.lines)
    }
}
