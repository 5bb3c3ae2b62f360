import Testing

@testable import Shared

@Suite("Routes that clash are refused, and the message names both files")
struct RouteTreeErrorTests {
    private func problems(_ patterns: [String]) throws -> [RouteClash] {
        let routes = try patterns.enumerated().map { index, text in
            (pattern: try RoutePattern(text), value: index, source: "routes/file-\(index).yaml")
        }
        do {
            _ = try RouteTree(routes)
            return []
        } catch {
            return error.problems
        }
    }

    private func expect(
        _ kind: RouteClash.Kind, _ first: String, _ second: String, _ location: SourceLocation = #_sourceLocation
    ) throws {
        for patterns in [[first, second], [second, first]] {
            let problems = try problems(patterns)
            #expect(problems.map(\.kind) == [kind], "\(patterns)", sourceLocation: location)
            let text = problems.first?.description ?? ""
            #expect(text.contains("routes/file-0.yaml"), sourceLocation: location)
            #expect(text.contains("routes/file-1.yaml"), sourceLocation: location)
        }
    }

    @Test("two names for the parameter at one place")
    func differentNames() throws {
        try expect(.differentNames, "/a/[id]", "/a/[cid]")
        try expect(.differentNames, "/a/[id]/x", "/a/[cid]/y")
        try expect(.differentNames, "/[...a]", "/[...b]")
        try expect(.differentNames, "/x/[[...a]]", "/x/[[...b]]")
    }

    @Test("a catch-all beside an optional catch-all")
    func catchAllBesideOptional() throws {
        try expect(.catchAllBesideOptional, "/[...a]", "/[[...b]]")
        try expect(.catchAllBesideOptional, "/x/[...a]", "/x/[[...a]]")
    }

    @Test("a route beside the optional catch-all below it")
    func optionalCatchAllTakesPath() throws {
        try expect(.optionalCatchAllTakesPath, "/x", "/x/[[...a]]")
        try expect(.optionalCatchAllTakesPath, "/", "/[[...a]]")
        try expect(.optionalCatchAllTakesPath, "/x/[id]", "/x/[id]/[[...a]]")
        try expect(.optionalCatchAllTakesPath, "/x/index", "/x/[[...a]]")
    }

    @Test("a route beside its index")
    func samePattern() throws {
        try expect(.samePattern, "/x", "/x/index")
        try expect(.samePattern, "/[id]", "/[id]/index")
        try expect(.samePattern, "/", "/index")
        try expect(.samePattern, "/a/[...b]", "/a/[...b]/index")
    }

    @Test("and all that is wrong is said at once")
    func allAtOnce() throws {
        let problems = try problems(["/a", "/b/[id]", "/a/index", "/b/[cid]", "/c/[...x]", "/c/[[...y]]", "/d"])
        #expect(problems.map(\.kind) == [.samePattern, .differentNames, .catchAllBesideOptional])
        #expect(problems.map(\.source) == [2, 3, 5].map { "routes/file-\($0).yaml" })
        #expect(problems.map(\.otherSource) == [0, 1, 4].map { "routes/file-\($0).yaml" })
        #expect(RouteTreeError(problems: problems).description.split(separator: "\n").count == 3)
    }

    @Test("while routes that merely look alike stand together")
    func noClash() throws {
        #expect(try problems(["/a/[id]", "/b/[cid]", "/a/[id]/[cid]", "/a/[...all]", "/x", "/x/[...a]"]).isEmpty)
        #expect(try problems(["/x/[id]", "/x/[[...a]]", "/x/y", "/x/z/[[...a]]"]).isEmpty)
    }
}
