import Testing

/// The tutorial's configuration with some files changed, and what is to be said of it.
struct BrokenConfiguration: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The text of the files that are other than the tutorial's; nil for one that is not there.
    let files: [(name: String, text: String?)]
    /// All that is to be said, in order; the names of files without their folder, which `{}` stands for elsewhere.
    let problems: [String]

    init(_ name: String, _ files: [(name: String, text: String?)], _ problems: String...) {
        self.init(name, files: files, problems: problems)
    }

    init(_ name: String, files: [(name: String, text: String?)], problems: [String]) {
        testDescription = name
        self.files = files
        self.problems = problems
    }

    /// The program that reads the files in question.
    var program: String {
        switch files[0].name {
        case "auth.yaml": "postern-auth"
        case "data.yaml": "postern-data"
        default: "postern-gateway"
        }
    }

    /// Makes the folder of this configuration in `folder`.
    func make(in folder: TemporaryFolder) throws -> String {
        try folder.copy(Project.tutorialConfiguration, to: "config")
        for (name, text) in files {
            if let text {
                try folder.write(text, to: "config/\(name)")
            } else {
                try folder.remove("config/\(name)")
            }
        }
        return "\(folder.path)/config"
    }

    /// The lines that are to be written about the configuration in `folder`.
    func lines(in folder: String) -> [String] {
        problems.map { "\(folder)/\($0.replacing("{}", with: folder))" }
    }
}

extension BrokenConfiguration {
    private static let verify = "verify: unix:auth/verify.sock\n"

    /// postern.yaml with these lines and the tutorial's `verify`.
    private static func main(_ name: String, _ text: String, _ problem: String) -> BrokenConfiguration {
        BrokenConfiguration(name, [("postern.yaml", text + verify)], "postern.yaml\(problem)")
    }

    private static func route(_ name: String, _ text: String, _ problem: String) -> BrokenConfiguration {
        BrokenConfiguration(name, [("routes/api/posts.yaml", text)], "routes/api/posts.yaml\(problem)")
    }

    private static func service(_ name: String, _ text: String, _ problem: String) -> BrokenConfiguration {
        BrokenConfiguration(name, [("services/data.yaml", text)], "services/data.yaml\(problem)")
    }

    private static let good = "listen: 127.0.0.1:3000\n"
    private static let addresses = "Write unix:/path, 127.0.0.1:3000, [::1]:3000, localhost:3000 or *:3000."
    private static let instances = "Write unix:/run/name.sock, unix:/run/name/*.sock or http://127.0.0.1:8080."
    private static let durations = "Write a whole number and a unit: 500ms, 10s, 1m, 1h or 2d."
    private static let sizes = "Write a whole number and a unit: 64KiB, 1MiB, 1MB, or bytes without a unit."

