import Yams

/// The node tree of a file's one YAML document.
///
/// What is taken is the part of YAML that reads in one way: mappings, lists and text. A scalar is the text that was
/// written (`on` stays `on`, `1.10` stays `1.10`); what type it has is said by who asks for it. Anchors and aliases,
/// with which a small file can stand for a huge tree, are refused, and so are tags, with which a value would not be
/// what it looks like.
enum YAMLDocument {
    /// A file may hold this many words that look like aliases (most are none: `*.sock` in a comment) when it also has
    /// one that looks like an anchor. The parser expands aliases before they can be seen here, and 16 of them make a
    /// tree at most about 400 times as large as the file.
    static let suspectedAliases = 16

    /// The tree, nil for a file without a value. All that is wrong with it is thrown at once.
    static func root(of text: String, file: String) throws(ConfigurationError) -> Node? {
        guard !mayExplode(text) else {
            throw ConfigurationError([aliasProblem(ConfigurationPlace(file: file))])
        }
        // Given explicitly: the defaults read an environment variable, and guess types by YAML 1.1.
        let parser: Parser
        let node: Node?
        do {
            parser = try Parser(yaml: text, resolver: .basic, constructor: .default, encoding: .utf8)
            node = try parser.singleRoot()
        } catch {
            throw ConfigurationError([YAMLSyntax.problem(for: error, text: text, file: file)])
        }
        guard let node else { return nil }
        var problems: [ConfigurationProblem] = []
        // A node holds its anchor weakly, and the parser owns it.
        withExtendedLifetime(parser) { refuse(node, file: file, into: &problems) }
        guard problems.isEmpty else { throw ConfigurationError(problems) }
        return node
    }

    /// Does not go below an anchor, so that no alias is followed.
    private static func refuse(_ node: Node, file: String, into problems: inout [ConfigurationProblem]) {
        let place = ConfigurationPlace(file: file, line: node.mark?.line, column: node.mark?.column)
        guard node.anchor == nil else { return problems.append(aliasProblem(place)) }
        let tag = node.tag.rawValue
        if !plainTags.contains(tag) {
            let name = tag.hasPrefix("tag:yaml.org,2002:") ? "!!\(tag.dropFirst(18))" : tag
            problems.append(
                place.problem("the tag \(LogText.escaped(name, limit: 60)) is not supported", mend: "Take it out."))
        }
        switch node {
        case .scalar, .alias: break
        case .sequence(let items): for item in items { refuse(item, file: file, into: &problems) }
        case .mapping(let pairs):
            for (key, value) in pairs {
                refuse(key, file: file, into: &problems)
                refuse(value, file: file, into: &problems)
            }
        }
    }

    private static let plainTags: Set<String> = [
        "", "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map", "tag:yaml.org,2002:int",
        "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null",
    ]

    static func aliasProblem(_ place: ConfigurationPlace) -> ConfigurationProblem {
        place.problem("anchors (&name) and aliases (*name) are not supported", mend: "Write the value out.")
    }

    /// Whether there are more words that could be aliases than may be expanded. An alias or an anchor begins a word,
    /// after white space or a sign of the syntax; inside quotes, text and comments this sees some that are none.
    private static func mayExplode(_ text: String) -> Bool {
        var before = UInt8(ascii: "\n")
        var anchors = 0
        var aliases = 0
        for byte in text.utf8 {
            switch before {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "["),
                UInt8(ascii: "{"), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "?"), UInt8(ascii: "-"):
                if byte == UInt8(ascii: "&") { anchors += 1 }
                if byte == UInt8(ascii: "*") { aliases += 1 }
            // The line breaks of YAML 1.1 outside ASCII (NEL, LS, PS) end in one of these.
            case 0x85, 0xA8, 0xA9:
                if byte == UInt8(ascii: "&") { anchors += 1 }
                if byte == UInt8(ascii: "*") { aliases += 1 }
            default: break
            }
            before = byte
        }
        return anchors > 0 && aliases > suspectedAliases
    }
}
