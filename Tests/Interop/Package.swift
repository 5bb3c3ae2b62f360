// swift-tools-version: 6.2
import PackageDescription

/// A program that makes and judges tokens with jwt-kit, for tests beside postern-auth (see README.md). A package of its own,
/// so that building Postern never fetches or builds swift-crypto.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .strictMemorySafety(),
]

let package = Package(
    name: "postern-interop",
    dependencies: [
        .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1")
    ],
    targets: [
        .executableTarget(
            name: "JWTKitPeer", dependencies: [.product(name: "JWTKit", package: "jwt-kit")], swiftSettings: settings)
    ],
    swiftLanguageModes: [.v6]
)