    static let ofMain: [BrokenConfiguration] = [
        BrokenConfiguration(
            "no postern.yaml", [("postern.yaml", nil)],
            "postern.yaml: the file does not exist. Create it, or check the name."),
        main(
            "no YAML", "listen: [127.0.0.1:3000\n",
            ":2:7: this is not YAML: did not find expected ',' or ']' while parsing a flow sequence (line 1). "
                + "Check this line and those above it: indentation, colons, quotes, brackets."),
        main(
            "tabs", "listen:\n\t- 127.0.0.1:3000\n",
            ":2:1: this is not YAML: found character that cannot start any token while scanning for the next token "
                + "(line 2). Indent with spaces, not with tabs."),
        BrokenConfiguration(
            "a list in place of a mapping", [("postern.yaml", "- a\n")],
            "postern.yaml:1:1: the file must be a mapping, not a list. Write `key: value` lines."),
        main(
            "an anchor", "listen: &here 127.0.0.1:3000\n",
            ":1:9: anchors (&name) and aliases (*name) are not supported. Write the value out."),
        main(
            "a tag", "listen: !port 127.0.0.1:3000\n", ":1:9: the tag !port is not supported. Take it out."),
        main(
            "a key twice", good + good,
            ":1:1: `listen` is written more than once in this mapping. Keep one of them."),
        main("an unknown key", good + "thread: 2\n", ":2:1: `thread` is not a known key. Did you mean `threads`?"),
        main("no listen", "", ": `listen` is missing. Add it, for example: `listen: 127.0.0.1:3000`."),
        main("no port", "listen: 3000\n", ":1:9: `listen`: \"3000\" names no port. \(addresses)"),
        main(
            "a port that is none", "listen: 127.0.0.1:70000\n",
            ":1:9: `listen`: \"70000\" in \"127.0.0.1:70000\" is no port. A port is a number from 0 to 65535."),
        main(
            "a name in place of an address", "listen: [127.0.0.1:3000, example.com:3000]\n",
            ":1:26: `listen`: \"example.com\" is no address of a machine. \(addresses)"),
        main(
            "no number", good + "threads: many\n",
            ":2:10: `threads` must be a whole number from 1 to 256, not \"many\"."),
        main(
            "a duration without a unit", good + "limits:\n  head_deadline: 10\n",
            ":3:18: `limits.head_deadline` must be a duration from 10ms to 1d, not \"10\". \(durations)"),
        main(
            "a size out of bounds", good + "limits:\n  head: 1GiB\n",
            ":3:9: `limits.head` must be a size from 256 to 256KiB, not \"1GiB\". \(sizes)"),
        BrokenConfiguration(
            "a token is asked for, and nobody judges it", [("postern.yaml", good)],
            "routes/api/users/index.yaml:4:7: the route asks for tokens, and postern.yaml does not say who judges "
                + "them. Add to postern.yaml: `verify: unix:auth/verify.sock`."),
        BrokenConfiguration(
            "a pattern in place of a socket", [("postern.yaml", good + "verify: unix:auth/*.sock\n")],
            "postern.yaml:2:9: `verify` must name one socket, not a pattern. Write the path without `*`."),
        BrokenConfiguration(
            "a socket's path that is too long",
            [("postern.yaml", good + "verify: unix:/" + String(repeating: "x", count: 107) + "\n")],
            "postern.yaml:2:9: `verify`: the socket path /\(String(repeating: "x", count: 107)) has 108 bytes, and a "
                + "Unix socket's has 107 at most. Choose a shorter path."),
    ]

    static let ofServices: [BrokenConfiguration] = [
        service(
            "an empty service", "", ": `instances` is missing. Add it, for example: `instances: unix:/run/data.sock`."),
        service(
            "no address", "instances: data.sock\n",
            ":1:12: `instances`: 'data.sock' is no address of an instance. \(instances)"),
        service(
            "a pattern in a folder's name", "instances: unix:*/1.sock\n",
            ":1:12: `instances`: a pattern has one `*`, in the last part of the path. "
                + "Write for example unix:/run/postern/data/*.sock."),
        BrokenConfiguration(
            "another ending", [("services/data.yml", "instances: unix:data/*.sock\n")],
            "services/data.yml: the name does not end in .yaml. Rename it, or move it out of the folder."),
        BrokenConfiguration(
            "no services", [("routes", nil), ("routes/x.yaml", "service: data\n"), ("services", nil)],
            "routes/x.yaml:1:10: there is no service 'data'. Add services/data.yaml.",
            "services: the folder cannot be read. Create it, or give the user who runs this the right to read it."),
    ]

    static let ofRoutes: [BrokenConfiguration] = [
        BrokenConfiguration(
            "no routes", [("routes", nil)],
            "routes: the folder cannot be read. Create it, or give the user who runs this the right to read it."),
        route("an empty route", "", ": `service` is missing. Add it, for example: `service: auth`."),
        route(
            "no such service", "service: date\n",
            ":1:10: there is no service 'date'. Add services/date.yaml, or name one of: auth, data."),
        route(
            "no method", "service: data\nmethods: [GET, get]\n",
            ":2:16: `methods` must be a method, not \"get\". "
                + "Write one of: GET, HEAD, POST, PUT, DELETE, OPTIONS, TRACE, PATCH."),
        route(
            "no kind of auth", "service: data\nauth: yes\n",
            ":2:7: `auth` must be one of: none, optional, required, not \"yes\"."),
        route(
            "no duration", "service: data\ntimeout: soon\n",
            ":2:10: `timeout` must be a duration from 1ms to 1d, not \"soon\". \(durations)"),
        route(
            "no size", "service: data\nbody_limit: big\n",
            ":2:13: `body_limit` must be a size from 0 up, not \"big\". \(sizes)"),
        route(
            "an unknown key in a route", "service: data\nmethod: [GET]\n",
            ":2:1: `method` is not a known key. Did you mean `methods`?"),
        BrokenConfiguration(
            "a file that is no route", [("routes/readme.md", "x")],
            "routes/readme.md: the name does not end in .yaml. Rename it, or move it out of the folder."),
    ]
}
