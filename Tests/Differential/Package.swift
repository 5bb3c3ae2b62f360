// swift-tools-version: 6.2
import PackageDescription

/// The head parser held against llhttp, as SwiftNIO ships it. A package of its own, so that building Postern never
/// fetches or builds SwiftNIO. It speaks to Postern's parser through the program `HeadProbe` (see README.md).
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .strictMemorySafety(),
]

let package = Package(
    name: "postern-differential",
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2")
    ],
    targets: [
        .target(
            name: "Differential",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(name: "DifferentialTests", dependencies: ["Differential"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
