/// Estimates with their intervals as a standalone SVG picture: panels side by side, in bands of at most four, a line
/// for each row, a dot at its value and a bar over its interval.
struct SVGIntervals {
    struct Row {
        var name: String
        var value: Double
        var low: Double
        var high: Double
    }

    struct Panel {
        var title: String
        var rows: [Row]
        /// A line drawn through all rows, such as the chance level, with its name.
        var mark: (name: String, value: Double)?
    }

    var title: String
    var note: String
    var panels: [Panel]

    private static let panelWidth = 360.0, rowHeight = 22.0, top = 84.0, underBand = 40.0, betweenBands = 36.0,
        widestBand = 4
    private var labelWidth: Double {
        let names = panels.flatMap(\.rows).map { TextWidth.columns($0.name) }
        return 7 * Double(names.max() ?? 0) + 24
    }

    /// As equal bands as there can be.
    private var columns: Int {
        let bands = max((panels.count + Self.widestBand - 1) / Self.widestBand, 1)
        return max((panels.count + bands - 1) / bands, 1)
    }

    private var bandHeight: Double { Double(panels.map(\.rows.count).max() ?? 0) * Self.rowHeight + Self.underBand }

    /// A title is set in 16 points, about nine units a character; what is under it in 12.
    private var width: Double {
        max(
            labelWidth + Double(columns) * Self.panelWidth, 32 + 9 * Double(TextWidth.columns(title)),
            32 + 7 * Double(TextWidth.columns(note)))
    }

    /// The document.
    var text: String {
        let bands = stride(from: 0, to: panels.count, by: columns).map {
            Array(panels[$0..<min($0 + columns, panels.count)])
        }
        let height = Self.top + Double(max(bands.count, 1)) * (bandHeight + Self.betweenBands) - Self.betweenBands
        var lines = [
            #"<?xml version="1.0" encoding="UTF-8"?>"#,
            #"<svg xmlns="http://www.w3.org/2000/svg" width="\#(SVG.number(width))" height="\#(SVG.number(height))" viewBox="0 0 \#(SVG.number(width)) \#(SVG.number(height))" font-family="system-ui, sans-serif" font-size="12" fill="\#(SVGPlot.ink)">"#,
            "<title>\(SVG.escaped(title))</title>",
            SVG.text(title, x: 16, y: 26, #"class="title" font-size="16" font-weight="600""#),
            SVG.text(note, x: 16, y: 44, #"class="note""#),
        ]
        for (index, band) in bands.enumerated() {
            lines += self.lines(of: band, top: Self.top + Double(index) * (bandHeight + Self.betweenBands))
        }
        return (lines + ["</svg>", ""]).joined(separator: "\n")
    }

    /// Panels beside each other, whose rows are named once.
    private func lines(of band: [Panel], top: Double) -> [String] {
        let names = (band.first?.rows ?? []).enumerated().map { index, row in
            SVG.text(row.name, x: labelWidth - 10, y: middle(of: index, top) + 4, #"class="row" text-anchor="end""#)
        }
        return names
            + band.enumerated().flatMap { index, panel in
                lines(of: panel, x: labelWidth + Double(index) * Self.panelWidth, top: top)
            }
    }

    private func middle(of row: Int, _ top: Double) -> Double { top + (Double(row) + 0.5) * Self.rowHeight }

    private func lines(of panel: Panel, x left: Double, top: Double) -> [String] {
        let right = left + Self.panelWidth - 32, bottom = top + Double(panel.rows.count) * Self.rowHeight
        let ends = panel.rows.flatMap { [$0.low, $0.high, $0.value] } + [panel.mark?.value].compactMap { $0 }
        var lines = [
            #"<g class="panel">"#, SVG.text(panel.title, x: left, y: top - 14, #"font-size="13" font-weight="600""#),
        ]
        guard let extent = Extent(ends.filter(\.isFinite))?.padded else { return lines + ["</g>"] }
        func place(_ value: Double) -> Double { left + extent.share(value) * (right - left) }
        let ticks = Ticks(from: extent.low, to: extent.high, count: 4)
        for (value, label) in zip(ticks.values, ticks.labels) {
            lines.append(
                upright(place(value), top...bottom, #"class="grid" stroke="\#(SVGPlot.ink)" stroke-opacity="0.25""#))
            lines.append(SVG.text(label, x: place(value), y: bottom + 18, #"class="tick" text-anchor="middle""#))
        }
        if let mark = panel.mark {
            lines.append(
                upright(
                    place(mark.value), top...bottom, #"class="mark" stroke="\#(SVGPlot.ink)" stroke-dasharray="4 3""#))
            lines.append(
                SVG.text(mark.name, x: place(mark.value), y: bottom + 32, #"class="mark" text-anchor="middle""#))
        }
        for (index, row) in panel.rows.enumerated() where row.value.isFinite {
            let y = SVG.number(middle(of: index, top)), colour = SVGPlot.colours[index % SVGPlot.colours.count]
            lines.append(
                #"<line class="interval" x1="\#(SVG.number(place(row.low)))" y1="\#(y)" x2="\#(SVG.number(place(row.high)))" y2="\#(y)" stroke="\#(colour)" stroke-width="2"/>"#
            )
            lines.append(#"<circle cx="\#(SVG.number(place(row.value)))" cy="\#(y)" r="4" fill="\#(colour)"/>"#)
        }
        return lines + ["</g>"]
    }

    private func upright(_ x: Double, _ span: ClosedRange<Double>, _ attributes: String) -> String {
        #"<line x1="\#(SVG.number(x))" y1="\#(SVG.number(span.lowerBound))" x2="\#(SVG.number(x))" y2="\#(SVG.number(span.upperBound))" \#(attributes)/>"#
    }
}
