import Foundation
import Testing
import Training

/// docs/training.md against the registry it describes.
@Suite struct DocumentationTests {
    private static let page = Support.fixtures.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/training.md")

    @Test(arguments: StageName.allCases) func everySettingOfAStageStandsInTheGuideAsItIs(_ stage: StageName) throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let section = try required(text.components(separatedBy: "### `train \(stage.rawValue)`").dropFirst().first?.components(separatedBy: "\n### ").first)
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
        let expected = Settings.all.filter { $0.stages.contains(stage) }.map { setting in
            let standard = setting.defaultValue(stage)
            return "| `\(setting.key)` | \(standard.isEmpty ? "none" : standard) | \(setting.paper ?? "not published") | \(setting.grade.rawValue) |"
        }
        #expect(rows.count == expected.count)
        for (row, beginning) in zip(rows, expected) { #expect(row.hasPrefix(beginning), "\(row)") }
    }
}
