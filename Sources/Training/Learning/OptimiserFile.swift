import Compute
import Formats
import Transformer

/// AdamW's moments as a safetensors file: `mean.NAME` and `square.NAME` for every parameter.
enum OptimiserFile {
    static func write(_ optimiser: AdamW, layout: ParameterLayout, to path: String) throws {
        let sources = layout.entries.flatMap { entry in
            [("mean.", optimiser.mean), ("square.", optimiser.square)].map { prefix, buffer in
                TensorSource(name: prefix + entry.name, type: .f32, shape: entry.shape) { sink in
                    try sink.write(UnsafeRawBufferPointer(start: buffer.pointer + entry.offset, count: 4 * entry.count))
                }
            }
        }
        try SafetensorsWriter.write(sources, metadata: [("format", "genac-adamw")], to: path)
    }

    static func read(_ optimiser: AdamW, layout: ParameterLayout, from path: String, step: Int) throws {
        let file = try SafetensorsFile(path: path)
        let found = Dictionary(file.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for entry in layout.entries {
            for (prefix, buffer) in [("mean.", optimiser.mean), ("square.", optimiser.square)] {
                guard let tensor = found[prefix + entry.name], tensor.type == .f32, tensor.shape == entry.shape else {
                    throw TrainingError.damagedRun(
                        file: path, what: "\(prefix)\(entry.name) is missing or has another shape")
                }
                let bytes = try file.bytes(of: tensor)
                UnsafeMutableRawBufferPointer(start: buffer.pointer + entry.offset, count: 4 * entry.count)
                    .copyMemory(from: bytes)
            }
        }
        optimiser.restore(step: step)
    }
}
