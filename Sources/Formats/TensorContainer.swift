import Compute

/// A tensor as its file describes it.
package struct TensorEntry: Sendable, Equatable {
    /// As the file has it.
    package let name: String
    /// The type as the file spells it: `BF16`, `Q4_K`, ...
    package let typeName: String
    /// Nil for a type that can be listed but not used.
    package let type: ElementType?
    /// In Hugging Face order: the last dimension is contiguous; a matrix is [rows, columns].
    package let shape: [Int]
    /// Where its bytes lie in the file.
    package let byteRange: Range<Int>

    /// Cannot overflow: the readers have checked the product.
    package var elements: Int { shape.contains(0) ? 0 : shape.reduce(1, *) }
}

/// A memory-mapped file of named tensors. It stays mapped while anyone holds ``file``.
package protocol TensorContainer: AnyObject, Sendable {
    var file: MappedFile { get }
    /// In file order.
    var tensors: [TensorEntry] { get }
}

extension TensorContainer {
    /// The file's.
    package var path: String { file.path }

    /// The tensor's bytes in the mapping: valid while ``file`` is held, with no promise of alignment.
    /// - Throws: ``FormatsError/unsupported(file:what:hint:)`` for a type that cannot be used.
    package func bytes(of tensor: TensorEntry) throws -> UnsafeRawBufferPointer {
        guard tensor.type != nil else {
            throw FormatsError.unsupported(
                file: path,
                what: "tensor \(tensor.name.debugDescription) has type \(tensor.typeName), which is not supported",
                hint:
                    "convert it to one of "
                    + "\(ElementType.allCases.map { $0.rawValue.uppercased() }.joined(separator: ", "))"
            )
        }
        return UnsafeRawBufferPointer(rebasing: file.bytes[tensor.byteRange])
    }
}

/// Product of non-negative dimensions; nil when it overflows.
func checkedProduct(_ dimensions: [Int]) -> Int? {
    if dimensions.contains(0) { return 0 }
    var product = 1
    for dimension in dimensions {
        let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
        guard !overflow else { return nil }
        product = next
    }
    return product
}
