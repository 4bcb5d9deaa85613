import Compute

/// The machines that train together, each on its share of a step's problems. Every number that a step makes of all
/// problems goes through it, so that these places can be found: what the losses are divided by, whitening, the gradient
/// before it is clipped, success rates, validation, and when to save, to pause and to stop.
///
/// There is one machine for now, to which every number is already whole.
package struct World: Sendable {
    /// One machine by itself.
    package static let alone = World()

    /// A step's gradients are summed in so many portions of its problems, each from zero, then one portion after the
    /// other: so many machines at most, each with whole portions, will come to one machine's bits.
    package static let portions = 8

    private init() {}

    /// The sum of all machines' counts; whole numbers, so that it is exact.
    package func sum(_ count: Int) -> Int { count }

    /// All machines' values, in their order: what is made of them is the same on each, to the bit.
    package func gathered(_ values: [Double]) -> [Double] { values }

    /// The mean over what all machines have measured: `mean` is that of the `count` things measured here.
    package func mean(_ mean: Double, of count: Int) -> Double { mean }

    /// Adds all machines' gradients up, in place.
    package func sum(_ gradients: FloatBuffer) {}

    /// Whether any machine wishes it: all do it then, at the same border between steps.
    package func any(_ wish: Bool) -> Bool { wish }
}
