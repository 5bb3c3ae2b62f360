import FoundationEssentials
import Testing

@testable import Gateway
@testable import Shared

@Suite("What counts as a configuration file")
struct ConfigurationFolderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func files() -> (names: [String], problems: [String]) {
        let problems = ConfigurationProblems()
        let names = ConfigurationFolder.files(in: folder.path, problems: problems)
        return (names, problems.found.map { $0.description.replacing(folder.path + "/", with: "") })
    }

    @Test("files are found at any depth, sorted, their ending left out")
    func found() throws {
        for name in ["b.yaml", "a/[id]/x.yaml", "a.yaml", "a/[[...rest]].yaml", "x.y.yaml"] {
            try folder.write("", to: name)
        }
        try folder.makeFolder("empty")
        #expect(files().names == ["a", "a/[[...rest]]", "a/[id]/x", "b", "x.y"])
        #expect(files().problems == [])
    }

    @Test("hidden files and editors' backups are passed over")
    func passedOver() throws {
        for name in [".git/x", ".a.yaml.swp", "a.yaml~", ".hidden.yaml"] { try folder.write("", to: name) }
        #expect(files().names == [])
        #expect(files().problems == [])
    }

    @Test("a folder that is named is read though it is hidden, right in this one and nowhere else")
    func named() throws {
        for name in [".well-known/x.json.yaml", ".well-known/.y.yaml", "a/.well-known/z.yaml", ".git/c.yaml", "b.yaml"]
        {
            try folder.write("", to: name)
        }
        let problems = ConfigurationProblems()
        let names = ConfigurationFolder.files(in: folder.path, hidden: [".well-known"], problems: problems)
        #expect(names == [".well-known/x.json", "b"])
        #expect(problems.found.isEmpty)
    }

    @Test("any other file is a problem: none is forgotten in silence")
    func others() throws {
        for name in ["a.yml", "README", "_defaults.yaml", "x/a.yaml.bak"] { try folder.write("", to: name) }
        let expected = [
            "README: the name does not end in .yaml. Rename it, or move it out of the folder.",
            "_defaults.yaml: names that begin with an underscore are reserved. Give the file another name.",
            "a.yml: the name does not end in .yaml. Rename it, or move it out of the folder.",
            "x/a.yaml.bak: the name does not end in .yaml. Rename it, or move it out of the folder.",
        ]
        #expect(files().names == [])
        #expect(files().problems == expected)
    }

    @Test("a link to a folder is followed; one to a folder that it is in is a problem, once")
    func links() throws {
        try folder.write("", to: "a/x.yaml")
        try FileManager.default.createSymbolicLink(atPath: folder["b"], withDestinationPath: "a")
        try FileManager.default.createSymbolicLink(atPath: folder["a/up"], withDestinationPath: "..")
        #expect(files().names == ["a/x", "b/x"])
        let expected = ["a/up", "b/up"].map { "\($0): the link leads to a folder that it is in. Remove the link." }
        #expect(files().problems == expected)
    }
}
