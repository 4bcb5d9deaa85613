import Generation
import Terminal

/// Shows a batch of solutions as they are written: one at a time, token by token; what the others write meanwhile
/// follows when their turn comes.
final class StreamDisplay {
    private let console: Console
    private let ids: [Int]
    private let isShown: Bool
    private let style: Style
    private var texts: [StreamingText]
    private var tokens: [Int]
    private var current = 0
    private var hasHeading = false
    private let progress: ProgressBar?
    private var done = 0

    /// More solutions than this are not shown whole.
    private static let limit = 16

    /// - Parameter ids: what the solutions are called.
    init(_ console: Console, ids: [Int], beginning: String) {
        self.console = console
        self.ids = ids
        isShown = console.streams && ids.count <= Self.limit
        style = Style(hasColour: console.output.hasColour)
        texts = Array(repeating: StreamingText(beginning), count: ids.count)
        tokens = Array(repeating: 0, count: ids.count)
        // Who sends it to a file sees nothing of it.
        progress = isShown && !console.output.isFile ? nil : console.progress("generate", unit: "tokens", total: 0)
    }

    func show(_ event: CompletionEvent) {
        done += 1
        progress?.update(done)
        guard isShown else { return }
        tokens[event.request] += 1
        texts[event.request].append(event.bytes)
        // Those still being written get a token each in turn: one that fell behind two others has ended.
        while current < texts.count - 1, tokens[event.request] > tokens[current] + 1 { advance() }
        if event.request == current { flush() }
    }

    func finish() {
        progress?.finish()
        guard isShown else { return }
        while current < texts.count { advance() }
    }

    private func flush() {
        let text = texts[current].take()
        guard !text.isEmpty || !hasHeading else { return }
        if !hasHeading {
            hasHeading = true
            console.output.line(style.bold("solution \(ids[current])"))
        }
        console.output.write(TextWidth.visible(text))
    }

    private func advance() {
        texts[current].end()
        flush()
        if console.output.isInsideLine { console.output.line() }
        current += 1
        hasHeading = false
    }
}

/// Bytes that come in pieces, given out as text at the borders of characters.
struct StreamingText {
    private var pending: [UInt8]
    private var isEnded = false

    init(_ beginning: String) { pending = Array(beginning.utf8) }

    mutating func append(_ bytes: [UInt8]) { pending.append(contentsOf: bytes) }

    mutating func end() { isEnded = true }

    /// What is whole so far; at the end everything, broken sequences as U+FFFD.
    mutating func take() -> String {
        var count = pending.count
        if !isEnded {
            for back in 1...3 where back <= pending.count {
                let byte = pending[pending.count - back]
                if byte & 0xC0 == 0x80 { continue }
                let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
                if length > back { count = pending.count - back }
                break
            }
        }
        defer { pending.removeFirst(count) }
        return String(decoding: pending[..<count], as: UTF8.self)
    }
}
