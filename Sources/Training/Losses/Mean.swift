/// The mean of what there is at least one of.
func mean(_ values: [Double]) -> Double {
    precondition(!values.isEmpty, "a mean of nothing")
    return values.reduce(0, +) / Double(values.count)
}
