import Compute
import Formats

/// What the bits of a run may depend on beside its recipe.
package struct Surroundings: Sendable, Equatable {
    /// Of genac; nil for runs of before it was recorded, 0.1.0.
    package var version: String?
    /// The instruction set: another's sums are rounded elsewhere.
    package var kernels: String
    /// They change no bit.
    package var threads: Int

    /// This process.
    package static var here: Surroundings {
        Surroundings(version: Version.current, kernels: Cores.instructionSet, threads: Cores.shared.threads)
    }

    var json: JSONValue {
        [
            "version": version.map { .string($0) } ?? nil, "kernels": .string(kernels),
            "threads": .integer(Int64(threads)),
        ]
    }

    init(version: String?, kernels: String, threads: Int) {
        (self.version, self.kernels, self.threads) = (version, kernels, threads)
    }

    /// - Throws: ``TrainingError/damagedRun(file:what:)``.
    init(json: JSONValue?, file: String) throws {
        guard let json, let kernels = json["kernels"]?.asString, let threads = json["threads"]?.asInt else {
            throw TrainingError.damagedRun(
                file: file, what: "it does not say on what kernels and threads the run began")
        }
        self.init(version: json["version"]?.asString, kernels: kernels, threads: threads)
    }

    private var versionInWords: String { version ?? "0.1.0 or earlier" }

    /// Which version began the run.
    package var beginning: String { "begun by genac \(versionInWords)" }

    /// What a user should know before a run goes on here; nil when nothing changed. Versions may compute in another
    /// order, kernels with and without fused multiply-add round differently; the number of threads changes no bit.
    package func difference(from other: Surroundings) -> String? {
        var parts: [String] = []
        if version != other.version {
            parts.append("genac \(versionInWords), where it was \(other.beginning), so its bits may differ")
        }
        if kernels != other.kernels {
            parts.append("kernels \(kernels) instead of \(other.kernels), so its bits may differ")
        }
        if threads != other.threads {
            parts.append("\(threads) threads instead of \(other.threads), which changes no bit")
        }
        return parts.isEmpty ? nil : "this run goes on with " + parts.joined(separator: ", and with ")
    }
}
