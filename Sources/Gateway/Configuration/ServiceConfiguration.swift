import FoundationEssentials
import Shared

/// A file in `services/`: `NAME.yaml` says where the service NAME is, and what it is told.
///
/// - `instances`: an address or a list: `unix:/run/name.sock`, `unix:/run/name/*.sock` (every socket in the folder),
///   `http://127.0.0.1:8080`, `https://backend.example`.
/// - `url`, in place of `instances`: a service of somebody else, `https://api.weather.example/v1`.
/// - `timeouts`: see `TimeoutsConfiguration`.
/// - `forwarding`: `x-forwarded` (default with `instances`), `forwarded` or `none` (default with `url`).
/// - `identity`: whether it is told who asks; `true` with `instances`, `false` with `url`.
/// - `mask`: see `MaskConfiguration`; what a route says goes before it.
/// - `headers`, `basic`: see `HeadersConfiguration`; what a route says of a field counts more.
struct ServiceConfiguration: Sendable {
    let name: String
    let file: String
    let instances: [InstanceSource]
    var url: ServiceURL?
    var forwarding: ServiceRule.Forwarding?
    var tellsIdentity: Bool?
    var timeouts = TimeoutsConfiguration()
    var mask = MaskConfiguration.Part()
    var headers = HeadersConfiguration()

    static func readAll(
        in folder: String, runDirectory: String, problems: ConfigurationProblems
    ) -> [ServiceConfiguration] {
        ConfigurationFolder.files(in: folder, problems: problems).map { name in
            read("\(folder)/\(name).yaml", name: name, runDirectory: runDirectory, problems: problems)
        }
    }

    /// After a problem too there is a service, so that routes find it by its name.
    private static func read(
        _ file: String, name: String, runDirectory: String, problems: ConfigurationProblems
    ) -> ServiceConfiguration {
        let reader = ConfigurationReader(file: file, problems: problems)
        let (instances, url) = place(reader, name, runDirectory)
        let forwarding = reader.optional("forwarding", ValueForm<ServiceRule.Forwarding>.word)
        let tellsIdentity = reader.optional("identity", .bool)
        let timeouts = reader.optional("timeouts", .mapping).map(TimeoutsConfiguration.read)
        let mask = reader.optional("mask", .mapping).map { MaskConfiguration.Part.read($0) }
        let headers = HeadersConfiguration(file: reader)
        reader.finish()
        return ServiceConfiguration(
            name: name, file: file, instances: instances, url: url, forwarding: forwarding,
            tellsIdentity: tellsIdentity, timeouts: timeouts ?? TimeoutsConfiguration(),
            mask: mask ?? MaskConfiguration.Part(), headers: headers)
    }

    /// Where it is: by `instances` or by `url`, not by both.
    private static func place(
        _ reader: ConfigurationReader, _ name: String, _ runDirectory: String
    ) -> ([InstanceSource], ServiceURL?) {
        guard reader.has("url") else {
            let instances = reader.required(
                "instances", .list(of: .instances(relativeTo: runDirectory)), example: "unix:/run/\(name).sock")
            // A key that may be there instead.
            _ = reader.optional("url", .serviceURL)
            return (instances ?? [], nil)
        }
        let url = reader.optional("url", .serviceURL)
        if reader.has("instances") {
            _ = reader.optional("instances", .node)
            reader.report(
                "url", "a service has `instances` or a `url`, not both",
                mend: "Take one of them out: `instances` are yours, a `url` is somebody else's.")
        }
        return (url.map { [.endpoint($0)] } ?? [], url)
    }

    /// What the loops work with, with the instances that there are now.
    func rule() -> ServiceRule {
        ServiceRule(
            name: name, file: file, instances: instances.flatMap { $0.resolve() }, url: url, forwarding: forwarding,
            tellsIdentity: tellsIdentity, timeouts: timeouts)
    }
}
