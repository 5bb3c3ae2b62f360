import Shared

/// `headers:` and `basic:` of a route, with those of its service and of `_defaults.yaml`: fields that are set and taken
/// out, towards the service and (under `response`) towards the client.
///
/// ```yaml
/// headers:
///   set: {X-Api-Key: "{credential:weather-key}", X-City: "{city}"}
///   remove: [Cookie]
///   response: {set: {Cache-Control: no-store}, remove: [X-Debug]}
/// basic: {username: postern, password: "{credential:weather}"}
/// ```
///
/// Files are joined field by field: the service's word counts least, then that of the outermost `_defaults.yaml`, and
/// the route's own the most, whether it sets a field or takes it out. What is set takes the place of whatever came
/// under that name.
struct HeadersConfiguration {
    private(set) var request = FieldsConfiguration(direction: .request)
    private(set) var response = FieldsConfiguration(direction: .response)

    init() {}

    init(_ reader: LayeredReader, service: HeadersConfiguration?) {
        if let service { self = service }
        // What stands in files that are read for the route alone comes after what its service says.
        for layer in reader.layers.reversed() { add(layer) }
        _ = reader.nearest("headers", "basic")
        for setting in request.settings + response.settings {
            reader.settings.record(setting.key, setting.value, setting.place)
        }
    }

    /// What one file says, a service's for example.
    init(file reader: ConfigurationReader) { add(reader) }

    private mutating func add(_ reader: ConfigurationReader) {
        var seen = FieldsConfiguration.Seen()
        if let headers = reader.optional("headers", .mapping) {
            request.add(headers, "headers", &seen)
            if let block = headers.optional("response", .mapping) {
                var answered = FieldsConfiguration.Seen()
                response.add(block, "headers.response", &answered)
            }
        }
        if let basic = BasicConfiguration.read(reader) { request.add(basic, &seen, reader.problems) }
    }
}
