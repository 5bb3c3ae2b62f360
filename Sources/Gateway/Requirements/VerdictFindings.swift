import Shared

/// What was found of a verdict's token by each requirement of routes: once for each, and remembered as long as the
/// verdict. Two bits a requirement; nothing is allocated where no route has one.
struct VerdictFindings: Sendable {
    private let words: AtomicWords?

    init() {
        let count = TokenRequirement.count
        words = count == 0 ? nil : AtomicWords(count: (count + 31) / 32)
    }

    /// Nil for what was not looked at yet. A requirement that came with a reload after the verdict is looked at each time.
    func isMet(_ requirement: TokenRequirement) -> Bool? {
        guard let words, requirement.number / 32 < words.count else { return nil }
        let bits = words.load(requirement.number / 32) >> UInt64(requirement.number % 32 * 2) & 3
        return bits == 0 ? nil : bits == 3
    }

    func note(_ requirement: TokenRequirement, isMet: Bool) {
        guard let words, requirement.number / 32 < words.count else { return }
        let bits: UInt64 = (isMet ? 3 : 1) << UInt64(requirement.number % 32 * 2)
        var before = words.load(requirement.number / 32)
        while true {
            let found = words.exchange(requirement.number / 32, before, with: before | bits)
            if found == before { return }
            before = found
        }
    }
}

extension Verdict {
    /// Whether the token has what a route asks for beyond being good.
    func meets(_ requirement: TokenRequirement) -> Bool {
        if let isMet = findings.isMet(requirement) { return isMet }
        let isMet = requirement.isMet(by: claims)
        findings.note(requirement, isMet: isMet)
        return isMet
    }

    /// Of `Postern-Claims`: the verified claims, base64url of their JSON.
    private var claims: StrictJSONObject? {
        for line in fields.split(separator: 10) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
                String(decoding: line[..<colon], as: UTF8.self).lowercased() == "postern-claims"
            else { continue }
            let value = line[(colon + 1)...].filter { $0 > 32 }
            return Base64URL.decode(value).flatMap { try? StrictJSON.parseObject($0) }
        }
        return nil
    }
}
