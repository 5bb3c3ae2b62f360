import Shared

extension KeyFolder {
    /// A key, and where it stands.
    struct Entry {
        /// The file's name in the folder.
        let file: String
        /// Which one of the file's keys it is.
        let index: Int
        /// How many keys the file has.
        let count: Int
        let key: TokenKey

        /// What the operator calls it.
        var name: String { key.id ?? file }
    }

    /// All keys of the folder, in the order in which the service reads them; none when there is no folder yet.
    func entries() throws(CommandFailure) -> [Entry] {
        let problems = ConfigurationProblems()
        var entries: [Entry] = []
        for name in Self.names(in: path) ?? [] {
            let file = "\(path)/\(name)"
            do throws(KeyFileReadingError) {
                let keys = try KeyFile(reading: SecretFile(path: file)).keys
                entries += keys.enumerated().map { Entry(file: name, index: $0, count: keys.count, key: $1) }
            } catch {
                problems.report(ConfigurationPlace(file: file), error.message, mend: error.mend)
            }
        }
        do {
            try problems.throwIfAny()
        } catch {
            throw CommandFailure(configuration: error)
        }
        return entries
    }

    /// Writes into the key's file that nothing which it signed is good from `time` on.
    /// - Returns: false for PEM, which has no place for that.
    func end(_ entry: Entry, at time: Int64) throws(CommandFailure) -> Bool {
        try rewrite(entry) { writer, object in
            writer.object(object, changing: [("exp", .integer(time))])
        }
    }

    /// Removes the key, and its file with it when it has no other.
    /// - Returns: false for one of several keys in PEM.
    func remove(_ entry: Entry) throws(CommandFailure) -> Bool {
        guard entry.count > 1 else {
            try remove(entry.file)
            return true
        }
        return try rewrite(entry) { _, _ in }
    }

    /// Writes the key's file anew; `change` writes the key, or nothing in its place.
    private func rewrite(
        _ entry: Entry, _ change: (inout JSONWriter, StrictJSONObject) -> Void
    ) throws(CommandFailure) -> Bool {
        var text: [UInt8]
        do throws(SecretFile.Failure) {
            text = try SecretFile(path: "\(path)/\(entry.file)").readPerhapsPublic().bytes
        } catch {
            throw CommandFailure("\(error.path): \(error.message)", mend: error.mend, status: .systemError)
        }
        defer { OpenSSL.cleanse(&text) }
        guard let object = try? StrictJSON.parseObject(text) else { return false }
        var writer = JSONWriter()
        if let members = object["keys"]?.array {
            let others = members.enumerated().filter { $0.offset != entry.index }.map(\.element)
            var changed = JSONWriter()
            if let key = members[entry.index].object { change(&changed, key) }
            let written = changed.bytes.isEmpty ? nil : try? StrictJSON.parse(changed.bytes)
            var all = others
            if let written { all.insert(written, at: entry.index) }
            writer.object(object, changing: [("keys", .array(all))])
        } else {
            change(&writer, object)
        }
        var bytes = writer.bytes
        defer { OpenSSL.cleanse(&bytes) }
        try write(bytes, to: entry.file)
        return true
    }
}
