import CKernels
import Compute
import Foundation
import Testing

/// Kernels on single rows against the same formulas in Double.
@Suite struct RowKernelTests {
    static let lengths = [1, 2, 15, 16, 17, 33, 100]

    /// Rows on which a careless log-sum-exp overflows, underflows or makes a NaN.
    static var rows: [[Float]] {
        let infinite = -Float.infinity
        return lengths.flatMap { n -> [[Float]] in
            var draw = Draw(UInt64(n))
            var spiked = draw.row(n), masked = draw.row(n, scale: 5), onlyLast = Array(repeating: infinite, count: n)
            spiked[n / 2] = 1e4
            for index in stride(from: 0, to: n - 1, by: 2) { masked[index] = infinite }
            onlyLast[n - 1] = 3
            return [
                draw.row(n), draw.row(n, scale: 80), draw.row(n, scale: 1e30), draw.row(n, scale: 1e-30), spiked,
                masked, onlyLast,
                Array(repeating: -1e20, count: n), Array(repeating: 1e20, count: n), draw.row(n).map { $0 - 5000 },
            ]
        }
    }

    static func exactly(_ row: [Float], _ temperature: Double) -> (lse: Double, p: [Double], entropy: Double) {
        let scaled = row.map { Double($0) / temperature }
        let top = scaled.max() ?? 0
        let lse = top + log(scaled.reduce(0) { $0 + exp($1 - top) })
        let p = scaled.map { exp($0 - lse) }
        return (lse, p, zip(p, scaled).reduce(0) { $1.0 > 0 ? $0 - $1.0 * ($1.1 - lse) : $0 })
    }

    /// Reads a row while the buffer it is read from lives.
    private func reading<T>(_ row: [Float], _ body: (LogitRow) -> T) throws -> T {
        let buffer = try FloatBuffer(row)
        return withExtendedLifetime(buffer) { body(LogitRow(buffer, row: 0, count: row.count)) }
    }

    @Test(arguments: [1.0, 0.5, 2.0]) func logSumExpAgreesWithDoubleOnAdversarialRows(_ temperature: Double) throws {
        for row in Self.rows {
            let exact = Self.exactly(row, temperature).lse
            let sum = try reading(row) { $0.logSum(temperature: Float(temperature)) }
            let ours = Double(sum.top) / temperature + Double(sum.rest)
            #expect(abs(ours - exact) <= 2e-6 * max(1, abs(exact)), "\(row.count): \(ours) \(exact)")
        }
    }

    @Test(
        """
        where one token has nearly all the probability, what is left is right to seven places, not to what 1 + it \
        rounds to
        """
    )
    func logProbabilitiesNearOneLoseNothing() throws {
        for gap: Float in [4, 8, 12, 16, 20] {
            let row: [Float] = [31.7 - gap, 31.7, 30 - gap, 29 - gap] + Array(repeating: 25 - gap, count: 20)
            for temperature in [1.0, 0.7] {
                let exact = Self.exactly(row, temperature).p
                let sum = try reading(row) { $0.logSum(temperature: Float(temperature)) }
                // log p of the likeliest token is -log(1 + others) = -log1p(Σ p of the others / p).
                let others = exact.enumerated().reduce(0) { $1.offset == 1 ? $0 : $0 + $1.element }
                let wanted = -log1p(others / exact[1]), ours = Double(sum.logprob(of: row[1]))
                #expect(abs(ours / wanted - 1) < 2e-6, "gap \(gap), T \(temperature): \(ours) \(wanted)")
            }
        }
    }

    @Test func infinitiesAndNaNsAreFoundWhereTheyStand() throws {
        for n in Self.lengths {
            var draw = Draw(UInt64(n))
            let row = draw.row(n, scale: 1e30)
            #expect(ck_first_not_finite(row, n) == -1)
            for place in Set([0, n / 2, n - 1]) {
                for value in [Float.nan, .infinity, -.infinity] {
                    var spoiled = row
                    spoiled[place] = value
                    #expect(ck_first_not_finite(spoiled, n) == place)
                    let found = try reading(spoiled) { $0.notFinite }
                    #expect(found.map { $0.bitPattern } == value.bitPattern)
                }
            }
        }
    }

    @Test(arguments: [1.0, 0.5, 2.0]) func softmaxAgreesWithDoubleOnAdversarialRows(_ temperature: Double) throws {
        for row in Self.rows {
            let (lse, ours) = try reading(row) { logits in
                let sum = logits.logSum(temperature: Float(temperature))
                return (sum.top / Float(temperature), logits.probabilities(sum))
            }
            // What is left of the difference to a log-sum-exp of this size in f32.
            let slack = 3e-6 + 2e-7 * Double(abs(lse))
            // Beyond this, probabilities are a matter of the last place of the logits.
            guard slack < 0.1 else {
                #expect(ours.allSatisfy { $0.isFinite && $0 >= 0 })
                continue
            }
            for (p, exact) in zip(ours, Self.exactly(row, temperature).p) {
                #expect(abs(Double(p) - exact) <= slack * exact + 1e-37)
            }
        }
    }

