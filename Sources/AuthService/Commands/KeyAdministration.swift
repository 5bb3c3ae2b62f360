import CLinux
import FoundationEssentials
import Shared

/// What an operator does to the keys. Each method returns what is to be told of it.
struct KeyAdministration {
    let folder: KeyFolder
    /// Seconds from a token's `iat` to its `exp`.
    let tokenLifetime: Int64
    /// Seconds for which others keep the published keys.
    let lead: Int64
    /// Whether a secret outside the folder signs while no key of the folder does.
    let hasSecret: Bool
    /// Seconds since 1970.
    let now: Int64

    /// What every change ends with.
    private static let reload = "The service takes this when it reloads: systemctl reload postern-auth\n"

    init(folder: KeyFolder, tokenLifetime: Int64, lead: Int64, hasSecret: Bool = false, now: Int64) {
        self.folder = folder
        self.tokenLifetime = tokenLifetime
        self.lead = lead
        self.hasSecret = hasSecret
        self.now = now
    }

    init(_ options: ConfigurationOptions, _ runtime: RuntimeOptions) throws(CommandFailure) {
        try AuthSetup.protectMemory()
        let configuration = try AuthSetup(options, runtime).configuration
        guard case .path(let path)? = configuration.keys.keys else {
            throw CommandFailure(
                "\(AuthConfiguration.fileName) names no folder of keys", mend: "Add for example `keys: auth/keys`",
                status: .configuration)
        }
        var isFolder = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder {
            throw CommandFailure(
                "\(path) is a file, and keys are made and changed in a folder alone", mend: "Name a folder as `keys`",
                status: .configuration)
        }
        self.init(
            folder: KeyFolder(path: path), tokenLifetime: configuration.tokenLifetime,
            lead: configuration.publicKeysMaxAge, hasSecret: configuration.keys.secret != nil,
            now: postern_realtime_s())
    }

    func generate(_ options: NewKeyOptions) throws(CommandFailure) -> String {
        try folder.make()
        return try folder.locked { () throws(CommandFailure) in
            let entries = try folder.entries()
            let isFirst = !hasSecret && !entries.contains { $0.key.canSign && !$0.key.times.hasEnded(at: now) }
            return try make(options, entries, signsFrom: isFirst ? now : now + lead) + Self.reload
        }
    }

