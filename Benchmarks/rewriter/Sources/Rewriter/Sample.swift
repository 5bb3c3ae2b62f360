/// The texts that are measured: made up, the same each time.
enum Sample {
    static let host = "api.weather.example"
    static let patterns = BodyPatterns(
        [host].compactMap { BodyName(Array($0.utf8), kind: .host, ports: [443]) }, service: 0)

    static var all: [(String, [UInt8])] {
        [
            ("JSON, no match", json(bytes: 4 << 20, everyBytes: nil)),
            ("JSON, a match every 200 bytes", json(bytes: 4 << 20, everyBytes: 200)),
            ("JSON, a match every 200 bytes, escaped", json(bytes: 4 << 20, everyBytes: 200, url: escaped)),
            ("JSON of other hosts' URLs, no match", json(bytes: 4 << 20, everyBytes: 200, url: { foreign($0) })),
            ("JSON in Cyrillic escapes, no match", repeated(cyrillic, bytes: 4 << 20)),
            ("HTML, no match", repeated(html(link: "/about"), bytes: 4 << 20)),
            ("HTML, links to the service", repeated(html(link: "https://\(host)/v1/a?x=1&amp;y=2"), bytes: 4 << 20)),
        ]
    }

    static func json(
        bytes: Int, everyBytes: Int?, url: (Int) -> String = { "https://\(host)/v1/stations/\($0)" }
    ) -> [UInt8] {
        var random = Random()
        var text = Array("[".utf8)
        var next = everyBytes ?? Int.max
        var id = 0
        while text.count < bytes {
            id += 1
            text += Array(#"{"id":\#(id),"name":"\#(random.word()) \#(random.word())","temperature":"#.utf8)
            text += Array(#"\#(random.below(40)).\#(random.below(10)),"wind":{"speed":\#(random.below(30))}"#.utf8)
            if text.count >= next {
                text += Array(#","self":"\#(url(id))""#.utf8)
                next += everyBytes ?? 0
            }
            text += Array("},\n".utf8)
        }
        return text + Array("{}]".utf8)
    }

    private static func escaped(_ id: Int) -> String { #"https:\/\/\#(host)\/v1\/stations\/\#(id)"# }
    private static func foreign(_ id: Int) -> String { "https://api.climate.example/v1/stations/\(id)" }

    private static let cyrillic = #"{"text":"\u041f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440"},"#

    private static func html(link: String) -> String {
        var random = Random()
        let words = (0..<30).map { _ in random.word() }.joined(separator: " ")
        return #"<p class="text">\#(words) <a href="\#(link)">\#(random.word())</a>.</p>"# + "\n"
    }

    private static func repeated(_ text: String, bytes: Int) -> [UInt8] {
        let unit = Array(text.utf8)
        var all: [UInt8] = []
        while all.count < bytes { all += unit }
        return all
    }
}

/// xorshift64, so that each run measures the same text.
struct Random {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func below(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 33) % bound
    }

    /// A word with the letters that texts are made of, as often as they are.
    mutating func word() -> String {
        let letters = Array(
            "eeeeeeeeeeeetttttttttaaaaaaaaooooooooiiiiiiinnnnnnnsssssshhhhhhrrrrrrddddllllcccuuummmwwffggyyppbvk")
        return String((0..<3 + below(7)).map { _ in letters[below(letters.count)] })
    }
}
