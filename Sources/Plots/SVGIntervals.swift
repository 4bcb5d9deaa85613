import Terminal

/// Estimates with their intervals as a standalone SVG picture: panels side by side, in bands of at most four, a line
/// for each row, a dot at its value and a bar over its interval.
package struct SVGIntervals {
    /// An estimate with its interval.
    package struct Row {
        let name: String
        let value: Double
        let low: Double
        let high: Double

        /// An interval of `low` to `high` around a value.
        package init(name: String, value: Double, low: Double, high: Double) {
            (self.name, self.value, self.low, self.high) = (name, value, low, high)
        }
    }

    /// Rows over an axis of their own.
    package struct Panel {
        let title: String
        let rows: [Row]
        let mark: (name: String, value: Double)?

        /// - Parameter mark: a line drawn through all rows, such as the chance level, with its name.
        package init(title: String, rows: [Row], mark: (name: String, value: Double)? = nil) {
            (self.title, self.rows, self.mark) = (title, rows, mark)
        }
    }

    private let title: String
    private let note: String
    private let panels: [Panel]

    /// - Parameter panels: of the same rows, whose names stand at the left once for each band.
    package init(title: String, note: String, panels: [Panel]) {
        (self.title, self.note, self.panels) = (title, note, panels)
    }

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
    package var text: String {
        let bands = stride(from: 0, to: panels.count, by: columns).map {
            Array(panels[$0..<min($0 + columns, panels.count)])
        }
        let height = Self.top + Double(max(bands.count, 1)) * (bandHeight + Self.betweenBands) - Self.betweenBands
        var lines: [String] = []
        for (index, band) in bands.enumerated() {
            lines += self.lines(of: band, top: Self.top + Double(index) * (bandHeight + Self.betweenBands))
        }
        return SVG.document(title: title, note: note, width: width, height: height, lines)
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
                SVG.line(
                    from: (place(value), top), to: (place(value), bottom),
                    #"class="grid" stroke="\#(SVG.ink)" stroke-opacity="0.25""#))
            lines.append(SVG.text(label, x: place(value), y: bottom + 18, #"class="tick" text-anchor="middle""#))
        }
        if let mark = panel.mark {
            lines.append(
                SVG.line(
                    from: (place(mark.value), top), to: (place(mark.value), bottom),
                    #"class="mark" stroke="\#(SVG.ink)" stroke-dasharray="4 3""#))
            lines.append(
                SVG.text(mark.name, x: place(mark.value), y: bottom + 32, #"class="mark" text-anchor="middle""#))
        }
        for (index, row) in panel.rows.enumerated() where row.value.isFinite {
            let y = middle(of: index, top), colour = SVG.colour(index)
            lines.append(
                SVG.line(
                    "interval", from: (place(row.low), y), to: (place(row.high), y),
                    #"stroke="\#(colour)" stroke-width="2""#))
            lines.append(SVG.circle(x: place(row.value), y: y, radius: "4", colour))
        }
        return lines + ["</g>"]
    }
}