    /// A line a key: name, algorithm, what it is good for, file, in columns.
    func list() throws(CommandFailure) -> String {
        let entries = try folder.entries()
        let signing = (try? KeyRing(entries.map(\.key)))?.signing(at: now, lifetime: tokenLifetime)
        let rows =
            [["KID", "ALGORITHM", "STATE", "FILE"]]
            + entries.enumerated().map { index, entry in
                [
                    entry.key.id.map { LogText.escaped($0) } ?? "-", entry.key.algorithm.rawValue,
                    state(of: entry.key, isSigning: index == signing), LogText.escaped(entry.file),
                ]
            }
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count + 2) }.joined() + row[3] + "\n"
        }.joined()
    }

    func rotate(_ options: NewKeyOptions, atOnce: Bool) throws(CommandFailure) -> String {
        try folder.make()
        return try folder.locked { () throws(CommandFailure) in
            let entries = try folder.entries()
            let signsFrom = atOnce ? now : now + lead
            var report = try make(options, entries, signsFrom: signsFrom)
            for entry in entries where entry.key.canSign && entry.key.times.ends == nil {
                report += try end(entry, at: atOnce ? nil : signsFrom + tokenLifetime)
            }
            return report + (try sweep(entries)) + Self.reload
        }
    }

    func retire(_ name: String, atOnce: Bool) throws(CommandFailure) -> String {
        guard KeyFolder.names(in: folder.path) != nil else { throw Self.noSuchKey(name) }
        return try folder.locked { () throws(CommandFailure) in try retire(name, among: folder.entries(), atOnce) }
    }

    private static func noSuchKey(_ name: String) -> CommandFailure {
        CommandFailure(
            "there is no key \(LogText.quoted(name, limit: 120))", mend: "See `postern key list`", status: .noInput)
    }

    private func retire(
        _ name: String, among entries: [KeyFolder.Entry], _ atOnce: Bool
    ) throws(CommandFailure) -> String {
        guard let entry = entries.first(where: { $0.name.hasSameCodePoints(as: name) }) else {
            throw Self.noSuchKey(name)
        }
        let others = entries.filter { other in
            (other.file, other.index) != (entry.file, entry.index) && other.key.canSign && other.key.times.ends == nil
        }
        let next = hasSecret ? now : others.map(\.key.times.signsFrom).min()
        if entry.key.canSign, !entry.key.times.hasEnded(at: now) {
            guard let next else {
                throw CommandFailure("no other key signs", mend: "Make one in its place with `postern key rotate`")
            }
            guard !atOnce || next <= now else {
                throw CommandFailure(
                    "no other key signs before \(Self.time(next))",
                    mend: "Make one that signs at once with `postern key rotate --now`")
            }
        }
        let end = atOnce ? nil : min(max(now, next ?? now) + tokenLifetime, entry.key.times.ends ?? .max)
        return try self.end(entry, at: end) + (try sweep(entries.filter { $0.name != entry.name })) + Self.reload
    }

    private func make(
        _ options: NewKeyOptions, _ entries: [KeyFolder.Entry], signsFrom: Int64
    ) throws(CommandFailure) -> String {
        let algorithm = try algorithm(options.algorithm, entries)
        if let id = options.kid, entries.contains(where: { $0.name == id || $0.file == "\(id).json" }) {
            throw CommandFailure(
                "there is a key \(LogText.quoted(id, limit: 120)) already", mend: "Choose another name")
        }
        guard var key = NewKey(algorithm, id: options.kid, times: KeyTimes(signsFrom: signsFrom), now: now) else {
            throw CommandFailure("libcrypto made no key: memory or randomness is lacking", status: .systemError)
        }
        defer { OpenSSL.cleanse(&key.text) }
        try folder.write(key.text, to: "\(key.id).json")
        let start =
            signsFrom > now ? "is published at once, and signs from \(Self.time(signsFrom)) on" : "signs at once"
        return "made \(algorithm.rawValue) key \(key.id), which \(start) (\(folder.path)/\(key.id).json)\n"
    }

    private func algorithm(
        _ name: String?, _ entries: [KeyFolder.Entry]
    ) throws(CommandFailure) -> SignatureAlgorithm {
        guard let name else {
            let ring = try? KeyRing(entries.map(\.key))
            return ring?.signing(at: now, lifetime: tokenLifetime).map { entries[$0].key.algorithm } ?? .es256
        }
        guard let algorithm = SignatureAlgorithm(name: name) else {
            throw CommandFailure(
                "\(LogText.quoted(name, limit: 40)) is no algorithm that signs tokens",
                mend: "Take one of \(SignatureAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))",
                status: .usage)
        }
        return algorithm
    }

    /// - Parameter time: nil for now, by removing the key.
    private func end(_ entry: KeyFolder.Entry, at time: Int64?) throws(CommandFailure) -> String {
        guard let time, time > now else {
            let removed = try folder.remove(entry)
            return removed ? "removed \(entry.name)\n" : byHand(entry, "now")
        }
        let ended = try folder.end(entry, at: time)
        return ended ? "\(entry.name) verifies until \(Self.time(time))\n" : byHand(entry, "after \(Self.time(time))")
    }

    private func byHand(_ entry: KeyFolder.Entry, _ time: String) -> String {
        "\(entry.name) is PEM, which cannot say when it ends: remove it from \(folder.path)/\(entry.file) \(time)\n"
    }

    /// Removes the keys that have ended.
    private func sweep(_ entries: [KeyFolder.Entry]) throws(CommandFailure) -> String {
        var report = ""
        for entry in entries where entry.count == 1 && entry.key.times.hasEnded(at: now) {
            try folder.remove(entry.file)
            report += "removed \(entry.name), which had ended\n"
        }
        return report
    }

    private func state(of key: TokenKey, isSigning: Bool) -> String {
        if key.times.hasEnded(at: now) { return "ended" }
        if isSigning { return key.times.ends.map { "signs, verifies until \(Self.time($0))" } ?? "signs" }
        if let ends = key.times.ends { return "verifies until \(Self.time(ends))" }
        return key.canSign && key.times.signsFrom > now ? "signs from \(Self.time(key.times.signsFrom))" : "verifies"
    }

    private static func time(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }
}
