import Terminal

/// Panels of lines as a standalone SVG picture: no scripts, no fonts but the reader's own, and no background, in tones
/// that stand out from white and from black.
package struct SVGPlot {
    /// Lines over axes of their own.
    package struct Panel {
        /// Printed over it.
        package var title: String
        /// Its lines; the same ones in the same order as in the other panels.
        package var series: [Series]
        /// The same before smoothing, drawn faintly behind.
        package var raw: [Series]

        /// - Parameter raw: the same series before smoothing.
        package init(title: String, series: [Series], raw: [Series] = []) {
            (self.title, self.series, self.raw) = (title, series, raw)
        }
    }

    /// Printed over all panels, and the document's name.
    package var title: String
    /// Printed small under the title; empty: nothing.
    package var note: String
    /// Two side by side.
    package var panels: [Panel]
    /// What goes from left to right; steps are counted in whole numbers.
    package var across: String

    /// - Parameter across: what goes from left to right.
    package init(title: String, note: String = "", panels: [Panel], across: String = "step") {
        (self.title, self.note, self.panels, self.across) = (title, note, panels, across)
    }

    private var columns: Int { panels.count > 1 ? 2 : 1 }
    private var panelWidth: Double { panels.count > 1 ? 460 : 720 }
    private var panelHeight: Double { panels.count > 1 ? 270 : 360 }

    /// The document.
    package var text: String {
        let legend = SVGLegend(
            names: legendNames, width: Double(columns) * panelWidth - 32, top: note.isEmpty ? 44 : 62)
        let top = legend.bottom
        let rows = (panels.count + columns - 1) / columns
        let (width, height) = (Double(columns) * panelWidth, top + Double(max(rows, 1)) * panelHeight)
        var lines = legend.lines
        for (index, panel) in panels.enumerated() {
            let x = Double(index % columns) * panelWidth, y = top + Double(index / columns) * panelHeight
            lines += SVGPanel(panel: panel, across: across, x: x, y: y, width: panelWidth, height: panelHeight).lines
        }
        return SVG.document(title: title, note: note, width: width, height: height, lines)
    }

    /// The panels' series are the same runs in the same order; one alone is named by the title.
    private var legendNames: [String] {
        let names = panels.map { $0.series.map(\.name) }.max { $0.count < $1.count } ?? []
        return names.count > 1 ? names : []
    }
}

/// A sample of each line beside its name, in as many rows as that takes.
private struct SVGLegend {
    let lines: [String]
    let bottom: Double

    init(names: [String], width: Double, top: Double) {
        var lines: [String] = []
        var x = 16.0, y = top
        for (index, name) in names.enumerated() {
            // System fonts differ; seven units a character is wide enough for all usual ones.
            let size = 44 + 7 * Double(TextWidth.columns(name))
            if x > 16, x + size > width {
                x = 16
                y += 18
            }
            lines.append(
                SVG.line("legend", from: (x, y), to: (x + 22, y), SVG.stroke(index)))
            lines.append(SVG.text(name, x: x + 28, y: y + 4, #"class="legend""#))
            x += size
        }
        self.lines = lines
        bottom = names.isEmpty ? top : y + 14
    }
}

/// One panel: frame, ticks, lines.
private struct SVGPanel {
    let panel: SVGPlot.Panel
    let across: String
    private let left: Double, right: Double, top: Double, bottom: Double
    private let x: Extent?
    private let y: Extent?
    /// More than this many stretches of a line are finer than a screen.
    private static let stretches = 800

    init(panel: SVGPlot.Panel, across: String, x: Double, y: Double, width: Double, height: Double) {
        (self.panel, self.across) = (panel, across)
        (left, right, top, bottom) = (x + 68, x + width - 32, y + 30, y + height - 44)
        let points = (panel.series + panel.raw).flatMap(\.points)
        self.x = Extent(points.map(\.x))
        self.y = Extent(points.map(\.y))?.padded
    }

    var lines: [String] {
        var lines = [
            #"<g class="panel">"#, SVG.text(panel.title, x: left, y: top - 10, #"font-size="13" font-weight="600""#),
        ]
        if let x, let y {
            lines += axes(x, y)
            for (index, raw) in panel.raw.enumerated() { lines += line(raw, index, x, y, kind: "raw") }
            for (index, series) in panel.series.enumerated() { lines += line(series, index, x, y, kind: "series") }
        } else {
            lines.append(SVG.text("no values", x: (left + right) / 2, y: (top + bottom) / 2, #"text-anchor="middle""#))
        }
        lines.append(
            #"<path d="M\#(SVG.number(left)) \#(SVG.number(top))V\#(SVG.number(bottom))H\#(SVG.number(right))""#
                + #" fill="none" stroke="\#(SVG.ink)"/>"#)
        return lines + ["</g>"]
    }

    private func axes(_ x: Extent, _ y: Extent) -> [String] {
        var lines: [String] = []
        let ticks = Ticks(from: x.low, to: x.high, count: 6, whole: across == "step"),
            up = Ticks(from: y.low, to: y.high, count: 5)
        for (value, label) in zip(up.values, up.labels) {
            let place = self.place(y: value, y)
            lines.append(
                SVG.line(
                    "grid", from: (left, place), to: (right, place), #"stroke="\#(SVG.ink)" stroke-opacity="0.25""#))
            lines.append(SVG.text(label, x: left - 8, y: place + 4, #"class="tick" text-anchor="end""#))
        }
        for (value, label) in zip(ticks.values, ticks.labels) {
            let place = self.place(x: value, x)
            lines.append(
                SVG.line("tick", from: (place, bottom), to: (place, bottom + 5), #"stroke="\#(SVG.ink)""#))
            lines.append(SVG.text(label, x: place, y: bottom + 18, #"class="tick" text-anchor="middle""#))
        }
        return lines + [SVG.text(across, x: (left + right) / 2, y: bottom + 34, #"text-anchor="middle""#)]
    }

    /// A line; its points too where they are few enough to be told apart.
    private func line(_ series: Series, _ index: Int, _ x: Extent, _ y: Extent, kind: String) -> [String] {
        let places = series.thinned(Self.stretches).points.map { (x: place(x: $0.x, x), y: place(y: $0.y, y)) }
        guard !places.isEmpty else { return [] }
        let opacity = kind == "raw" ? #" stroke-opacity="0.3""# : ""
        let points = places.map { "\(SVG.number($0.x)),\(SVG.number($0.y))" }.joined(separator: " ")
        let polyline =
            #"<polyline class="\#(kind)" points="\#(points)" fill="none" stroke-linejoin="round" "#
            + SVG.stroke(index) + opacity + "/>"
        guard kind == "series", places.count <= 30 else { return [polyline] }
        return [polyline] + places.map { SVG.circle(x: $0.x, y: $0.y, radius: "2.5", SVG.colour(index)) }
    }

    private func place(x value: Double, _ extent: Extent) -> Double { left + extent.share(value) * (right - left) }

    private func place(y value: Double, _ extent: Extent) -> Double { bottom - extent.share(value) * (bottom - top) }
}
