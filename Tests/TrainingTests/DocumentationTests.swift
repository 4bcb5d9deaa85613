import Foundation
import Testing
import Training

/// docs/training.md against the registry it describes.
@Suite struct DocumentationTests {
    static let page = Support.fixtures.deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("docs/training.md")

    @Test func everySettingThatTrainingReadsStandsInTheGuideAsItIs() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let section = try required(text.components(separatedBy: "\n## Every setting\n").last)
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
        let expected = Settings.all.filter { !$0.methods.isEmpty }
        #expect(rows.count == expected.count)
        for (row, setting) in zip(rows, expected) {
            #expect(row.hasPrefix("| `\(setting.key)` | \(Self.readers(setting.methods)) | "), "\(row)")
            #expect(
                row.contains(
                    " | \(setting.defaults) | \(setting.paper ?? "not published") | \(setting.grade.rawValue) | "),
                "\(row)")
        }
    }

    private static func readers(_ methods: [String]) -> String {
        let missing = Method.all.map(\.name).filter { !methods.contains($0) }
        return missing.isEmpty
            ? "all" : missing == ["sft"] ? "all but sft" : methods.joined(separator: ", ")
    }

    @Test(arguments: Method.all) func everyMethodHasItsPlaceInTheGuide(_ method: Method) throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        #expect(text.contains("\n## ") && text.contains("train \(method.name) "), "an example that begins it")
    }
}
