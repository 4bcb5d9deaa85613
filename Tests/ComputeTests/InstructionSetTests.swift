import CKernels
import Foundation
import Testing

/// GENAC_KERNELS asks for a lesser set of instructions than the machine has. ShellTests/KernelTests runs all tests of
/// kernels under each; this one says that it is really so.
@Suite struct InstructionSetTests {
    @Test func theKernelsAreThoseThatWereAskedFor() {
        let asked = ProcessInfo.processInfo.environment["GENAC_KERNELS"], found = String(cString: ck_instruction_set())
        switch asked {
        case "baseline": #expect(found == "baseline")
        case "x86-64-v3": #expect(found == "x86-64-v3" || found == "baseline", "a machine that has less gives less")
        default: #expect(["x86-64-v4", "x86-64-v3", "baseline"].contains(found))
        }
    }
}
