extension CommandContext {
    /// Where the command was cancelled, says that nothing of what it reads is kept, and ends it.
    /// - Throws: ``ShellError/interrupted``.
    func requireNotCancelled() throws {
        guard console.cancellation.isCancelled else { return }
        console.remark("nothing of it is kept")
        throw ShellError.interrupted
    }
}
