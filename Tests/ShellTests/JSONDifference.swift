import Foundation

/// Where two JSON values are not the same: numbers may differ in their sixth digit, everything else not at all.
enum JSONDifference {
    /// Such as `.prefixes[2].value: 0.5, not 0.4`.
    static func between(_ found: Any?, and wanted: Any?, at path: String = "") -> [String] {
        switch (found, wanted) {
        case (let a as [String: Any], let b as [String: Any]):
            return Set(a.keys).union(b.keys).sorted().flatMap { between(a[$0], and: b[$0], at: "\(path).\($0)") }
        case (let a as [Any], let b as [Any]):
            guard a.count == b.count else { return ["\(path): \(a.count) elements, not \(b.count)"] }
            return a.indices.flatMap { between(a[$0], and: b[$0], at: "\(path)[\($0)]") }
        case (let a as String, let b as String) where a == b: return []
        case (is NSNull, is NSNull): return []
        case (let a as NSNumber, let b as NSNumber) where isSame(a.doubleValue, b.doubleValue): return []
        default: return ["\(path): \(shown(found)), not \(shown(wanted))"]
        }
    }

    private static func isSame(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 2e-5 * max(abs(a), abs(b)) + 1e-9 }

    private static func shown(_ value: Any?) -> String {
        value.map { String(describing: $0).prefix(200) }.map(String.init) ?? "nothing"
    }

    /// Without the members that `isLeftOut`, at any depth, and with six digits of each number: what is worth keeping.
    static func kept(_ value: Any, _ isLeftOut: (String) -> Bool) -> Any {
        switch value {
        case let members as [String: Any]:
            return members.filter { !isLeftOut($0.key) }.mapValues { kept($0, isLeftOut) }
        case let elements as [Any]: return elements.map { kept($0, isLeftOut) }
        case let number as NSNumber where number.doubleValue != number.doubleValue.rounded():
            return Double(String(format: "%.6g", number.doubleValue)) ?? number
        default: return value
        }
    }
}
