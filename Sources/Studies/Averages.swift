extension Collection where Element == Double {
    /// 0 of none.
    var mean: Double { isEmpty ? 0 : reduce(0, +) / Double(count) }

    /// The upper one of an even number; of at least one.
    var median: Double { sorted()[count / 2] }
}
