import CKernels

/// A weight that is infinite or no number, and where it stands.
package struct NotFinite: Sendable, Equatable, CustomStringConvertible {
    /// The tensor's Hugging Face name.
    package let tensor: String
    /// Its place among the tensor's numbers, row after row, from 0.
    package let place: Int
    /// Infinite or NaN.
    package let value: Float

    /// Nil where all of the `count` floats are finite.
    init?(in floats: UnsafePointer<Float>, count: Int, of tensor: String) {
        let place = ck_first_not_finite(floats, count)
        guard place >= 0 else { return nil }
        (self.tensor, self.place, value) = (tensor, place, floats[place])
    }

    /// `lm_head.weight holds NaN at place 7`.
    package var description: String { "\(tensor) holds \(value.isNaN ? "NaN" : "\(value)") at place \(place)" }
}

extension ValueHead {
    /// Its first weight that is infinite or no number; nil where all are numbers.
    package var firstNotFinite: NotFinite? {
        for (spec, floats) in tensors {
            if let found = NotFinite(in: floats, count: floats.count, of: spec.name) { return found }
        }
        return nil
    }
}
