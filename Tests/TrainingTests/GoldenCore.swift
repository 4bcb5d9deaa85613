import Foundation

/// Fixtures/golden/rl-core.json: what verl 0.9.1 computes from fixed tensors.
enum GoldenCore {
    private static func root() throws -> [String: Any] {
        let data = try Data(contentsOf: Support.fixtures.appendingPathComponent("golden/rl-core.json"))
        return try required(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    static func input(_ name: String) throws -> [[Double]] {
        try required((try root()["inputs"] as? [String: Any])?[name] as? [[Double]])
    }

    static func inputCube(_ name: String) throws -> [[[Double]]] {
        try required((try root()["inputs"] as? [String: Any])?[name] as? [[[Double]]])
    }

    static func verl<T>(_ name: String, as type: T.Type = T.self) throws -> T {
        try required((try root()["verl==0.9.1"] as? [String: Any])?[name] as? T)
    }

    /// A member of one of verl's groups of results.
    static func verl(_ group: String, _ name: String) throws -> [[Double]] {
        try required(try verl(group, as: [String: Any].self)[name] as? [[Double]])
    }

    /// The unmasked entries of each row.
    static func unmasked(_ rows: [[Double]]) throws -> [[Double]] {
        zip(rows, try input("mask")).map { row, mask in zip(row, mask).filter { $0.1 == 1 }.map(\.0) }
    }
}
