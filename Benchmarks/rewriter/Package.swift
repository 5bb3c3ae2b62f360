// swift-tools-version: 6.2
import PackageDescription

/// The body rewriter on its own, measured (see docs/performance.md). A package of its own: `Sources/Rewriter/Rewriter` is a
/// link to the gateway's sources, built as the gateway's release is.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .strictMemorySafety(),
    .unsafeFlags(["-enforce-exclusivity=unchecked"]),
]

let package = Package(
    name: "postern-rewriter",
    targets: [.executableTarget(name: "Rewriter", swiftSettings: settings)],
    swiftLanguageModes: [.v6]
)
