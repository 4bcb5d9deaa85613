import Foundation

extension RandomKey {
    /// Standard normal at `counter` (Box and Muller 1958), from two uniforms of its own.
    package func normal(_ counter: UInt64) -> Double {
        let radius = (-2 * log(1 - uniform(2 * counter))).squareRoot()
        return radius * cos(2 * .pi * uniform(2 * counter + 1))
    }
}
