// swift-tools-version: 6.2
import PackageDescription

/// One set of settings for every Swift target (see CONTRIBUTING.md, "Language settings").
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .strictMemorySafety(),
]

let package = Package(
    name: "postern",
    products: [
        .executable(name: "postern-gateway", targets: ["Gateway"]),
        .executable(name: "postern-auth", targets: ["AuthService"]),
        .executable(name: "postern-data", targets: ["DataService"]),
        .executable(name: "postern", targets: ["Postern"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    ],
    targets: [
        // C shims over the system's libraries: opaque headers, our own prefix.
        .target(name: "CLinux"),
        .target(name: "CSystemd", linkerSettings: [.linkedLibrary("systemd")]),
        .target(name: "COpenSSL", linkerSettings: [.linkedLibrary("crypto")]),
        .target(name: "CPassword", linkerSettings: [.linkedLibrary("crypt")]),

        // What all processes are made of. Imports none of them.
        .target(
            name: "Shared",
            dependencies: [
                "CLinux", "CSystemd",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings),

        // The processes. None imports another.
        .executableTarget(name: "Gateway", dependencies: ["Shared"], swiftSettings: settings),
        .executableTarget(
            name: "AuthService",
            dependencies: ["Shared", "COpenSSL", "CPassword", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings),
        .executableTarget(
            name: "DataService",
            dependencies: ["Shared", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: settings),
        .executableTarget(name: "Postern", dependencies: ["Shared"], swiftSettings: settings),

        // Tests mirror Sources; EndToEndTests start the built binaries.
        .testTarget(name: "SharedTests", dependencies: ["Shared"], swiftSettings: settings),
        .testTarget(name: "GatewayTests", dependencies: ["Gateway", "Shared"], swiftSettings: settings),
        .testTarget(name: "AuthServiceTests", dependencies: ["AuthService", "Shared"], swiftSettings: settings),
        .testTarget(name: "DataServiceTests", dependencies: ["DataService", "Shared"], swiftSettings: settings),
        .testTarget(name: "PosternTests", dependencies: ["Postern", "Shared"], swiftSettings: settings),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["Shared", "Gateway", "AuthService", "DataService", "Postern"],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
