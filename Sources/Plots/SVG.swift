import Foundation
import Terminal

/// Pieces of SVG, and what all pictures look like.
enum SVG {
    /// By series; after the last colour they begin again with other dashes.
    static let colours = ["#2f81d6", "#d9730d", "#1f9d62", "#c2569b", "#8a63d2", "#a08000", "#d64545", "#1595a3"]
    private static let dashes = ["", "7 4", "2 3", "9 3 2 3"]
    /// Stands out from white and from black.
    static let ink = "#7b7f86"

    /// A whole document: its title, a note under it unless that is empty, and what is drawn.
    static func document(
        title: String, note: String, width: Double, height: Double, _ content: [String]
    ) -> String {
        let (width, height) = (number(width), number(height))
        var lines = [
            #"<?xml version="1.0" encoding="UTF-8"?>"#,
            #"<svg xmlns="http://www.w3.org/2000/svg" width="\#(width)" height="\#(height)""#
                + #" viewBox="0 0 \#(width) \#(height)""#
                + #" font-family="system-ui, sans-serif" font-size="12" fill="\#(ink)">"#,
            "<title>\(escaped(title))</title>",
            text(title, x: 16, y: 26, #"class="title" font-size="16" font-weight="600""#),
        ]
        if !note.isEmpty { lines.append(text(note, x: 16, y: 44, #"class="note""#)) }
        return (lines + content + ["</svg>", ""]).joined(separator: "\n")
    }

    /// A hundredth of a unit is finer than anyone sees.
    static func number(_ value: Double) -> String {
        let text = String(format: "%.2f", value)
        return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
    }

    static func colour(_ index: Int) -> String { colours[index % colours.count] }

    static func stroke(_ index: Int) -> String {
        let dash = dashes[index / colours.count % dashes.count]
        return #"stroke="\#(colour(index))" stroke-width="1.8""#
            + (dash.isEmpty ? "" : #" stroke-dasharray="\#(dash)""#)
    }

    static func text(_ text: String, x: Double, y: Double, _ attributes: String) -> String {
        #"<text x="\#(number(x))" y="\#(number(y))" \#(attributes)>\#(escaped(text))</text>"#
    }

    /// - Parameter kind: its class; nil: none.
    static func line(
        _ kind: String? = nil, from start: (x: Double, y: Double), to end: (x: Double, y: Double), _ attributes: String
    ) -> String {
        let name = kind.map { #" class="\#($0)""# } ?? ""
        return #"<line\#(name) x1="\#(number(start.x))" y1="\#(number(start.y))""#
            + #" x2="\#(number(end.x))" y2="\#(number(end.y))" \#(attributes)/>"#
    }

    static func circle(x: Double, y: Double, radius: String, _ colour: String) -> String {
        #"<circle cx="\#(number(x))" cy="\#(number(y))" r="\#(radius)" fill="\#(colour)"/>"#
    }

    /// Markup as text, and controls (most of which XML cannot hold at all) made visible.
    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in TextWidth.visible(text, keepingLines: false).unicodeScalars {
            switch scalar {
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case ">": result.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
            case "\u{FFFE}", "\u{FFFF}": result.append("\u{FFFD}")
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
