import ChildProcess
import Foundation
import Testing

/// The kernels of instruction sets that this machine would not choose: this very program runs their tests again.
@Suite(.serialized) struct KernelTests {
    private static let isChild = ProcessInfo.processInfo.environment["GENAC_TEST_KERNELS"] != nil
    private static let kernels = "ComputeTests.(Linear|RowKernel|Instruction)|TransformerTests|LogprobTests"

    @Test(
        "kernels, forward and backward agree with double precision and PyTorch on lesser instruction sets too",
        .enabled(if: !isChild), arguments: ["x86-64-v3", "baseline"])
    func lesserSets(_ set: String) throws {
        let own = ["GENAC_KERNELS": set, "GENAC_TEST_KERNELS": "1"]
        let child = try ChildProcess(
            try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
            ["--testing-library", "swift-testing", "--filter", Self.kernels],
            environment: ProcessInfo.processInfo.environment.merging(own) { $1 }, folder: NSTemporaryDirectory())
        let code = try child.wait(), said = child.output + child.errors
        #expect(code == 0, "\(said.suffix(2000))")
        let count = try #require(said.firstMatch(of: /Test run with ([0-9]+) tests/)?.1, "\(said.suffix(500))")
        #expect(try #require(Int(count)) >= 40 && said.contains("theKernelsAreThoseThatWereAskedFor() passed"))
    }
}
