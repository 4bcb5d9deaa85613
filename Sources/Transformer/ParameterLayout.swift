/// Where each trained tensor lies in one flat f32 buffer. Values, gradients and both optimiser moments share a layout,
/// so that an optimiser step is one loop.
package struct ParameterLayout: Sendable, Equatable {
    /// One tensor's place.
    package struct Entry: Sendable, Equatable {
        /// What is there.
        package let tensor: TensorSpec
        /// Floats before it.
        package let offset: Int

        /// Its Hugging Face name.
        package var name: String { tensor.name }
        /// [outputs, inputs] for a matrix, [size] for a vector.
        package var shape: [Int] { tensor.shape }
        /// How many numbers it has.
        package var count: Int { tensor.count }
        /// Its floats.
        package var range: Range<Int> { offset..<(offset + count) }
    }

    /// Where a value head lies.
    struct ValueOffsets: Sendable, Equatable {
        var weight: Int, bias: Int
    }

    /// In the decoder's order; a value head's last.
    package let entries: [Entry]
    /// Floats in the buffer, with each tensor's start rounded up to a cache line.
    package let count: Int
    /// The offsets by what the tensors are for.
    let decoder: Decoder<Int, Int>
    let valueHead: ValueOffsets?

    /// - Parameter valueHead: whether a value head stands where the language-model head would.
    package init(_ configuration: Configuration, valueHead: Bool = false) {
        var entries: [Entry] = []
        var count = 0
        func add(_ tensor: TensorSpec) -> Int {
            let entry = Entry(tensor: tensor, offset: count)
            entries.append(entry)
            count = (entry.range.upperBound + 15) / 16 * 16
            return entry.offset
        }
        decoder = Decoder(valueHead ? configuration.headless : configuration, matrix: add, vector: add)
        self.valueHead =
            valueHead
            ? ValueOffsets(
                weight: add(ValueHead.weightSpec(hidden: configuration.hidden)), bias: add(ValueHead.biasSpec))
            : nil
        self.entries = entries
        self.count = count
    }

    /// Trained numbers, without the gaps between tensors.
    package var parameters: Int { entries.reduce(0) { $0 + $1.count } }
}
