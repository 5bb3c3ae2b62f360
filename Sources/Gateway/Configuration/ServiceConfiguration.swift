import FoundationEssentials
import Shared

/// A file in `services/`: `NAME.yaml` says where the instances of the service NAME are.
///
/// - `instances`: an address or a list: `unix:/run/name.sock`, `unix:/run/name/*.sock` (every socket in the folder),
///   `http://127.0.0.1:8080`.
/// - `mask`: see `MaskConfiguration`; what a route says goes before it.
struct ServiceConfiguration: Sendable {
    let name: String
    let file: String
    let instances: [InstanceSource]
    let mask: MaskConfiguration.Part

    static func readAll(
        in folder: String, runDirectory: String, problems: ConfigurationProblems
    ) -> [ServiceConfiguration] {
        ConfigurationFolder.files(in: folder, problems: problems).map { name in
            let file = "\(folder)/\(name).yaml"
            let reader = ConfigurationReader(file: file, problems: problems)
            let instances = reader.required(
                "instances", .list(of: .instances(relativeTo: runDirectory)), example: "unix:/run/\(name).sock")
            let mask = reader.optional("mask", .mapping).map(MaskConfiguration.Part.read)
            reader.finish()
            return ServiceConfiguration(
                name: name, file: file, instances: instances ?? [], mask: mask ?? MaskConfiguration.Part())
        }
    }
}
