import Formats
import Foundation
import Plots
import Terminal

/// What a study found, in each form in which it is told: a page, JSON, CSV and a picture.
struct StudyResult {
    /// Figures of the study as a whole.
    var figures: [JSONObject.Member]
    /// The name of the rows in JSON, and the rows; a row's lists are written into CSV with spaces between.
    var rows: (name: String, values: [JSONObject])
    var chart: SVGIntervals
    /// Other pictures, by file name.
    var pictures: [(file: String, plot: SVGPlot)] = []
    var page: StudyPage

    var fields: [JSONObject.Member] { figures + [(rows.name, .array(rows.values.map { .object($0) }))] }

    /// The files it is written into, but for the page.
    var files: [String] { ["result.json", "table.csv", "chart.svg"] + pictures.map(\.file) }

    func write(to folder: String) throws {
        try AtomicFile.write(JSONValue.object(fields).encoded(.pretty), to: folder + "/result.json")
        try AtomicFile.write(page.json.encoded(.pretty), to: "\(folder)/\(StudyPage.file)")
        try AtomicFile.write(Array(csv.utf8), to: folder + "/table.csv")
        try AtomicFile.write(Array(chart.text.utf8), to: folder + "/chart.svg")
        for picture in pictures { try AtomicFile.write(Array(picture.plot.text.utf8), to: "\(folder)/\(picture.file)") }
    }

    /// RFC 4180, with a heading.
    private var csv: String {
        var names: [String] = []
        for row in rows.values { names += row.members.map(\.key).filter { !names.contains($0) } }
        let lines = rows.values.map { row in names.map { Self.cell(row[$0] ?? .null) }.joined(separator: ",") }
        return ([names.joined(separator: ",")] + lines).map { $0 + "\r\n" }.joined()
    }

    private static func cell(_ value: JSONValue) -> String {
        switch value {
        case .null: return ""
        case .string(let text): return quoted(text)
        case .array(let values): return values.map(cell).joined(separator: " ")
        default: return quoted(String(decoding: value.encoded(), as: UTF8.self))
        }
    }

    private static func quoted(_ text: String) -> String {
        guard text.contains(where: { ",\"\r\n".contains($0) }) else { return text }
        return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}
