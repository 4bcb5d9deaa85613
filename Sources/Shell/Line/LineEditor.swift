import CEdit
import Foundation
import Terminal

/// The line a person types, edited by libedit. Messages from jobs appear above it; signals reach it as events.
final class LineEditor {
    private var editor: OpaquePointer?
    private let mailbox: Mailbox
    private let completion: (String) -> CompletionResult
    private let style: Style
    /// When the line was drawn again after a stop of our own, of which SIGCONT tells a second time.
    private var resumed: ContinuousClock.Instant?
    /// Set when the process was asked to end while a line was being typed.
    private(set) var wasAskedToLeave = false

    /// - Parameter completion: given the text before the cursor.
    init?(mailbox: Mailbox, style: Style, completion: @escaping (String) -> CompletionResult) {
        self.mailbox = mailbox
        self.style = style
        self.completion = completion
        let callbacks = genac_editor_callbacks(
            context: Unmanaged.passUnretained(self).toOpaque(),
            woken: { context in context.map { LineEditor.from($0).woken() } ?? 0 },
            complete: { context, before in
                guard let context, let before else { return nil }
                return LineEditor.from(context).complete(String(cString: before)).flatMap { strdup($0) }
            })
        guard let editor = genac_editor_open(mailbox.wakeDescriptor, 1, callbacks) else { return nil }
        self.editor = editor
    }

    deinit { close() }

    /// Gives the terminal back for good.
    func close() {
        if let editor { genac_editor_close(editor) }
        editor = nil
    }

    func remember(_ entry: String) {
        if let editor { genac_editor_remember(editor, entry) }
    }

    func read(prompt: String) -> LineResult {
        guard let editor else { return .end }
        var status: Int32 = 0
        let columns = Int32(TextWidth.columns(prompt))
        guard let line = genac_editor_read(editor, decorated(prompt), columns, &status) else {
            return status == Int32(GENAC_READ_INTERRUPTED.rawValue) ? .interrupted : .end
        }
        defer { free(line) }
        return .line(String(cString: line))
    }

    /// The prompt in colour, its last character plain: libedit loses an escape that ends a prompt.
    private func decorated(_ prompt: String) -> String {
        guard style.hasColour, prompt.hasSuffix("> ") else { return prompt }
        return "\u{1}\u{1B}[36m\u{1}\(prompt.dropLast(2))\u{1}\u{1B}[0m\u{1}> "
    }

    private static func from(_ context: UnsafeMutableRawPointer) -> LineEditor {
        Unmanaged<LineEditor>.fromOpaque(context).takeUnretainedValue()
    }

    private func woken() -> Int32 {
        guard let editor else { return Int32(GENAC_WAKE_LEAVE.rawValue) }
        var action = GENAC_WAKE_CONTINUE
        for event in mailbox.drain() {
            switch event {
            case .message(let text):
                let width = Output(descriptor: STDOUT_FILENO, colour: .never).columns
                let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
                print(lines.flatMap { TextWidth.folded(String($0), to: width) }.joined(separator: "\n"))
            case .resize: genac_editor_resize(editor)
            case .continued:
                if let resumed, ContinuousClock.now - resumed < .seconds(1) { continue }
                genac_editor_resume(editor)
            case .stop:
                genac_editor_suspend(editor)
                genac_stop_process()
                genac_editor_resume(editor)
                resumed = .now
            case .interrupt:
                action = GENAC_WAKE_INTERRUPT
            case .leave:
                wasAskedToLeave = true
                action = GENAC_WAKE_LEAVE
            }
        }
        return Int32(action.rawValue)
    }

    private func print(_ text: String) {
        guard let editor else { return }
        text.utf8CString.withUnsafeBufferPointer { bytes in
            if let base = bytes.baseAddress { genac_editor_print(editor, base, bytes.count - 1) }
        }
    }

    private func complete(_ before: String) -> String? {
        let result = completion(before)
        if !result.choices.isEmpty {
            let output = Output(descriptor: STDOUT_FILENO, colour: .never)
            print(TabCompletion.listing(result.choices, width: output.columns))
        }
        return result.insertion.isEmpty ? nil : result.insertion
    }
}
