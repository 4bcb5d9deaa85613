// swift-tools-version: 6.1
// One package: the program, and a small library. Each target is a room of the house; arrows only go down
// (CONTRIBUTING.md draws the map). Every edge that a room uses is declared here, and `.ci/run` refuses any other.
// Kernels are chosen at run time for the CPU, so no unsafe flags.
import PackageDescription

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let bigInt = Target.Dependency.product(name: "BigInt", package: "BigInt")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")

let package = Package(
    name: "genac",
    products: [
        .executable(name: "genac", targets: ["genac"]),
        .library(name: "Genac", targets: ["Genac"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/attaswift/BigInt", from: "6.0.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
    ],
    targets: [
        .executableTarget(name: "genac", dependencies: ["Shell"]),
        .target(
            name: "Shell",
            dependencies: [
                "Studies", "Training", "Jumps", "Critics", "Acting", "Prompts", "Workspace", "Problems", "Generation",
                "Checkpoints", "Transformer", "Tokenizers", "Formats", "Plots", "Terminal", "Compute", "CEdit",
                argumentParser,
            ]),
        .target(
            name: "Genac",
            dependencies: ["Critics", "Acting", "Prompts", "Problems", "Generation", "Checkpoints", "Compute"]),
        .target(
            name: "Studies",
            dependencies: [
                "Training", "Critics", "Acting", "Prompts", "Problems", "Generation", "Transformer", "Tokenizers",
                "Formats", "Compute",
            ]),
        .target(
            name: "Training",
            dependencies: [
                "Critics", "Acting", "Prompts", "Problems", "Generation", "Checkpoints", "Transformer", "Tokenizers",
                "Formats", "Compute", "CKernels",
            ]),
        .target(
            name: "Jumps",
            dependencies: [
                "Critics", "Acting", "Prompts", "Problems", "Generation", "Tokenizers", "Formats", "Compute",
            ]),
        .target(
            name: "Critics",
            dependencies: ["Acting", "Prompts", "Problems", "Generation", "Tokenizers", "Compute"]),
        .target(
            name: "Acting", dependencies: ["Prompts", "Problems", "Generation", "Tokenizers", "Formats", "Compute"]),
        .target(
            name: "Prompts",
            dependencies: ["Problems", "Generation", "Checkpoints", "Tokenizers", "Compute", mustache]),
        .target(name: "Plots", dependencies: ["Terminal"]),
        .target(name: "Terminal", dependencies: ["Compute", "CEdit"]),
        .target(name: "Workspace", dependencies: ["Problems", "Compute", grdb, sqlite]),
        .target(
            name: "Problems",
            dependencies: ["Generation", "Parquet", "Unpacking", "Formats", "Tokenizers", "Compute", bigInt]),
        .target(name: "Generation", dependencies: ["Checkpoints", "Transformer", "Tokenizers", "Compute"]),
        .target(name: "Checkpoints", dependencies: ["Transformer", "Tokenizers", "Formats", "Compute"]),
        .target(name: "Transformer", dependencies: ["Compute", "CKernels"]),
        .target(name: "Tokenizers", dependencies: ["Jinja", "Formats", "Compute"]),
        .target(name: "Jinja", dependencies: ["Formats", "Compute"]),
        .target(name: "Parquet", dependencies: ["Unpacking", "Formats", "Compute"]),
        .target(name: "Unpacking", dependencies: ["Formats", "CUnpack"]),
        .target(name: "Formats", dependencies: ["Compute"]),
        .target(name: "Compute", dependencies: ["CKernels"]),
        .target(name: "CKernels", cSettings: [.define("_GNU_SOURCE")]),
        .target(name: "CEdit", cSettings: [.define("_GNU_SOURCE")], linkerSettings: [.linkedLibrary("edit")]),
        .target(
            name: "CUnpack",
            linkerSettings: [.linkedLibrary("snappy"), .linkedLibrary("zstd"), .linkedLibrary("z")]),
        .target(name: "ChildProcess", path: "Tests/ChildProcess"),
        .target(
            name: "PromptKit", dependencies: ["Prompts", "Problems", "Generation", "Tokenizers"],
            path: "Tests/PromptKit"),
        .target(
            name: "ModelKit",
            dependencies: ["Acting", "Prompts", "PromptKit", "Problems", "Generation", "Tokenizers", "Compute"],
            path: "Tests/ModelKit"),
        .testTarget(name: "GenacTests", dependencies: ["Genac"]),
        .testTarget(name: "ChildProcessTests", dependencies: ["ChildProcess"]),
        .testTarget(name: "ComputeTests", dependencies: ["Compute", "CKernels"]),
        .testTarget(name: "FormatsTests", dependencies: ["Formats", "Compute"]),
        .testTarget(name: "UnpackingTests", dependencies: ["Unpacking", "Formats", "Compute"]),
        .testTarget(name: "ParquetTests", dependencies: ["Parquet", "Formats", "Compute"]),
        .testTarget(name: "JinjaTests", dependencies: ["Jinja", "Formats"]),
        .testTarget(name: "TokenizersTests", dependencies: ["Tokenizers", "Formats"]),
        .testTarget(name: "TransformerTests", dependencies: ["Transformer", "Checkpoints", "Compute", "CKernels"]),
        .testTarget(
            name: "CheckpointsTests",
            dependencies: ["Checkpoints", "Transformer", "Tokenizers", "Formats", "Compute"]),
        .testTarget(
            name: "GenerationTests",
            dependencies: ["Generation", "Transformer", "Tokenizers", "Compute", "ChildProcess"]),
        .testTarget(name: "ProblemsTests", dependencies: ["Problems", "Formats", "Compute"]),
        .testTarget(
            name: "PromptsTests",
            dependencies: ["Prompts", "PromptKit", "Problems", "Generation", "Tokenizers", "Compute"]),
        .testTarget(
            name: "ActingTests",
            dependencies: ["Acting", "Prompts", "PromptKit", "ModelKit", "Problems", "Generation", "Compute"]),
        .testTarget(
            name: "JumpsTests",
            dependencies: [
                "Jumps", "PromptKit", "Critics", "Acting", "Prompts", "Problems", "Generation", "Tokenizers", "Formats",
                "Compute",
            ]),
        .testTarget(
            name: "CriticsTests",
            dependencies: [
                "PromptKit", "ModelKit", "Jumps", "Critics", "Acting", "Prompts", "Problems", "Generation",
                "Checkpoints", "Transformer", "Tokenizers", "Compute",
            ]),
        .testTarget(
            name: "TrainingTests",
            dependencies: [
                "Training", "Jumps", "Critics", "Acting", "Prompts", "Problems", "Generation", "Checkpoints",
                "Transformer", "Tokenizers", "Formats", "Compute",
            ]),
        .testTarget(
            name: "StudiesTests",
            dependencies: [
                "Studies", "Training", "Jumps", "Critics", "Acting", "Prompts", "Problems", "Generation", "Checkpoints",
                "Transformer", "Tokenizers", "Formats", "Compute",
            ]),
        .testTarget(name: "PlotsTests", dependencies: ["Plots", "Terminal"]),
        .testTarget(name: "TerminalTests", dependencies: ["Terminal"]),
        .testTarget(name: "WorkspaceTests", dependencies: ["Workspace", "Problems", "Generation", grdb]),
        .testTarget(
            name: "ShellTests",
            dependencies: ["Shell", "ModelKit", "Generation", "Workspace", "Terminal", "Compute", "ChildProcess"]),
    ],
    swiftLanguageModes: [.v6]
)

// `make fuzz` alone: libFuzzer brings the program's entry.
if Context.environment["GENAC_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "Fuzz", dependencies: ["Problems", "Checkpoints", "Tokenizers", "Jinja", "Parquet", "Formats"],
            path: "Tests/Fuzz"))
}
