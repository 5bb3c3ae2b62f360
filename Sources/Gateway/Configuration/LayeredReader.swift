import Shared

/// A mapping that is read key by key, from one file or from several.
protocol KeyReader {
    /// The value of `key`; nil when it is absent, or after a problem with it was reported.
    func optional<Value>(_ key: String, _ form: ValueForm<Value>) -> Value?
}

extension ConfigurationReader: KeyReader {}

/// Reads one mapping from several files, the nearest first: a route's own file, then the `_defaults.yaml` of its folder
/// and of those above. The nearest file that has a key says its value, whole; a mapping of known keys is layered in
/// turn (`block`), so that each of its keys is the nearest file's.
///
/// Each value is recorded with the place that it came from. The files' own readers are finished by whoever made them.
final class LayeredReader: KeyReader {
    /// Nearest first.
    let layers: [ConfigurationReader]
    let settings: RouteSettings
    private let prefix: String
    /// Where a key belongs that no file has.
    private let place: ConfigurationPlace

    /// - Parameter place: of the file that is read for: an absent key is missing there.
    init(_ layers: [ConfigurationReader], place: ConfigurationPlace, prefix: String = "", settings: RouteSettings) {
        self.layers = layers
        self.place = place
        self.prefix = prefix
        self.settings = settings
    }

    /// The nearest file that has one of `keys`, which all files may have.
    func nearest(_ keys: String...) -> ConfigurationReader? {
        for layer in layers { for key in keys { layer.expect(key) } }
        return layers.first { layer in keys.contains(where: layer.has) }
    }

    func has(_ key: String) -> Bool { nearest(key) != nil }

    /// The nearest value of `key`; nil when no file has it, or after a problem with it was reported.
    func optional<Value>(_ key: String, _ form: ValueForm<Value>) -> Value? {
        guard let layer = nearest(key), let node = layer.optional(key, .node) else { return nil }
        settings.record(prefix + key, node.shown, node.place)
        return node.read(as: form)
    }

    /// The nearest value of `key`, or `default`, which is `shown` to people.
    func value<Value>(_ key: String, _ form: ValueForm<Value>, default: Value, shown: String) -> Value {
        if !has(key) { settings.record(prefix + key, shown, nil) }
        return optional(key, form) ?? `default`
    }

    /// A mapping of known keys, read from all files that have it, key by key; nil when none has.
    func block(_ key: String) -> LayeredReader? {
        let blocks = readers(of: key).map(\.block)
        guard let first = blocks.first else { return nil }
        return LayeredReader(blocks, place: first.place, prefix: "\(prefix)\(key).", settings: settings)
    }

    /// The mappings under `key` of all files that have it, nearest first, for who joins them in a way of its own.
    func readers(of key: String) -> [(file: ConfigurationReader, block: ConfigurationReader)] {
        guard has(key) else { return [] }
        return layers.compactMap { layer in layer.optional(key, .mapping).map { (layer, $0) } }
    }

    /// Something is wrong with the value of `key` that only the caller can see.
    func report(_ key: String, _ message: String, mend: String? = nil) {
        problems?.report(place(of: key), message, mend: mend)
    }

    /// Where the value of `key` stands that counts; the route's own file when no file has it.
    func place(of key: String) -> ConfigurationPlace { nearest(key)?.place(of: key) ?? place }

    /// The name of `key` with those of the mappings around it.
    func name(of key: String) -> String { prefix + key }

    var problems: ConfigurationProblems? { layers.first?.problems }
}
