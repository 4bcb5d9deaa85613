/// A row of a model's vocabulary.
package typealias TokenID = Int32
