// swift-tools-version: 6.2
import PackageDescription

/// The fuzz targets. A package of its own, so that building Postern never instruments itself. `Sources/Shared` holds
/// links to what is fuzzed: only that is built here, and none of Postern's dependencies (see README.md).
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .strictMemorySafety(),
    .unsafeFlags(["-sanitize=fuzzer,address"]),
]

let package = Package(
    name: "postern-fuzz",
    targets: [
        .target(name: "CFuzzer"),
        .target(name: "COpenSSL", linkerSettings: [.linkedLibrary("crypto")]),
        .target(name: "Shared", swiftSettings: settings),
        .executableTarget(
            name: "Fuzz", dependencies: ["CFuzzer", "COpenSSL", "Shared"], swiftSettings: settings,
            // The default linker, gold, gives up on the debug information of libFuzzer and AddressSanitizer together.
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
    ],
    swiftLanguageModes: [.v6]
)
