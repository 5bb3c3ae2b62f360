import Glibc
import Testing

@testable import Shared

@Suite("configuration file")
struct ConfigurationFileTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func problems(of path: String) -> [String] {
        let problems = ConfigurationProblems()
        let reader = ConfigurationReader(file: path, problems: problems)
        _ = reader.required("listen", .string)
        reader.finish()
        return problems.found.map(\.description)
    }

    @Test("a file is read, with a byte order mark and CRLF or without")
    func read() throws {
        #expect(problems(of: try folder.write("listen: a\n", to: "a.yaml")) == [])
        #expect(problems(of: try folder.write([0xEF, 0xBB, 0xBF] + Array("listen: a\r\n".utf8), to: "b.yaml")) == [])
    }

    @Test("a missing file")
    func missing() {
        #expect(
            problems(of: folder["a.yaml"]) == [
                "\(folder["a.yaml"]): the file does not exist. Create it, or check the name."
            ])
    }

    @Test("a folder in the place of a file")
    func isFolder() {
        #expect(problems(of: folder.path) == ["\(folder.path): this is a folder, not a file. Name a file."])
    }

    @Test("a named pipe is not waited for")
    func pipe() throws {
        try #require(unsafe mkfifo(folder["a.yaml"], 0o600) == 0)
        #expect(
            problems(of: folder["a.yaml"]) == ["\(folder["a.yaml"]): this is no regular file. Name a regular file."])
    }

    @Test("a file in the place of the folder above")
    func notAFolder() throws {
        let path = try folder.write("", to: "file") + "/a.yaml"
        #expect(
            problems(of: path) == [
                "\(path): the file cannot be read by user \(geteuid()) (Not a directory). "
                    + "Give that user the right to read it."
            ])
    }

    @Test("a file that is too large")
    func tooLarge() throws {
        let path = try folder.write(String(repeating: "#", count: 1 << 20), to: "limit.yaml")
        #expect(problems(of: path) == ["\(path): `listen` is missing. Add it."])
        let larger = try folder.write(String(repeating: "#", count: 1 << 20 + 1), to: "larger.yaml")
        #expect(problems(of: larger) == ["\(larger): the file is larger than 1MiB. Split it, or check the name."])
    }

    @Test("a file that is not UTF-8, with the line")
    func notUTF8() throws {
        let path = try folder.write(Array("a: 1\nb: ".utf8) + [0xE9, 0x0A], to: "a.yaml")
        #expect(problems(of: path) == ["\(path):2: the file is not UTF-8 text. Save it as UTF-8."])
    }
}
