// swift-tools-version: 6.0
// One package, one executable. Each target is a room of the house; arrows only go down
// (CONTRIBUTING.md draws the map). Kernels are chosen at run time for the CPU, so no unsafe flags.
import PackageDescription

let package = Package(
    name: "genac",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
    ],
    targets: [
        .executableTarget(name: "genac", dependencies: ["Shell"]),
        .target(
            name: "Shell",
            dependencies: [
                "Studies", "Training", "Critics", "Workspace", "Problems", "Generation", "Checkpoints", "CEdit",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .target(name: "Studies", dependencies: ["Training", "Critics", "Workspace", "Problems", "Generation", "Transformer"]),
        .target(name: "Training", dependencies: ["Critics", "Problems", "Generation", "Checkpoints", "Transformer", "CKernels"]),
        .target(
            name: "Critics",
            dependencies: [
                "Problems", "Generation", "Checkpoints", "Tokenizers",
                .product(name: "Mustache", package: "swift-mustache"),
            ]),
        .target(name: "Workspace", dependencies: ["Problems"]),
        .target(name: "Problems", dependencies: ["Generation", "Formats", "Tokenizers"]),
        .target(name: "Generation", dependencies: ["Checkpoints", "Transformer", "Tokenizers"]),
        .target(name: "Checkpoints", dependencies: ["Transformer", "Tokenizers", "Formats"]),
        .target(name: "Transformer", dependencies: ["Compute"]),
        .target(name: "Tokenizers", dependencies: ["Formats"]),
        .target(name: "Formats", dependencies: ["Compute"]),
        .target(name: "Compute", dependencies: ["CKernels"]),
        .target(name: "CKernels", cSettings: [.define("_GNU_SOURCE")]),
        .target(name: "CEdit", cSettings: [.define("_GNU_SOURCE")], linkerSettings: [.linkedLibrary("edit")]),
        .target(name: "ChildProcess", path: "Tests/ChildProcess"),
        .testTarget(name: "ChildProcessTests", dependencies: ["ChildProcess"]),
        .testTarget(name: "ComputeTests", dependencies: ["Compute", "CKernels"]),
        .testTarget(name: "FormatsTests", dependencies: ["Formats"]),
        .testTarget(name: "TokenizersTests", dependencies: ["Tokenizers", "Formats"]),
        .testTarget(name: "TransformerTests", dependencies: ["Transformer", "Checkpoints"]),
        .testTarget(name: "CheckpointsTests", dependencies: ["Checkpoints"]),
        .testTarget(name: "GenerationTests", dependencies: ["Generation", "Checkpoints", "ChildProcess"]),
        .testTarget(name: "ProblemsTests", dependencies: ["Problems"]),
        .testTarget(name: "CriticsTests", dependencies: ["Critics"]),
        .testTarget(name: "TrainingTests", dependencies: ["Training"]),
        .testTarget(
            name: "StudiesTests",
            dependencies: [
                "Studies", "Training", "Critics", "Problems", "Generation", "Transformer", "Tokenizers", "Formats",
                "Compute",
            ]),
        .testTarget(name: "WorkspaceTests", dependencies: ["Workspace"]),
        .testTarget(name: "ShellTests", dependencies: ["Shell", "ChildProcess"]),
    ],
    swiftLanguageModes: [.v6]
)
