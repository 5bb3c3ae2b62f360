import Testing

@testable import Gateway

@Suite("Cache-Control of a verdict")
struct CacheControlTests {
    private func maxAge(_ lines: String...) -> Int {
        var cacheControl = CacheControl()
        for line in lines {
            let bytes = Array(line.utf8)
            cacheControl.read(unsafe bytes.span.bytes)
        }
        return cacheControl.maxAge
    }

    @Test("max-age is found among other directives, in any case, with blanks")
    func maxAge() {
        #expect(maxAge("max-age=60") == 60)
        #expect(maxAge("private, max-age=60") == 60)
        #expect(maxAge("Private ,\tMAX-AGE=60 , must-revalidate") == 60)
        #expect(maxAge("private", "max-age=60") == 60)
        #expect(maxAge("max-age=0") == 0)
    }

    @Test("what says nothing of an age keeps nothing", arguments: ["", "private", "s-maxage=60", "x-max-age=60", ",,"])
    func none(line: String) {
        #expect(maxAge(line) == 0)
    }

    @Test(
        "an age that cannot be read keeps nothing", arguments: ["a", "", "-1", "1.5", "\"60\"", "99999999999999999999"])
    func unreadable(age: String) {
        #expect(maxAge("max-age=\(age)") == 0)
        #expect(maxAge("max-age=60, max-age=\(age)") == 0)
    }

    @Test("no-store and no-cache forbid, wherever they stand")
    func forbidden() {
        #expect(maxAge("no-store, max-age=60") == 0)
        #expect(maxAge("max-age=60, no-cache") == 0)
        #expect(maxAge("no-store", "max-age=60") == 0)
    }

    @Test("of several ages the smallest counts")
    func smallest() {
        #expect(maxAge("max-age=60, max-age=30") == 30)
        #expect(maxAge("max-age=30", "max-age=60") == 30)
    }
}
