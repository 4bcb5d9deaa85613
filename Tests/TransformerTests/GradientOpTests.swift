import CKernels
import Compute
import Foundation
import Testing
import Transformer

/// Each op's hand-written gradient against central differences of the op computed in Double.
@Suite struct GradientOpTests {
    private let key = RandomKey(seed: 11, purpose: .test)

    private func draw(_ count: Int, _ stream: UInt64, spread: Double = 2) -> [Float] {
        (0..<count).map { Float(spread * (key.uniform(stream << 32 | UInt64($0)) - 0.5)) }
    }

    /// d(loss)/d(x[i]) for every i, by central differences.
    private func differences(_ x: [Float], _ loss: ([Double]) -> Double) -> [Float] {
        x.indices.map { i in
            var up = x.map(Double.init), down = up
            up[i] += 1e-5
            down[i] -= 1e-5
            return Float((loss(up) - loss(down)) / 2e-5)
        }
    }

    private func dot(_ a: [Double], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * Double($1.1) } }

    @Test(arguments: [1, 16, 37], [Float(0), 1]) func rmsNorm(_ width: Int, _ shift: Float) {
        let rows = 3, epsilon = 1e-3
        let x = draw(rows * width, 1), weight = draw(width, 2), dy = draw(rows * width, 3)
        func loss(_ x: [Double], _ weight: [Double]) -> Double {
            (0..<rows).reduce(0.0) { sum, row in
                let r = row * width..<(row + 1) * width
                let scale = 1 / (x[r].reduce(0) { $0 + $1 * $1 } / Double(width) + epsilon).squareRoot()
                return sum + dot(zip(x[r], weight).map { $0 * scale * ($1 + Double(shift)) }, Array(dy[r]))
            }
        }
        var dx = [Float](repeating: 0, count: x.count), dweight = [Float](repeating: 0, count: width)
        ck_rmsnorm_backward(rows, width, Float(epsilon), shift, x, weight, dy, &dx, &dweight)
        #expect(relativeError(dx, differences(x) { loss($0, weight.map(Double.init)) }) < 1e-4)
        #expect(relativeError(dweight, differences(weight) { loss(x.map(Double.init), $0) }) < 1e-4)
    }

    @Test func siluMultiply() {
        let gate = draw(53, 1, spread: 20), up = draw(53, 2), dm = draw(53, 3)
        func product(_ g: [Double], _ u: [Double]) -> [Double] { zip(g, u).map { $0 / (1 + exp(-$0)) * $1 } }
        var (dgate, dup, m) = (gate, up, gate)
        ck_silu_mul_backward(53, dm, &dgate, &dup, &m)
        #expect(relativeError(m, product(gate.map(Double.init), up.map(Double.init)).map(Float.init)) < 1e-6)
        #expect(relativeError(dgate, differences(gate) { dot(product($0, up.map(Double.init)), dm) }) < 1e-4)
        #expect(relativeError(dup, differences(up) { dot(product(gate.map(Double.init), $0), dm) }) < 1e-4)
    }

    @Test func geluMultiply() {
        let gate = draw(53, 1, spread: 20), up = draw(53, 2), dm = draw(53, 3)
        func product(_ g: [Double], _ u: [Double]) -> [Double] {
            zip(g, u).map { $0 / 2 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) * $1 }
        }
        var (dgate, dup, m) = (gate, up, gate)
        ck_gelu_mul_backward(53, dm, &dgate, &dup, &m)
        #expect(relativeError(m, product(gate.map(Double.init), up.map(Double.init)).map(Float.init)) < 1e-6)
        #expect(relativeError(dgate, differences(gate) { dot(product($0, up.map(Double.init)), dm) }) < 1e-4)
        #expect(relativeError(dup, differences(up) { dot(product(gate.map(Double.init), $0), dm) }) < 1e-4)
    }

    @Test func ropeTurnsBack() {
        let x = draw(24, 1), dy = draw(24, 2)
        let angles = draw(4, 3), cosine = angles.map { cos($0) }, sine = angles.map { sin($0) }
        func turned(_ x: [Double]) -> [Double] {
            var out = x
            for head in 0..<3 {
                for d in 0..<4 {
                    let (a, b) = (x[8 * head + d], x[8 * head + 4 + d])
                    out[8 * head + d] = a * Double(cosine[d]) - b * Double(sine[d])
                    out[8 * head + 4 + d] = b * Double(cosine[d]) + a * Double(sine[d])
                }
            }
            return out
        }
        var dx = dy
        ck_rope_backward(3, 8, cosine, sine, &dx)
        #expect(relativeError(dx, differences(x) { dot(turned($0), dy) }) < 1e-4)
    }

    @Test(arguments: [Int.max, 7, 4, 1]) func causalSoftmax(_ window: Int) {
        let rows = 5, first = 3, stride = 16, scale = 0.7
        let scores = draw(rows * stride, 1, spread: 6), dp = draw(rows * stride, 2)
        func probabilities(_ s: [Double]) -> [Double] {
            var out = [Double](repeating: 0, count: s.count)
            for row in 0..<rows {
                let seen = row * stride + max(0, first + row - window)..<row * stride + first + row
                let sum = s[seen].reduce(0) { $0 + exp(scale * $1) }
                for i in seen { out[i] = exp(scale * s[i]) / sum }
            }
            return out
        }
        var (p, ds) = (scores, dp)
        ck_causal_softmax(rows, stride, first, window, Float(scale), &p)
        ck_softmax_backward(rows, stride, first, window, Float(scale), p, &ds)
        let expected = probabilities(scores.map(Double.init)),
            slopes = differences(scores) { dot(probabilities($0), dp) }
        for row in 0..<rows {
            let used = row * stride..<row * stride + first + rows - 1
            #expect(relativeError(p[used], expected[used].map(Float.init)) < 1e-6)
            #expect(relativeError(ds[used], slopes[used]) < 1e-4)
        }
    }

    @Test(arguments: [Float(1), 0.6]) func logProbabilityAndEntropyOfLogits(_ temperature: Float) {
        let logits = draw(301, 1, spread: 8), total: Float = 0.7, dentropy: Float = -0.4, target = 17
        func loss(_ l: [Double]) -> Double {
            let t = Double(temperature)
            let lse = log(l.reduce(0) { $0 + exp($1 / t) })
            let entropy = l.reduce(0) { $0 - exp($1 / t - lse) * ($1 / t - lse) }
            return Double(total) * (l[target] / t - lse) + Double(dentropy) * entropy
        }
        let sum = ck_log_sum_exp(logits, 301, 1 / temperature), entropy = ck_entropy(logits, 301, 1 / temperature, sum)
        var gradient = logits
        ck_logits_backward(301, temperature, sum, total, entropy, dentropy, &gradient)
        gradient[target] += total / temperature
        #expect(relativeError(gradient, differences(logits, loss)) < 1e-4)
    }

    @Test(arguments: [(1, 1, 1), (7, 13, 5), (6, 64, 300), (13, 85, 257), (130, 96, 3)])
    func productOfBothOrientations(_ m: Int, _ n: Int, _ k: Int) {
        let a = draw(m * k, 1), b = draw(k * n, 2), start = draw(m * n, 3)
        var expected = start.map(Double.init)
        for i in 0..<m {
            for j in 0..<n { for t in 0..<k { expected[i * n + j] += Double(a[i * k + t]) * Double(b[t * n + j]) } }
        }
        var plain = start
        ck_product(m, n, k, a, k, 1, b, n, &plain, n, 1)
        #expect(relativeError(plain, expected.map(Float.init)) < 1e-5)
        var transposed = [Float](repeating: 0, count: m * k), other = start
        for i in 0..<m { for t in 0..<k { transposed[t * m + i] = a[i * k + t] } }
        ck_product(m, n, k, transposed, 1, m, b, n, &other, n, 1)
        #expect(other == plain)
    }
}