    @Test func entropyAgreesWithDoubleAndIsNeverNaN() throws {
        for row in Self.rows {
            let exact = Self.exactly(row, 1).entropy
            let (lse, ours) = try reading(row) { ($0.logSum().top, $0.entropy($0.logSum())) }
            #expect(ours.isFinite, "\(row)")
            if abs(lse) < 1e5 {
                #expect(abs(Double(ours) - exact) <= 1e-5 + 1e-6 * Double(abs(lse)), "\(row.count): \(ours) \(exact)")
            }
        }
    }

    @Test func exponentialAgreesWithDoubleOverItsWholeRange() throws {
        // softmax with a log-sum of 0 is the exponential itself.
        let points = (0...4000).map { Float(-87 + Double($0) * 174 / 4000) }
        let ours = try reading(points) { $0.probabilities(LogSum(top: 0, rest: 0)) }
        for (x, y) in zip(points, ours) {
            #expect(abs(Double(y) / exp(Double(x)) - 1) < 3e-7, "exp(\(x))")
        }
        let tiny = try reading([-88, -1000, -.infinity, -.greatestFiniteMagnitude]) {
            $0.probabilities(LogSum(top: 0, rest: 0))
        }
        #expect(tiny == [0, 0, 0, 0])
    }

    @Test func argmaxIsTheLowestIndexAmongEquals() throws {
        #expect(try reading([1, 7, 7, 3]) { $0.argmax } == 1)
        #expect(try reading([-.infinity, -.infinity]) { $0.argmax } == 0)
        let two = try FloatBuffer([9, 9, 1, 2])
        #expect(withExtendedLifetime(two) { LogitRow(two, row: 1, count: 2).argmax } == 1)
    }

    @Test(arguments: [Float(0), 1]) func rmsNormAgreesWithDouble(_ shift: Float) {
        for n in Self.lengths {
            for scale: Float in [1, 1e-4, 1e8] {
                var draw = Draw(UInt64(n))
                let x = draw.row(n, scale: scale), w = draw.row(n)
                var out = [Float](repeating: 0, count: n)
                let root = ck_rms_norm(x, w, n, 1e-5, shift, &out)
                let exact =
                    1 / (x.reduce(0) { $0 + Double($1) * Double($1) } / Double(n) + Double(Float(1e-5))).squareRoot()
                #expect(abs(Double(root) / exact - 1) < 2e-6)
                for i in 0..<n {
                    let y = Double(x[i]) * exact * (Double(w[i]) + Double(shift))
                    #expect(abs(Double(out[i]) - y) <= 3e-6 * abs(y) + 1e-37)
                }
            }
        }
    }

    @Test func ropeTurnsHalfSplitPairsByTheAngle() {
        for (heads, width) in [(1, 2), (3, 10), (2, 64)] {
            var draw = Draw(UInt64(width))
            let x = draw.row(heads * width)
            let angles = (0..<width / 2).map { Double($0) * 1.7 + 0.3 }
            var turned = x
            ck_rope(&turned, heads, width, angles.map { Float(cos($0)) }, angles.map { Float(sin($0)) })
            for h in 0..<heads {
                for d in 0..<width / 2 {
                    let (a, b) = (Double(x[h * width + d]), Double(x[h * width + d + width / 2]))
                    #expect(abs(Double(turned[h * width + d]) - (a * cos(angles[d]) - b * sin(angles[d]))) < 1e-6)
                    #expect(
                        abs(Double(turned[h * width + d + width / 2]) - (b * cos(angles[d]) + a * sin(angles[d])))
                            < 1e-6)
                }
            }
        }
    }

    @Test func siluMultiplyAgreesWithDoubleAndSurvivesLargeGates() {
        for n in Self.lengths {
            for scale: Float in [1, 30, 300] {
                var draw = Draw(UInt64(n))
                let gate = draw.row(n, scale: scale), up = draw.row(n, scale: 3)
                var out = gate
                ck_silu_multiply(&out, up, n)
                for i in 0..<n {
                    let exact = Double(gate[i]) / (1 + exp(-Double(gate[i]))) * Double(up[i])
                    #expect(abs(Double(out[i]) - exact) <= 2e-6 * abs(exact) + 1e-34, "gate \(gate[i])")
                }
            }
        }
    }

    @Test func geluMultiplyAgreesWithDoubleAndSurvivesLargeGates() {
        for n in Self.lengths {
            for scale: Float in [1, 30, 300, 1e18] {
                var draw = Draw(UInt64(n))
                let gate = draw.row(n, scale: scale), up = draw.row(n, scale: 3)
                var out = gate
                ck_gelu_multiply(&out, up, n)
                for i in 0..<n {
                    let g = Double(gate[i]), inner = (2 / Double.pi).squareRoot() * (g + 0.044715 * g * g * g)
                    let exact = g / 2 * (1 + tanh(inner)) * Double(up[i])
                    #expect(abs(Double(out[i]) - exact) <= 2e-6 * abs(exact) + 2e-7 * abs(Double(up[i])), "gate \(g)")
                }
            }
        }
    }
}
