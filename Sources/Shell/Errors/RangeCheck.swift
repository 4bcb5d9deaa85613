import Plots

/// Refuses what an option cannot be.
enum RangeCheck {
    /// - Throws: ``ShellError/refused(_:hint:)``.
    static func require<Value: Comparable>(_ option: String, _ value: Value, in allowed: ClosedRange<Value>) throws {
        guard allowed.contains(value) else {
            throw ShellError.refused(
                "\(option) cannot be \(text(value))",
                hint: "it goes from \(text(allowed.lowerBound)) to \(text(allowed.upperBound))")
        }
    }

    private static func text<Value>(_ value: Value) -> String { (value as? Double).map(Chart.number) ?? "\(value)" }
}
