import CKernels
import Compute

/// Final norm and value head over the rows whose values are asked for, forward and backward.
struct ValuePass {
    let model: TrainableModel
    let batch: TrainingBatch
    let head: ParameterLayout.ValueOffsets

    static let tile = 64

    private var width: Int { model.configuration.hidden }
    private var bias: Float { model.value(head.bias).pointee }

    /// Floats of working memory for `rows` rows: each tile's normed row and its gradient, and the tile's share of the
    /// gradients of the final norm and of the head, [hidden] each.
    static func workFloats(rows: Int, hidden: Int) -> Int { (rows + tile - 1) / tile * 4 * hidden }

    /// One value for each of the batch's value rows.
    func values() throws -> [Float] {
        let rows = batch.valueRows
        let work = try FloatBuffer(count: Self.workFloats(rows: rows.count, hidden: width))
        var values = [Float](repeating: 0, count: rows.count)
        values.withUnsafeMutableBufferPointer { values in
            let out = values.baseAddress
            overTiles(rows.count, of: Self.tile) { tile, places in
                let normed = work.pointer + 4 * tile * width
                for place in places {
                    norm(rows[place], into: normed)
                    out?[place] = ValueHead.value(normed, model.value(head.weight), bias, width: width)
                }
            }
        }
        return values
    }

    /// Adds the head's and the final norm's gradients and leaves that of the last layer's output in `activations.dx`.
    /// - Parameter derivatives: of the loss by each value; a row asked for twice has their sum.
    func backward(_ derivatives: [Float]) throws {
        var sums: [Int: Float] = [:]
        for (row, derivative) in zip(batch.valueRows, derivatives) { sums[row, default: 0] += derivative }
        let rows = sums.sorted { $0.key < $1.key }
        let work = try FloatBuffer(count: Self.workFloats(rows: rows.count, hidden: width))
        overTiles(rows.count, of: Self.tile) { tile, places in
            for place in places { backward(rows[place].key, rows[place].value, work.pointer + 4 * tile * width) }
        }
        for tile in 0..<(rows.count + Self.tile - 1) / Self.tile {
            let partials = work.pointer + (4 * tile + 2) * width
            ck_add(width, partials, model.gradient(model.offsets.finalNorm))
            ck_add(width, partials + width, model.gradient(head.weight))
        }
        model.gradient(head.bias).pointee += Float(rows.reduce(0.0) { $0 + Double($1.value) })
    }

    /// v = weight · norm(x) + bias: dweight += dv · norm(x), dnorm(x) = dv · weight, then through the norm.
    private func backward(_ row: Int, _ dvalue: Float, _ work: UnsafeMutablePointer<Float>) {
        let (normed, dnormed, dnorm, dweight) = (work, work + width, work + 2 * width, work + 3 * width)
        norm(row, into: normed)
        let weight = model.value(head.weight)
        for i in 0..<width {
            dnormed[i] = dvalue * weight[i]
            dweight[i] += dvalue * normed[i]
        }
        model.configuration.norm(width).backward(
            rows: 1, model.activations.last.pointer + row * width, model.value(model.offsets.finalNorm), dy: dnormed,
            dx: model.activations.dx.pointer + row * width, dweight: dnorm)
    }

    private func norm(_ row: Int, into out: UnsafeMutablePointer<Float>) {
        model.configuration.norm(width).forward(
            rows: 1, model.activations.last.pointer + row * width, model.value(model.offsets.finalNorm), into: out)
    }
}
