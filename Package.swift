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

/// The sanitizers look at what all processes are made of: with this variable set nothing else is built.
let isSharedOnly = Context.environment["POSTERN_SHARED_ONLY"] != nil

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")

let dependencies: [Package.Dependency] = [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
]
let storeDependencies: [Package.Dependency] = [
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0")
]

let products: [Product] = [
    .executable(name: "postern-gateway", targets: ["Gateway"]),
    .executable(name: "postern-auth", targets: ["AuthService"]),
    .executable(name: "postern-data", targets: ["DataService"]),
    .executable(name: "postern", targets: ["Postern"]),
]

/// What all processes are made of, and its shims. Imports none of them.
let sharedTargets: [Target] = [
    .target(name: "CLinux"),
    .target(name: "CSystemd", linkerSettings: [.linkedLibrary("systemd")]),
    .target(
        name: "Shared", dependencies: ["CLinux", "CSystemd", argumentParser, logging, yams], swiftSettings: settings),
    .testTarget(
        name: "SharedTests", dependencies: ["Shared", "CLinux", "CSystemd", argumentParser, logging],
        swiftSettings: settings),
]

/// The processes. None imports another. Tests mirror Sources; EndToEndTests start the built programs.
let processTargets: [Target] = [
    .target(name: "COpenSSL", linkerSettings: [.linkedLibrary("crypto")]),
    // The names of outside services, for the gateway alone.
    .target(name: "CAres", linkerSettings: [.linkedLibrary("cares")]),
    .target(name: "CPassword", linkerSettings: [.linkedLibrary("crypt")]),
    .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
    .target(name: "CTLS", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    .executableTarget(
        name: "Gateway", dependencies: ["Shared", "CLinux", "CAres", "CTLS", "CZlib", argumentParser, logging],
        swiftSettings: settings),
    // Copies of both stores.
    .target(name: "StoreBackup", dependencies: ["Shared", "CLinux", grdb], swiftSettings: settings),
    .executableTarget(
        name: "AuthService",
        dependencies: ["Shared", "StoreBackup", "CLinux", "COpenSSL", "CPassword", argumentParser, logging, grdb],
        swiftSettings: settings),
    .executableTarget(
        name: "DataService", dependencies: ["Shared", "StoreBackup", argumentParser, logging, grdb],
        swiftSettings: settings),
    .executableTarget(
        name: "Postern", dependencies: ["Shared", "CLinux", "CSystemd", argumentParser, logging],
        swiftSettings: settings),

    // Reads heads and says how the parser understood them, for the differential test against llhttp.
    .executableTarget(
        name: "HeadProbe", dependencies: ["Shared"], path: "Tests/Tools/HeadProbe", swiftSettings: settings),

    .testTarget(name: "GatewayTests", dependencies: ["Gateway", "Shared", "CLinux"], swiftSettings: settings),
    .testTarget(name: "AuthServiceTests", dependencies: ["AuthService", "Shared"], swiftSettings: settings),
    .testTarget(
        name: "StoreBackupTests", dependencies: ["StoreBackup", "Shared", argumentParser, grdb], swiftSettings: settings
    ),
    .testTarget(name: "DataServiceTests", dependencies: ["DataService", "Shared"], swiftSettings: settings),
    .testTarget(name: "PosternTests", dependencies: ["Postern", "Shared", "CLinux", logging], swiftSettings: settings),
    .testTarget(
        name: "EndToEndTests", dependencies: ["Shared", "CLinux", "Gateway", "AuthService", "DataService", "Postern"],
        swiftSettings: settings),
]

let package = Package(
    name: "postern",
    products: isSharedOnly ? [] : products,
    dependencies: isSharedOnly ? dependencies : dependencies + storeDependencies,
    targets: isSharedOnly ? sharedTargets : sharedTargets + processTargets,
    swiftLanguageModes: [.v6]
)
