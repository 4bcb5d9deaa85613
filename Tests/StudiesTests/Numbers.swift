import Critics

/// Equal but for the rounding of a few sums.
func near(_ a: Double?, _ b: Double) -> Bool { a.map { abs($0 - b) < 1e-12 } ?? false }

/// The same of two lists, which must be equally long.
func near(_ a: [Double], _ b: [Double]) -> Bool { a.count == b.count && zip(a, b).allSatisfy { near($0, $1) } }

/// An interval with its ends as a list.
func near(_ a: Interval, _ b: [Double]) -> Bool { near([a.low, a.high], b) }

func mean(_ numbers: Double...) -> Double { numbers.reduce(0, +) / Double(numbers.count) }
